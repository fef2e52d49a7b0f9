import type { AuditEvent, Bundle, Consent, DocumentReference, OperationOutcome, Patient } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deposit, newUniqueId, pdf, search, token } from "../testing/documents.ts";
import { patients, rppsOf } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const json = async <T>(response: Response | Promise<Response>): Promise<T> => (await response).json();
const ruleOf = async (response: Response): Promise<string | undefined> => {
  const outcome: OperationOutcome = await response.json();
  return outcome.issue[0]?.details?.coding?.[0]?.code;
};
const status = (account: string, of = patients.anna) => carnet.call(account, `/Patient?identifier=${token(of)}`);
const list = (account: string, of = patients.anna, headers: Record<string, string> = {}) =>
  carnet.call(account, `/DocumentReference?patient.identifier=${token(of)}&status=current`, { headers });
const patch = (account: string, id: string, steps: unknown, headers: Record<string, string> = {}) =>
  carnet.call(account, `/DocumentReference/${id}`, {
    method: "PATCH",
    headers: { "content-type": "application/json-patch+json", ...headers },
    body: JSON.stringify(steps),
  });
const label = (code: string) => ({
  coding: [
    code === "N"
      ? { system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code }
      : {
          system:
            "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/TRE-A07-StatutVisibiliteDocument",
          code,
        },
  ],
});
const labels = (...codes: string[]) => [{ op: "replace", path: "/securityLabel", value: codes.map(label) }];
const archived = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived";

describe("TD0.2", () => {
  test("R25: one call says open, who, and where I stand", async () => {
    const bundle = await json<Bundle>(status("gp"));
    const patient = bundle.entry?.[0]?.resource as Patient;
    expect(patient.active).toBe(true);
    expect(patient.name?.[0]).toMatchObject({ use: "official", family: "FICTIVE", given: ["ANNA"] });
    expect(patient.extension?.find((one) => one.url.endsWith("dmp-medecin-traitant"))?.valueBoolean).toBe(true);
    const consent = bundle.entry?.find((entry) => entry.search?.mode === "include")?.resource as Consent;
    expect(consent).toMatchObject({ resourceType: "Consent", status: "active", provision: { type: "permit" } });
  });

  test("R55: none, expired and forbidden are told apart", async () => {
    const consents = async (account: string) =>
      (await json<Bundle>(status(account))).entry?.slice(1).map((entry) => entry.resource as Consent) ?? [];
    expect(await consents("pharmacist")).toEqual([]);
    expect((await consents("expired"))[0]?.status).toBe("inactive");
    expect((await consents("blocked"))[0]?.provision?.type).toBe("deny");
  });

  test("R17: a closed record says when and why", async () => {
    const patient = (await json<Bundle>(status("gp", patients.clara))).entry?.[0]?.resource as Patient;
    expect(patient.active).toBe(false);
    const closure = patient.extension?.find((one) => one.url.endsWith("dmp-fermeture"));
    expect(closure?.extension?.map((one) => one.url)).toEqual(["dateFermeture", "motifFermeture", "raisonFermeture"]);
  });

  test("R3, R78: no record, an opposed person and a stranger's question get the same empty answer", async () => {
    const shape = async (account: string, of: (typeof patients)[keyof typeof patients]) => {
      const bundle = await json<Bundle>(status(account, of));
      return [bundle.total, bundle.entry];
    };
    expect(await shape("gp", patients.nobody)).toEqual([0, undefined]);
    expect(await shape("gp", patients.omar)).toEqual([0, undefined]);
    expect(await shape("bruno", patients.anna)).toEqual([0, undefined]);
  });

  test("R34: a wrong key is a 400 that says so", async () => {
    const { system, value } = patients.anna.ins;
    const response = await carnet.call(
      "gp",
      `/Patient?identifier=${encodeURIComponent(`${system}|${value.slice(0, 13)}00`)}`,
    );
    expect(response.status).toBe(400);
    expect(await ruleOf(response)).toBe("R34");
  });

  test("R10: without an identifier, a parent finds their own record and the child's", async () => {
    const bundle = await json<Bundle>(carnet.call("anna", "/Patient"));
    expect(bundle.total).toBe(2);
  });
});

describe("the five conditions", () => {
  test("an authenticated actor: no token, 401", async () => {
    const response = await carnet.call(
      null,
      `/DocumentReference?patient.identifier=${token(patients.anna)}&status=current`,
    );
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toContain("Bearer");
  });

  test.each([
    ["R15: an open record", "gp", patients.clara, 410, "R15"],
    ["R51: an authorisation", "pharmacist", patients.anna, 403, "R51"],
    ["R56: which has not expired", "expired", patients.anna, 403, "R56"],
    ["R59: and is not blocked", "blocked", patients.anna, 403, "R59"],
    ["R50: a profession of the matrix", "dental-assistant", patients.anna, 403, "R50"],
    ["R65: not an occupational doctor", "occupational", patients.anna, 403, "R65"],
    ["R79: not an establishment", "secretariat", patients.anna, 403, "R79"],
    ["R9: not the minor in person", "leo", patients.leo, 403, "R9"],
  ] as const)("%s", async (_name, account, of, expected, rule) => {
    const response = await list(account, of);
    expect(response.status).toBe(expected);
    expect(await ruleOf(response)).toBe(rule);
  });

  test("R89: a type that the matrix closes is neither found nor read, and answers as what does not exist", async () => {
    const { id } = await deposit(carnet, { typeCode: "34875-5", title: "Pour médecins" });
    expect((await search(carnet, "gp")).ids).toContain(id);
    expect((await search(carnet, "nurse")).ids).not.toContain(id);
    const absent = id.slice(0, 32) + "0".repeat(32);
    for (const path of ["/DocumentReference/", "/Binary/"]) {
      const [hidden, missing] = [await carnet.call("nurse", path + id), await carnet.call("nurse", path + absent)];
      expect(hidden.status).toBe(404);
      expect(await hidden.text()).toBe(await missing.text());
    }
  });

  test("R144, R145: a masked document is there for the author, the patient and the referring doctor only", async () => {
    const { id } = await deposit(carnet, { author: "cardiologist", flags: ["MASQUE_PS"] });
    for (const account of ["cardiologist", "anna", "gp"]) expect((await search(carnet, account)).ids).toContain(id);
    expect((await search(carnet, "nurse")).ids).not.toContain(id);
    expect((await carnet.call("nurse", `/DocumentReference/${id}`)).status).toBe(404);
    expect((await patch("nurse", id, labels("N"))).status).toBe(404);
  });
});

describe("R71 to R77: emergency", () => {
  const breakGlass = { "x-purpose-of-use": "BTG", "x-reason": encodeURIComponent("patient inconscient à l'arrivée") };

  test("R71: breaking the glass needs a reason, no authorisation, and tells the patient", async () => {
    expect(await ruleOf(await list("pharmacist", patients.anna, { "x-purpose-of-use": "BTG" }))).toBe("R71");
    expect((await list("pharmacist", patients.anna, breakGlass)).status).toBe(200);
    const notices = await carnet.service.store.database
      .selectFrom("notice")
      .select("kind")
      .where("kind", "=", "emergency-access")
      .execute();
    expect(notices).toHaveLength(1);
    // R75: the next normal access is refused as before.
    expect(await ruleOf(await list("pharmacist"))).toBe("R51");
  });

  test("R72, R73: the dispatch centre alone has its mode, unless the person objected", async () => {
    const dispatch = { "x-purpose-of-use": "ETREAT" };
    expect((await list("dispatch", patients.anna, dispatch)).status).toBe(200);
    expect(await ruleOf(await list("pharmacist", patients.anna, dispatch))).toBe("R72");
    expect(await ruleOf(await list("dispatch", patients.bruno, dispatch))).toBe("R73");
    expect(await ruleOf(await list("pharmacist", patients.bruno, breakGlass))).toBe("R73");
  });

  test("R77: a blocked professional does not break the glass", async () => {
    expect(await ruleOf(await list("blocked", patients.anna, breakGlass))).toBe("R77");
  });

  test("R74: masked documents stay masked unless the patient allows it", async () => {
    const { id } = await deposit(carnet, { flags: ["MASQUE_PS"] });
    const bundle = await json<Bundle>(list("pharmacist", patients.anna, breakGlass));
    expect((bundle.entry ?? []).map((entry) => entry.resource?.id)).not.toContain(id);
  });
});

describe("TD0.3", () => {
  const declare = (account: string, change: object = {}) =>
    carnet.call(account, "/Consent", {
      method: "POST",
      body: JSON.stringify({
        resourceType: "Consent",
        status: "active",
        scope: { coding: [{ code: "patient-privacy" }] },
        category: [{ coding: [{ code: "59284-0" }] }],
        patient: { type: "Patient", identifier: { ...patients.bruno.ins } },
        provision: { type: "permit" },
        ...change,
      }),
    });
  const actor = (account: string, role = "IRCP") => ({
    role: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", code: role }] },
    reference: { type: "Practitioner", identifier: { system: "urn:oid:1.2.250.1.71.4.2.1", value: rppsOf(account) } },
  });

  test("R54, R61: declared it opens the record, withdrawn it closes it again", async () => {
    expect((await list("nurse", patients.bruno)).status).toBe(403);
    const declared = await declare("nurse");
    expect(declared.status).toBe(201);
    const { id } = await json<Consent>(declared);
    expect((await list("nurse", patients.bruno)).status).toBe(200);
    const mine = await json<Bundle>(carnet.call("nurse", `/Consent?patient.identifier=${token(patients.bruno)}`));
    expect(mine.entry?.map((entry) => entry.resource?.id)).toEqual([id]);
    expect((await carnet.call("nurse", `/Consent/${id}`, { method: "DELETE" })).status).toBe(204);
    expect((await list("nurse", patients.bruno)).status).toBe(403);
  });

  test("R56: an authorisation lasts a year", async () => {
    expect((await declare("pharmacist")).status).toBe(201);
    expect((await list("pharmacist", patients.bruno)).status).toBe(200);
    carnet.travel(366 * 86_400_000);
    expect(await ruleOf(await list("pharmacist", patients.bruno))).toBe("R56");
    carnet.travel(-366 * 86_400_000);
  });

  test("R59: the patient blocks; the blocked one cannot declare again, may still deposit, and the patient lifts it", async () => {
    await declare("colleague");
    const blocked = await declare("bruno", { provision: { type: "deny", actor: [actor("colleague")] } });
    expect(blocked.status).toBe(201);
    const { id } = await json<Consent>(blocked);
    expect(await ruleOf(await list("colleague", patients.bruno))).toBe("R59");
    expect(await ruleOf(await declare("colleague"))).toBe("R59");
    expect((await carnet.call("colleague", `/Consent/${id}`, { method: "DELETE" })).status).toBe(403);
    expect((await deposit(carnet, { patient: patients.bruno, author: "colleague" })).status).toBe("201 Created");
    expect((await carnet.call("bruno", `/Consent/${id}`, { method: "DELETE" })).status).toBe(204);
    expect(await ruleOf(await list("colleague", patients.bruno))).toBe("R51");
  });

  test("R65, R75: an occupational doctor and an emergency declare nothing", async () => {
    expect(await ruleOf(await declare("occupational"))).toBe("R65");
    const inEmergency = await carnet.call("nurse", "/Consent", {
      method: "POST",
      headers: { "x-purpose-of-use": "BTG", "x-reason": "x" },
      body: JSON.stringify({
        resourceType: "Consent",
        status: "active",
        patient: { identifier: { ...patients.anna.ins } },
      }),
    });
    expect(await ruleOf(inEmergency)).toBe("R75");
  });
});

describe("R78, R148, R152: patient and representatives", () => {
  test("R148: a result that waits for its announcement shows by itself after a month", async () => {
    const { id } = await deposit(carnet, { author: "gp", flags: ["INVISIBLE_PATIENT"] });
    expect((await search(carnet, "anna")).ids).not.toContain(id);
    expect((await search(carnet, "gp")).ids).toContain(id);
    carnet.travel(31 * 86_400_000);
    expect((await search(carnet, "anna")).ids).toContain(id);
    carnet.travel(-31 * 86_400_000);
  });

  test("R149: any professional may show it at once; nobody hides what the patient sees", async () => {
    const { id } = await deposit(carnet, { author: "gp", flags: ["INVISIBLE_PATIENT"] });
    expect((await patch("nurse", id, labels("N"))).status).toBe(200);
    expect((await search(carnet, "anna")).ids).toContain(id);
    expect(await ruleOf(await patch("gp", id, labels("N", "INVISIBLE_PATIENT")))).toBe("R149");
  });

  test("R152: a parent does not see what is hidden from representatives", async () => {
    const seen = await deposit(carnet, { patient: patients.leo });
    const secret = await deposit(carnet, { patient: patients.leo, flags: ["INVISIBLE_REPRESENTANTS_LEGAUX"] });
    const { ids } = await search(carnet, "anna", "", patients.leo);
    expect(ids).toContain(seen.id);
    expect(ids).not.toContain(secret.id);
    expect((await list("bruno", patients.leo)).status).toBe(404);
  });
});

describe("TD3.3", () => {
  test("R142, R143: the patient hides and shows; a professional unhides only their own", async () => {
    const { id } = await deposit(carnet, { author: "cardiologist" });
    const hidden = await patch("anna", id, labels("N", "MASQUE_PS"));
    expect(hidden.status, await hidden.clone().text()).toBe(200);
    expect((await search(carnet, "nurse")).ids).not.toContain(id);
    expect((await patch("cardiologist", id, labels("N"))).status).toBe(200);
    expect((await search(carnet, "nurse")).ids).toContain(id);
    expect((await patch("nurse", id, labels("N", "MASQUE_PS"))).status).toBe(200);
    expect((await patch("nurse", id, labels("N"))).status).toBe(404);
    expect((await patch("gp", id, labels("N"))).status).toBe(200);
  });

  test("the guide's own patches are understood: one label, FHIRPath Parameters, an extension by its address", async () => {
    const uniqueId = newUniqueId();
    const { id } = await deposit(carnet, { uniqueId });
    const one = [{ op: "replace", path: "/securityLabel/0", value: label("MASQUE_PS") }];
    const hidden = await json<DocumentReference>(patch("gp", id, one));
    expect(hidden.securityLabel?.map((each) => each.coding?.[0]?.code)).toEqual(["N", "MASQUE_PS"]);
    const byIdentifier = await carnet.call("gp", `/DocumentReference?identifier=urn:ietf:rfc:3986|${uniqueId}`, {
      method: "PATCH",
      body: JSON.stringify({
        resourceType: "Parameters",
        parameter: [
          {
            name: "operation",
            part: [
              { name: "type", valueCode: "replace" },
              { name: "path", valueString: "DocumentReference.securityLabel[0]" },
              { name: "value", valueCodeableConcept: label("N") },
            ],
          },
        ],
      }),
    });
    expect(byIdentifier.status, await byIdentifier.clone().text()).toBe(200);
    expect((await json<DocumentReference>(byIdentifier)).securityLabel).toHaveLength(1);
    const archive = [{ op: "add", path: `/extension[url:'${archived}']/valueBoolean`, value: true }];
    expect((await patch("gp", id, archive)).status).toBe(200);
    expect((await search(carnet, "gp")).ids).not.toContain(id);
    expect((await search(carnet, "gp", "isArchived=true")).ids).toContain(id);
    expect((await carnet.call("gp", `/Binary/${id}`)).status).toBe(200);
  });

  test("R120, R121, R122: deleted by the author or the structure, gone from lists and reads", async () => {
    const { id } = await deposit(carnet, { author: "cardiologist" });
    const remove = [{ op: "replace", path: "/status", value: "entered-in-error" }];
    expect(await ruleOf(await patch("anna", id, remove))).toBe("R122");
    expect(await ruleOf(await patch("nurse", id, remove))).toBe("R120");
    expect((await patch("secretariat", id, remove)).status).toBe(200);
    expect((await carnet.call("cardiologist", `/DocumentReference/${id}`)).status).toBe(404);
    expect((await carnet.call("anna", `/Binary/${id}`)).status).toBe(404);
    expect((await search(carnet, "cardiologist", "status=current,superseded,entered-in-error")).ids).not.toContain(id);
  });

  test("R145: a patch tells nobody that a document is there", async () => {
    const uniqueId = newUniqueId();
    const { id } = await deposit(carnet, { uniqueId, author: "gp", flags: ["MASQUE_PS"] });
    const absent = id.slice(0, 32) + "0".repeat(32);
    const byIdentifier = (account: string, identifier: string) =>
      carnet.call(account, `/DocumentReference?identifier=urn:ietf:rfc:3986|${identifier}`, {
        method: "PATCH",
        headers: { "content-type": "application/json-patch+json" },
        body: JSON.stringify(labels("N")),
      });
    for (const account of ["nurse", "pharmacist", "blocked", "bruno", "secretariat", "occupational"]) {
      for (const steps of [labels("N"), [{ op: "replace", path: "/title", value: 1 }], {}]) {
        const [hidden, missing] = [await patch(account, id, steps), await patch(account, absent, steps)];
        expect([account, hidden.status, await hidden.text()]).toEqual([account, missing.status, await missing.text()]);
      }
      const [hidden, missing] = [await byIdentifier(account, uniqueId), await byIdentifier(account, newUniqueId())];
      expect([account, hidden.status, await hidden.text()]).toEqual([account, missing.status, await missing.text()]);
    }
  });

  test("R124: anything else is a 405, a value that is none a 422, an old version a 412", async () => {
    const { id } = await deposit(carnet);
    const replace = (path: string, value: unknown) => [{ op: "replace", path, value }];
    expect((await patch("gp", id, replace("/description", "autre"))).status).toBe(405);
    expect((await patch("gp", id, replace("/extension", [{ url: "x", valueString: "y" }]))).status).toBe(405);
    expect((await patch("gp", id, replace("/status", "superseded"))).status).toBe(422);
    // Nothing is no label: it must not read as "shown again".
    expect((await patch("gp", id, replace("/securityLabel", []))).status).toBe(422);
    expect((await patch("gp", id, [{ op: "replace", path: "/securityLabel", value: [label("SECRET")] }])).status).toBe(
      422,
    );
    // A label of another system means something else: a mask that is none, or a base that shows again.
    for (const code of ["MASQUE_PS", "N"]) {
      const foreign = { coding: [{ system: "https://elsewhere.example", code }] };
      expect((await patch("gp", id, [{ op: "add", path: "/securityLabel/-", value: foreign }])).status, code).toBe(422);
      expect((await patch("gp", id, replace("/securityLabel/0", foreign))).status, code).toBe(422);
    }
    expect((await patch("gp", id, labels("N", "MASQUE_PS"), { "if-match": 'W/"7"' })).status).toBe(412);
    expect((await patch("gp", id, labels("N", "MASQUE_PS"), { "if-match": 'W/"1"' })).status).toBe(200);
    expect((await patch("gp", id, "{}")).status).toBe(400);
    // Not a 404, which would read as "gone".
    for (const [method, path, allowed] of [
      ["DELETE", `/DocumentReference/${id}`, "GET, PATCH"],
      ["PUT", `/DocumentReference/${id}`, "GET, PATCH"],
      ["DELETE", "/AuditEvent", "GET"],
    ] as const) {
      const response = await carnet.call("gp", path, { method });
      expect([response.status, response.headers.get("allow")], `${method} ${path}`).toEqual([405, allowed]);
    }
    expect((await carnet.call("gp", "/Nothing", { method: "DELETE" })).status).toBe(404);
  });
});

describe("TD3.1 and TD3.2", () => {
  test("pages by link next, newest first, each document once", async () => {
    const patient = patients.bruno;
    for (let month = 1; month <= 5; month++) {
      await deposit(carnet, { patient, author: "gp", date: `2025-0${month}-01T08:00:00Z`, title: `n° ${month}` });
    }
    const all: (string | undefined)[] = [];
    let next: string | undefined =
      `${carnet.base}/DocumentReference?patient.identifier=${token(patient)}&status=current&date=lt2026&_count=2`;
    let pages = 0;
    for (; next; pages++) {
      const response: Response = await fetch(next, {
        headers: { authorization: `Bearer ${await carnet.token("bruno")}` },
      });
      const bundle: Bundle = await response.json();
      all.push(...(bundle.entry ?? []).map((entry) => (entry.resource as DocumentReference).description));
      next = bundle.link?.find((link) => link.relation === "next")?.url;
    }
    expect(all).toEqual(["n° 5", "n° 4", "n° 3", "n° 2", "n° 1"]);
    expect(pages).toBe(3);
  });

  test("every parameter filters, by GET and by _search", async () => {
    const uniqueId = newUniqueId();
    const { id } = await deposit(carnet, {
      uniqueId,
      author: "pharmacist",
      typeCode: "57833-6",
      classCode: "42",
      date: "2024-07-14T10:00:00Z",
      actStart: "2024-07-13T10:00:00Z",
    });
    const here = [
      "type=57833-6",
      "type=http://loinc.org|57833-6,11488-4",
      "category=42",
      "date=2024-07-14",
      "date=ge2024-07-14&date=lt2024-07-15",
      "creation=2024-07",
      "period=2024-07-13",
      "period-start=ge2024-07-13",
      "facility=SA07",
      "setting=AMBULATOIRE",
      "format=urn:ihe:iti:xds-sd:pdf:2008",
      "security-label=N",
      `identifier=urn:ietf:rfc:3986|${uniqueId}`,
      `_id=${id}`,
      "author.family=pharma",
      "author.given=cam",
      "isArchived=false",
      `_lastUpdated=ge${new Date(Date.now() - 60_000).toISOString()}`,
    ];
    const elsewhere = [
      "type=11488-4",
      "category=10",
      "date=lt2024",
      "creation=2023",
      "period-end=2024-07-13",
      "facility=SA01",
      "setting=DOMICILE",
      "format=x",
      "security-label=MASQUE_PS",
      "event=x",
      "related=x",
      "author.family=zzz",
      "isArchived=true",
    ];
    for (const query of here) expect((await search(carnet, "gp", query)).ids, query).toContain(id);
    for (const query of elsewhere) expect((await search(carnet, "gp", query)).ids, query).not.toContain(id);
    const posted = await carnet.call("gp", "/DocumentReference/_search", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: `patient.identifier=${token(patients.anna)}&status=current&type=57833-6`,
    });
    expect((await json<Bundle>(posted)).entry?.map((entry) => entry.resource?.id)).toContain(id);
  });

  test.each([
    ["no patient", "status=current"],
    ["no status", `patient.identifier=${token(patients.anna)}`],
    ["an unknown parameter", `patient.identifier=${token(patients.anna)}&status=current&colour=red`],
    ["a date that is none", `patient.identifier=${token(patients.anna)}&status=current&date=hier`],
    ["a wrong cursor", `patient.identifier=${token(patients.anna)}&status=current&_cursor=abc`],
  ])("R125: %s is a 400", async (_name, query) => {
    expect((await carnet.call("gp", `/DocumentReference?${query}`)).status).toBe(400);
  });

  test("a content is read whole, in part, as a Binary, and not again when it has not changed", async () => {
    const content = new Uint8Array(200_000).map((_, index) => index % 251);
    content.set(pdf("grand"));
    const { id } = await deposit(carnet, { content });
    const read = (headers: Record<string, string>) => carnet.call("gp", `/Binary/${id}`, { headers });
    const whole = await read({ accept: "application/pdf, application/fhir+json;q=0.1" });
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(content);
    const part = await read({ accept: "application/pdf", range: "bytes=65530-65540" });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 65530-65540/200000"]);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(content.subarray(65_530, 65_541));
    const tail = await read({ range: "bytes=-5" });
    expect(new Uint8Array(await tail.arrayBuffer())).toEqual(content.subarray(-5));
    expect((await read({ range: "bytes=900000-" })).status).toBe(416);
    const binary = await json<{ resourceType: string; data: string }>(read({ accept: "application/fhir+json" }));
    expect(new Uint8Array(Buffer.from(binary.data, "base64"))).toEqual(content);
    // What the address asks for goes before what a browser accepts by itself.
    const asked = (format: string) =>
      carnet.call("gp", `/Binary/${id}?_format=${format}`, { headers: { accept: "*/*" } });
    expect((await json<{ data: string }>(asked("json"))).data).toBe(binary.data);
    expect((await json<{ data: string }>(asked("application/fhir+json"))).data).toBe(binary.data);
    expect((await asked("application/pdf")).headers.get("content-type")).toBe("application/pdf");
    // Nobody reads the bytes of a PDF as a Binary in XML.
    for (const format of ["xml", "application/fhir%2Bxml"]) expect((await asked(format)).status, format).toBe(406);
    const etag = whole.headers.get("etag") ?? "";
    expect((await read({ "if-none-match": etag })).status).toBe(304);
  });

  test("ITI-66: lots since a date, with the documents that the caller may see", async () => {
    const seen = await deposit(carnet, { author: "cardiologist" });
    const hidden = await deposit(carnet, { author: "cardiologist", flags: ["MASQUE_PS"] });
    const lots = await json<Bundle>(
      carnet.call(
        "nurse",
        `/List?patient.identifier=${token(patients.anna)}&code=submissionset&status=current&_count=200`,
      ),
    );
    const members = JSON.stringify(lots);
    expect(members).toContain(seen.id);
    expect(members).not.toContain(hidden.id);
  });
});

describe("R180 to R185: traces", () => {
  const log = async (account: string, of = patients.anna) =>
    (
      (await json<Bundle>(carnet.call(account, `/AuditEvent?patient.identifier=${token(of)}&_count=200`))).entry ?? []
    ).map((entry) => entry.resource as AuditEvent);

  test("R181: the patient reads every line, a professional their own", async () => {
    const whole = await log("anna");
    expect(whole.length).toBeGreaterThan(20);
    const own = await log("nurse");
    expect(new Set(own.map((event) => event.agent.find((agent) => agent.requestor)?.who?.identifier?.value))).toEqual(
      new Set([rppsOf("nurse")]),
    );
  });

  test("R185: a refusal is traced with its rule; what was concealed is not told to the professional", async () => {
    const { id } = await deposit(carnet, { author: "cardiologist", flags: ["MASQUE_PS"] });
    await carnet.call("nurse", `/Binary/${id}`);
    const about = (events: readonly AuditEvent[]) =>
      events.find((event) => event.entity?.some((entity) => entity.what?.reference === `Binary/${id}`));
    expect(JSON.stringify(about(await log("anna")))).toContain("R144");
    const seenByNurse = about(await log("nurse"));
    expect(seenByNurse?.outcome).toBe("4");
    expect(JSON.stringify(seenByNurse)).not.toMatch(/R144|MASQU/);
  });

  test("the lines of a record are numbered without a hole and chained", async () => {
    const { chain } = await import("../log/access-log.ts");
    const { database } = carnet.service.store;
    const rows = await database.selectFrom("access_log").selectAll().orderBy("record_id").orderBy("sequence").execute();
    let [record, sequence, hash]: [string, number, Uint8Array] = ["", 0, new Uint8Array()];
    for (const { sequence: own, hash: stored, ...line } of rows) {
      if (line.record_id !== record) [record, sequence, hash] = [line.record_id, 0, new Uint8Array()];
      expect(own).toBe(++sequence);
      hash = chain(hash, line);
      expect(Buffer.from(stored).equals(Buffer.from(hash))).toBe(true);
    }
  });
});

test("R190: a first access by a professional gives one mail, however many follow", async () => {
  await list("gp");
  await list("gp");
  await carnet.service.sendNotices();
  const rows = await carnet.service.store.database
    .selectFrom("notice")
    .select(["actor_name", "kind"])
    .where("kind", "=", "first-access")
    .execute();
  const byActor = rows.map((row) => row.actor_name);
  expect(byActor.filter((name) => name === "Dr gp").length).toBeLessThanOrEqual(3);
  expect(byActor).toContain("Dr gp");
});

test("other origins may call with a token of their own", async () => {
  const preflight = await fetch(`${carnet.base}/Patient`, {
    method: "OPTIONS",
    headers: { origin: "https://hospital.example", "access-control-request-method": "GET" },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-headers")).toContain("x-purpose-of-use");
});
