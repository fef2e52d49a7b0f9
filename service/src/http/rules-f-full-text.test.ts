/** Searching in the words of documents (`_content`), under the rules of every search. R89, R145, R184. */
import type { Bundle, OperationOutcome } from "@carnet/sdk/fhir";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deposit, newUniqueId, search, type TestDocument, token } from "../testing/documents.ts";
import { pdfWith } from "../testing/pdf.ts";
import { patients } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const text = (content: string, document: TestDocument = {}) =>
  deposit(carnet, { ...document, content: new TextEncoder().encode(content), contentType: "text/plain" });

const find = async (account: string, words: string, more = "") => {
  const { bundle } = await search(carnet, account, `_content=${encodeURIComponent(words)}${more}`);
  const entries = bundle.entry ?? [];
  return {
    bundle,
    ids: entries.filter((one) => one.search?.mode === "match").map((one) => one.resource?.id),
    outcome: entries.find((one) => one.search?.mode === "outcome")?.resource as OperationOutcome | undefined,
  };
};

test("R125: words are found in titles, authors, texts and PDFs, whatever their form, case and accents", async () => {
  const letter = await text("Embolie pulmonaire traitée. Hypertension artérielle ; sœur opérée du cœur.", {
    title: "Sortie",
  });
  const scan = await deposit(carnet, {
    title: "Échographie",
    author: "cardiologist",
    content: pdfWith("Fraction 60 %"),
  });
  await carnet.service.runJobs();
  for (const words of [
    "embolies",
    "hypertension arterielle",
    "coeur",
    "cœur",
    '"embolie pulmonaire"',
    "hyper*",
    "sortie",
  ]) {
    expect((await find("gp", words)).ids, words).toEqual([letter.id]);
  }
  for (const words of ["echographies", "cardiologist fraction", "60"]) {
    expect((await find("gp", words)).ids, words).toEqual([scan.id]);
  }
  for (const words of ["embolie fraction", '"pulmonaire embolie"', "hyper", "xyz"]) {
    expect((await find("gp", words)).ids, words).toEqual([]);
  }
  const { bundle } = await find("gp", "artérielle");
  const [match] = bundle.entry?.[0]?.search?.extension ?? [];
  const excerpt = match?.extension?.find(({ url }) => url === "excerpt")?.valueString ?? "";
  const place = match?.extension?.find(({ url }) => url === "match")?.extension ?? [];
  const [start, end] = ["start", "end"].map((name) => place.find(({ url }) => url === name)?.valueInteger ?? 0);
  expect(excerpt.slice(start, end)).toBe("artérielle");
  expect(excerpt).toContain("Hypertension artérielle");
});

test("R125: what is not read yet is said, without a number, and only when the caller may see it", async () => {
  expect((await find("gp", "embolie")).outcome).toBeUndefined();
  await text("Secret", { author: "cardiologist", flags: ["MASQUE_PS"] });
  expect((await find("nurse", "embolie")).outcome).toBeUndefined();
  await text("Visible");
  const { outcome, ids } = await find("nurse", "visible");
  expect(ids).toEqual([]);
  expect(outcome?.issue[0]?.severity).toBe("information");
  expect(JSON.stringify(outcome)).not.toMatch(/\d/);
  await carnet.service.runJobs();
  expect((await find("nurse", "visible")).outcome).toBeUndefined();
});

test("R145, R89: neither a hidden text nor one of a closed type is found, counted, cited or paged", async () => {
  await text("Sérologie confidentielle", { author: "cardiologist", flags: ["MASQUE_PS"] });
  await text("Sérologie banale", { title: "Banale", author: "cardiologist" });
  await carnet.service.runJobs();
  const whole = await find("anna", "sérologie");
  expect(whole.ids).toHaveLength(2);
  const nurse = await find("nurse", "sérologie", "&_count=1");
  expect([nurse.ids.length, nurse.bundle.total, nurse.bundle.link?.length]).toEqual([1, 1, 1]);
  expect(JSON.stringify(nurse.bundle)).not.toContain("confidentielle");
  // As if there were nothing: the answer for a hidden word is the answer for a word that stands nowhere.
  const shape = ({ bundle: { id: _id, meta: _meta, link: _link, ...rest } }: { bundle: Bundle }) => rest;
  expect(shape(await find("nurse", "confidentielle"))).toEqual(shape(await find("nurse", "introuvable")));
  const other = await carnet.call(
    "bruno",
    `/DocumentReference?patient.identifier=${token(patients.anna)}&status=current&_content=x`,
  );
  expect(other.status).toBe(404);
});

test("R184: the words stand neither in the log nor in the address of the next page", async () => {
  for (let at = 0; at < 3; at++) await text(`Contraception ${at}`);
  await carnet.service.runJobs();
  const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
  const posted = await carnet.call("gp", "/DocumentReference/_search", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: form({
      "patient.identifier": `${patients.anna.ins.system}|${patients.anna.ins.value}`,
      status: "current",
      _content: "contraception",
      _count: "2",
    }),
  });
  const first: Bundle = await posted.json();
  expect(first.total).toBe(3);
  expect(JSON.stringify(first.link)).not.toMatch(/contraception/i);
  const next = first.link?.find(({ relation }) => relation === "next")?.url ?? "";
  const second: Bundle = await (
    await fetch(next, { headers: { authorization: `Bearer ${await carnet.token("gp")}` } })
  ).json();
  expect(second.entry).toHaveLength(1);
  const lines = await carnet.service.store.database
    .selectFrom("access_log")
    .select("query")
    .where("query", "like", "%_content%")
    .execute();
  expect(lines.length).toBeGreaterThan(0);
  expect(JSON.stringify(lines)).not.toMatch(/contraception|embolie/i);
});

test("R125: what is no word, or too many, is a 400; signs of a query language are only signs", async () => {
  const ask = async (words: string) =>
    (
      await carnet.call(
        "gp",
        `/DocumentReference?patient.identifier=${token(patients.anna)}&status=current&_content=${encodeURIComponent(words)}`,
      )
    ).status;
  for (const words of ["", " ", "&|!", "a ".repeat(30), "a".repeat(300), "sealed:", "sealed:AAAA"])
    expect(await ask(words), words).toBe(400);
  for (const words of ["a:b & !c", "'; drop table", "(((", "le la les", '"', "%_\\", "é<->è"]) {
    expect([200, 400], words).toContain(await ask(words));
  }
});

test("R120: a deleted document is found no more, and its text goes with the record's rows", async () => {
  const { id } = await text("Zygomatique", { author: "gp" });
  await carnet.service.runJobs();
  expect((await find("gp", "zygomatique")).ids).toEqual([id]);
  await carnet.call("gp", `/DocumentReference/${id}`, {
    method: "PATCH",
    headers: { "content-type": "application/json-patch+json" },
    body: JSON.stringify([{ op: "replace", path: "/status", value: "entered-in-error" }]),
  });
  expect((await find("gp", "zygomatique")).ids).toEqual([]);
});

test("R79, R192: the words of a document are searched by who consults, and never by its identifier alone", async () => {
  const uniqueId = newUniqueId();
  const own = { uniqueId, author: "cardiologist", title: "Bilan" };
  await text("Sérologie positive, à contrôler.", own);
  await carnet.service.runJobs();
  const asked = (account: string) =>
    carnet.call(
      account,
      `/DocumentReference?patient.identifier=${token(patients.anna)}&status=current` +
        `&identifier=${encodeURIComponent(`urn:ietf:rfc:3986|${uniqueId}`)}&_content=serologie`,
    );
  // The structure finds its documents again, and reads nothing of them.
  expect((await asked("secretariat")).status).toBe(403);
  // A consultation is told once a day: on a day of its own.
  carnet.travel(86_400_000);
  const told = () => consultationsTold("nurse");
  const before = await told();
  expect(JSON.stringify(await (await asked("nurse")).json())).toContain("Sérologie positive");
  expect(await told()).toBe(before + 1);
});

/** Notices to the patient that this professional consulted the record. */
async function consultationsTold(account: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from notice
    where actor_name = ${`Dr ${account}`} and kind in ('first-access', 'consultation')`.execute(
    carnet.service.store.database,
  );
  return rows[0]?.count ?? 0;
}
