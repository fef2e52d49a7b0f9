import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Bundle, Composition } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { cdaToFhir } from "../cda/read/index.ts";
import { profileUrl } from "../fhir/systems.ts";
import { withChecks } from "./checks/index.ts";
import { summarise } from "./index.ts";
import { loadDrugData } from "./safety/test-support.ts";
import { longRecord } from "./test-support.ts";

const shared = resolve(import.meta.dirname, "../../../../shared");
const folder = join(shared, "ips");
const documents = join(shared, "cda/open");
const validator = join(shared, "tools/fhir/validate-fhir.mjs");
const canValidate = existsSync(validator) && process.env.FHIR_TOOLS_MODULES !== undefined;

interface Sample {
  readonly file: string;
  readonly validatorErrorsAgainstIps201: number;
}
const samples: readonly Sample[] = existsSync(folder)
  ? JSON.parse(readFileSync(join(folder, "index.json"), "utf8"))
  : [];
const read = (file: string): Bundle => JSON.parse(readFileSync(join(folder, file), "utf8"));

describe.skipIf(!existsSync(folder))("summaries of others (needs ../shared)", () => {
  test.each(samples)("every entry of $file is kept", ({ file }) => {
    const input = read(file);
    const composition = input.entry?.[0]?.resource as Composition;
    const stated = new Set(
      (composition.section ?? []).flatMap((section) => (section.entry ?? []).map((one) => one.reference)),
    );
    const output = summarise([input]);
    const kept = (output.entry ?? []).filter(({ resource }) => resource?.meta?.source !== undefined);
    // "No information" is not a fact: the summary says it again in its own name.
    const unknown = (input.entry ?? []).filter(({ resource }) =>
      /"code":"no-[a-z]+-info"/.test(JSON.stringify(resource)),
    );
    // One sample states its hypertension twice, word for word.
    const twice = file === "us_washington_gdhp.json" ? 1 : 0;
    expect(kept.length).toBeGreaterThanOrEqual(stated.size - unknown.length - twice);
    for (const { resource } of kept) expect(resource?.meta?.source).toBe(kept[0]?.resource?.meta?.source);
  });

  test("those of different persons are refused together", () => {
    const [one, two] = [read("hl7-bundle-minimal.json"), read("nz_peter_jordan_aaa1234.json")];
    expect(() => summarise([one, two])).toThrow(expect.objectContaining({ code: "several-patients" }));
  });
});

/** Errors that the outside validator finds in these summaries. */
async function errorsOf(summaries: readonly Bundle[]): Promise<string[]> {
  const out = mkdtempSync(join(tmpdir(), "carnet-summaries-"));
  try {
    const files = summaries.map((summary, index) => {
      const file = join(out, `${index}.json`);
      writeFileSync(file, JSON.stringify(summary));
      return file;
    });
    const run = promisify(execFile)(process.execPath, [validator, "--profile", profileUrl.ipsBundle, ...files], {
      maxBuffer: 1e8,
    });
    const { stdout } = await run.catch((error: { stdout: string }) => error);
    expect(stdout).toContain(files[0]);
    return stdout.split("\n").filter((line) => /^\s+error/.test(line));
  } finally {
    rmSync(out, { recursive: true });
  }
}

describe.skipIf(!canValidate)("summaries are valid IPS (needs ../shared and FHIR_TOOLS_MODULES)", () => {
  test("of no document, and of every valid foreign summary", { timeout: 120_000 }, async () => {
    // What is wrong in a document stays wrong in its copy: nothing is corrected silently.
    const valid = samples.filter(({ validatorErrorsAgainstIps201: errors }) => errors === 0);
    const summaries = valid.map(({ file }) => summarise([read(file)]));
    expect(await errorsOf([summarise([], { now: "2026-01-01T00:00:00Z" }), ...summaries])).toEqual([]);
  });

  test("of every official document with its checks, and of many results with a bounded history", {
    timeout: 240_000,
  }, async () => {
    const official = readdirSync(documents).filter((name) => name.endsWith(".xml"));
    // With the checks, which change no fact: the sections, issues and recommendations that they add are valid too.
    const drugData = loadDrugData();
    const summaries = official.map((name) =>
      withChecks(summarise([cdaToFhir(readFileSync(join(documents, name)).toString())]), {
        drugData,
        reader: "prescriber",
      }),
    );
    const long = summarise(longRecord(100), { valuesPerAnalyte: 5, pastTreatments: 2 });
    expect(await errorsOf([...summaries, long, withChecks(long)])).toEqual([]);
  });
});
