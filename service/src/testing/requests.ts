/** Requests that several test files make: labels, patches, consents, and what a refusal says. */
import type { Bundle, Consent, OperationOutcome } from "@carnet/sdk/fhir";
import { codeSystem, identifierSystem } from "@carnet/sdk/fhir";
import { token } from "./documents.ts";
import { patients, rppsOf, type TestPatient } from "./people.ts";
import type { TestCarnet } from "./service.ts";

export const json = async <T>(response: Response | Promise<Response>): Promise<T> => (await response).json();

/** Status and number of the rule of a refusal. */
export const refusalOf = async (
  response: Response | Promise<Response>,
): Promise<readonly [number, string | undefined]> => {
  const answered = await response;
  const outcome: OperationOutcome = await answered.json();
  return [answered.status, outcome.issue[0]?.details?.coding?.[0]?.code];
};

export const breakGlass = { "x-purpose-of-use": "BTG", "x-reason": "inconscient" };
export const dispatchMode = { "x-purpose-of-use": "ETREAT" };

/** The documents of a record, as `account` in a mode. */
export const list = (carnet: TestCarnet, account: string, patient: TestPatient = patients.anna, headers = {}) =>
  carnet.call(account, `/DocumentReference?patient.identifier=${token(patient)}&status=current&_count=200`, {
    headers,
  });

export const idsOf = async (response: Promise<Response>): Promise<readonly string[]> => {
  const bundle = await json<Bundle>(response);
  return (bundle.entry ?? []).flatMap((entry) => entry.resource?.id ?? []);
};

const label = (code: string) => ({
  coding: [{ system: code === "N" ? codeSystem.confidentiality : codeSystem.visibility, code }],
});
/** A JSON Patch that sets the labels of a document. */
export const labels = (...codes: string[]) => [{ op: "replace", path: "/securityLabel", value: codes.map(label) }];

export const patch = (carnet: TestCarnet, account: string, path: string, steps: unknown, headers = {}) =>
  carnet.call(account, path, {
    method: "PATCH",
    headers: { "content-type": "application/json-patch+json", ...headers },
    body: JSON.stringify(steps),
  });

export const post = (carnet: TestCarnet, account: string, path: string, body: unknown, headers = {}) =>
  carnet.call(account, path, { method: "POST", headers, body: JSON.stringify(body) });

/** Posts a Consent about `patient`. */
export const declare = (
  carnet: TestCarnet,
  account: string,
  change: object = {},
  patient: TestPatient = patients.bruno,
  headers = {},
) =>
  post(
    carnet,
    account,
    "/Consent",
    {
      resourceType: "Consent",
      status: "active",
      scope: { coding: [{ code: "patient-privacy" }] },
      category: [{ coding: [{ code: "59284-0" }] }],
      patient: { type: "Patient", identifier: { ...patient.ins } },
      provision: { type: "permit" },
      ...change,
    },
    headers,
  );

/** An actor of a Consent: a professional by account, or a structure by its national id. */
export const consentActor = (who: string, role = "IRCP", careRole?: string) => {
  const isStructure = /^\d/.test(who);
  return {
    role: {
      coding: [
        { system: "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", code: role },
        ...(careRole ? [{ system: "https://carnet.example/fhir/CodeSystem/care-role", code: careRole }] : []),
      ],
    },
    reference: isStructure
      ? { type: "Organization", identifier: { system: identifierSystem.structure, value: who } }
      : { type: "Practitioner", identifier: { system: identifierSystem.professional, value: rppsOf(who) } },
  };
};

export const permitTo = (who: string, role?: string, careRole?: string) => ({
  provision: { type: "permit", actor: [consentActor(who, role, careRole)] },
});
export const denyTo = (who: string) => ({ provision: { type: "deny", actor: [consentActor(who)] } });

/** The patient withholds one document from a professional or structure; from every emergency without one. */
export const withhold = (documentId: string, who?: string) => ({
  provision: {
    type: "deny",
    ...(who
      ? { actor: [consentActor(who)] }
      : { purpose: ["BTG", "ETREAT"].map((code) => ({ system: codeSystem.actReason, code })) }),
    data: [{ meaning: "instance", reference: { reference: `DocumentReference/${documentId}` } }],
  },
});

export const consents = async (carnet: TestCarnet, account: string, patient: TestPatient, query = "") => {
  const bundle = await json<Bundle>(carnet.call(account, `/Consent?patient.identifier=${token(patient)}${query}`));
  return (bundle.entry ?? []).map((entry) => entry.resource as Consent);
};

/** Id of a record. */
export const recordIdOf = async (carnet: TestCarnet, patient: TestPatient): Promise<string> => {
  const id = await carnet.service.records.idOf(patient.ins);
  if (!id) throw new Error("no such record");
  return id;
};

export const DAY_MS = 86_400_000;
