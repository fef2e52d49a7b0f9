/** Searching documents: ITI-67 (TD3.1). R105, R106, R119, R125. What every parameter does is in consult.test.ts. */
import {
  type Bundle,
  type CodeableConcept,
  type DocumentReference,
  identifierSystem,
  type List,
} from "@carnet/sdk/fhir";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deposit, documentReference, newUniqueId, pdf, provideBundle, search, token } from "../testing/documents.ts";
import { patients, rppsOf } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const read = async (account: string, id: string): Promise<DocumentReference> =>
  (await carnet.call(account, `/DocumentReference/${id}`)).json();

test("R125: names are found by their beginning, whatever the case, the accents and the hyphens", async () => {
  const { database } = carnet.service.store;
  const { id } = await deposit(carnet, { author: "cardiologist" });
  await database
    .updateTable("document")
    .set({ author_families: ["Lefèbvre-Œuvrard"], author_givens: ["Éléonore"] })
    .where(
      "document_id",
      "=",
      `${id.slice(32, 40)}-${id.slice(40, 44)}-${id.slice(44, 48)}-${id.slice(48, 52)}-${id.slice(52)}`,
    )
    .execute();
  for (const query of [
    "author.family=LEFEBVRE",
    "author.family=lefèbvre oeuv",
    "author.given=eleo",
    "author.family=zz,lefe",
  ]) {
    expect((await search(carnet, "gp", query)).ids, query).toEqual([id]);
  }
  for (const query of ["author.family=febvre", "author.given=%25", "author.family=lef_bvre"]) {
    expect((await search(carnet, "gp", query)).ids, query).toEqual([]);
  }
});

test("R125: an unknown parameter, an unknown include and a sort that is none are refused with their name", async () => {
  const base = `/DocumentReference?patient.identifier=${token(patients.anna)}&status=current`;
  for (const [query, expression] of [
    ["colour=red", "colour"],
    ["type:not=11488-4", "type:not"],
    ["_include=DocumentReference:author", "_include"],
    ["_revinclude=Provenance:target", "_revinclude"],
    ["_sort=type", "_sort"],
    ["isArchived=perhaps", "isArchived"],
    ["status=unknown", "status"],
  ] as const) {
    const response = await carnet.call("gp", `${base}&${query}`);
    expect(response.status, query).toBe(400);
    expect((await response.json()).issue[0].expression, query).toEqual([expression]);
  }
});

test("R125: of what narrows a search nothing is ignored, wherever it is asked: least of all a second patient", async () => {
  const [anna, bruno] = [token(patients.anna), token(patients.bruno)];
  const refusals = async (account: string, path: string, queries: readonly string[]) => {
    for (const query of queries) {
      const response = await carnet.call(account, `/${path}?${query}`);
      expect([response.status, (await response.json()).issue?.[0]?.expression], `${path}?${query}`).toEqual([
        400,
        [query.slice(query.lastIndexOf("&") + 1).replace(/=.*/, "")],
      ]);
    }
  };
  const mine = `patient.identifier=${anna}`;
  const others = [
    `${mine}&patient.identifier=${bruno}`,
    `${mine}&patient=Patient/00000000-0000-4000-8000-000000000000`,
  ];
  await refusals(
    "gp",
    "DocumentReference",
    others.map((query) => `status=current&${query}`),
  );
  await refusals("gp", "List", others);
  await refusals("gp", "AuditEvent", [...others, `${mine}&colour=red`]);
  for (const path of ["Consent", "RelatedPerson", "Communication"]) {
    await refusals("gp", path, [...others, `${mine}&colour=red`]);
  }
  await refusals("gp", "Consent", [`${mine}&status=active&status=inactive`]);
  await refusals("anna", "Appointment", [...others, `${mine}&status=cancelled`]);
  await refusals("anna", "AuditEvent/$download", [...others, `${mine}&date=2026`]);
  // A search by INS that gives a birth date too is a check of the identity: it must not pass unread.
  const both = [`identifier=${anna}&birthdate=1900-01-01`, `identifier=${anna}&identifier=${bruno}`];
  await refusals("gp", "Patient", [...both, `identifier=${anna}&active=false`]);
  await refusals("gp", "Patient/$summary", both);
  const own = await carnet.call("anna", `/Patient?identifier=${anna}`);
  const { entry }: Bundle = await own.json();
  await refusals("gp", `Patient/${entry?.[0]?.resource?.id}/$summary`, [`identifier=${bruno}`]);
  expect((await carnet.call("gp", `/Consent?${mine}&patient.identifier=${anna}&_format=json&_count=5`)).status).toBe(
    200,
  );
});

test("R124: a conditional change that names the patient touches that patient's document only", async () => {
  const uniqueId = newUniqueId();
  const { id } = await deposit(carnet, { author: "gp", uniqueId });
  const change = (query: string) =>
    carnet.call("gp", `/DocumentReference?identifier=${encodeURIComponent(`urn:ietf:rfc:3986|${uniqueId}`)}${query}`, {
      method: "PATCH",
      headers: { "content-type": "application/json-patch+json" },
      body: JSON.stringify([{ op: "replace", path: "/status", value: "entered-in-error" }]),
    });
  expect((await change(`&patient.identifier=${token(patients.bruno)}`)).status).toBe(404);
  expect((await change("&status=superseded")).status).toBe(400);
  expect((await read("gp", id)).status).toBe("current");
  expect((await change(`&patient.identifier=${token(patients.anna)}`)).status).toBe(200);
});

test("R105: creation, act and submission are three dates, each searched and sorted on its own", async () => {
  const patient = patients.bruno;
  const old = await deposit(carnet, { patient, date: "2020-05-01T10:00:00Z", actStart: "2026-02-01T08:00:00+01:00" });
  const recent = await deposit(carnet, { patient, date: "2025-05-01T10:00:00Z", actStart: "2019-01-01" });
  const ids = async (query: string) => (await search(carnet, "bruno", query, patient)).ids;
  expect(await ids("date=ge2021")).toEqual([recent.id]);
  expect(await ids("period=ge2026")).toEqual([old.id]);
  expect(await ids("_sort=-period-start")).toEqual([old.id, recent.id]);
  expect(await ids("_sort=-date")).toEqual([recent.id, old.id]);
  expect(await ids("_sort=_lastUpdated")).toEqual([old.id, recent.id]);
  // UTC in exchange: eight o'clock in Paris is seven.
  expect(await ids("period-start=2026-02-01T07:00:00Z")).toEqual([old.id]);
});

test("R105: documents made in the same second are listed from the last that came in", async () => {
  const patient = patients.bruno;
  const sameSecond = { patient, date: "2021-03-04T10:00:00Z" };
  const arrived: string[] = [];
  for (let count = 0; count < 6; count++) arrived.push((await deposit(carnet, sameSecond)).id);
  const found = async (query: string) => (await search(carnet, "bruno", `date=2021-03-04&${query}`, patient)).ids;
  expect(await found("_sort=-date")).toEqual(arrived.toReversed());
  expect(await found("_sort=date")).toEqual(arrived);
});

test("R106: the uniqueId is the producer's, the logicalId the record's; both find the document, and stay", async () => {
  const uniqueId = newUniqueId();
  const { id } = await deposit(carnet, { uniqueId });
  const before = await read("gp", id);
  const logical = before.identifier?.find(({ use }) => use === "official")?.value ?? "";
  expect(before.masterIdentifier?.value).toBe(uniqueId);
  await carnet.call("gp", `/DocumentReference/${id}`, {
    method: "PATCH",
    headers: { "content-type": "application/json-patch+json" },
    body: JSON.stringify([
      {
        op: "add",
        path: "/extension/-",
        value: {
          url: "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived",
          valueBoolean: true,
        },
      },
    ]),
  });
  const after = await read("gp", id);
  expect([after.id, after.identifier, after.masterIdentifier]).toEqual([
    before.id,
    before.identifier,
    before.masterIdentifier,
  ]);
  expect([before.meta?.versionId, after.meta?.versionId]).toEqual(["1", "2"]);
  for (const value of [uniqueId, logical]) {
    expect((await search(carnet, "gp", `identifier=urn:ietf:rfc:3986|${value}`)).ids).toEqual([id]);
  }
  const next = await deposit(carnet, { replaces: id });
  const replaced = await read("gp", next.id);
  expect(replaced.identifier?.find(({ use }) => use === "official")?.value).not.toBe(logical);
});

test("R119: an archived document is out of the default search, and still found and read when asked for", async () => {
  const { id } = await deposit(carnet, { isArchived: true });
  expect((await search(carnet, "gp")).ids).not.toContain(id);
  expect((await search(carnet, "gp", "isArchived=true")).ids).toContain(id);
  expect((await search(carnet, "gp", "isArchived=true,false")).ids).toContain(id);
  expect((await search(carnet, "gp", `_id=${id}`)).ids).toEqual([id]);
  expect((await carnet.call("gp", `/Binary/${id}`)).status).toBe(200);
});

test("R117: what replaced a document is found by it, and the version before comes along when asked for", async () => {
  const first = await deposit(carnet, { title: "Version 1" });
  const second = await deposit(carnet, { title: "Version 2", replaces: first.id });
  expect((await search(carnet, "gp", `relatesto=DocumentReference/${first.id}`)).ids).toEqual([second.id]);
  const { bundle } = await search(carnet, "gp", `_id=${second.id}&_include=DocumentReference:relatesto`);
  expect((bundle.entry ?? []).map(({ resource, search: how }) => [resource?.id, how?.mode])).toEqual([
    [second.id, "match"],
    [first.id, "include"],
  ]);
  expect(bundle.total).toBe(1);
});

test("R145: an include brings no document that the caller may not see, and looks as if there were none", async () => {
  const first = await deposit(carnet, { author: "cardiologist", flags: ["MASQUE_PS"] });
  const second = await deposit(carnet, { author: "cardiologist", replaces: first.id });
  const shown = await carnet.call("anna", `/DocumentReference/${second.id}`, {
    method: "PATCH",
    headers: { "content-type": "application/json-patch+json" },
    body: JSON.stringify([{ op: "replace", path: "/securityLabel/0/coding/0/code", value: "N" }]),
  });
  expect(shown.status).toBe(200);
  const included = async (account: string) => {
    const { bundle }: { bundle: Bundle } = await search(
      carnet,
      account,
      `_id=${second.id}&_include=DocumentReference:relatesto&_revinclude=List:item`,
    );
    return (bundle.entry ?? [])
      .filter(({ search: how }) => how?.mode === "include")
      .map(({ resource }) => resource?.id);
  };
  expect(await included("anna")).toContain(first.id);
  expect(await included("nurse")).not.toContain(first.id);
});

test("R148: the count of a longer list has the documents whose announcement is over, and none that still wait for it", async () => {
  const patient = patients.bruno;
  const total = async () => (await search(carnet, "bruno", "_count=1", patient)).bundle.total;
  const waiting = () => deposit(carnet, { patient, flags: ["INVISIBLE_PATIENT"] });
  for (let at = 0; at < 2; at++) await deposit(carnet, { patient });
  const before = await total();
  await waiting();
  expect(await total()).toBe(before);
  carnet.travel(31 * 86_400_000);
  expect(await total()).toBe((before ?? 0) + 1);
  await waiting();
  await waiting();
  expect(await total()).toBe((before ?? 0) + 1);
});

test("R105: a day, a month, a year and a time without zone are those of France, and no day rolls over into the next", async () => {
  const patient = patients.bruno;
  const { id } = await deposit(carnet, { patient, date: "2022-06-30T22:30:00Z" });
  const found = async (written: string) =>
    (await search(carnet, "bruno", `date=${encodeURIComponent(written)}`, patient)).ids.includes(id);
  for (const written of [
    "2022-07-01",
    "ge2022-07-01",
    "2022-07",
    "lt2022-07-02",
    "2022-07-01T00:30",
    "2022-06-30T22:30Z",
  ])
    expect(await found(written), written).toBe(true);
  for (const written of ["2022-06-30", "2022-06", "lt2022-07-01", "2022-06-30T22:30", "2022-07-01T00:30Z"])
    expect(await found(written), written).toBe(false);
  for (const written of ["2022-06-31", "2022-06-31T10:00Z", "2022-02-30T10:00+01:00"]) {
    const query = `patient.identifier=${token(patient)}&status=current&date=${encodeURIComponent(written)}`;
    expect((await carnet.call("bruno", `/DocumentReference?${query}`)).status, written).toBe(400);
  }
});

test("R125: a code or a number of another system finds nothing, and changes nothing", async () => {
  const uniqueId = newUniqueId();
  const { id } = await deposit(carnet, { uniqueId, eventCodes: ["I10"], flags: ["MASQUE_PS"] });
  const { context, securityLabel } = await read("gp", id);
  const systemOf = (concept: CodeableConcept | undefined) => concept?.coding?.[0]?.system ?? "";
  for (const [name, system, code] of [
    ["facility", systemOf(context?.facilityType), "SA07"],
    ["setting", systemOf(context?.practiceSetting), "AMBULATOIRE"],
    ["event", systemOf(context?.event?.[0]), "I10"],
    ["security-label", systemOf(securityLabel?.[0]), "N"],
    ["security-label", systemOf(securityLabel?.[1]), "MASQUE_PS"],
    ["identifier", "urn:ietf:rfc:3986", uniqueId],
  ] as const) {
    expect((await search(carnet, "gp", `${name}=${system}|${code}`)).ids, name).toContain(id);
    expect((await search(carnet, "gp", `${name}=https://elsewhere.example|${code}`)).ids, name).toEqual([]);
    // A bar with nothing before it asks for what has no system (FHIR).
    expect((await search(carnet, "gp", `${name}=|${code}`)).ids, name).toEqual([]);
  }
  // Of several codings each one counts, and ours wherever it stands.
  const twice = documentReference({}, "");
  const snomed = { system: "http://snomed.info/sct", code: "22232009" };
  twice.context?.facilityType?.coding?.unshift(snomed);
  Object.assign(twice.context ?? {}, { event: [{ coding: [{ code: "sans système" }] }] });
  const { url: _, ...attachment } = twice.content[0]?.attachment ?? {};
  const single = {
    ...twice,
    content: [{ attachment: { ...attachment, data: Buffer.from(pdf("deux codes")).toString("base64") } }],
  };
  for (const name of ["size", "hash"] as const) delete single.content[0]?.attachment[name];
  const { id: both }: DocumentReference = await (
    await carnet.call("gp", "/DocumentReference", { method: "POST", body: JSON.stringify(single) })
  ).json();
  for (const token of ["SA07", "22232009", `${snomed.system}|${snomed.code}`]) {
    expect((await search(carnet, "gp", `facility=${token}`)).ids, token).toContain(both);
  }
  for (const token of ["|sans système", "sans système"])
    expect((await search(carnet, "gp", `event=${token}`)).ids, token).toContain(both);
  expect((await search(carnet, "gp", `facility=${systemOf(context?.facilityType)}|`)).ids).toContain(id);
  expect((await search(carnet, "gp", "facility=https://elsewhere.example|")).ids).toEqual([]);
  const lots = async (query: string) =>
    (await (await carnet.call("gp", `/List?patient.identifier=${token(patients.anna)}&${query}`)).json()).total;
  const activity = "https://mos.esante.gouv.fr/NOS/TRE_R209-TypeActivite/FHIR/TRE-R209-TypeActivite";
  for (const [name, system, code] of [
    ["designationType", activity, "07"],
    ["source.identifier", identifierSystem.professional, rppsOf("gp")],
  ] as const) {
    expect(await lots(`${name}=${system}|${code}`), name).toBeGreaterThan(0);
    expect(await lots(`${name}=https://elsewhere.example|${code}`), name).toBe(0);
    expect(await lots(`${name}=|${code}`), name).toBe(0);
  }
  const { entry }: Bundle<List> = await (
    await carnet.call("gp", `/List?patient.identifier=${token(patients.anna)}&_count=1`)
  ).json();
  const lotId = entry?.[0]?.resource?.identifier?.[0]?.value;
  expect(await lots(`identifier=urn:ietf:rfc:3986|${lotId}`)).toBe(1);
  expect(await lots(`identifier=https://elsewhere.example|${lotId}`)).toBe(0);
  const deleted = await carnet.call("gp", `/DocumentReference?identifier=https://elsewhere.example|${uniqueId}`, {
    method: "PATCH",
    headers: { "content-type": "application/json-patch+json" },
    body: JSON.stringify([{ op: "replace", path: "/status", value: "entered-in-error" }]),
  });
  expect([deleted.status, (await read("gp", id)).status]).toEqual([404, "current"]);
});

test("R125: a page of none is the count alone", async () => {
  for (const [account, path] of [
    ["gp", `DocumentReference?patient.identifier=${token(patients.anna)}&status=current`],
    ["gp", `List?patient.identifier=${token(patients.anna)}`],
  ] as const) {
    const whole: Bundle = await (await carnet.call(account, `/${path}&_count=200`)).json();
    const counted: Bundle = await (await carnet.call(account, `/${path}&_count=0`)).json();
    expect(counted.total, path).toBe(whole.total);
    expect(whole.total, path).toBeGreaterThan(0);
    expect(counted.entry, path).toBeUndefined();
    expect(
      counted.link?.map(({ relation }) => relation),
      path,
    ).toEqual(["self"]);
  }
  const traces = await carnet.call("anna", `/AuditEvent?patient.identifier=${token(patients.anna)}&_count=0`);
  expect((await traces.json()).entry).toBeUndefined();
});

test("another form than JSON is refused, since none is spoken; a browser and a library that take anything get JSON", async () => {
  const path = `/DocumentReference?patient.identifier=${token(patients.anna)}&status=current`;
  const ask = (query: string, accept: string, init: RequestInit = {}) =>
    carnet.call("gp", `${path}${query}`, { ...init, headers: { accept, ...init.headers } });
  for (const [query, accept] of [
    ["", "application/fhir+xml"],
    ["", "text/html"],
    ["", "application/fhir+json;q=0, application/xml"],
    ["", "application/fhir+json; fhirVersion=3.0"],
    ["&_format=xml", "application/fhir+json"],
    ["&_format=application/fhir%2Bxml", "*/*"],
  ] as const) {
    const response = await ask(query, accept);
    expect(response.status, `${query} ${accept}`).toBe(406);
    expect(response.headers.get("content-type")).toContain("application/fhir+json");
    expect((await response.json()).issue[0].code).toBe("not-supported");
  }
  for (const [query, accept] of [
    ["", "*/*"],
    ["", "application/*;q=0.5"],
    ["", "application/xml, application/json;q=0.1"],
    ["", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"],
    ["", "application/fhir+json; fhirVersion=4.0; charset=utf-8"],
    ["&_format=json", "application/fhir+xml"],
    ["&_format=application/fhir+json", "text/html"],
  ] as const) {
    expect((await ask(query, accept)).status, `${query} ${accept}`).toBe(200);
  }
  const posted = await carnet.call("gp", "/DocumentReference/_search", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: `patient.identifier=${token(patients.anna)}&status=current&_format=xml`,
  });
  expect(posted.status).toBe(406);
  // Nothing is kept of a deposit whose receipt could not be read.
  const uniqueId = newUniqueId();
  const refused = await carnet.call("gp", "/", {
    method: "POST",
    headers: { accept: "application/fhir+xml" },
    body: JSON.stringify(provideBundle({ uniqueId })),
  });
  expect(refused.status).toBe(406);
  expect((await search(carnet, "gp", `identifier=${uniqueId}`)).ids).toEqual([]);
});
