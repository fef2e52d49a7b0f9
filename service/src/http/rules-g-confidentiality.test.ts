/** Section G of the rules: labels, masking, the patient's choices, announcements. */
import { connect, type DepositInput, isAcknowledgementRequired } from "@carnet/sdk";
import type { Bundle, DocumentReference, OperationOutcome, Parameters } from "@carnet/sdk/fhir";
import { extensionUrl } from "@carnet/sdk/fhir";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { touchRecord } from "../store/records.ts";
import { deposit, newUniqueId, pdf, provideBundle, search, type TestDocument, token } from "../testing/documents.ts";
import { hospital, patients, rppsOf } from "../testing/people.ts";
import {
  breakGlass,
  consents,
  DAY_MS,
  declare,
  json,
  labels,
  patch,
  permitTo,
  post,
  recordIdOf,
  refusalOf,
  withhold,
} from "../testing/requests.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";
import { parseWireId } from "./ids.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet({ RELEASE_DAYS_BY_TYPE: "60591-5=3" });
});
afterAll(() => carnet.close());

const { anna, bruno, leo } = patients;
const read = (account: string, id: string, headers: Record<string, string> = {}) =>
  carnet.call(account, `/Binary/${id}`, { headers });
const change = (account: string, id: string, ...codes: string[]) =>
  patch(carnet, account, `/DocumentReference/${id}`, labels(...codes));
const bulk = async (account: string, wanted: string, ids: readonly string[], of = anna) =>
  post(carnet, account, `/Patient/${await recordIdOf(carnet, of)}/$change-documents`, {
    resourceType: "Parameters",
    parameter: [
      { name: "change", valueCode: wanted },
      ...ids.map((id) => ({ name: "document", valueReference: { reference: `DocumentReference/${id}` } })),
    ],
  });
const hideEverything = async (account: string, isOn: boolean, of = bruno) =>
  post(carnet, account, `/Patient/${await recordIdOf(carnet, of)}/$access-preferences`, {
    resourceType: "Parameters",
    parameter: [{ name: "hidesDocuments", valueBoolean: isOn }],
  });
const mailsTo = async (to: string): Promise<readonly { kind: string; text: string }[]> => {
  await carnet.service.sendNotices();
  const origin = carnet.base.replace("/fhir", "");
  return json(fetch(`${origin}/mailbox/messages.json?to=${encodeURIComponent(to)}`));
};

/** Every change of an ordinary document, one that is hidden from all, and one that is archived. */
const everyChange: Readonly<Record<string, unknown>> = {
  hide: labels("N", "MASQUE_PS"),
  show: labels("N", "INVISIBLE_PATIENT"),
  "show-to-patient": labels("N", "MASQUE_PS"),
  archive: [{ op: "add", path: "/extension", value: [{ url: extensionUrl.isArchived, valueBoolean: true }] }],
  delete: [{ op: "replace", path: "/status", value: "entered-in-error" }],
};

test("R124 what a document's rights say is what the record lets its caller change", async () => {
  for (const flags of [[], ["MASQUE_PS", "INVISIBLE_PATIENT"]] as const) {
    for (const account of ["cardiologist", "gp", "nurse", "anna"]) {
      for (const [name, steps] of Object.entries(everyChange)) {
        const isNothing = flags.length === 0 ? name.startsWith("show") : name === "hide";
        if (isNothing) continue;
        const { id } = await deposit(carnet, { author: "cardiologist", flags });
        const asked = await carnet.call(account, `/DocumentReference/${id}/$rights`);
        const rights: Parameters | undefined = asked.status === 200 ? await asked.json() : undefined;
        const isOffered = rights?.parameter?.some((one) => one.valueCode === name) ?? false;
        const answer = await patch(carnet, account, `/DocumentReference/${id}`, steps);
        expect([account, name, flags, answer.status === 200]).toEqual([account, name, flags, isOffered]);
      }
    }
  }
});

test("R117 the SDK tells what may be changed: a new version is offered to the author only", async () => {
  const { id } = await deposit(carnet, { author: "cardiologist" });
  const rightsOf = (account: string) =>
    connect({ baseUrl: carnet.base, accessToken: () => carnet.token(account) })
      .record(anna.ins)
      .rights(id);
  expect(await rightsOf("cardiologist")).toContain("replace");
  expect(await rightsOf("gp")).toEqual(["hide", "archive"]);
  expect(await rightsOf("anna")).toEqual(["hide"]);
});

describe("R140 to R145: labels, who sets them and who reads then", () => {
  test("R140 one to four codes: the base, then each flag that is set; others are refused", async () => {
    const { id } = await deposit(carnet, { patient: leo, flags: ["MASQUE_PS", "INVISIBLE_PATIENT"] });
    const seen = await json<DocumentReference>(carnet.call("gp", `/DocumentReference/${id}`));
    expect(seen.securityLabel?.flatMap(({ coding }) => coding?.[0]?.code)).toEqual([
      "N",
      "MASQUE_PS",
      "INVISIBLE_PATIENT",
    ]);
    expect((await change("gp", id, "N", "TRES_SECRET")).status).toBe(422);
  });

  test("R141 labels add up, unless they leave the author alone: for a minor, hidden from professionals and parents", async () => {
    const flags = ["MASQUE_PS", "INVISIBLE_REPRESENTANTS_LEGAUX"] as const;
    const refused = await post(carnet, "gp", "/", provideBundle({ patient: leo, flags }));
    expect(await refusalOf(refused)).toEqual([422, "R141"]);
    const { id } = await deposit(carnet, { patient: leo, flags: ["INVISIBLE_REPRESENTANTS_LEGAUX"] });
    expect(await refusalOf(change("gp", id, "N", ...flags))).toEqual([403, "R141"]);
    expect((await deposit(carnet, { flags })).status).toBe("201 Created");
    expect((await deposit(carnet, { flags: ["MASQUE_PS", "INVISIBLE_PATIENT"] })).status).toBe("201 Created");
  });

  test("R142 any professional, the patient and the referring doctor mask", async () => {
    for (const account of ["nurse", "anna", "gp", "cardiologist"]) {
      const { id } = await deposit(carnet, { author: "cardiologist" });
      expect((await change(account, id, "N", "MASQUE_PS")).status, account).toBe(200);
      expect((await read("nurse", id)).status, account).toBe(404);
    }
  });

  test("R143 the patient, the referring doctor and the author unmask; nobody else knows that it is there", async () => {
    const { id } = await deposit(carnet, { author: "cardiologist", flags: ["MASQUE_PS"] });
    expect((await change("nurse", id, "N")).status).toBe(404);
    for (const account of ["anna", "gp", "cardiologist"]) {
      expect((await change(account, id, "N")).status, account).toBe(200);
      expect((await read("nurse", id)).status, account).toBe(200);
      expect((await change("anna", id, "N", "MASQUE_PS")).status).toBe(200);
    }
  });

  test("R144 a masked document is read by its author, the patient and the referring doctor", async () => {
    const { id } = await deposit(carnet, { author: "cardiologist", flags: ["MASQUE_PS"] });
    for (const account of ["cardiologist", "anna", "gp"]) expect((await read(account, id)).status, account).toBe(200);
    for (const account of ["nurse", "optician"]) expect((await read(account, id)).status, account).toBe(404);
  });

  test("R144 withheld from one professional or structure, a document is there for all others, and the named one learns nothing", async () => {
    await declare(carnet, "anna", permitTo("colleague"), anna);
    for (const [named, kept] of [
      ["nurse", "colleague"],
      [hospital.id, "nurse"],
    ] as const) {
      const { id } = await deposit(carnet, { author: "gp" });
      const seen = await json<DocumentReference>(carnet.call(kept, `/DocumentReference/${id}`));
      const answer = await declare(carnet, "anna", withhold(id, named), anna);
      expect(answer.status, await answer.clone().text()).toBe(201);
      const consent = await json<{ id: string }>(answer);
      const named_ = named === "nurse" ? ["nurse"] : ["colleague", "cardiologist"];
      for (const account of named_) {
        expect((await read(account, id)).status, account).toBe(404);
        expect((await search(carnet, account, "_count=200")).ids, account).not.toContain(id);
        expect((await carnet.call(account, `/Consent/${consent.id}`)).status).toBe(404);
        expect((await change(account, id, "N", "MASQUE_PS")).status).toBe(404);
      }
      // For the others nothing has changed, not even the document's version.
      expect(await json(carnet.call(kept, `/DocumentReference/${id}`))).toEqual(seen);
      expect(JSON.stringify(await consents(carnet, "gp", anna))).not.toContain(consent.id);
      expect(JSON.stringify(await consents(carnet, "anna", anna))).toContain(consent.id);
      expect((await carnet.call("anna", `/Consent/${consent.id}`, { method: "DELETE" })).status).toBe(204);
      for (const account of named_) expect((await read(account, id)).status, account).toBe(200);
    }
  });

  test("R144 what is withheld stays so in every version, before and after; the author keeps reading", async () => {
    const first = await deposit(carnet, { author: "cardiologist" });
    const second = await deposit(carnet, { author: "cardiologist", replaces: first.id });
    await declare(carnet, "anna", withhold(second.id, "nurse"), anna);
    await declare(carnet, "anna", withhold(second.id, "cardiologist"), anna);
    const third = await deposit(carnet, { author: "cardiologist", replaces: second.id });
    for (const { id } of [first, second, third]) {
      expect((await read("nurse", id)).status).toBe(404);
      for (const account of ["cardiologist", "gp", "anna"]) expect((await read(account, id)).status, account).toBe(200);
    }
  });

  test("R144 only the patient withholds, only what they see, and whom they name by identifier", async () => {
    const { id } = await deposit(carnet);
    for (const account of ["gp", "nurse"]) {
      expect(await refusalOf(declare(carnet, account, withhold(id, "nurse"), anna))).toEqual([403, "R146"]);
    }
    const waiting = await deposit(carnet, { flags: ["INVISIBLE_PATIENT"] });
    const absent = id.slice(0, 32) + "0".repeat(32);
    const answers = [];
    for (const one of [waiting.id, absent]) {
      const answer = await declare(carnet, "anna", withhold(one, "nurse"), anna);
      answers.push([answer.status, await answer.text()]);
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.[0]).toBe(404);
    const halfWay = { provision: { ...withhold(id).provision, purpose: [{ code: "BTG" }] } };
    expect((await declare(carnet, "anna", halfWay, anna)).status).toBe(422);
    const permitting = { provision: { ...withhold(id, "nurse").provision, type: "permit" } };
    expect((await declare(carnet, "anna", permitting, anna)).status).toBe(422);
  });
});

describe("R146, R147: everything at once, and several", () => {
  test("R146 the patient masks all that is there and all that will come, and shows what they choose", async () => {
    const before = await deposit(carnet, { patient: bruno });
    expect((await declare(carnet, "nurse", {}, bruno)).status).toBe(201);
    expect((await read("nurse", before.id)).status).toBe(200);
    expect((await hideEverything("bruno", true)).status).toBe(200);
    const after = await deposit(carnet, { patient: bruno });
    const care = await deposit(carnet, { patient: bruno, typeCode: "REMB", typeSystem: A05, classCode: "60" });
    for (const { id } of [before, after, care]) expect((await read("nurse", id)).status).toBe(404);
    expect((await change("bruno", after.id, "N")).status).toBe(200);
    expect((await read("nurse", after.id)).status).toBe(200);
    expect((await hideEverything("bruno", false)).status).toBe(200);
    const later = await deposit(carnet, { patient: bruno });
    expect((await read("nurse", later.id)).status).toBe(200);
    expect((await read("nurse", before.id)).status).toBe(404);
  });

  test("R146 for a minor, what is secret to the parents is left to professionals (R141)", async () => {
    const secret = await deposit(carnet, { patient: leo, flags: ["INVISIBLE_REPRESENTANTS_LEGAUX"] });
    await declare(carnet, "anna", permitTo("nurse"), leo);
    expect((await hideEverything("anna", true, leo)).status).toBe(200);
    const next = await deposit(carnet, { patient: leo, flags: ["INVISIBLE_REPRESENTANTS_LEGAUX"] });
    for (const { id } of [secret, next]) expect((await read("nurse", id)).status).toBe(200);
    expect((await hideEverything("anna", false, leo)).status).toBe(200);
  });

  test("R147 several documents change at once, all or none", async () => {
    const some = [await deposit(carnet), await deposit(carnet), await deposit(carnet)].map(({ id }) => id);
    expect((await bulk("anna", "hide", some)).status).toBe(200);
    for (const id of some) expect((await read("nurse", id)).status).toBe(404);
    const absent = `${some[0]?.slice(0, 32)}${"0".repeat(32)}`;
    expect((await bulk("anna", "show", [...some, absent])).status).toBe(404);
    for (const id of some) expect((await read("nurse", id)).status).toBe(404);
    expect((await bulk("anna", "show", some)).status).toBe(200);
    for (const id of some) expect((await read("nurse", id)).status).toBe(200);
    expect(await refusalOf(bulk("gp", "hide", some))).toEqual([403, "R146"]);
    expect(await refusalOf(bulk("anna", "delete", some))).toEqual([403, "R122"]);
    expect((await bulk("anna", "hide-from-patient", some)).status).toBe(422);
  });
});

describe("R148, R149: the announcement", () => {
  /** What other tests left to be told is told. */
  const settle = async () => {
    carnet.travel(15 * DAY_MS);
    await carnet.service.runJobs();
    await carnet.service.sendNotices();
    carnet.travel(-15 * DAY_MS);
  };

  test("R148, R195 at two weeks a notice without content, at a month the document by itself, with its label gone", async () => {
    await settle();
    const { id } = await deposit(carnet, { title: "Résultat grave", flags: ["INVISIBLE_PATIENT"] });
    const told = async () => (await mailsTo("anna@mail.example")).filter(({ kind }) => kind === "deferred-result");
    await carnet.service.runJobs();
    const before = await told();
    carnet.travel(15 * DAY_MS);
    await carnet.service.runJobs();
    await carnet.service.runJobs();
    const [mail, ...others] = await told();
    expect(others).toEqual(before);
    expect(mail?.text).toMatch(/professionnel qui vous suit/);
    expect(mail?.text).not.toMatch(/Résultat|grave|11488/);
    expect((await read("anna", id)).status).toBe(404);
    carnet.travel(16 * DAY_MS);
    // Before any job runs: who sees it is computed from time.
    expect((await read("anna", id)).status).toBe(200);
    await carnet.service.runJobs();
    const shown = await json<DocumentReference>(carnet.call("anna", `/DocumentReference/${id}`));
    expect(JSON.stringify(shown.securityLabel)).not.toContain("INVISIBLE_PATIENT");
    expect(shown.meta?.versionId).toBe("2");
    // R180: nobody did it, and it is traced all the same.
    const traces = await json<Bundle>(carnet.call("anna", `/AuditEvent?patient.identifier=${token(anna)}&_count=200`));
    const lines = traces.entry?.map(({ resource }) => JSON.stringify(resource)) ?? [];
    expect(lines.some((line) => line.includes(id) && line.includes("show-to-patient"))).toBe(true);
    carnet.travel(-31 * DAY_MS);
  });

  test("R148, R152 parents are not told of what is secret to them", async () => {
    await settle();
    const flags = ["INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"] as const;
    await deposit(carnet, { patient: leo, flags });
    const count = async () => (await mailsTo("anna@mail.example")).length;
    const before = await count();
    carnet.travel(15 * DAY_MS);
    await carnet.service.runJobs();
    expect(await count()).toBe(before);
    carnet.travel(-15 * DAY_MS);
  });

  test.skipIf(!process.env.DATABASE_URL)(
    "R148 a result shows when its day comes, though somebody changes it at that instant",
    async () => {
      await settle();
      const { id } = await deposit(carnet, { flags: ["INVISIBLE_PATIENT"] });
      carnet.travel(31 * DAY_MS);
      const { store } = carnet.service;
      const recordId = await recordIdOf(carnet, anna);
      const waiting = async () =>
        (await sql`select 1 from pg_locks where not granted`.execute(store.database)).rows.length > 0;
      let running: Promise<void> | undefined;
      await store.transaction(async (transaction) => {
        await touchRecord(transaction, recordId, carnet.now());
        running = carnet.service.runJobs();
        // Here the job has read the document, and waits for the record.
        while (!(await waiting())) await new Promise(setImmediate);
        await sql`update document set version = version + 1 where document_id = ${parseWireId(id)?.memberId}`.execute(
          transaction,
        );
      });
      await running;
      const shown = await json<DocumentReference>(carnet.call("anna", `/DocumentReference/${id}`));
      expect(JSON.stringify(shown.securityLabel)).not.toContain("INVISIBLE_PATIENT");
      expect(shown.meta?.versionId).toBe("3");
      carnet.travel(-31 * DAY_MS);
    },
  );

  test("R148 a corrected version does not begin the month anew", async () => {
    const first = await deposit(carnet, { flags: ["INVISIBLE_PATIENT"] });
    carnet.travel(20 * DAY_MS);
    const second = await deposit(carnet, { flags: ["INVISIBLE_PATIENT"], replaces: first.id });
    expect((await read("anna", second.id)).status).toBe(404);
    carnet.travel(11 * DAY_MS);
    expect((await read("anna", second.id)).status).toBe(200);
    carnet.travel(-31 * DAY_MS);
  });

  test("R148 the delay of a type keeps its results by itself, for its days; a professional may show one sooner", async () => {
    const [kept, shown] = [await deposit(carnet, { ...synthesis }), await deposit(carnet, { ...synthesis })];
    for (const { id } of [kept, shown]) expect((await read("anna", id)).status).toBe(404);
    expect((await read("nurse", kept.id)).status).toBe(200);
    expect((await change("nurse", shown.id, "N")).status).toBe(200);
    expect((await read("anna", shown.id)).status).toBe(200);
    carnet.travel(3 * DAY_MS + 1000);
    expect((await read("anna", kept.id)).status).toBe(200);
    carnet.travel(-3 * DAY_MS - 1000);
  });

  test("R149 any professional in normal mode lifts it, the occupational doctor on their own; nobody puts it back", async () => {
    for (const account of ["nurse", "gp", "cardiologist"]) {
      const { id } = await deposit(carnet, { author: "cardiologist", flags: ["INVISIBLE_PATIENT"] });
      expect((await change(account, id, "N")).status, account).toBe(200);
      expect((await read("anna", id)).status, account).toBe(200);
      expect(await refusalOf(change(account, id, "N", "INVISIBLE_PATIENT"))).toEqual([403, "R149"]);
    }
    const own = await deposit(carnet, { author: "occupational", flags: ["INVISIBLE_PATIENT"] });
    expect((await change("occupational", own.id, "N")).status).toBe(200);
    const { id } = await deposit(carnet, { author: "cardiologist", flags: ["INVISIBLE_PATIENT"] });
    const inEmergency = patch(carnet, "nurse", `/DocumentReference/${id}`, labels("N"), breakGlass);
    expect(await refusalOf(inEmergency)).toEqual([403, "R75"]);
    expect((await change("anna", id, "N")).status).toBe(404);
  });
});

describe("R150 to R152", () => {
  test("R150 a structure changes no attribute: it deposits a new version", async () => {
    const { id } = await deposit(carnet, { author: "cardiologist" }, "secretariat");
    for (const codes of [
      ["N", "MASQUE_PS"],
      ["N", "INVISIBLE_PATIENT"],
    ]) {
      expect(await refusalOf(change("secretariat", id, ...codes))).toEqual([403, "R150"]);
    }
    const next = await deposit(carnet, { author: "cardiologist", replaces: id, flags: ["MASQUE_PS"] }, "secretariat");
    expect((await read("nurse", next.id)).status).toBe(404);
  });

  test("R151 what is invisible to the patient is not told by mail; when somebody shows it, it is", async () => {
    carnet.travel(2 * DAY_MS);
    const before = (await mailsTo("anna@mail.example")).length;
    const { id } = await deposit(carnet, { author: "nurse", flags: ["INVISIBLE_PATIENT"] });
    expect((await mailsTo("anna@mail.example")).length).toBe(before);
    expect((await change("nurse", id, "N")).status).toBe(200);
    expect((await mailsTo("anna@mail.example")).length).toBe(before + 1);
    carnet.travel(-2 * DAY_MS);
  });

  test("R152 secret to the parents: set at deposit or by the author, unseen by them in every way", async () => {
    const { id } = await deposit(carnet, { patient: leo, flags: ["INVISIBLE_REPRESENTANTS_LEGAUX"] });
    expect((await read("anna", id)).status).toBe(404);
    expect((await change("anna", id, "N")).status).toBe(404);
    const plain = await deposit(carnet, { patient: leo });
    expect(await refusalOf(change("nurse", plain.id, "N", "INVISIBLE_REPRESENTANTS_LEGAUX"))).toEqual([403, "R152"]);
    expect((await change("gp", plain.id, "N", "INVISIBLE_REPRESENTANTS_LEGAUX")).status).toBe(200);
    expect((await read("anna", plain.id)).status).toBe(404);
    const traces = await json<Bundle>(carnet.call("anna", `/AuditEvent?patient.identifier=${token(leo)}&_count=200`));
    const others = traces.entry?.filter(({ resource }) => !JSON.stringify(resource).includes("ANNA FICTIVE"));
    expect(JSON.stringify(others)).not.toContain(plain.id);
  });
});

describe("sensitive documents: the depositor is warned before they are kept", () => {
  const send = (document: TestDocument, headers = {}, account = "gp") =>
    post(carnet, account, "/", provideBundle(document), headers);
  const subjects = async (response: Response) => {
    const outcome: OperationOutcome = await response.json();
    return [response.status, outcome.issue.map(({ details }) => details?.coding?.[0]?.code)];
  };
  const genetics = { typeCode: "51969-4" };

  test.each([
    ["genetics", genetics],
    ["psychiatry", { typeCode: "68599-0", classCode: "11" }],
    ["psychiatry", { eventCodes: ["F32.1"] }],
    ["hiv", { eventCodes: ["B24"] }],
    ["hiv", { eventCodes: ["56888-1"] }],
    ["abortion", { eventCodes: ["JNJP001"] }],
  ] as const)(
    "R145 beyond the DMP: %s is not kept before it is acknowledged, and then is",
    async (subject, document) => {
      const before = (await search(carnet, "anna", "_count=200")).bundle.total;
      expect(await subjects(await send(document))).toEqual([428, [subject]]);
      expect((await search(carnet, "anna", "_count=200")).bundle.total).toBe(before);
      const other = subject === "hiv" ? "genetics" : "hiv";
      expect((await send(document, { "x-acknowledge-sensitive": other })).status).toBe(428);
      for (const written of [subject, "all"]) {
        expect((await send(document, { "x-acknowledge-sensitive": written })).status, written).toBe(200);
      }
    },
  );

  test("R145 every subject of every document of a lot is named at once, in two languages", async () => {
    const lot = provideBundle(genetics, { eventCodes: ["Z21", "F20"] }, {});
    const answer = await post(carnet, "gp", "/", lot);
    const outcome: OperationOutcome = await answer.clone().json();
    expect(await subjects(answer)).toEqual([428, ["genetics", "psychiatry", "hiv"]]);
    expect(outcome.issue[0]?.details?.text).toMatch(/génétique.* \/ .*genetic/);
    expect(outcome.issue.map(({ expression }) => expression?.[0])).toEqual([
      "Bundle.entry[1].resource",
      "Bundle.entry[3].resource",
      "Bundle.entry[3].resource",
    ]);
  });

  test("R145 the SDK says so with an error of its own, and deposits what was acknowledged", async () => {
    const accessToken = () => carnet.token("gp");
    const record = connect({ baseUrl: carnet.base, accessToken }).record(anna.ins);
    const document: DepositInput = {
      kind: "raw",
      content: pdf(),
      contentType: "application/pdf",
      metadata: {
        uniqueId: newUniqueId(),
        title: "Caryotype",
        type: { code: genetics.typeCode },
        date: "2026-03-02T09:30:00Z",
        act: { start: "2026-03-02T09:00:00Z" },
        patient: {
          ins: anna.ins,
          birthName: anna.birthName,
          birthGivenNames: [anna.given],
          sex: anna.sex,
          birthDate: anna.birthDate,
        },
        authors: [{ rpps: rppsOf("gp"), family: "GP", profession: "10" }],
        facilityType: { code: "SA07" },
        practiceSetting: { code: "AMBULATOIRE" },
      },
    };
    const refused = await record.deposit(document).catch((error: unknown) => error);
    if (!isAcknowledgementRequired(refused)) throw refused;
    expect(refused.subjects).toEqual(["genetics"]);
    const receipt = await record.deposit(document, { acknowledgeSensitive: refused.subjects });
    expect(receipt.alreadyInRecord).toBe(false);
  });

  test("R145 an ordinary document, and one that the patient deposits, need no acknowledgement", async () => {
    expect((await send({})).status).toBe(200);
    const own = { author: "anna", typeCode: "DOCPAT01", classCode: "11", eventCodes: ["F32.1"] };
    expect((await send(own, {}, "anna")).status).toBe(200);
  });
});

const A05 = "https://mos.esante.gouv.fr/NOS/TRE_A05-TypeDocComplementaireCISIS/FHIR/TRE-A05-TypeDocComplementaireCISIS";
const synthesis = { typeCode: "60591-5", classCode: "11" };
