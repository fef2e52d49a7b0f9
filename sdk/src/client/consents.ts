import type { AuditEvent, Consent } from "fhir/r4.js";
import { type CallOptions, isDocumentNotFound } from "../fhir/http/index.ts";
import { pages } from "../fhir/pages.ts";
import { resourcesOf } from "../fhir/parse.ts";
import { identifierSystem } from "../fhir/systems.ts";
import { insToken, type RecordContext } from "./context.ts";
import type { AuthoriseOptions } from "./types.ts";

const ROLE = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";

/** The authorisations of the record that the caller may see: a professional their own, the patient all (TD1.6, R60). */
export async function listConsents(context: RecordContext, options: CallOptions = {}): Promise<Consent[]> {
  const found: Consent[] = [];
  for await (const page of pages(context.http, "Consent", { "patient.identifier": insToken(context.ins) }, options)) {
    found.push(...resourcesOf(page, "Consent"));
  }
  return found;
}

/**
 * TD0.3: declares the patient's consent, given by any means (R53, R54). It opens consultation only; depositing needs none (R57).
 * @throws AccessRefused when the patient blocked the professional (R59) or in emergency mode (R75)
 */
export async function authorise(context: RecordContext, options: AuthoriseOptions = {}): Promise<void> {
  const { rpps, asReferringDoctor, ...call } = options;
  const consent: Consent = {
    resourceType: "Consent",
    status: "active",
    scope: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/consentscope", code: "patient-privacy" }] },
    category: [{ coding: [{ system: "http://loinc.org", code: "59284-0" }] }],
    patient: { type: "Patient", identifier: { system: context.ins.system, value: context.ins.value } },
    dateTime: new Date().toISOString(),
    policyRule: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "OPTIN" }] },
    provision: {
      type: "permit",
      // Without an actor the service takes the caller, whom the token proves.
      ...(rpps || asReferringDoctor
        ? {
            actor: [
              {
                role: { coding: [asReferringDoctor ? { system: ROLE, code: "PPRF" } : { system: ROLE, code: "IRCP" }] },
                reference: rpps
                  ? { type: "Practitioner", identifier: { system: identifierSystem.professional, value: rpps } }
                  : { type: "Practitioner", display: "caller" },
              },
            ],
          }
        : {}),
    },
  };
  await context.http.send({ method: "POST", path: "Consent", body: JSON.stringify(consent), ...call });
}

/** R61: the caller gives up their own authorisation. Nothing to give up is not an error. */
export async function renounce(context: RecordContext, options: CallOptions = {}): Promise<void> {
  for (const consent of await listConsents(context, options)) {
    if (consent.status !== "active" || consent.provision?.type === "deny" || !consent.id) continue;
    const path = `Consent/${encodeURIComponent(consent.id)}`;
    try {
      await context.http.send({ method: "DELETE", path, isIdempotent: true, ...options });
    } catch (error) {
      // Gone with another one, or by an answer that was lost: what was wanted is done.
      if (!isDocumentNotFound(error)) throw error;
    }
  }
}

/** Who did what in the record: the patient and the referring doctor see all lines, a professional their own. */
export async function readAccessLog(
  context: RecordContext,
  options: CallOptions & { readonly from?: string; readonly to?: string } = {},
): Promise<AuditEvent[]> {
  const { from, to, ...call } = options;
  const date = [...(from ? [`ge${from}`] : []), ...(to ? [`le${to}`] : [])];
  const found: AuditEvent[] = [];
  for await (const page of pages(
    context.http,
    "AuditEvent",
    { "patient.identifier": insToken(context.ins), date },
    call,
  )) {
    found.push(...resourcesOf(page, "AuditEvent"));
  }
  return found;
}
