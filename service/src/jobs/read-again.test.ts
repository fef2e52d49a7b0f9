import type { Bundle } from "@carnet/sdk/fhir";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { READER_VERSION } from "../http/document-facts.ts";
import { deposit, token } from "../testing/documents.ts";
import { allergyTo, fhirDocument } from "../testing/fhir-documents.ts";
import { patients, type TestPatient } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
  for (const substance of ["Iode", "Latex", "Pollens"]) await deposit(carnet, fhirDocument([allergyTo(substance)]));
  await deposit(carnet, fhirDocument([allergyTo("Arachide")], { patient: leo }));
  // A file has no facts: a new reader may find some, so it is read again too.
  await deposit(carnet, {});
});
afterAll(() => carnet.close());

const { anna, leo } = patients;

/** The documents as an older reader left them: it heard every allergy as one to "ancien". */
beforeEach(async () => {
  const { database } = carnet.service.store;
  await sql`
    update document_fact set reader_version = 0,
      facts = regexp_replace(facts, '"code":\{"text":"[^"]*"\}', '"code":{"text":"ancien"}')`.execute(database);
  await sql`update record set version = version + 1`.execute(database);
  await sql`delete from reading`.execute(database);
});

async function substances(patient: TestPatient = anna): Promise<readonly string[]> {
  const response = await carnet.call("gp", `/Patient/$summary?identifier=${token(patient)}`);
  const bundle: Bundle = await response.json();
  const found = (bundle.entry ?? []).flatMap(({ resource }) =>
    resource?.resourceType === "AllergyIntolerance" ? (resource.code?.text ?? []) : [],
  );
  return found.sort();
}

async function versions(): Promise<readonly number[]> {
  const rows = await carnet.service.store.database
    .selectFrom("document_fact")
    .select("reader_version")
    .distinct()
    .execute();
  return rows.map((row) => row.reader_version);
}

it("reads the documents of an older reader again: summaries say what the new one reads, each of its own patient", async () => {
  expect(await substances()).toEqual(["ancien"]);
  await carnet.service.runJobs();
  expect(await substances()).toEqual(["Iode", "Latex", "Pollens"]);
  expect(await substances(leo)).toEqual(["Arachide"]);
  expect(await versions()).toEqual([READER_VERSION]);
});

it("a caller who holds the old summary is sent the new one", async () => {
  const path = `/Patient/$summary?identifier=${token(anna)}`;
  const etag = (await carnet.call("gp", path)).headers.get("etag") ?? "";
  await carnet.service.runJobs();
  expect((await carnet.call("gp", path, { headers: { "if-none-match": etag } })).status).toBe(200);
});

it("goes on where it was stopped, and does nothing once it has been through", async () => {
  const { database } = carnet.service.store;
  await carnet.service.runJobs();
  const [first] = await database.selectFrom("reading").selectAll().execute();
  expect(first?.finished_at).not.toBeNull();
  // As a stop in the middle leaves it: some documents read, the place in the records known.
  const [half] = await database.selectFrom("document_fact").select("document_id").limit(1).execute();
  await sql`update document_fact set reader_version = 0 where document_id = ${half?.document_id ?? ""}`.execute(
    database,
  );
  await carnet.service.runJobs();
  expect(await versions()).toHaveLength(2);
  await sql`update reading set finished_at = null, last_record_id = null`.execute(database);
  await carnet.service.runJobs();
  expect(await versions()).toEqual([READER_VERSION]);
});

it("a content that can no longer be opened keeps the facts read before, and holds nobody up", async () => {
  const { database } = carnet.service.store;
  const [broken] = await database
    .selectFrom("document")
    .select(["record_id", "document_id", "blob_id"])
    .where("content_type", "=", "application/fhir+json")
    .limit(1)
    .execute();
  if (!broken) throw new Error("no document");
  await carnet.service.store.blobs.remove({ recordId: broken.record_id, blobId: broken.blob_id });
  await carnet.service.runJobs();
  expect(await versions()).toEqual([READER_VERSION]);
  const [kept] = await database
    .selectFrom("document_fact")
    .select("facts")
    .where("record_id", "=", broken.record_id)
    .where("document_id", "=", broken.document_id)
    .execute();
  expect(kept?.facts).toContain("ancien");
});
