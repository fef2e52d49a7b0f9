import type { CodeableConcept, Coding, Consent, Extension, OperationOutcome, Patient } from "fhir/r4.js";
import { type CallOptions, NotSupported, RecordClosed, RecordNotFound } from "../fhir/http/index.ts";
import { parseBundle } from "../fhir/parse.ts";
import { resourcesOf } from "../fhir/resources.ts";
import { extensionUrl } from "../fhir/systems.ts";
import type { RecordContext } from "./context.ts";
import type { RecordStatus } from "./types.ts";

const NO_RECORD: RecordStatus = {
  state: "none",
  authorisation: "none",
  isReferringDoctor: false,
  isAttachedToMes: false,
};

/**
 * TD0.2: does the record exist, is it open, may the caller read it (R25). Never throws for "no" or "closed".
 *
 * @throws CarnetError for anything else than an answer
 */
export async function status(context: RecordContext, options: CallOptions = {}): Promise<RecordStatus> {
  const request = { method: "GET", path: "Patient", query: { identifier: context.insToken }, ...options } as const;
  try {
    const { answer, body } = await context.http.json(request);
    const bundle = parseBundle(body, answer.request);
    // Two patients for one INS is not ours to settle: the first that carries it exactly.
    const patient = resourcesOf(bundle, "Patient").find((one) =>
      one.identifier?.some((id) => id.system === context.ins.system && id.value === context.ins.value),
    );
    if (!patient) return NO_RECORD;
    const rule = neverConsultsIn(resourcesOf(bundle, "OperationOutcome"));
    if (rule !== undefined) return { ...(await toStatus(patient, "forbidden")), neverConsults: rule };
    const consents = resourcesOf(bundle, "Consent");
    return toStatus(patient, await authorisationOf(context, consents, options));
  } catch (error) {
    if (error instanceof RecordNotFound) return NO_RECORD;
    if (error instanceof RecordClosed) return { ...NO_RECORD, state: "closed" };
    throw error;
  }
}

/** An outcome of the search beside its matches: the record refuses this caller for good, with the rule (R50, R65, R79). */
function neverConsultsIn(outcomes: readonly OperationOutcome[]): string | undefined {
  const issue = outcomes.flatMap((outcome) => outcome.issue).find(({ code }) => code === "forbidden");
  return issue && (issue.details?.coding?.[0]?.code ?? "");
}

async function toStatus(patient: Patient, authorisation: RecordStatus["authorisation"]): Promise<RecordStatus> {
  const extension = (url: string) => patient.extension?.find((one) => one.url === url);
  const closed = extension(extensionUrl.closure);
  const closure = closed ? toClosure(closed) : undefined;
  return {
    state: patient.active === false || closure ? "closed" : "open",
    ...(closure ? { closure } : {}),
    authorisation,
    isReferringDoctor: extension(extensionUrl.referringDoctor)?.valueBoolean === true,
    isAttachedToMes: extension(extensionUrl.attachedToMes)?.valueBoolean === true,
    traits: (await import("./patient-traits.ts")).toTraits(patient),
    ...(patient.id ? { patientId: patient.id } : {}),
  };
}

function toClosure(extension: Extension): NonNullable<RecordStatus["closure"]> {
  const part = (name: string): string | undefined => {
    const found = extension.extension?.find(({ url }) => url === name || url.endsWith(`/${name}`));
    // Servers write the same thing as a code, a coding or a text.
    const value = Object.entries(found ?? {}).find(([key]) => key.startsWith("value"))?.[1] as
      | string
      | (Coding & CodeableConcept)
      | undefined;
    return typeof value === "object" ? (value.code ?? value.coding?.[0]?.code ?? value.text) : value;
  };
  const date = part("dateFermeture");
  const motive = part("motifFermeture");
  const reason = part("raisonFermeture");
  return { ...(date && { date }), ...(motive && { motive }), ...(reason && { reason }) };
}

async function authorisationOf(
  context: RecordContext,
  consents: readonly Consent[],
  options: CallOptions,
): Promise<RecordStatus["authorisation"]> {
  const states = consents.map((consent) => stateOf(consent, Date.now()));
  // A block wins over everything (R59); then the best of the rest.
  for (const state of ["forbidden", "valid", "expired"] as const) if (states.includes(state)) return state;
  try {
    // A plain FHIR server has no authorisations: its own access control decides at each request.
    return (await context.capabilities(options)).hasConsent ? "none" : "valid";
  } catch (error) {
    if (options.signal?.aborted) throw error;
    if (error instanceof NotSupported) return "valid";
    return "none";
  }
}

function stateOf(consent: Consent, now: number): RecordStatus["authorisation"] {
  if (consent.provision?.type === "deny") return consent.status === "active" ? "forbidden" : "none";
  if (consent.status === "inactive") return "expired";
  if (consent.status !== "active") return "none";
  const end = consent.provision?.period?.end;
  return end !== undefined && Date.parse(end) < now ? "expired" : "valid";
}
