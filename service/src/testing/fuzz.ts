/** Requests made from the shapes that the main transactions accept and from what breaks readers. Deterministic for a seed. */
import type { Bundle } from "@carnet/sdk/fhir";
import { documentReference, newUniqueId, pdf, provideBundle } from "./documents.ts";
import { patients, rppsOf } from "./people.ts";

/** mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface FuzzRequest {
  readonly account: string;
  readonly path: string;
  readonly init: RequestInit;
}

const uuid = "0e0f0a0b-0000-4000-8000-000000000001";
/** What breaks readers of text. */
export const texts: readonly string[] = [
  "",
  " ",
  "\0",
  "a\0b",
  "%",
  "_",
  "\\",
  "'",
  '"',
  "'; drop table document; --",
  "$1",
  "null",
  "true",
  "-1",
  "0",
  "1e400",
  "99999999999999999999",
  "0000",
  "0001-01-01",
  "9999-12-31T23:59:59.999+14:00",
  "2026-02-30",
  "2026-13",
  "ge",
  "eq2026-01-01T24:00",
  "ap0000-01-01",
  "sa9999",
  "\ud800",
  "\u202e",
  "é".repeat(300),
  "a".repeat(3000),
  ",".repeat(300),
  "|",
  "||",
  "a|",
  "|a",
  `http://loinc.org|11488-4`,
  "constructor",
  "__proto__",
  "toString",
  "<script>alert(1)</script>",
  "../../etc/passwd",
  "Patient/1",
  `Patient/${uuid}`,
  uuid,
  `urn:uuid:${uuid}`,
  "urn:oid:1.2.3",
  "f".repeat(64),
  Buffer.from(`-999999999999999 ${uuid}`).toString("base64url"),
  Buffer.from(`8640000000000000 ${uuid}`).toString("base64url"),
  Buffer.from(`1 ${uuid}`).toString("base64url"),
];
/** What breaks readers of JSON. */
export const values: readonly unknown[] = [
  ...texts,
  null,
  true,
  false,
  0,
  -1,
  1e308,
  [],
  {},
  [[]],
  [{}],
  [null],
  { coding: [{ code: "N" }] },
  { a: { a: { a: {} } } },
];
/** Search parameters, of whichever resource. */
export const parameterNames: readonly string[] = [
  "patient.identifier",
  "patient",
  "subject",
  "identifier",
  "status",
  "type",
  "category",
  "date",
  "creation",
  "period",
  "period-start",
  "period-end",
  "facility",
  "setting",
  "format",
  "security-label",
  "event",
  "related",
  "author.given",
  "author.family",
  "isArchived",
  "_lastUpdated",
  "_id",
  "_count",
  "_sort",
  "_cursor",
  "code",
  "designationType",
  "source.family",
  "_revinclude",
  "_summary",
  "_elements",
  "_format",
  "_content",
  "_text",
  "_include",
  "_has",
  "cursor",
  "provision-type",
  "agent",
  "entity",
  "action",
  "recipient",
  "sender",
  "received",
  "sent",
  "actor",
  "family",
  "given",
  "birthdate",
  "gender",
  "department",
  "from",
  "to",
  "secret",
];
export const accounts: readonly string[] = ["gp", "nurse", "anna", "secretariat", "pharmacist", "blocked", "dispatch"];
const searched: readonly string[] = [
  "Patient",
  "DocumentReference",
  "List",
  "Consent",
  "AuditEvent",
  "Patient/$summary",
];
export const headers: readonly string[] = [
  "accept",
  "accept-language",
  "if-match",
  "if-none-match",
  "range",
  "if-range",
  "prefer",
  "x-purpose-of-use",
  "x-reason",
  "x-request-id",
  "content-type",
];
export const headerValues: readonly string[] = [
  "*",
  "*/*",
  "TREAT",
  "BTG",
  "ETREAT",
  'W/"1"',
  '"',
  ",,,,",
  "bytes=0-0",
  "bytes=-0",
  "bytes=-1",
  "bytes=9-1",
  "bytes=999999999999999999999-",
  "bytes=0-1,3-4",
  "application/fhir+json;q=0.5.5",
  "application/json-patch+json",
  "text/plain",
  "%00",
  "%F0%9F",
  "a%20reason",
  "q".repeat(2000),
];

/** One more request from the same source of chance. `ids` are ids on the wire of things that exist. */
export function nextRequest(random: () => number, ids: readonly string[]): FuzzRequest {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const account = pick(accounts);
  const extra: Record<string, string> = {};
  if (random() < 0.3) extra[pick(headers)] = pick(headerValues);
  const id = () => (random() < 0.7 ? pick(ids) : encodeURIComponent(Buffer.from(pick(texts)).toString()));
  const { system, value } = patients.anna.ins;
  const query = () => {
    const parameters = new URLSearchParams();
    if (random() < 0.9) parameters.set("patient.identifier", `${system}|${value}`);
    if (random() < 0.7) parameters.set("status", "current");
    for (let count = Math.floor(random() * 3); count > 0; count--) parameters.append(pick(parameterNames), pick(texts));
    return parameters;
  };
  const json = (body: unknown, type = "application/fhir+json"): RequestInit => ({
    method: "POST",
    headers: { "content-type": type, ...extra },
    body: JSON.stringify(body),
  });
  switch (Math.floor(random() * 9)) {
    case 0:
    case 1:
    case 2:
      return { account, path: `/${pick(searched)}?${query()}`, init: { headers: extra } };
    case 3: {
      const form = { "content-type": "application/x-www-form-urlencoded", ...extra };
      const path = `/${pick(searched)}/_search`;
      return { account, path, init: { method: "POST", headers: form, body: query().toString() } };
    }
    case 4: {
      const kind = pick(["Binary", "Bundle", "DocumentReference", "List", "Patient", "Consent"]);
      return { account, path: `/${kind}/${id()}`, init: { headers: extra } };
    }
    case 5:
      return { account, path: "/", init: json(mutated(random, bundleOf(random))) };
    case 6:
      return { account, path: "/DocumentReference", init: json(mutated(random, documentReference({}, ""))) };
    case 7: {
      const steps = [{ op: pick(["add", "replace", "remove", "test"]), path: pick(patchPaths), value: pick(values) }];
      const { headers: given, ...init } = json(mutated(random, steps), "application/json-patch+json");
      return { account, path: `/DocumentReference/${id()}`, init: { ...init, method: "PATCH", headers: { ...given } } };
    }
    default:
      return { account, path: "/Consent", init: json(mutated(random, consent())) };
  }
}

const patchPaths: readonly string[] = [
  "/status",
  "/securityLabel",
  "/securityLabel/0",
  "/securityLabel/-",
  "/securityLabel/0/coding/0/code",
  "/securityLabel/999999999",
  "/extension",
  "/extension/-",
  "/extension/0/valueBoolean",
  "/extension[url:'x']/valueBoolean",
  "/__proto__/polluted",
  "/meta",
  "",
  "/",
  "~2",
];

function bundleOf(random: () => number): Bundle {
  return provideBundle({ uniqueId: newUniqueId(), content: pdf(String(random())) });
}

function consent() {
  return {
    resourceType: "Consent",
    status: "active",
    patient: { identifier: { ...patients.bruno.ins } },
    provision: {
      type: "permit",
      period: { end: "2030-01-01T00:00:00Z" },
      actor: [{ reference: { identifier: { system: "urn:oid:1.2.250.1.71.4.2.1", value: rppsOf("nurse") } } }],
    },
  };
}

/** A copy with one to three places changed, removed, doubled or added. */
export function mutated(random: () => number, value: unknown): unknown {
  const copy: unknown = structuredClone(value);
  for (let count = 1 + Math.floor(random() * 3); count > 0; count--) {
    const holders: (unknown[] | Record<string, unknown>)[] = [];
    const walk = (one: unknown) => {
      if (typeof one !== "object" || one === null) return;
      holders.push(one as Record<string, unknown>);
      for (const inner of Object.values(one)) walk(inner);
    };
    walk(copy);
    const holder = holders[Math.floor(random() * holders.length)];
    if (!holder) continue;
    const keys = Object.keys(holder);
    const key = keys[Math.floor(random() * keys.length)] ?? "a";
    const replacement = structuredClone(values[Math.floor(random() * values.length)]);
    const target = holder as Record<string, unknown>;
    const choice = random();
    if (choice < 0.2) delete target[key];
    else if (choice < 0.35 && Array.isArray(holder)) holder.push(structuredClone(target[key]));
    else if (choice < 0.5) target[String(texts[Math.floor(random() * texts.length)])] = replacement;
    else target[key] = replacement;
  }
  return copy;
}
