import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { readCdaHeader } from "../../cda/index.ts";
import { identifierSystem, profileUrl } from "../../fhir/systems.ts";
import type { Ins } from "../../identity/index.ts";
import { createContentCache } from "../content-cache.ts";
import type { RecordContext } from "../context.ts";
import type { DepositInput, DocumentMetadata } from "../types.ts";
import { prepare } from "./deposit.ts";
import { toProvideBundle } from "./submission.ts";
import { supersede } from "./supersede.ts";

const shared = resolve(import.meta.dirname, "../../../../../shared");
const validator = join(shared, "tools/fhir/validate-fhir.mjs");
const canValidate = existsSync(validator) && process.env.FHIR_TOOLS_MODULES !== undefined;

const ins = { system: identifierSystem.insTest, value: "279035121518989" };
const contextOf = (patient: Ins = ins): RecordContext => ({
  ins: patient,
  insToken: `${patient.system}|${patient.value}`,
  locale: "fr",
  contents: createContentCache(),
  subject: { query: {} },
  capabilities: () => Promise.reject(new Error("not asked")),
  inMode: () => contextOf(patient),
  http: {
    baseUrl: "http://127.0.0.1",
    send: () => Promise.reject(new Error("not sent")),
    json: () => Promise.reject(new Error("not sent")),
  },
});

const metadata: DocumentMetadata = {
  uniqueId: "urn:uuid:0c287d32-01e3-4d87-9953-9fcc9404eb21",
  title: "Courrier & <réponse>",
  type: { code: "11488-4" },
  date: "2026-03-02",
  act: { start: "2026-03-02T09:00Z" },
  patient: {
    ins,
    birthName: "MARTIN",
    birthGivenNames: ["CAMILLE", "ANNE"],
    sex: "female",
    birthDate: "1979-03-12",
    usedName: "DURAND",
  },
  authors: [
    {
      rpps: "810000000001",
      family: "LEROY",
      profession: "10",
      specialty: "SM04",
      organization: { id: "1750000001", name: "CHU" },
    },
    { rpps: "3750000001/42", family: "PETIT" },
  ],
  facilityType: { code: "SA01" },
  practiceSetting: { code: "ETABLISSEMENT" },
};
const pdf = new TextEncoder().encode("%PDF-1.4\n");
const raw = (changes: Partial<DocumentMetadata> = {}): DepositInput => ({
  kind: "raw",
  content: pdf,
  contentType: "application/pdf",
  metadata: { ...metadata, ...changes },
  visibility: { hiddenFromProfessionals: true, invisibleToPatient: true, invisibleToRepresentatives: true },
});

const inputs: readonly (readonly [name: string, input: DepositInput, replaces?: string])[] = [
  ["a bare PDF with every visibility flag", raw()],
  ["a replacement", raw(), "d1"],
  [
    "a patient's own document",
    raw({
      authors: [{ isPatient: true }],
      type: { code: "DOCPAT01" },
      facilityType: {
        code: "EXP_PATIENT",
        system: "https://mos.esante.gouv.fr/NOS/TRE_A00-ProducteurDocNonPS/FHIR/TRE-A00-ProducteurDocNonPS",
      },
      practiceSetting: {
        code: "EXP_PATIENT",
        system: "https://mos.esante.gouv.fr/NOS/TRE_A00-ProducteurDocNonPS/FHIR/TRE-A00-ProducteurDocNonPS",
      },
    }),
  ],
  ["a FHIR document", { kind: "fhir", bundle: { resourceType: "Bundle", type: "document" }, metadata }],
];

describe.skipIf(!canValidate)("deposits are valid PDSm (needs ../shared and FHIR_TOOLS_MODULES)", () => {
  test("every kind of deposit, and every open document of the corpus, has no error", { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "carnet-deposits-"));
    try {
      for (const [index, [, input, replaces]] of inputs.entries()) {
        const version = replaces === undefined ? {} : { replaces, further: [supersede(replaces)] };
        const submission = { ...(await prepare(contextOf(), input)), ...version };
        writeFileSync(join(folder, `${index}.json`), JSON.stringify(toProvideBundle(submission)));
      }
      const corpus = join(shared, "cda/open");
      for (const name of readdirSync(corpus).filter((file) => file.endsWith(".xml"))) {
        const xml = readFileSync(join(corpus, name), "utf8");
        const patient = readCdaHeader(xml).patient.ins;
        if (!patient) continue;
        const submission = await prepare(contextOf(patient), { kind: "cda", xml });
        writeFileSync(join(folder, `${name}.json`), JSON.stringify(toProvideBundle(submission)));
      }
      const files = readdirSync(folder).map((name) => join(folder, name));
      const run = promisify(execFile)(process.execPath, [validator, "--profile", profileUrl.provideBundle, ...files], {
        maxBuffer: 1e8,
      }).catch((error: { stdout: string }) => error);
      const { stdout } = await run;
      expect(stdout.split("\n").filter((line) => /^\s+error/.test(line))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
