/** What a document must say, and that it never changes. R104, R107, R115, R126. */
import type { DocumentReference, List, OperationOutcome } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, expect, test } from "vitest";
import { letterAbout } from "../testing/cda-documents.ts";
import { deposit, pdf, provideBundle, search } from "../testing/documents.ts";
import { patients } from "../testing/people.ts";
import { json, patch } from "../testing/requests.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const send = (bundle: unknown, account = "gp") =>
  carnet.call(account, "/", { method: "POST", body: JSON.stringify(bundle) });

test.each([
  "masterIdentifier",
  "status",
  "type",
  "category",
  "subject",
  "author",
  "custodian",
  "securityLabel",
  "content",
  "context",
] as const)("R104 a document without %s is refused, and the place is named", async (name) => {
  const bundle = provideBundle({});
  const document = bundle.entry?.find(({ resource }) => resource?.resourceType === "DocumentReference")?.resource;
  if (!document) throw new Error("no document");
  delete (document as Partial<DocumentReference>)[name];
  const response = await send(bundle);
  expect([400, 422]).toContain(response.status);
  const outcome: OperationOutcome = await json(response);
  expect(JSON.stringify(outcome.issue.map((issue) => issue.expression))).toContain(name);
});

test("R105 what was made after today is refused with its place: it would stand before all that is true for years", async () => {
  const changed = (change: (of: { document: DocumentReference; lot: List }) => void) => {
    const bundle = provideBundle({});
    const [lot, document] = bundle.entry?.map(({ resource }) => resource) ?? [];
    if (lot?.resourceType === "List" && document?.resourceType === "DocumentReference") change({ document, lot });
    return bundle;
  };
  const later = "2099-01-01T00:00:00Z";
  const letter = new TextEncoder().encode(letterAbout(patients.anna, { effectiveTime: later }));
  for (const [place, bundle] of [
    ["Bundle.entry[1].resource.date", changed(({ document }) => Object.assign(document, { date: later }))],
    [
      "Bundle.entry[1].resource.content[0].attachment.creation",
      changed(({ document }) => Object.assign(document.content[0]?.attachment ?? {}, { creation: "2099" })),
    ],
    ["List.date", changed(({ lot }) => Object.assign(lot, { date: later }))],
    ["Bundle.entry[1].resource.content[0].attachment", provideBundle({ content: letter, contentType: "text/xml" })],
  ] as const) {
    const response = await send(bundle);
    const outcome: OperationOutcome = await json(response);
    expect([response.status, outcome.issue[0]?.expression], place).toEqual([422, [place]]);
  }
  expect((await search(carnet, "gp", "date=ge2090")).ids).toEqual([]);
  // A clock that runs ahead of ours by some hours, or another time zone taken for this one, is no reason to lose a document.
  const soon = new Date(carnet.now().getTime() + 6 * 3_600_000).toISOString();
  expect(
    (await send(changed(({ document, lot }) => void [document, lot].map((one) => Object.assign(one, { date: soon })))))
      .status,
  ).toBe(200);
});

test("R107 what kind of author wrote a document is known: a professional, the patient, a structure", async () => {
  const ids = [
    await deposit(carnet),
    await deposit(carnet, { author: "anna", typeCode: "EXPPAT_1", typeSystem: national, classCode: "90" }),
  ].map(({ id }) => `${id.slice(32, 40)}-${id.slice(40, 44)}-${id.slice(44, 48)}-${id.slice(48, 52)}-${id.slice(52)}`);
  const rows = await carnet.service.store.database
    .selectFrom("document")
    .select(["document_id", "author_kind", "depositor_kind"])
    .where("document_id", "in", ids)
    .execute();
  const kinds = new Map(rows.map((row) => [row.document_id, `${row.author_kind} ${row.depositor_kind}`]));
  expect(ids.map((id) => kinds.get(id))).toEqual(["professional professional", "patient patient"]);
});

const national = "https://mos.esante.gouv.fr/NOS/TRE_A05-TypeDocComplementaire/FHIR/TRE-A05-TypeDocComplementaire";

test("R115 a stored document never changes: its bytes, its type and its title are the same after every change", async () => {
  const content = pdf();
  const { id } = await deposit(carnet, { content });
  const before: DocumentReference = await json(carnet.call("gp", `/DocumentReference/${id}`));
  for (const path of ["/description", "/content/0/attachment/title", "/type", "/masterIdentifier/value", "/date"]) {
    expect((await patch(carnet, "gp", `/DocumentReference/${id}`, [{ op: "replace", path, value: "x" }])).status).toBe(
      405,
    );
  }
  const put = await carnet.call("gp", `/DocumentReference/${id}`, { method: "PUT", body: JSON.stringify(before) });
  expect(put.status).toBe(405);
  expect(await json(carnet.call("gp", `/DocumentReference/${id}`))).toEqual(before);
  const kept = await carnet.call("gp", `/Binary/${id}`, { headers: { accept: "application/pdf" } });
  expect(Buffer.from(await kept.arrayBuffer()).equals(Buffer.from(content))).toBe(true);
});

test("R126 the content is at the address that the document gives; a wrong one is a 404", async () => {
  const content = pdf();
  const { id } = await deposit(carnet, { content });
  const document: DocumentReference = await json(carnet.call("gp", `/DocumentReference/${id}`));
  const url = document.content[0]?.attachment.url ?? "";
  const read = await carnet.call("gp", url.startsWith("http") ? url.slice(carnet.base.length) : `/${url}`, {
    headers: { accept: "application/pdf" },
  });
  expect([read.status, read.headers.get("content-type")]).toEqual([200, "application/pdf"]);
  expect(Buffer.from(await read.arrayBuffer()).equals(Buffer.from(content))).toBe(true);
  expect((await carnet.call("gp", `/Binary/${id.slice(0, 32)}${"0".repeat(32)}`)).status).toBe(404);
});
