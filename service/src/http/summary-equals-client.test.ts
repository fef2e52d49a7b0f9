/** `$summary` merges facts kept at admission; a client without `$summary` reads the documents. Both must say the same. */
import { cdaToFhir } from "@carnet/sdk/cda";
import type { Bundle, DocumentReference } from "@carnet/sdk/fhir";
import { identifierSystem } from "@carnet/sdk/fhir";
import { summarise } from "@carnet/sdk/summary";
import { afterAll, beforeAll, expect, test } from "vitest";
import { synthesisOf } from "../testing/cda-documents.ts";
import { deposit, search, type TestDocument, token } from "../testing/documents.ts";
import { allergyTo, fhirDocument } from "../testing/fhir-documents.ts";
import { patients } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const { anna } = patients;
const archived = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived";
const deposited = new Map<string, TestDocument>();

async function keep(document: TestDocument) {
  const { id } = await deposit(carnet, document);
  deposited.set(document.uniqueId ?? "", document);
  return { id, uniqueId: document.uniqueId ?? "" };
}

const allergyDocument = (substance: string, more: Parameters<typeof fhirDocument>[1] = {}) =>
  fhirDocument([allergyTo(substance)], more);

const cdaAbout = (substance: string): TestDocument => ({
  ...synthesisOf({ code: "48765-2", title: "Allergies", facts: [allergyTo(substance)] }),
  date: "2026-04-01T09:00:00Z",
});

async function summaryFor(account: string): Promise<Bundle> {
  const response = await carnet.call(account, `/Patient/$summary?identifier=${token(anna)}`);
  expect(response.status).toBe(200);
  return response.json();
}

/** What a client composes out of the documents that the search gives this account. */
async function composedFor(account: string, now: string | undefined): Promise<Bundle> {
  const { bundle } = await search(carnet, account, "_count=50");
  const documents = (bundle.entry ?? []).map((one) => one.resource as DocumentReference);
  const bundles = documents.flatMap(({ masterIdentifier }): Bundle[] => {
    const value = masterIdentifier?.value ?? "";
    const text = new TextDecoder().decode(deposited.get(value)?.content);
    const read: Bundle = text.startsWith("<") ? cdaToFhir(text) : JSON.parse(text);
    return [{ ...read, identifier: { system: identifierSystem.uri, value } }];
  });
  return summarise(bundles, { locale: "fr", ...(now ? { now } : {}) });
}

/** The facts alone, without what names the person: the service knows her from the record, the client from documents. */
const factsOf = ({ entry }: Bundle) =>
  (entry ?? [])
    .flatMap(({ resource }) =>
      resource?.resourceType === "AllergyIntolerance"
        ? [
            {
              said: resource.code,
              sources: [resource.meta?.source, ...(resource.extension ?? [])],
              is: resource.clinicalStatus,
            },
          ]
        : [],
    )
    .map((one) => JSON.stringify(one))
    .sort();

async function expectSame(...without: readonly string[]) {
  for (const account of ["gp", "cardiologist", "anna"]) {
    const summary = await summaryFor(account);
    const facts = factsOf(summary);
    expect(facts).toEqual(factsOf(await composedFor(account, summary.timestamp)));
    for (const gone of without) expect(facts.join()).not.toContain(gone);
  }
  return factsOf(await summaryFor("gp"));
}

test("the summary of the service is that of its documents, after a deposit, a replacement, an archiving and a hiding", async () => {
  await keep(cdaAbout("Amoxicilline"));
  await keep(allergyDocument("Amoxicilline"));
  const latex = await keep(allergyDocument("Latex"));
  const iodine = await keep(allergyDocument("Iode"));
  await keep(allergyDocument("Arachide"));
  const all = await expectSame();
  expect(all).toHaveLength(4);
  // One fact of two documents names both.
  expect(all.find((one) => one.includes("Amoxicilline"))?.match(/urn:oid/g)).toHaveLength(2);

  await keep(allergyDocument("Pollens", { replaces: latex.id }));
  expect(await expectSame("Latex")).toHaveLength(4);

  const archive = [{ op: "add", path: `/extension[url:'${archived}']/valueBoolean`, value: true }];
  const response = await carnet.call("gp", `/DocumentReference/${iodine.id}`, {
    method: "PATCH",
    body: JSON.stringify(archive),
    headers: { "content-type": "application/json-patch+json" },
  });
  expect(response.status).toBe(200);
  expect(await expectSame("Latex", "Iode")).toHaveLength(3);

  await keep(allergyDocument("Secret", { author: "gp", flags: ["MASQUE_PS"] }));
  expect((await expectSame("Latex", "Iode")).join()).toContain("Secret");
  expect(factsOf(await summaryFor("cardiologist")).join()).not.toContain("Secret");
});
