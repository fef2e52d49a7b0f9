/** Documents of the patient and of other services: who writes them, who reads them. R131, R160 to R164, R186. */
import type { Communication } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deposit, search, type TestDocument } from "../testing/documents.ts";
import { patients } from "../testing/people.ts";
import { declare, json, recordIdOf } from "../testing/requests.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
  expect((await declare(carnet, "pharmacist", {}, patients.anna)).status).toBe(201);
});
afterAll(() => carnet.close());

const national = "https://mos.esante.gouv.fr/NOS/TRE_A05-TypeDocComplementaire/FHIR/TRE-A05-TypeDocComplementaire";
const readers = ["gp", "nurse", "pharmacist", "optician"] as const;

/** Who of the readers finds this document. */
async function foundBy(document: TestDocument, as?: string): Promise<readonly string[]> {
  const { id } = await deposit(carnet, document, as);
  const found: string[] = [];
  for (const reader of readers) if ((await search(carnet, reader, "_count=200")).ids.includes(id)) found.push(reader);
  return found;
}

test("R160 the patient's medical profile is theirs to file, and read as its type allows", async () => {
  const profile = { author: "anna", typeCode: "DOCPAT08", typeSystem: national, classCode: "11" };
  expect(await foundBy(profile)).toEqual(["gp", "nurse", "pharmacist"]);
});

test("R161, R162 directives are read by doctors, nurses and coordination; the trusted person's document is the patient's", async () => {
  const directives = { author: "anna", typeCode: "EXPPAT_3", typeSystem: national, classCode: "90" };
  expect(await foundBy(directives)).toEqual(["gp", "nurse"]);
  const trusted = { author: "anna", typeCode: "EXPPAT_1", typeSystem: national, classCode: "90" };
  expect(await foundBy(trusted)).toContain("gp");
});

test("R163 the history of reimbursements is read by every health profession but opticians", async () => {
  const history = { typeCode: "REMB", typeSystem: national, classCode: "60" };
  expect(await foundBy(history)).toEqual(["gp", "nurse", "pharmacist"]);
});

test("R131, R164 the vaccination history is found by type whatever the date of its act", async () => {
  const { id } = await deposit(carnet, { typeCode: "11369-6", classCode: "52", actStart: "1999-05-04T08:00:00Z" });
  expect((await search(carnet, "nurse", "type=http://loinc.org|11369-6")).ids).toContain(id);
  expect((await search(carnet, "optician", "type=http://loinc.org|11369-6")).ids).toEqual([]);
});

test("R186 the patient reports a document or an access to the operator; nobody reports what they do not see", async () => {
  const { id } = await deposit(carnet);
  const hidden = await deposit(carnet, { flags: ["INVISIBLE_PATIENT"] });
  const report = (documentId: string, account = "anna") =>
    carnet.call(account, "/Communication", {
      method: "POST",
      body: JSON.stringify({
        resourceType: "Communication",
        status: "completed",
        category: [{ coding: [{ code: "report" }] }],
        subject: { type: "Patient", identifier: { ...patients.anna.ins } },
        about: [{ reference: `DocumentReference/${documentId}` }],
        payload: [{ contentString: "Ce document n'est pas le mien" }],
      }),
    });
  const sent = await report(id);
  expect(sent.status).toBe(201);
  expect((await json<Communication>(sent)).about?.[0]?.reference).toContain(id);
  expect((await report(hidden.id)).status).toBe(422);
  expect((await report(id, "bruno")).status).toBe(404);

  // What was seen while the record was open may be reported once it is closed, and nothing more.
  const record = `/Patient/${await recordIdOf(carnet, patients.anna)}`;
  expect((await carnet.call("anna", `${record}/$close`, { method: "POST" })).status).toBe(200);
  expect((await report(id)).status).toBe(201);
  expect((await report(hidden.id)).status).toBe(422);
  expect((await carnet.call("anna", `${record}/$reactivate`, { method: "POST" })).status).toBe(200);
});
