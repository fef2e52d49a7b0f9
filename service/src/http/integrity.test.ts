/** No wrong patient, no lost document, no fact that the record does not hold; what others do at the same time included. */
import type { Bundle, DocumentReference, FhirResource, OperationOutcome, Patient } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deposit, newUniqueId, provideBundle, search, token } from "../testing/documents.ts";
import { patients, rppsOf, type TestPatient } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const { anna, bruno } = patients;
const post = (account: string, body: unknown, path = "/") =>
  carnet.call(account, path, { method: "POST", body: JSON.stringify(body) });
const ruleOf = async (response: Response): Promise<string | undefined> => {
  const outcome: OperationOutcome = await response.json();
  return outcome.issue[0]?.details?.coding?.[0]?.code;
};
const refused = async (response: Response) => [response.status, await ruleOf(response)];
const referenceIn = (bundle: Bundle): DocumentReference => bundle.entry?.[1]?.resource as DocumentReference;
const patientOf = ({ ins, birthName, given, sex, birthDate }: TestPatient): Patient => ({
  resourceType: "Patient",
  identifier: [{ ...ins }],
  name: [{ use: "official", family: birthName, given: [given] }],
  gender: sex,
  birthDate,
});
const urn = (last: number) => `urn:uuid:0e0f0a0b-0000-4000-8000-00000000000${last}`;
const substance = (text: string, patient: string): FhirResource => ({
  resourceType: "AllergyIntolerance",
  code: { text },
  patient: { reference: patient },
});
/** A FHIR document: its entries are numbered from `urn(2)`; the Composition speaks of `subject`. */
const fhirDocument = (subject: string, resources: readonly FhirResource[], identifier = newUniqueId()): Uint8Array => {
  const bundle: Bundle = {
    resourceType: "Bundle",
    type: "document",
    identifier: { system: "urn:ietf:rfc:3986", value: identifier },
    timestamp: "2026-03-02T09:30:00Z",
    entry: [
      {
        fullUrl: urn(1),
        resource: {
          resourceType: "Composition",
          status: "final",
          type: { coding: [{ system: "http://loinc.org", code: "60591-5" }] },
          subject: { reference: subject },
          date: "2026-03-02T09:30:00Z",
          author: [{ display: "Dr gp" }],
          title: "Synthèse",
          section: [
            {
              title: "Allergies",
              code: { coding: [{ system: "http://loinc.org", code: "48765-2" }] },
              entry: resources.flatMap((one, index) =>
                one.resourceType === "AllergyIntolerance" ? [{ reference: urn(index + 2) }] : [],
              ),
            },
          ],
        },
      },
      ...resources.map((resource, index) => ({ fullUrl: urn(index + 2), resource })),
    ],
  };
  return new TextEncoder().encode(JSON.stringify(bundle));
};
const sendFhir = (content: Uint8Array, uniqueId = newUniqueId()) => {
  const bundle = provideBundle({ content, contentType: "application/fhir+json", uniqueId, patient: anna });
  const attachment = referenceIn(bundle).content[0];
  if (attachment)
    attachment.format = {
      system: "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode",
      code: "urn:ihe:iti:xds:2017:mimeTypeSufficient",
    };
  return post("gp", bundle);
};
const summary = async (patient = anna): Promise<string> => {
  const response = await carnet.call("gp", `/Patient/$summary?identifier=${token(patient)}`);
  expect(response.status).toBe(200);
  return response.text();
};

describe("R40: a document enters the record of the person whom all of it names", () => {
  test("a FHIR document is about its Composition's subject, and must say who that is", async () => {
    const other = fhirDocument(urn(3), [patientOf(anna), patientOf(bruno), substance("Arachide", urn(3))]);
    expect(await refused(await sendFhir(other))).toEqual([422, "R40"]);
    const nobody = fhirDocument("Patient/1", [substance("Arachide", "Patient/1")]);
    expect(await refused(await sendFhir(nobody))).toEqual([422, "R40"]);
    const { identifier: _, ...withoutIns } = patientOf(anna);
    const unnamed = fhirDocument(urn(2), [withoutIns, substance("Arachide", urn(2))]);
    expect(await refused(await sendFhir(unnamed))).toEqual([422, "R40"]);
    expect((await search(carnet, "gp", "type=60591-5")).ids).toEqual([]);
  });

  test("a fact that a document tells of somebody else is not the patient's", async () => {
    const mixed = fhirDocument(urn(2), [
      patientOf(anna),
      { ...patientOf(bruno), identifier: [{ system: "urn:oid:1.2.3", value: "7" }] },
      substance("Latex", urn(2)),
      substance("Pollen de bouleau", urn(3)),
    ]);
    const response = await sendFhir(mixed);
    if (response.status === 200) {
      const told = await summary();
      expect(told).toContain("Latex");
      expect(told).not.toContain("bouleau");
    } else expect(response.status).toBe(422);
  });

  test("the source of a fact is the document of the record, whatever its content calls itself", async () => {
    const [real, stated] = [newUniqueId(), newUniqueId()];
    const content = fhirDocument(urn(2), [patientOf(anna), substance("Iode", urn(2))], stated);
    expect((await sendFhir(content, real)).status).toBe(200);
    const told = await summary();
    expect(told).toContain(real);
    expect(told).not.toContain(stated);
  });
});

describe("R59: only the patient lifts a block", () => {
  const consent = (account: string, type: "permit" | "deny") => ({
    resourceType: "Consent",
    status: "active",
    patient: { identifier: { ...anna.ins } },
    provision: {
      type,
      actor: [{ reference: { identifier: { system: "urn:oid:1.2.250.1.71.4.2.1", value: rppsOf(account) } } }],
    },
  });

  test("a colleague who declares a consent for the blocked one is refused, and the block stands", async () => {
    expect(await refused(await post("colleague", consent("blocked", "permit"), "/Consent"))).toEqual([403, "R53"]);
    expect(
      (await carnet.call("blocked", `/DocumentReference?patient.identifier=${token(anna)}&status=current`)).status,
    ).toBe(403);
  });

  test("a declaration that races with the block never wins", async () => {
    for (let round = 0; round < 4; round++) {
      await Promise.all([
        post("pharmacist", { ...consent("pharmacist", "permit") }, "/Consent"),
        post("anna", consent("pharmacist", "deny"), "/Consent"),
        post("pharmacist", { ...consent("pharmacist", "permit") }, "/Consent"),
      ]);
      const list = await carnet.call(
        "pharmacist",
        `/DocumentReference?patient.identifier=${token(anna)}&status=current`,
      );
      expect(await refused(list)).toEqual([403, "R59"]);
      await post("anna", consent("pharmacist", "permit"), "/Consent");
    }
  });
});

describe("R124: a patch does what it says", () => {
  const patch = (id: string, steps: unknown) =>
    carnet.call("gp", `/DocumentReference/${id}`, {
      method: "PATCH",
      headers: { "content-type": "application/json-patch+json" },
      body: JSON.stringify(steps),
    });
  const visibility =
    "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/TRE-A07-StatutVisibiliteDocument";
  const normal = { system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "N" };
  const masked = { system: visibility, code: "MASQUE_PS" };

  test("two codings in one label are both obeyed", async () => {
    const { id } = await deposit(carnet, {});
    await patch(id, [{ op: "replace", path: "/securityLabel", value: [{ coding: [normal, masked] }] }]);
    expect((await search(carnet, "nurse")).ids).not.toContain(id);
  });

  test("R118: hiding a document hides the versions that it replaced", async () => {
    const first = await deposit(carnet, {});
    const second = await deposit(carnet, { replaces: first.id });
    const third = await deposit(carnet, { replaces: second.id });
    const old = async () => (await search(carnet, "nurse", "status=superseded,current")).ids;
    expect(await old()).toEqual(expect.arrayContaining([first.id, second.id, third.id]));
    await patch(third.id, [{ op: "add", path: "/securityLabel/-", value: { coding: [masked] } }]);
    for (const { id } of [first, second, third]) {
      expect(await old()).not.toContain(id);
      expect((await carnet.call("nurse", `/Binary/${id}`)).status).toBe(404);
    }
    expect((await search(carnet, "anna", "status=superseded,current")).ids).toContain(first.id);
  });

  test("R118, R12: a version that comes in hidden, or secret to the parents, hides the versions that it replaces", async () => {
    const first = await deposit(carnet, {});
    const second = await deposit(carnet, { replaces: first.id });
    const old = async (account: string, patient = patients.anna) =>
      (await search(carnet, account, "status=superseded,current", patient)).ids;
    expect(await old("nurse")).toEqual(expect.arrayContaining([first.id, second.id]));
    const third = await deposit(carnet, { replaces: second.id, flags: ["MASQUE_PS"] });
    for (const { id } of [first, second, third]) {
      expect(await old("nurse")).not.toContain(id);
      expect((await carnet.call("nurse", `/Binary/${id}`)).status).toBe(404);
      expect(await old("anna")).toContain(id);
      expect((await carnet.call("gp", `/Binary/${id}`)).status).toBe(200);
    }

    const { leo } = patients;
    const open = await deposit(carnet, { patient: leo });
    expect(await old("anna", leo)).toContain(open.id);
    const bundle = provideBundle({ patient: leo, replaces: open.id });
    const sent = await carnet.call("gp", "/", {
      method: "POST",
      body: JSON.stringify(bundle),
      headers: { "x-secret-connection": "true" },
    });
    expect(sent.status).toBe(200);
    expect(await old("anna", leo)).not.toContain(open.id);
    expect((await carnet.call("anna", `/Binary/${open.id}`)).status).toBe(404);
    expect((await carnet.call("gp", `/Binary/${open.id}`)).status).toBe(200);
  });

  test("a failed test changes nothing", async () => {
    const { id } = await deposit(carnet, { flags: ["MASQUE_PS"] });
    const steps = [
      { op: "test", path: "/securityLabel/1/coding/0/code", value: "INVISIBLE_PATIENT" },
      { op: "remove", path: "/securityLabel/1" },
    ];
    expect((await patch(id, steps)).status).toBe(412);
    expect((await search(carnet, "nurse")).ids).not.toContain(id);
    expect((await patch(id, [{ op: "test", path: "/securityLabel/1/coding/0/code", value: "MASQUE_PS" }])).status).toBe(
      200,
    );
  });
});
