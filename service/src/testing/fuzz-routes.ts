/** Requests to any route that the server has, known to this file or not: its parameters, and bodies of every kind. */
import { documentReference, provideBundle } from "./documents.ts";
import { accounts, type FuzzRequest, headers, headerValues, mutated, texts, values } from "./fuzz.ts";
import { patients, rppsOf } from "./people.ts";

const { anna } = patients;
const patient = { identifier: { ...anna.ins } };

/** A sound body of each kind, spoiled before it is sent. */
const bodies: readonly (() => unknown)[] = [
  () => ({ resourceType: "Parameters", parameter: [] }),
  () => ({ resourceType: "Parameters", parameter: [{ name: "reason", valueString: "essai" }] }),
  () => ({ resourceType: "Parameters", parameter: [{ name: "allowsDispatch", valueBoolean: true }] }),
  () => ({
    resourceType: "Parameters",
    parameter: [
      { name: "change", valueCode: "hide" },
      { name: "document", valueReference: { reference: "DocumentReference/1" } },
    ],
  }),
  () => ({
    resourceType: "Consent",
    status: "active",
    patient,
    provision: { type: "deny", period: {}, actor: [], data: [] },
  }),
  () => ({
    resourceType: "Communication",
    status: "completed",
    subject: patient,
    sender: { identifier: { ...anna.ins } },
    recipient: [{ identifier: { system: "urn:oid:1.2.250.1.71.4.2.1", value: rppsOf("gp") } }],
    payload: [{ contentString: "essai" }, { contentAttachment: { contentType: "text/plain", data: "ZXNzYWk=" } }],
  }),
  () => ({
    resourceType: "Appointment",
    status: "booked",
    start: "2030-01-01T08:00:00Z",
    end: "2030-01-01T08:15:00Z",
    participant: [{ actor: patient, status: "accepted" }],
  }),
  () => ({
    resourceType: "RelatedPerson",
    patient,
    identifier: [{ ...patients.bruno.ins }],
    relationship: [{ coding: [{ code: "NOK" }] }],
    period: { start: "2026-01-01", end: "2027-01-01" },
  }),
  () => ({
    resourceType: "List",
    status: "current",
    mode: "working",
    code: { coding: [{ code: "folder" }] },
    entry: [],
  }),
  () => ({ ...patient, kind: "document", reason: "essai", value: true, enabled: [], code: "123456" }),
  () => documentReference({}, ""),
  () => provideBundle({}),
  () => [{ op: "replace", path: "/status", value: "entered-in-error" }],
];
const types: readonly string[] = [
  "application/fhir+json",
  "application/json",
  "application/json-patch+json",
  "application/x-www-form-urlencoded",
  "text/plain",
];

/**
 * One request to `route` (`METHOD /path/:parameter`). `names` are search parameters to try, `ids` ids on the wire and of
 * records.
 */
export function requestTo(
  route: string,
  random: () => number,
  { ids, names }: { readonly ids: readonly string[]; readonly names: readonly string[] },
): FuzzRequest {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const [method = "GET", pattern = "/"] = route.split(" ");
  const text = () => encodeURIComponent(Buffer.from(pick(texts)).toString());
  const path = pattern.replace(/:\w+|\*/g, () => (random() < 0.7 ? pick(ids) : text()));
  const query = new URLSearchParams();
  if (random() < 0.8) query.set("patient.identifier", `${anna.ins.system}|${anna.ins.value}`);
  if (random() < 0.3) query.set("identifier", `${anna.ins.system}|${anna.ins.value}`);
  for (let count = Math.floor(random() * 4); count > 0; count--) query.append(pick(names), pick(texts));
  const given: Record<string, string> = {};
  if (random() < 0.3) given[pick(headers)] = pick(headerValues);
  const init: RequestInit = { method, headers: given };
  if (method !== "GET" && method !== "DELETE") {
    const type = random() < 0.8 ? pick(types.slice(0, 3)) : pick(types);
    init.headers = { "content-type": type, ...given };
    const body = random() < 0.1 ? pick(values) : mutated(random, pick(bodies)());
    init.body = type.includes("urlencoded") ? query.toString() : JSON.stringify(body);
  }
  return { account: pick(accounts), path: `${path}?${query}`, init };
}
