/**
 * R80 to R84, cell by cell over HTTP: one document of each type in one record, and for each of the 19 columns, with a real
 * token, one search, one search by id of everything, and a read of every document.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "@carnet/sdk";
import type { Bundle } from "@carnet/sdk/fhir";
import { identifierSystem } from "@carnet/sdk/fhir";
import { computeInsKey } from "@carnet/sdk/identity";
import { documentTypes } from "@carnet/sdk/terminology";
import { type CarnetService, createService, loadConfig } from "@carnet/service";
import { columnOf, type MatrixColumn, matrixTypes, mayConsult, type ProfessionalActor } from "@carnet/service/rules";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkout } from "../support/machine.ts";
import { createDatabase, dropDatabase } from "../support/postgres.ts";

const official = join(checkout, "../shared/data/habilitation-matrix.json");

/** How each column is recognised on a card. R83. */
const cards: Readonly<Record<MatrixColumn, Partial<ProfessionalActor> & { readonly profession: string }>> = {
  medecin: { profession: "10", specialty: "SM26" },
  "pharmacien-biologiste": { profession: "21", specialty: "G" },
  pharmacien: { profession: "21", specialty: "A" },
  "chirurgien-dentiste": { profession: "40" },
  "sage-femme": { profession: "50" },
  infirmier: { profession: "60" },
  "masseur-kinesitherapeute": { profession: "70" },
  "pedicure-podologue": { profession: "80" },
  orthophoniste: { profession: "91" },
  "ergo-psychomot-orthopt-diet": { profession: "94" },
  "audioprothesiste-appareillage": { profession: "26" },
  "opticien-lunetier": { profession: "28" },
  "manipulateur-erm": { profession: "98" },
  "coordination-orientation": { profession: "99", activityKind: "GENR08" },
  "assistant-service-social": { profession: "41" },
  "social-admin-appui": { profession: "99", activityKind: "GENR09" },
  "social-accompagnement-vie": { profession: "99", activityKind: "GENR10" },
  "social-accompagnement-soin": { profession: "99", activityKind: "GENR11" },
  "social-encadrement": { profession: "99", activityKind: "GENR12" },
};
const columns = Object.entries(cards) as [MatrixColumn, (typeof cards)[MatrixColumn]][];
/** Without a column: nothing is read, whatever was agreed to. R50, R84. */
const strangers: Readonly<Record<string, (typeof cards)[MatrixColumn]>> = {
  "dental-assistant": { profession: "31" },
  psychologist: { profession: "93" },
  "no-activity": { profession: "99" },
  "unknown-activity": { profession: "99", activityKind: "GENR01" },
  "unknown-code": { profession: "ZZ" },
  "occupational-doctor": { profession: "10", specialty: "SM25" },
};

const number = "2850699351042";
const ins = { system: identifierSystem.insTest, value: number + computeInsKey(number) };
const rppsOf = (index: number) => `8${String(20_000_000_000 + index)}`;

describe("the habilitation matrix, over HTTP", () => {
  const data = mkdtempSync(join(tmpdir(), "carnet-matrix-"));
  let database: string | undefined;
  let service: CarnetService;
  let origin: string;
  /** Type → id on the wire. */
  const ids = new Map<string, string>();
  const tokens = new Map<string, string>();

  const call = (account: string, path: string, init: RequestInit = {}) =>
    fetch(`${origin}/fhir${path}`, {
      ...init,
      headers: { authorization: `Bearer ${tokens.get(account)}`, ...init.headers },
    });

  beforeAll(async () => {
    database = process.env.DATABASE_URL ? await createDatabase() : undefined;
    const environment = {
      CARNET_DATA: data,
      CARNET_DEMO: "1",
      PORT: "0",
      LOG_LEVEL: "error",
      SENSITIVE_DEPOSITS: "accept",
    };
    service = await createService(loadConfig({ ...environment, ...(database ? { DATABASE_URL: database } : {}) }));
    const traits = { birthName: "FICTIVE", birthGivenNames: ["ANNA"], sex: "female", birthDate: "1985-06-14" } as const;
    await service.records.open({ ins, traits });
    const people: [string, (typeof cards)[MatrixColumn]][] = [
      ["author", { profession: "10", specialty: "SM04" }],
      ...columns,
      ...Object.entries(strangers),
    ];
    for (const [index, [id, card]] of people.entries()) {
      const claims = { kind: "professional" as const, name: `Dr ${id}`, rpps: rppsOf(index), ...card };
      // Nobody types a PIN here: hashing one for each would take longer than their questions.
      await service.accounts.upsert({ id, login: `card-${id}`, claims });
      await service.records.declareAuthorisation(ins, { subjectId: claims.rpps, subjectName: id });
    }
    origin = await service.listen();
    for (const [id] of people) {
      const answer = await fetch(`${origin}/oidc/demo-token`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ account: id }),
      });
      const { access_token }: { access_token: string } = await answer.json();
      tokens.set(id, access_token);
    }
    const record = connect({ baseUrl: `${origin}/fhir`, accessToken: () => tokens.get("author") ?? "" }).record(ins);
    const imaging = { code: ANY_IMAGING, as: "18748-4" };
    const types = [...documentTypes.map(({ code }) => ({ code, as: code })), imaging];
    await each([...types.entries()], async ([index, type]) => {
      const receipt = await record.deposit({
        kind: "raw",
        content: new TextEncoder().encode(`%PDF-1.4\n% ${type.code}\n%%EOF\n`),
        contentType: "application/pdf",
        metadata: {
          uniqueId: `urn:oid:1.2.250.1.999.7.${index + 1}`,
          title: "Document",
          type: { code: type.as },
          date: "2026-03-02T09:30:00Z",
          act: { start: "2026-03-02T09:00:00Z" },
          patient: { ins, birthName: "FICTIVE", birthGivenNames: ["ANNA"], sex: "female", birthDate: "1985-06-14" },
          authors: [{ rpps: rppsOf(0), family: "AUTEUR", profession: "10", specialty: "SM04" }],
          facilityType: { code: "SA07" },
          practiceSetting: { code: "AMBULATOIRE" },
        },
      });
      ids.set(type.code, receipt.id);
    });
    await nameImaging();
  });

  /** The one row of the matrix that is no code of the value set: nothing is deposited under it, so a row is given it. */
  async function nameImaging(): Promise<void> {
    const id = ids.get(ANY_IMAGING) ?? "";
    const member = [8, 12, 16, 20].reduceRight((hex, at) => `${hex.slice(0, at)}-${hex.slice(at)}`, id.slice(32));
    const recordId = await service.records.idOf(ins);
    const { numUpdatedRows } = await service.store.database
      .updateTable("document")
      .set({ type_code: ANY_IMAGING })
      .where("record_id", "=", recordId ?? "")
      .where("document_id", "=", member)
      .executeTakeFirstOrThrow();
    expect(numUpdatedRows).toBe(1n);
  }
  afterAll(async () => {
    await service?.close();
    rmSync(data, { recursive: true, force: true });
    if (database) await dropDatabase(database);
  });

  it("R81 every type of the value set is in the record, the 127 of the matrix among them", () => {
    expect(ids.size).toBe(documentTypes.length + 1);
    expect(matrixTypes().length).toBe(127);
    for (const type of matrixTypes()) expect(ids.has(type), type).toBe(true);
  });

  it.each(columns)("R80, R83, R84, R89 %s finds and reads its own types and no other", async (column, card) => {
    expect(columnOf({ kind: "professional", id: "", name: "", rpps: "", ...card })).toBe(column);
    const expected = expectedOf(column);
    const wire = `patient.identifier=${encodeURIComponent(`${ins.system}|${ins.value}`)}&status=current&_count=200`;
    const found = await json(call(column, `/DocumentReference?${wire}`));
    const named = await json(
      call(column, "/DocumentReference/_search", {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: `${wire}&_id=${[...ids.values()].join(",")}`,
      }),
    );
    const read = new Set<string>();
    await each([...ids], async ([type, id]) => {
      const answer = await call(column, `/Binary/${id}`);
      const text = await answer.text();
      if (answer.status === 200 && text.includes(`% ${type}\n`)) read.add(type);
      else expect(answer.status, type).toBe(404);
    });
    for (const seen of [typesOf(found), typesOf(named), read]) expect([...seen].sort()).toEqual(expected);
    expect(found.total).toBe(expected.length);
  });

  it.each(Object.keys(strangers))("R50, R65, R84 %s has no column and reads nothing", async (account) => {
    const wire = `patient.identifier=${encodeURIComponent(`${ins.system}|${ins.value}`)}&status=current`;
    expect((await call(account, `/DocumentReference?${wire}`)).status).toBe(403);
    for (const type of ["11488-4", "DOCPAT01", "REMB"]) {
      expect((await call(account, `/Binary/${ids.get(type)}`)).status, type).toBe(403);
    }
  });

  it.skipIf(!existsSync(official))(
    "R81 the 2 052 sourced cells and the 361 assumed ones were asked (needs ../shared)",
    () => {
      const { cells }: Official = JSON.parse(readFileSync(official, "utf8"));
      const asked = Object.entries(cells).filter(([type]) => ids.has(type));
      const all = asked.flatMap(([, row]) => columns.map(([column]) => row[column]?.status));
      expect(all.filter((status) => status === "sourced").length).toBe(2052);
      expect(all.filter((status) => status !== "sourced").length).toBe(361);
    },
  );

  const typesOf = (bundle: Bundle): Set<string> => {
    const seen = new Set((bundle.entry ?? []).map((entry) => entry.resource?.id));
    return new Set([...ids].flatMap(([type, id]) => (seen.has(id) ? [type] : [])));
  };
});

interface Official {
  readonly cells: Readonly<
    Record<string, Readonly<Record<string, { readonly read: boolean; readonly status: string }>>>
  >;
}

/** Row of the matrix for any imaging procedure, whatever its own code. */
const ANY_IMAGING = "*DICOM-PROCEDURE*";
const allTypes: readonly string[] = [...documentTypes.map(({ code }) => code), ANY_IMAGING];

/** SHA-256 of the marks, where the official table is not at hand: a changed mark is a changed right. */
const FINGERPRINT = "5d23803d3c6599aff92bfea8880e7aa3ec153d0c81fc2a401731eaa94714c689";

/** Types that a column may read, from the official table where it is there, else from ours as it was checked against it. */
function expectedOf(column: MatrixColumn): readonly string[] {
  if (existsSync(official)) {
    const { cells }: Official = JSON.parse(readFileSync(official, "utf8"));
    return allTypes.filter((code) => cells[code]?.[column]?.read).sort();
  }
  const marks = columns.map(([name]) => allTypes.map((code) => (mayConsult(name, code) ? "1" : "0")).join(""));
  expect(createHash("sha256").update(marks.join("\n")).digest("hex")).toBe(FINGERPRINT);
  return allTypes.filter((code) => mayConsult(column, code)).sort();
}

const json = async (response: Promise<Response>): Promise<Bundle> => (await response).json();

/** A few at a time: as fast as the service, without holding all of them open. */
async function each<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
