import type { AllergyIntolerance, Bundle } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, expect, test } from "vitest";
import { synthesisOf } from "../testing/cda-documents.ts";
import { deposit, token } from "../testing/documents.ts";
import { allergyTo, fhirDocument } from "../testing/fhir-documents.ts";
import { patients } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const { anna } = patients;
const allergyDocument = (substance: string, more: Parameters<typeof fhirDocument>[1] = {}) =>
  fhirDocument([allergyTo(substance)], more);

async function allergies(account: string): Promise<readonly AllergyIntolerance[]> {
  const response = await carnet.call(account, `/Patient/$summary?identifier=${token(anna)}`);
  expect(response.status).toBe(200);
  const bundle: Bundle = await response.json();
  return (bundle.entry ?? []).flatMap(({ resource }) =>
    resource?.resourceType === "AllergyIntolerance" ? [resource] : [],
  );
}
const substances = async (account: string) => (await allergies(account)).map(({ code }) => code?.text);

test("a fact deposited is in the summary at once, and says from which document it comes", async () => {
  const document = allergyDocument("Pénicilline");
  const { id } = await deposit(carnet, document);
  const [found] = (await allergies("cardiologist")).filter(({ code }) => code?.text === "Pénicilline");
  expect(found?.meta?.source).toBe(document.uniqueId);
  const read = await carnet.call("gp", `/Bundle/${id}`);
  expect(new Uint8Array(await read.arrayBuffer())).toEqual(document.content);
});

test("a synthesis that speaks in words only, without a coded entry, is heard in the summary", async () => {
  const section = { code: "44944-7", title: "Points de vigilance", text: "Vit seule, chute en mars." };
  await deposit(carnet, synthesisOf(section));
  const response = await carnet.call("gp", `/Patient/$summary?identifier=${token(anna)}`);
  expect(await response.text()).toContain("Vit seule, chute en mars.");
});

test("R89, R144: the facts of a document that the caller may not see are not in their summary", async () => {
  await deposit(carnet, allergyDocument("Latex", { author: "gp", flags: ["MASQUE_PS"] }));
  expect(await substances("gp")).toContain("Latex");
  expect(await substances("anna")).toContain("Latex");
  expect(await substances("cardiologist")).not.toContain("Latex");
  // R82: an optician reads no summary document.
  expect(await substances("optician")).not.toContain("Pénicilline");
});

test("an unchanged summary is not sent twice, a changed one is", async () => {
  const path = `/Patient/$summary?identifier=${token(anna)}`;
  const etag = (await carnet.call("gp", path)).headers.get("etag") ?? "";
  expect((await carnet.call("gp", path, { headers: { "if-none-match": etag } })).status).toBe(304);
  await deposit(carnet, allergyDocument("Arachide"));
  expect((await carnet.call("gp", path, { headers: { "if-none-match": etag } })).status).toBe(200);
});

test("R40: a FHIR document about somebody else is refused", async () => {
  await expect(deposit(carnet, { ...allergyDocument("Iode"), patient: patients.bruno })).rejects.toThrow(/422/);
});
