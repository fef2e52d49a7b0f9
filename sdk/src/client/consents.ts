import type { AuditEvent, Consent, ConsentProvisionActor } from "fhir/r4.js";
import { type CallOptions, isDocumentNotFound } from "../fhir/http/index.ts";
import { parseBundle } from "../fhir/parse.ts";
import { resourcesOf } from "../fhir/resources.ts";
import { codeSystem, identifierSystem } from "../fhir/systems.ts";
import type { RecordContext } from "./context.ts";
import { CONTENT_TIMEOUT_MS } from "./read.ts";
import type { AccessLogOptions, AuthoriseOptions, DocumentContent, DocumentHandle, WhoOptions } from "./types.ts";
import { assertFile, erase, given, idOf, searchRecord, setValues, toSubject, write } from "./wire.ts";

const ROLE = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const CARE_ROLE = "https://carnet.example/fhir/CodeSystem/care-role";

/** TD1.6 (R60): see `RecordHandle.consents`. */
export function consents(context: RecordContext, options: CallOptions = {}): Promise<Consent[]> {
  return searchRecord(context, "Consent", {}, options);
}

/** TD0.3 (R53, R54): see `RecordHandle.authorise`. */
export async function authorise(context: RecordContext, options: AuthoriseOptions = {}): Promise<void> {
  const { rpps, structure, name, asReferringDoctor, until, proof, ...call } = given(
    options,
    // Passed over, a number alone would give the caller what was meant for a colleague.
    "options: { rpps, structure, … }",
  );
  const role = asReferringDoctor ? "PPRF" : "IRCP";
  // A variable that holds nothing would give the caller what was meant for a colleague.
  const isMeant = Object.hasOwn(options, "rpps") || Object.hasOwn(options, "structure");
  if (isMeant && !rpps && !structure)
    throw new TypeError("who: the rpps or structure of a colleague, or neither for yourself");
  const isNamed = isMeant || asReferringDoctor;
  await declare(
    context,
    {
      type: "permit",
      ...(until ? { period: { end: until } } : {}),
      // Without an actor the service takes the caller, whom the token proves.
      ...(isNamed ? { actor: [toActor({ rpps, structure, name }, { system: ROLE, code: role })] } : {}),
    },
    call,
    proof,
  );
}

/**
 * R61: see `RecordHandle.renounce`. The caller's own stand beside the record's Patient (R55); the list of authorisations
 * would give a patient or the referring doctor everybody's (R60).
 */
export async function renounce(context: RecordContext, options: CallOptions = {}): Promise<void> {
  const query = { identifier: context.insToken };
  const { answer, body } = await context.http.json({ method: "GET", path: "Patient", query, ...options });
  for (const consent of resourcesOf(parseBundle(body, answer.request), "Consent")) {
    if (consent.status === "active" && consent.provision?.type !== "deny") await withdraw(context, consent, options);
  }
}

/** R54, R61: see `RecordHandle.withdraw`. */
export async function withdraw(
  context: RecordContext,
  consent: Consent | string,
  options: CallOptions = {},
): Promise<void> {
  try {
    await erase(context, "Consent", idOf(consent, "consent"), options);
  } catch (error) {
    // Gone with another one, or by an answer that was lost: what was wanted is done.
    if (!isDocumentNotFound(error)) throw error;
  }
}

/** R56: see `RecordHandle.endAuthorisation`. */
export async function endAuthorisation(
  context: RecordContext,
  consent: Consent | string,
  until: string | undefined,
  options: CallOptions = {},
): Promise<void> {
  const path = "/provision/period/end";
  const step =
    until === undefined ? ({ op: "remove", path } as const) : ({ op: "replace", path, value: until } as const);
  await setValues(context, "Consent", idOf(consent, "consent"), [step], options);
}

/** R62 to R64: see `RecordHandle.setReferringDoctor`. */
export function setReferringDoctor(context: RecordContext, who: WhoOptions, options: CallOptions = {}): Promise<void> {
  return declare(context, { type: "permit", actor: [toNamed(who, { system: ROLE, code: "PPRF" })] }, options);
}

/** R69: see `RecordHandle.setCareRole`. */
export function setCareRole(
  context: RecordContext,
  who: WhoOptions,
  role: "referring-midwife" | "corresponding-pharmacist",
  options: CallOptions = {},
): Promise<void> {
  return declare(context, { type: "permit", actor: [toNamed(who, { system: CARE_ROLE, code: role })] }, options);
}

/** R59: see `RecordHandle.block`. */
export function block(context: RecordContext, who: WhoOptions, options: CallOptions = {}): Promise<void> {
  return declare(context, { type: "deny", actor: [toNamed(who, { system: ROLE, code: "IRCP" })] }, options);
}

/** R59: see `RecordHandle.unblock`. */
export async function unblock(context: RecordContext, who: WhoOptions, options: CallOptions = {}): Promise<void> {
  const { value } = toNamed(who, { system: ROLE, code: "IRCP" }).reference.identifier ?? {};
  for (const consent of await consents(context, options)) {
    const { type, data, actor } = consent.provision ?? {};
    const isTheirs = actor?.some(({ reference }) => reference.identifier?.value === value);
    if (type === "deny" && !data && isTheirs && consent.status === "active") await withdraw(context, consent, options);
  }
}

/** Choices about one document: see `RecordHandle.withhold`. */
export function withhold(
  context: RecordContext,
  document: DocumentHandle,
  from: WhoOptions | "emergencies",
  options: CallOptions = {},
): Promise<void> {
  const whom =
    from === "emergencies"
      ? { purpose: ["BTG", "ETREAT"].map((code) => ({ system: codeSystem.actReason, code })) }
      : { actor: [toNamed(from, { system: ROLE, code: "IRCP" })] };
  const reference = { reference: `DocumentReference/${idOf(document, "document")}` };
  return declare(context, { type: "deny", ...whom, data: [{ meaning: "instance", reference }] }, options);
}

/** R180 to R182: see `RecordHandle.accessLog`. */
export function accessLog(context: RecordContext, options: AccessLogOptions = {}): Promise<AuditEvent[]> {
  const { from, to, agent, outcome, ...call } = options;
  const date = [...(from ? [`ge${from}`] : []), ...(to ? [`le${to}`] : [])];
  return searchRecord(context, "AuditEvent", { date, "agent.identifier": agent, outcome }, call);
}

/** R171, R183: see `RecordHandle.downloadAccessLog`. */
export async function downloadAccessLog(
  context: RecordContext,
  options: CallOptions & { readonly format?: "csv" | "json" } = {},
): Promise<DocumentContent> {
  const { format = "csv", ...call } = options;
  const answer = await context.http.send({
    method: "GET",
    path: "AuditEvent/$download",
    query: { "patient.identifier": context.insToken, _format: format },
    accept: "*/*",
    timeoutMs: CONTENT_TIMEOUT_MS,
    ...call,
  });
  assertFile(answer);
  const contentType = answer.headers.get("content-type")?.split(";")[0]?.trim();
  return { bytes: answer.bytes, contentType: contentType ?? "application/octet-stream" };
}

async function declare(
  context: RecordContext,
  provision: Consent["provision"],
  options: CallOptions,
  proof?: string,
): Promise<void> {
  const isDenied = provision?.type === "deny";
  const consent: Omit<Consent, "resourceType"> = {
    status: "active",
    scope: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/consentscope", code: "patient-privacy" }] },
    category: [{ coding: [{ system: codeSystem.loinc, code: "59284-0" }] }],
    patient: toSubject(context.ins),
    dateTime: new Date().toISOString(),
    ...(proof ? { sourceAttachment: { title: proof } } : {}),
    policyRule: {
      coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: isDenied ? "OPTOUT" : "OPTIN" }],
    },
    ...(provision ? { provision } : {}),
  };
  // Declared twice it is one declaration: a lost answer may be asked for again.
  await write(context, "Consent", consent, { isIdempotent: true, ...options });
}

/** Somebody other than the caller, whom the record would take where nobody is named. @throws TypeError */
function toNamed(who: WhoOptions, role: { readonly system: string; readonly code: string }): ConsentProvisionActor {
  if (!who?.rpps && !who?.structure) throw new TypeError("who: { rpps } or { structure }, the national identifier");
  return toActor(who, role);
}

function toActor(who: WhoOptions, role: { readonly system: string; readonly code: string }): ConsentProvisionActor {
  const value = who.structure ?? who.rpps;
  const display = who.name ?? value;
  const system = who.structure ? identifierSystem.structure : identifierSystem.professional;
  return {
    role: { coding: [role] },
    reference: {
      type: who.structure ? "Organization" : "Practitioner",
      ...(value === undefined ? {} : { identifier: { system, value } }),
      ...(display === undefined ? {} : { display }),
    },
  };
}
