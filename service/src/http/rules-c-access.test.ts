/** Section C of the rules: who may access. Authorisations, blocks, the referring doctor, structures. */
import type { Bundle, Consent } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deposit, search, token } from "../testing/documents.ts";
import { cabinet, hospital, patients, rppsOf } from "../testing/people.ts";
import {
  breakGlass,
  consentActor,
  consents,
  DAY_MS,
  declare,
  denyTo,
  idsOf,
  json,
  labels,
  list,
  patch,
  permitTo,
  refusalOf,
} from "../testing/requests.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const { anna, bruno } = patients;
const idOf = async (response: Promise<Response>) => {
  const answered = await response;
  expect(answered.status, await answered.clone().text()).toBe(201);
  return (await json<Consent>(answered)).id ?? "";
};
const end = (account: string, id: string) => carnet.call(account, `/Consent/${id}`, { method: "DELETE" });
const inDays = (days: number) => new Date(carnet.now().getTime() + days * DAY_MS).toISOString();

describe("R50, R51: who may ask at all", () => {
  test("R50 a profession without a column reads nothing, even with the patient's agreement", async () => {
    await idOf(declare(carnet, "bruno", permitTo("dental-assistant")));
    expect(await refusalOf(list(carnet, "dental-assistant", bruno))).toEqual([403, "R50"]);
  });

  test("R51 without prior consent nothing is read, found or summed up", async () => {
    const { id } = await deposit(carnet, { patient: bruno });
    expect(await refusalOf(list(carnet, "cardiologist", bruno))).toEqual([403, "R51"]);
    for (const path of [`/DocumentReference/${id}`, `/Binary/${id}`, `/Patient/$summary?identifier=${token(bruno)}`]) {
      expect(await refusalOf(carnet.call("cardiologist", path)), path).toEqual([403, "R51"]);
    }
  });

  test("R65 an occupational doctor deposits and masks their own, and never consults, whatever the patient agrees to", async () => {
    await idOf(declare(carnet, "bruno", permitTo("occupational")));
    expect(await refusalOf(list(carnet, "occupational", bruno))).toEqual([403, "R65"]);
    expect(await refusalOf(declare(carnet, "occupational"))).toEqual([403, "R65"]);
    const { id } = await deposit(carnet, { patient: bruno, author: "occupational" });
    expect((await patch(carnet, "occupational", `/DocumentReference/${id}`, labels("N", "MASQUE_PS"))).status).toBe(
      200,
    );
    expect(await refusalOf(carnet.call("occupational", `/Binary/${id}`))).toEqual([403, "R65"]);
  });
});

describe("R52 to R58: authorisations", () => {
  test("R52, R58 the agreement given to a structure opens the record to those who act in it, and to nobody else", async () => {
    const asStructure = permitTo(cabinet.id);
    expect(await refusalOf(declare(carnet, "cardiologist", asStructure))).toEqual([403, "R58"]);
    const id = await idOf(declare(carnet, "gp", asStructure));
    for (const account of ["gp", "nurse"]) expect((await list(carnet, account, bruno)).status, account).toBe(200);
    expect(await refusalOf(list(carnet, "cardiologist", bruno))).toEqual([403, "R51"]);
    expect((await end("bruno", id)).status).toBe(204);
    expect(await refusalOf(list(carnet, "nurse", bruno))).toEqual([403, "R51"]);
  });

  test("R58 an establishment declares for itself only, and still consults nothing", async () => {
    expect(await refusalOf(declare(carnet, "secretariat", permitTo(cabinet.id)))).toEqual([403, "R58"]);
    expect(await refusalOf(declare(carnet, "secretariat", permitTo("nurse")))).toEqual([403, "R58"]);
    const id = await idOf(declare(carnet, "secretariat"));
    expect((await list(carnet, "cardiologist", bruno)).status).toBe(200);
    expect(await refusalOf(list(carnet, "secretariat", bruno))).toEqual([403, "R79"]);
    const own = await json<Bundle>(carnet.call("secretariat", `/Patient?identifier=${token(bruno)}`));
    expect(own.entry?.map((entry) => entry.resource?.id)).toContain(id);
    expect((await end("bruno", id)).status).toBe(204);
    expect(await refusalOf(list(carnet, "cardiologist", bruno))).toEqual([403, "R51"]);
  });

  test("R53, R54 one professional collects the consent for another, with the proof; the patient reads who and how", async () => {
    const sourceAttachment = { title: "Accord oral en consultation" };
    const id = await idOf(declare(carnet, "gp", { ...permitTo("cardiologist"), sourceAttachment }));
    expect((await list(carnet, "cardiologist", bruno)).status).toBe(200);
    const seen = (await consents(carnet, "bruno", bruno)).find((one) => one.id === id);
    expect(seen?.sourceAttachment?.title).toBe("Accord oral en consultation");
    expect(seen?.extension?.[0]?.valueReference?.display).toBe("Dr gp");
    expect(seen?.provision?.actor?.[0]?.reference.identifier?.value).toBe(rppsOf("cardiologist"));
    await end("cardiologist", id);
  });

  test("R53 that a colleague is blocked is not told to who declares for them", async () => {
    const block = await idOf(declare(carnet, "bruno", denyTo("blocked")));
    expect(await refusalOf(declare(carnet, "gp", permitTo("blocked")))).toEqual([403, "R53"]);
    expect(await refusalOf(declare(carnet, "blocked"))).toEqual([403, "R59"]);
    await end("bruno", block);
  });

  test("R55 valid, none, expired and forbidden: TD0.2 tells each to the caller", async () => {
    const stateOf = async (account: string) => {
      const bundle = await json<Bundle>(carnet.call(account, `/Patient?identifier=${token(anna)}`));
      const own = bundle.entry?.filter(({ resource }) => resource?.resourceType === "Consent");
      return own?.map(({ resource }) => `${(resource as Consent).status} ${(resource as Consent).provision?.type}`);
    };
    expect(await stateOf("nurse")).toEqual(["active permit"]);
    expect(await stateOf("pharmacist")).toEqual([]);
    expect(await stateOf("expired")).toEqual(["inactive permit"]);
    expect(await stateOf("blocked")).toEqual(["active deny"]);
  });

  test("R56 an authorisation lasts a year, and can be renewed", async () => {
    await idOf(declare(carnet, "colleague"));
    carnet.travel(364 * DAY_MS);
    expect((await list(carnet, "colleague", bruno)).status).toBe(200);
    carnet.travel(2 * DAY_MS);
    expect(await refusalOf(list(carnet, "colleague", bruno))).toEqual([403, "R56"]);
    await idOf(declare(carnet, "colleague"));
    expect((await list(carnet, "colleague", bruno)).status).toBe(200);
    carnet.travel(-366 * DAY_MS);
  });

  test("R56 the patient sets when each authorisation ends, and changes it; nobody else does", async () => {
    const id = await idOf(declare(carnet, "nurse"));
    const set = (account: string, value: string | undefined, op = "replace") =>
      patch(carnet, account, `/Consent/${id}`, [{ op, path: "/provision/period/end", ...(value ? { value } : {}) }]);
    expect((await set("bruno", inDays(3))).status).toBe(200);
    carnet.travel(4 * DAY_MS);
    expect(await refusalOf(list(carnet, "nurse", bruno))).toEqual([403, "R56"]);
    const later = await set("bruno", inDays(30));
    expect((await json<Consent>(later)).status).toBe("active");
    expect((await list(carnet, "nurse", bruno)).status).toBe(200);
    for (const wrong of [inDays(400), inDays(-1)]) expect((await set("bruno", wrong)).status).toBe(422);
    expect((await set("bruno", "demain")).status).toBe(422);
    expect(await refusalOf(set("nurse", inDays(200)))).toEqual([403, "R146"]);
    expect((await set("anna", inDays(200))).status).toBe(404);
    expect((await json<Consent>(set("bruno", undefined, "remove"))).provision?.period?.end?.slice(0, 10)).toBe(
      inDays(365).slice(0, 10),
    );
    carnet.travel(-4 * DAY_MS);
    await end("nurse", id);
  });

  test("R56 the referring doctor's role may be given until a date", async () => {
    const provision = { ...permitTo("expired", "PPRF").provision, period: { end: inDays(10) } };
    const id = await idOf(declare(carnet, "bruno", { provision }));
    expect((await list(carnet, "expired", bruno)).status).toBe(200);
    carnet.travel(11 * DAY_MS);
    expect(await refusalOf(list(carnet, "expired", bruno))).toEqual([403, "R56"]);
    carnet.travel(-11 * DAY_MS);
    await end("bruno", id);
  });

  test("R53 an agreement for somebody whom no number names is refused, and not taken for the caller's own", async () => {
    const { role } = consentActor("nurse");
    for (const reference of [{ reference: "Practitioner/12" }, { reference: "#nurse" }, { display: "Infirmière" }]) {
      const answer = await declare(carnet, "optician", { provision: { type: "permit", actor: [{ role, reference }] } });
      expect([answer.status, await answer.text()]).toEqual([
        422,
        expect.stringContaining("Consent.provision.actor.reference.identifier"),
      ]);
    }
    expect(await refusalOf(list(carnet, "optician", bruno))).toEqual([403, "R51"]);
  });

  test("R51, R56 an agreement opens no more than it says: one that is over, begins later or has limits is refused", async () => {
    const later = { start: inDays(30), end: inDays(60) };
    for (const [limit, place] of [
      [{ period: { end: inDays(-1) } }, "provision.period.end"],
      [{ period: later }, "provision.period.start"],
      [{ provision: [{ type: "deny" }] }, "provision.provision"],
      [{ class: [{ system: "http://loinc.org", code: "11502-2" }] }, "provision.class"],
      [{ code: [{ coding: [{ system: "http://loinc.org", code: "11502-2" }] }] }, "provision.code"],
      [{ securityLabel: [{ code: "N" }] }, "provision.securityLabel"],
      [{ dataPeriod: { start: "2026-01-01" } }, "provision.dataPeriod"],
      [{ modifierExtension: [{ url: "urn:x", valueBoolean: true }] }, "provision.modifierExtension"],
    ] as const) {
      const answer = await declare(carnet, "optician", { provision: { type: "permit", ...limit } });
      expect([answer.status, await answer.text()], place).toEqual([422, expect.stringContaining(`Consent.${place}`)]);
    }
    expect(await refusalOf(list(carnet, "optician", bruno))).toEqual([403, "R51"]);
    // As IHE's basic profile writes it: from now on, to read, for care; an actor that names nobody is the caller.
    const purpose = [{ system: "http://terminology.hl7.org/CodeSystem/v3-ActReason", code: "TREAT" }];
    const period = { start: inDays(0), end: inDays(2) };
    const actor = [{ role: consentActor("nurse").role, reference: { type: "Practitioner" } }];
    const id = await idOf(declare(carnet, "optician", { provision: { type: "permit", period, purpose, actor } }));
    expect((await list(carnet, "optician", bruno)).status).toBe(200);
    await end("optician", id);
  });

  test("R57 depositing needs no authorisation; an old one that expired is none to consult with", async () => {
    expect((await deposit(carnet, { patient: bruno, author: "optician" })).status).toBe("201 Created");
    expect(await refusalOf(list(carnet, "optician", bruno))).toEqual([403, "R51"]);
  });

  test("R61 a professional withdraws their own authorisation, not another's", async () => {
    const [mine, other] = [await idOf(declare(carnet, "nurse")), await idOf(declare(carnet, "pharmacist"))];
    expect((await end("nurse", other)).status).toBe(404);
    expect((await end("nurse", mine)).status).toBe(204);
    expect(await refusalOf(list(carnet, "nurse", bruno))).toEqual([403, "R51"]);
    expect((await list(carnet, "pharmacist", bruno)).status).toBe(200);
    await end("pharmacist", other);
  });
});

describe("R59, R60: blocks and lists", () => {
  test("R59 a blocked professional never consults, with an authorisation or in emergency, and may still deposit", async () => {
    await idOf(declare(carnet, "nurse"));
    const block = await idOf(declare(carnet, "bruno", denyTo("nurse")));
    expect(await refusalOf(list(carnet, "nurse", bruno))).toEqual([403, "R59"]);
    expect(await refusalOf(list(carnet, "blocked", anna, breakGlass))).toEqual([403, "R77"]);
    expect((await deposit(carnet, { patient: bruno, author: "nurse" })).status).toBe("201 Created");
    expect(await refusalOf(end("nurse", block))).toEqual([403, "R59"]);
    expect((await end("bruno", block)).status).toBe(204);
    // A new agreement is needed: what was there before the block does not come back.
    expect(await refusalOf(list(carnet, "nurse", bruno))).toEqual([403, "R51"]);
  });

  test("R59 a block is of somebody: the referring doctor who names nobody does not lock themselves out", async () => {
    const role = await idOf(declare(carnet, "bruno", permitTo("gp", "PPRF")));
    for (const actor of [undefined, [{ ...consentActor("nurse"), reference: { display: "Infirmière" } }]]) {
      const answer = await declare(carnet, "gp", { provision: { type: "deny", ...(actor && { actor }) } });
      expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining("provision.actor")]);
    }
    expect((await list(carnet, "gp", bruno)).status).toBe(200);
    await end("bruno", role);
  });

  test("R59 an agreement given to the structure does not open the record to its blocked member", async () => {
    const structure = await idOf(declare(carnet, "bruno", permitTo(hospital.id)));
    const block = await idOf(declare(carnet, "bruno", denyTo("colleague")));
    expect((await list(carnet, "cardiologist", bruno)).status).toBe(200);
    expect(await refusalOf(list(carnet, "colleague", bruno))).toEqual([403, "R59"]);
    for (const id of [structure, block]) await end("bruno", id);
  });

  test("R60 the patient lists the authorised and the blocked, with the start and the last action; a professional their own", async () => {
    const id = await idOf(declare(carnet, "nurse"));
    const block = await idOf(declare(carnet, "bruno", denyTo("dispatch")));
    const authorised = await consents(carnet, "bruno", bruno, "&status=active&provision-type=permit");
    const blocked = await consents(carnet, "bruno", bruno, "&status=active&provision-type=deny");
    expect(authorised.map((one) => one.id)).toContain(id);
    expect(authorised.map((one) => one.id)).not.toContain(block);
    expect(blocked.map((one) => one.id)).toEqual([block]);
    const seen = authorised.find((one) => one.id === id);
    expect(seen?.provision?.period?.start).toBeDefined();
    expect(seen?.meta?.lastUpdated).toBeDefined();
    expect((await consents(carnet, "nurse", bruno, "&status=active")).map((one) => one.id)).toEqual([id]);
    const wrong = await carnet.call("bruno", `/Consent?patient.identifier=${token(bruno)}&provision-type=all`);
    expect(wrong.status).toBe(400);
    for (const one of [id, block]) await end("bruno", one);
  });
});

describe("R62 to R64, R69: roles", () => {
  test("R64 the role of referring doctor exists only if the patient gives it", async () => {
    expect(await refusalOf(declare(carnet, "gp", permitTo("gp", "PPRF")))).toEqual([403, "R64"]);
    expect(await refusalOf(declare(carnet, "gp", permitTo("cardiologist", "PPRF")))).toEqual([403, "R62"]);
    expect(await refusalOf(declare(carnet, "nurse", permitTo("nurse", "PPRF")))).toEqual([403, "R62"]);
    const { id: hidden } = await deposit(carnet, {
      patient: bruno,
      author: "bruno",
      typeCode: "DOCPAT01",
      classCode: "11",
    });
    expect((await patch(carnet, "bruno", `/DocumentReference/${hidden}`, labels("N", "MASQUE_PS"))).status).toBe(200);
    const role = await idOf(declare(carnet, "bruno", permitTo("gp", "PPRF")));
    // R62: reads masked documents, unmasks, blocks, sees all traces, resigns.
    expect(await idsOf(list(carnet, "gp", bruno))).toContain(hidden);
    const block = await idOf(declare(carnet, "gp", denyTo("optician")));
    expect((await end("gp", block)).status).toBe(204);
    const traces = await json<Bundle>(carnet.call("gp", `/AuditEvent?patient.identifier=${token(bruno)}`));
    expect(JSON.stringify(traces)).toContain("BRUNO INVENTE");
    expect((await patch(carnet, "gp", `/DocumentReference/${hidden}`, labels("N"))).status).toBe(200);
    expect((await end("gp", role)).status).toBe(204);
    expect(await refusalOf(list(carnet, "gp", bruno))).toEqual([403, "R51"]);
  });

  test("R62 the role makes nobody but a doctor more than authorised", async () => {
    const role = await idOf(declare(carnet, "bruno", permitTo("nurse", "PPRF")));
    const { id } = await deposit(carnet, { patient: bruno, author: "gp", flags: ["MASQUE_PS"] });
    expect((await list(carnet, "nurse", bruno)).status).toBe(200);
    expect(await idsOf(list(carnet, "nurse", bruno))).not.toContain(id);
    expect(await refusalOf(declare(carnet, "nurse", denyTo("optician")))).toEqual([403, "R62"]);
    await end("bruno", role);
  });

  test("R62 only a professional holds the role: not a structure", async () => {
    expect((await declare(carnet, "bruno", permitTo(cabinet.id, "PPRF"))).status).toBe(422);
  });

  test("R63 the treating doctor of the health insurance is shown and cannot be set here", async () => {
    expect((await declare(carnet, "bruno", permitTo("gp", "IRCP", "treating-doctor"))).status).toBe(422);
    await carnet.service.records.declareAuthorisation(bruno.ins, {
      subjectId: rppsOf("gp"),
      subjectName: "Dr gp",
      careRole: "treating-doctor",
    });
    expect(JSON.stringify(await consents(carnet, "bruno", bruno))).toContain("treating-doctor");
    // R64: that doctor is no referring doctor for it.
    const { id } = await deposit(carnet, { patient: bruno, author: "pharmacist", flags: ["MASQUE_PS"] });
    expect((await search(carnet, "gp", "", bruno)).ids).not.toContain(id);
  });

  test("R69 referring midwife and corresponding pharmacist are shown beside the name", async () => {
    const id = await idOf(declare(carnet, "pharmacist", permitTo("pharmacist", "IRCP", "corresponding-pharmacist")));
    expect(await refusalOf(declare(carnet, "gp", permitTo("nurse", "IRCP", "referring-midwife")))).toEqual([
      403,
      "R53",
    ]);
    const seen = (await consents(carnet, "bruno", bruno)).find((one) => one.id === id);
    expect(seen?.provision?.actor?.[0]?.role?.coding?.map(({ code }) => code)).toEqual([
      "IRCP",
      "corresponding-pharmacist",
    ]);
    await end("bruno", id);
  });
});

describe("R68: what a professional must have understood", () => {
  const state = async (account: string, method = "GET") => {
    const answer = await carnet.call(account, "/$professional-information", { method });
    const { parameter }: { parameter: { name: string; valueBoolean?: boolean; valueString?: string }[] } =
      await json(answer);
    return parameter;
  };
  const isDue = (parameters: Awaited<ReturnType<typeof state>>) =>
    parameters.find(({ name }) => name === "isDue")?.valueBoolean;

  test("R68 it is due at first, then after 180 days, for each professional and whatever the patient", async () => {
    expect(isDue(await state("gp"))).toBe(true);
    expect(isDue(await state("gp", "POST"))).toBe(false);
    expect(isDue(await state("nurse"))).toBe(true);
    carnet.travel(179 * DAY_MS);
    expect(isDue(await state("gp"))).toBe(false);
    carnet.travel(2 * DAY_MS);
    expect(isDue(await state("gp"))).toBe(true);
    carnet.travel(-181 * DAY_MS);
  });

  test("R68 it speaks in both languages, to professionals only", async () => {
    const texts = (await state("gp")).filter(({ name }) => name.startsWith("text"));
    expect(texts.map(({ valueString }) => (valueString ?? "").length > 100)).toEqual([true, true]);
    expect(await refusalOf(carnet.call("bruno", "/$professional-information"))).toEqual([403, "R68"]);
  });
});

describe("R60: my patients (TD0.4)", () => {
  const insOf = ({ entry }: Bundle) =>
    (entry ?? []).flatMap(({ resource }) =>
      resource?.resourceType === "Patient" ? (resource.identifier?.[0]?.value ?? []) : [],
    );
  const patientsOf = async (account: string, query = "") => json<Bundle>(carnet.call(account, `/Patient${query}`));

  test("R56, R60 lists who agreed and still does, last acted on first, page after page, and leaves a line in each record", async () => {
    await idOf(declare(carnet, "bruno", permitTo("pharmacist")));
    const own = await idOf(declare(carnet, "anna", permitTo("pharmacist"), anna));
    const all = await patientsOf("pharmacist");
    expect(insOf(all)).toEqual([anna.ins.value, bruno.ins.value]);
    expect(all.entry?.filter(({ search }) => search?.mode === "include")).toHaveLength(2);

    const first = await patientsOf("pharmacist", "?_count=1");
    expect(insOf(first)).toEqual([anna.ins.value]);
    const next = first.link?.find(({ relation }) => relation === "next")?.url ?? "";
    const second = await patientsOf("pharmacist", new URL(next).search);
    expect(insOf(second)).toEqual([bruno.ins.value]);
    expect(second.link?.some(({ relation }) => relation === "next")).toBe(false);

    const log = await json<Bundle>(carnet.call("bruno", `/AuditEvent?patient.identifier=${token(bruno)}`));
    expect(JSON.stringify(log)).toContain("TD0.4");

    expect((await end("anna", own)).status).toBe(204);
    expect(insOf(await patientsOf("pharmacist"))).toEqual([bruno.ins.value]);
    expect((await declare(carnet, "bruno", denyTo("pharmacist"))).status).toBe(201);
    expect(insOf(await patientsOf("pharmacist"))).toEqual([]);
  });

  test("R55, R58 an expired agreement lists nobody; a structure's agreement lists for those who work there; R59 not for who is blocked", async () => {
    expect(insOf(await patientsOf("expired"))).toEqual([]);
    expect(insOf(await patientsOf("blocked"))).toEqual([]);
    expect(insOf(await patientsOf("secretariat"))).toEqual([]);
    await idOf(declare(carnet, "bruno", permitTo(hospital.id)));
    for (const account of ["colleague", "secretariat"])
      expect(insOf(await patientsOf(account)), account).toContain(bruno.ins.value);
    await idOf(declare(carnet, "bruno", denyTo("colleague")));
    expect(insOf(await patientsOf("colleague"))).not.toContain(bruno.ins.value);
  });

  test("R60, R145 sorted by the last document too, for who reads documents: what is hidden from some moves no record", async () => {
    await idOf(declare(carnet, "bruno", permitTo("nurse")));
    await idOf(declare(carnet, "anna", permitTo("nurse"), anna));
    const byDocument = async () => insOf(await patientsOf("nurse", "?_sort=-document"));
    await deposit(carnet, { patient: bruno });
    expect(await byDocument()).toEqual([bruno.ins.value, anna.ins.value]);
    await deposit(carnet, { patient: anna, flags: ["MASQUE_PS"] });
    expect(await byDocument()).toEqual([bruno.ins.value, anna.ins.value]);
    await deposit(carnet, { patient: anna });
    expect(await byDocument()).toEqual([anna.ins.value, bruno.ins.value]);
    const first = await json<Bundle>(carnet.call("nurse", "/Patient?_sort=-document&_count=1"));
    const next = first.link?.find(({ relation }) => relation === "next")?.url ?? "";
    expect(insOf(await patientsOf("nurse", new URL(next).search))).toEqual([bruno.ins.value]);
    expect((await carnet.call("secretariat", "/Patient?_sort=-document")).status).toBe(400);
  });

  test("R60 a page of none is the number alone, and no record keeps a line of it", async () => {
    await idOf(declare(carnet, "anna", permitTo("nurse"), anna));
    const query = `/AuditEvent?patient.identifier=${token(anna)}&_count=200`;
    const lines = async () =>
      JSON.stringify((await json<Bundle>(carnet.call("anna", query))).entry).split("TD0.4").length;
    const before = await lines();
    const counted = await json<Bundle>(carnet.call("nurse", "/Patient?_count=0"));
    expect(await lines()).toBe(before);
    const whole = await patientsOf("nurse");
    expect([counted.total, counted.entry]).toEqual([insOf(whole).length, undefined]);
    const one = `/Patient?identifier=${token(anna)}&_count=0`;
    expect(await json<Bundle>(carnet.call("nurse", one))).not.toHaveProperty("entry");
  });

  test("R60 what it does not know is refused", async () => {
    for (const query of ["?name=x", "?_count=-1", "?_cursor=x", "?_sort=name"])
      expect((await carnet.call("gp", `/Patient${query}`)).status, query).toBe(400);
  });
});
