/**
 * R145: for each route that the server has, a hidden document is answered byte for byte like one that does not exist. The
 * routes are read from the running server: one without a case here fails.
 */

import { type AuditEvent, type Bundle, type Consent, codeSystem } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { comparable, inWords } from "../testing/comparable.ts";
import { deposit, documentReference, newUniqueId, pdf, provideBundle, token } from "../testing/documents.ts";
import { patients } from "../testing/people.ts";
import { declare, json, labels, recordIdOf, withhold } from "../testing/requests.ts";
import { fhirRoutes } from "../testing/routes.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

const { anna } = patients;
const record = `patient.identifier=${token(anna)}`;
let carnet: TestCarnet;
let recordId: string;

/** A document as somebody may name it, and what else of it has a name. */
interface Target {
  readonly id: string;
  readonly uniqueId: string;
  readonly content: Uint8Array;
  readonly lotId: string;
  readonly consentId: string;
}
interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
/** `about`: names a document. `around`: names none, and must not change when a hidden one comes in. */
interface Case {
  readonly about?: (target: Target) => readonly Asked[];
  readonly around?: () => readonly Asked[];
}

const get = (path: string, headers: Asked["headers"] = {}): Asked => ({ path, headers });
const send = (method: string, path: string, body: unknown, type = "application/fhir+json"): Asked => ({
  method,
  path,
  body,
  headers: { "content-type": type },
});
const form = (path: string, body: string) => send("POST", path, body, "application/x-www-form-urlencoded");
const patched = (path: string, steps: unknown) => send("PATCH", path, steps, "application/json-patch+json");
const parameters = (...parameter: object[]) => ({ resourceType: "Parameters", parameter });
const nobody = newUniqueId();
/** R186: a report about a document. */
const reportOf = (t: Target) => ({
  resourceType: "Communication",
  status: "completed",
  category: [{ coding: [{ code: "report" }] }],
  subject: { identifier: { ...anna.ins } },
  about: [{ reference: `DocumentReference/${t.id}` }],
  payload: [{ contentString: "Ce document n'est pas le mien" }],
});
/** A patient's own folder over a document. */
const folderOf = (t: Target) => ({
  resourceType: "List",
  status: "current",
  mode: "working",
  title: "Mes papiers",
  code: { coding: [{ system: codeSystem.mhdListType, code: "folder" }] },
  subject: { type: "Patient", identifier: { ...anna.ins } },
  entry: [{ item: { reference: `DocumentReference/${t.id}` } }],
});

const searches = (t: Target) => [
  `_id=${t.id}`,
  `identifier=${encodeURIComponent(`urn:ietf:rfc:3986|${t.uniqueId}`)}`,
  `related=DocumentReference/${t.id}`,
  `type=11488-4&_id=${t.id}`,
  `security-label=MASQUE_PS&_id=${t.id}`,
];
const around = [
  "",
  "&_count=1",
  "&isArchived=true",
  "&security-label=MASQUE_PS,INVISIBLE_PATIENT",
  "&_sort=_lastUpdated",
];

const cases: Readonly<Record<string, Case>> = {
  "GET /metadata": { around: () => [get("/metadata")] },
  "GET /.well-known/smart-configuration": { around: () => [get("/.well-known/smart-configuration")] },
  "GET /$professional-information": { around: () => [get("/$professional-information")] },
  "POST /$professional-information": { around: () => [] },
  // The life of a whole record: no document is named, none is counted. They would close the one that is walked through.
  "POST /Patient": {},
  "POST /Patient/$oppose": {},
  "POST /Patient/$open": {},
  "POST /Patient/:id/$close": {},
  "POST /Patient/:id/$reactivate": {},
  "POST /Patient/:id/$request-deletion": {},
  "POST /Patient/:id/$object": {},
  "GET /RelatedPerson": { around: () => [get(`/RelatedPerson?${record}`)] },
  "POST /RelatedPerson/_search": { around: () => [form("/RelatedPerson/_search", record)] },
  "POST /RelatedPerson": { around: () => [send("POST", "/RelatedPerson", {})] },
  "DELETE /RelatedPerson/:id": { about: (t) => [{ method: "DELETE", path: `/RelatedPerson/${t.id}` }] },
  "GET /Patient": { around: () => [get(`/Patient?identifier=${token(anna)}`)] },
  "POST /Patient/_search": { around: () => [form("/Patient/_search", `identifier=${token(anna)}`)] },
  "GET /Patient/:id": { around: () => [get(`/Patient/${recordId}`)] },
  "GET /Patient/$summary": { around: () => [get(`/Patient/$summary?identifier=${token(anna)}`)] },
  "GET /Patient/:id/$summary": { around: () => [get(`/Patient/${recordId}/$summary`)] },
  "GET /Patient/:id/$access-preferences": { around: () => [get(`/Patient/${recordId}/$access-preferences`)] },
  "POST /Patient/:id/$access-preferences": {
    around: () => [send("POST", `/Patient/${recordId}/$access-preferences`, parameters({ name: "x" }))],
  },
  "POST /Patient/:id/$change-documents": {
    about: (t) =>
      ["hide", "show", "delete"].map((change) =>
        send(
          "POST",
          `/Patient/${recordId}/$change-documents`,
          parameters(
            { name: "change", valueCode: change },
            { name: "document", valueReference: { reference: `DocumentReference/${t.id}` } },
          ),
        ),
      ),
  },
  "GET /DocumentReference": {
    about: (t) => searches(t).map((query) => get(`/DocumentReference?${record}&status=current&${query}`)),
    around: () => around.map((query) => get(`/DocumentReference?${record}&status=current,superseded${query}`)),
  },
  "POST /DocumentReference/_search": {
    about: (t) => searches(t).map((query) => form("/DocumentReference/_search", `${record}&status=current&${query}`)),
    around: () => [form("/DocumentReference/_search", `${record}&status=current`)],
  },
  "GET /DocumentReference/:id": {
    about: (t) => [get(`/DocumentReference/${t.id}`), get(`/DocumentReference/${t.id}`, { "if-none-match": 'W/"1"' })],
  },
  "GET /DocumentReference/:id/$rights": { about: (t) => [get(`/DocumentReference/${t.id}/$rights`)] },
  "PATCH /DocumentReference/:id": {
    about: (t) => [
      patched(`/DocumentReference/${t.id}`, labels("N")),
      patched(`/DocumentReference/${t.id}`, [{ op: "replace", path: "/status", value: "entered-in-error" }]),
      patched(`/DocumentReference/${t.id}`, [{ op: "replace", path: "/title", value: 1 }]),
      patched(`/DocumentReference/${t.id}`, {}),
      { ...patched(`/DocumentReference/${t.id}`, labels("N")), headers: { "if-match": 'W/"7"' } },
    ],
  },
  "PATCH /DocumentReference": {
    about: (t) => [
      patched(`/DocumentReference?identifier=${encodeURIComponent(`urn:ietf:rfc:3986|${t.uniqueId}`)}`, labels("N")),
    ],
  },
  "GET /Binary/:id": {
    about: (t) => [
      get(`/Binary/${t.id}`),
      get(`/Binary/${t.id}`, { range: "bytes=0-3" }),
      get(`/Binary/${t.id}`, { range: "bytes=900000-" }),
      get(`/Binary/${t.id}`, { "if-none-match": "*" }),
      get(`/Binary/${t.id}`, { accept: "application/fhir+json" }),
    ],
  },
  "GET /Bundle/:id": { about: (t) => [get(`/Bundle/${t.id}`)] },
  "GET /List": {
    about: (t) => [get(`/List?${record}&code=submissionset&status=current&_id=${t.lotId}`)],
    around: () => [get(`/List?${record}&code=submissionset&status=current`), get(`/List?${record}&_count=1`)],
  },
  "POST /List/_search": {
    around: () => [form("/List/_search", `${record}&code=submissionset&status=current`)],
  },
  "GET /Patient/$notice-preferences": { around: () => [get(`/Patient/$notice-preferences?identifier=${token(anna)}`)] },
  "POST /Patient/$notice-preferences": {
    around: () => [
      send(
        "POST",
        `/Patient/$notice-preferences?identifier=${token(anna)}`,
        parameters({ name: "x", valueBoolean: true }),
      ),
    ],
  },
  "GET /Communication": {
    around: () => ["notice", "message"].map((category) => get(`/Communication?${record}&category=${category}`)),
  },
  "POST /Communication": { about: (t) => [send("POST", "/Communication", reportOf(t))] },
  "GET /Communication/:id": { about: (t) => [get(`/Communication/${t.id}`)] },
  "PATCH /Communication/:id": {
    about: (t) => [patched(`/Communication/${t.id}`, [{ op: "replace", path: "/status", value: "completed" }])],
  },
  "GET /Communication/:id/attachment/:position": { about: (t) => [get(`/Communication/${t.id}/attachment/0`)] },
  "GET /$document-alerts": { around: () => [get("/$document-alerts")] },
  "POST /$document-alerts": { around: () => [send("POST", "/$document-alerts", parameters({ name: "x" }))] },
  "GET /Appointment": { around: () => [get(`/Appointment?${record}`)] },
  "POST /Appointment": { around: () => [send("POST", "/Appointment", { resourceType: "Appointment" })] },
  "GET /Appointment/$recommended": { around: () => [get(`/Appointment/$recommended?${record}`)] },
  "GET /Appointment/:id": { about: (t) => [get(`/Appointment/${t.id}`)] },
  "PUT /Appointment/:id": { about: (t) => [send("PUT", `/Appointment/${t.id}`, { resourceType: "Appointment" })] },
  "DELETE /Appointment/:id": { about: (t) => [{ method: "DELETE", path: `/Appointment/${t.id}` }] },
  "GET /HealthcareService": { around: () => [get("/HealthcareService")] },
  "GET /HealthcareService/:id": { about: (t) => [get(`/HealthcareService/${t.id}`)] },
  "POST /List": { about: (t) => [send("POST", "/List", folderOf(t))] },
  "PUT /List/:id": { about: (t) => [send("PUT", `/List/${t.lotId}`, folderOf(t))] },
  "DELETE /List/:id": { about: (t) => [{ method: "DELETE", path: `/List/${t.lotId}` }] },
  "GET /List/:id": { about: (t) => [get(`/List/${t.lotId}`)] },
  "GET /Consent": {
    around: () => [get(`/Consent?${record}`), get(`/Consent?${record}&provision-type=deny`)],
  },
  "POST /Consent/_search": { around: () => [form("/Consent/_search", record)] },
  "POST /Consent": {
    about: (t) => [
      send("POST", "/Consent", {
        resourceType: "Consent",
        status: "active",
        patient: { identifier: { ...anna.ins } },
        ...withhold(t.id, "optician"),
      }),
    ],
  },
  "GET /Consent/:id": { about: (t) => [get(`/Consent/${t.consentId}`)] },
  "DELETE /Consent/:id": { about: (t) => [{ method: "DELETE", path: `/Consent/${t.consentId}` }] },
  "PATCH /Consent/:id": {
    about: (t) => [patched(`/Consent/${t.consentId}`, [{ op: "remove", path: "/provision/period/end" }])],
  },
  // The traces that the requests left are compared when all were made.
  "GET /AuditEvent": { around: () => [] },
  "POST /AuditEvent/_search": { around: () => [] },
  "GET /AuditEvent/$download": { around: () => [] },
  // What is in it is told by R171's own tests; to these readers it is refused.
  "POST /Patient/:id/$export-record": { around: () => [] },
  "POST /": {
    about: (t) => [
      send("POST", "/", provideBundle({ author: "nurse", replaces: t.id, uniqueId: nobody, content: t.content })),
    ],
  },
  "POST /DocumentReference": { around: () => [] },
};

const readers = [
  { reader: "nurse", flag: "MASQUE_PS" },
  { reader: "anna", flag: "INVISIBLE_PATIENT" },
] as const;

beforeAll(async () => {
  carnet = await startCarnet();
  recordId = await recordIdOf(carnet, anna);
  await deposit(carnet, { title: "Visible" });
});
afterAll(() => carnet.close());

async function targetOf(flag: (typeof readers)[number]["flag"] | undefined): Promise<Target> {
  const [uniqueId, content] = [newUniqueId(), pdf()];
  const { id } = await deposit(carnet, {
    uniqueId,
    content,
    title: "Ce qui est caché",
    ...(flag ? { flags: [flag] } : {}),
  });
  const { submission_set_id } = await carnet.service.store.database
    .selectFrom("document")
    .select("submission_set_id")
    .where("record_id", "=", recordId)
    .where("unique_id", "=", uniqueId)
    .executeTakeFirstOrThrow();
  const lotId = id.slice(0, 32) + submission_set_id.replaceAll("-", "");
  // Of a document that the patient does not see nobody withholds anything: somebody else's agreement stands there.
  const seen = flag === "INVISIBLE_PATIENT" ? undefined : await declare(carnet, "anna", withhold(id, "optician"), anna);
  const consentId = seen ? ((await json<Consent>(seen)).id ?? "") : id.slice(0, 32) + "1".repeat(32);
  return { id, uniqueId, content, lotId, consentId };
}

const noTarget = (): Target => ({
  id: recordId.replaceAll("-", "") + "0".repeat(32),
  uniqueId: newUniqueId(),
  content: pdf(),
  lotId: recordId.replaceAll("-", "") + "2".repeat(32),
  consentId: recordId.replaceAll("-", "") + "3".repeat(32),
});

/** The names of a target, each as the same word. */
const namesOf = ({ id, uniqueId, lotId, consentId }: Target) => ({
  ID: id,
  UNIQUE: uniqueId,
  LOT: lotId,
  CONSENT: consentId,
});

/** What an answer says, without what differs from one instant to the next and without the names that were asked for. */
async function ask(reader: string, asked: Asked, target?: Target): Promise<unknown> {
  const { method = "GET", path, body, headers } = asked;
  const written = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const answer = await carnet.call(reader, path, { method, ...written, ...(headers ? { headers } : {}) });
  return comparable(answer, target && namesOf(target));
}

/** The traces of a reader, as they read them: by id, without what tells one request from another. */
async function tracesOf(reader: string, target: Target): Promise<ReadonlyMap<string, string>> {
  const bundle = await json<Bundle>(carnet.call(reader, `/AuditEvent?${record}&_count=200`));
  return new Map(
    (bundle.entry ?? []).map(({ resource }) => {
      const { id = "", entity, ...event } = resource as AuditEvent;
      const named = { ...event, recorded: "TIME", entity: entity?.map(({ query: _query, ...one }) => one) };
      return [id, inWords(JSON.stringify(named), namesOf(target))];
    }),
  );
}

test("R145 every route of the server has its case", () => {
  const routes = fhirRoutes(carnet.service.app);
  expect(routes.length).toBeGreaterThan(25);
  expect(routes.filter((route) => !Object.hasOwn(cases, route))).toEqual([]);
  expect(Object.keys(cases).filter((route) => !routes.includes(route))).toEqual([]);
});

describe.each(readers)("R145 to $reader, a document of $flag equals one that does not exist", ({ reader, flag }) => {
  let before: ReadonlyMap<string, unknown>;
  let hidden: Target;
  const surroundings = async () => {
    const answers = new Map<string, unknown>();
    for (const [route, { around: asked }] of Object.entries(cases)) {
      for (const [index, one] of (asked?.() ?? []).entries()) answers.set(`${route} #${index}`, await ask(reader, one));
    }
    return answers;
  };
  beforeAll(async () => {
    before = await surroundings();
    hidden = await targetOf(flag);
  });

  test("R145 what names no document stays as it was: lists, counts, summaries, consents, versions", async () => {
    expect(Object.fromEntries(await surroundings())).toEqual(Object.fromEntries(before));
  });

  test("R145 what names it is answered as if nothing were there, and so are the traces it leaves", async () => {
    const answers: [unknown, unknown][] = [];
    const traces: unknown[] = [];
    let made = 0;
    for (const target of [hidden, noTarget()]) {
      const earlier = await tracesOf(reader, target);
      let index = 0;
      for (const [route, { about }] of Object.entries(cases)) {
        for (const asked of about?.(target) ?? []) {
          const answer = [route, await ask(reader, asked, target)] as const;
          if (target === hidden) answers.push([answer, undefined]);
          else answers[index] = [answers[index]?.[0], answer];
          index++;
        }
      }
      made = index;
      const all = [...(await tracesOf(reader, target))];
      traces.push(all.flatMap(([id, text]) => (earlier.has(id) ? [] : [text])));
    }
    expect(made).toBeGreaterThan(20);
    for (const [one, other] of answers) expect(one).toEqual(other);
    if (reader === "nurse") expect(traces[0]).toEqual(traces[1]);
  });
});

test("R116 to who holds its uniqueId, a hidden document is what a visible one is: kept, or taken", async () => {
  const answers: unknown[] = [];
  for (const flag of [undefined, "MASQUE_PS"] as const) {
    const target = await targetOf(flag);
    const again = (content: Uint8Array) => {
      const reference = documentReference({ uniqueId: target.uniqueId, content, author: "nurse" }, "");
      const attachment = reference.content[0]?.attachment;
      for (const name of ["url", "size", "hash", "creation"] as const) delete attachment?.[name];
      if (attachment) attachment.data = Buffer.from(content).toString("base64");
      return send("POST", "/DocumentReference", reference);
    };
    const lot = (content: Uint8Array) =>
      send("POST", "/", provideBundle({ author: "nurse", uniqueId: target.uniqueId, content }));
    for (const asked of [again(target.content), again(pdf()), lot(target.content), lot(pdf())]) {
      answers.push(
        JSON.stringify(await ask("nurse", asked, target))
          .replaceAll(target.id, "ID")
          .replaceAll(target.lotId, "LOT")
          .replace(/"lastModified\\?":\\?"[^"]*"/g, ""),
      );
    }
  }
  expect(answers.slice(0, 4)).toEqual(answers.slice(4));
});

test("R145 a document that replaces a hidden one does not name it", async () => {
  const first = await deposit(carnet, { author: "gp", flags: ["MASQUE_PS"] });
  const next = await deposit(carnet, { author: "gp", replaces: first.id });
  const shown = await carnet.call("gp", `/DocumentReference/${next.id}`, {
    method: "PATCH",
    headers: { "content-type": "application/json-patch+json" },
    body: JSON.stringify(labels("N")),
  });
  expect(JSON.stringify(await shown.json())).toContain(first.id);
  for (const path of [`/DocumentReference/${next.id}`, `/DocumentReference?${record}&status=current&_count=200`]) {
    const [toAuthor, toNurse] = [await carnet.call("gp", path), await carnet.call("nurse", path)];
    expect(await toAuthor.text()).toContain(`DocumentReference/${first.id}`);
    const told = await toNurse.text();
    expect(told).toContain(next.id);
    expect(told).not.toContain(first.id);
  }
});
