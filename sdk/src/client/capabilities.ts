import type { CapabilityStatement } from "fhir/r4.js";
import { timerMs } from "../fhir/http/http.ts";
import { type CallOptions, type Http, Timeout } from "../fhir/http/index.ts";
import { orAborted } from "../fhir/http/retry.ts";
import { parseResource } from "../fhir/resources.ts";

/** What the service says that it offers (`GET metadata`). */
export interface Capabilities {
  /** `Patient/$summary` (HL7 IPS). */
  readonly hasSummary: boolean;
  /** Authorisations as Consent. */
  readonly hasConsent: boolean;
  /** Lots as List (ITI-66). */
  readonly hasLots: boolean;
  /** Documents are searched by the INS itself (`patient.identifier`, PDSm). */
  readonly hasPatientIdentifier: boolean;
  /** Transaction Bundles (ITI-65). */
  readonly hasTransaction: boolean;
}

const known = new WeakMap<Http, Promise<Capabilities>>();

/** Asks once for all callers; one who leaves, or who waits less long, takes nobody else along. */
export async function capabilitiesOf(http: Http, { signal, timeoutMs }: CallOptions = {}): Promise<Capabilities> {
  const asked =
    known.get(http) ??
    readCapabilities(http).catch((error: unknown) => {
      // A failure is not remembered: the next caller asks again.
      known.delete(http);
      throw error;
    });
  known.set(http, asked);
  const deadline = timeoutMs === undefined ? undefined : AbortSignal.timeout(timerMs(timeoutMs));
  const first = AbortSignal.any([signal, deadline].filter((one) => one !== undefined));
  try {
    return await orAborted(asked, first);
  } catch (error) {
    if (deadline?.aborted && error === deadline.reason) throw new Timeout("GET metadata", { cause: error });
    throw error;
  }
}

/** Reads the CapabilityStatement; a service without one is taken to offer everything, and answers for itself. */
async function readCapabilities(http: Http): Promise<Capabilities> {
  const { answer, body } = await http.json({ method: "GET", path: "metadata" });
  const statement: CapabilityStatement = parseResource(body, "CapabilityStatement", answer.request);
  const servers = (statement.rest ?? []).filter((rest) => rest.mode !== "client");
  const resources = servers.flatMap((rest) => rest.resource ?? []);
  const has = (type: string) => resources.some((resource) => resource.type === type);
  const operations = [
    ...servers.flatMap((rest) => rest.operation ?? []),
    ...resources.filter((resource) => resource.type === "Patient").flatMap((resource) => resource.operation ?? []),
  ];
  const interactions = servers.flatMap((rest) => rest.interaction ?? []);
  return {
    hasSummary: operations.some(
      (operation) => operation.name === "summary" || operation.definition?.includes("/OperationDefinition/summary"),
    ),
    hasConsent: has("Consent"),
    hasLots: has("List"),
    hasPatientIdentifier: resources.some(
      ({ type, searchParam = [] }) =>
        type === "DocumentReference" && searchParam.some(({ name }) => name === "patient.identifier"),
    ),
    hasTransaction: interactions.length === 0 || interactions.some((one) => one.code === "transaction"),
  };
}
