import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bundle, DocumentReference } from "fhir/r4.js";
import { afterAll, expect, it } from "vitest";
import { wrapInCda } from "../cda/index.ts";
import { carnet, serve } from "./test-support.ts";

const home = mkdtempSync(join(tmpdir(), "carnet-deposit-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const ins = { system: "urn:oid:1.2.250.1.213.1.4.10", value: "279035121518989" };
const former = "urn:oid:1.2.250.1.999.7.1";

/** The second version of a letter, whose header says which it replaces. */
const second = wrapInCda({
  content: new TextEncoder().encode("Bonjour"),
  contentType: "text/plain",
  title: "Lettre",
  uniqueId: "urn:oid:1.2.250.1.999.7.2",
  replaces: former,
  effectiveTime: "2026-03-02T09:30:00+01:00",
  type: { code: "11488-4", system: "http://loinc.org", display: "CR ou fiche de consultation ou de visite" },
  act: { start: "2026-03-02T09:00:00+01:00" },
  patient: {
    ins,
    birthName: "MARTIN",
    firstGivenName: "CAMILLE",
    birthGivenNames: ["CAMILLE"],
    sex: "female",
    birthDate: "1979-03-12",
    birthPlaceCode: "51215",
  },
  author: {
    rpps: "810000000001",
    family: "LEROY",
    given: "ANNE",
    profession: "G15_10",
    specialty: "SM04",
    organization: { id: "1750000001", name: "CHU", facilityType: "SA01", practiceSetting: "ETABLISSEMENT" },
  },
});

/** Deposits it into a record with these documents. */
async function deposit(known: readonly object[]) {
  const sent: Bundle[] = [];
  const origin = await serve(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method === "POST") sent.push(JSON.parse(Buffer.concat(chunks).toString()));
    const status = { status: "201 Created", location: "DocumentReference/d2/_history/1" };
    const entry = request.method === "POST" ? [{ response: status }] : known.map((resource) => ({ resource }));
    const type = request.method === "POST" ? "transaction-response" : "searchset";
    response.writeHead(200, { "content-type": "application/fhir+json" });
    response.end(JSON.stringify({ resourceType: "Bundle", type, entry }));
  });
  const file = join(home, "letter.xml");
  writeFileSync(file, second);
  const words = ["deposit", `${ins.system}|${ins.value}`, file, "--url", `${origin}/fhir`];
  const { code, stderr } = await carnet(words, { CARNET_TOKEN: "t", LANG: "en" });
  const references = sent.flatMap(({ entry = [] }) => entry.map(({ resource }) => resource));
  const reference = references.find((one): one is DocumentReference => one?.resourceType === "DocumentReference");
  return { code, stderr, isSent: sent.length > 0, relations: reference?.relatesTo };
}

it("a document that says what it replaces is a new version of that one, and never stands beside it", async () => {
  const document = {
    resourceType: "DocumentReference",
    id: "d1",
    status: "current",
    masterIdentifier: { value: former },
    subject: { identifier: ins },
    content: [{ attachment: {} }],
  };
  expect(await deposit([document])).toMatchObject({
    code: 0,
    relations: [{ code: "replaces", target: { reference: "DocumentReference/d1" } }],
  });
  const { code, stderr, isSent } = await deposit([]);
  expect({ code, isSent }).toEqual({ code: 6, isSent: false });
  expect(stderr).toContain("former-unknown");
});
