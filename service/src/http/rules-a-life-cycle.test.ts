/** Section A of the rules: how a record begins, is closed, comes back and ends. Minors and relations are in their own file. */
import type { Bundle, Patient } from "@carnet/sdk/fhir";
import { extensionUrl } from "@carnet/sdk/fhir";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NewRecord } from "../records.ts";
import { survivors, tablesOfRecord, tablesWithoutRecord } from "../store/destroy.ts";
import { deposit, search, token } from "../testing/documents.ts";
import {
  DAY_MS,
  extensionOf,
  logOf,
  mailsTo,
  newcomer,
  newcomerWithRecord,
  operate,
  ruleOf,
  statusOf,
  YEAR_MS,
} from "../testing/newcomers.ts";
import { patients, rppsOf } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const card = "1234567890";
const newPerson = () => newcomer(carnet);
const openOne = (given: Partial<NewRecord> = {}) => newcomerWithRecord(carnet, given);
const post = (account: string | null, path: string, parameter?: readonly object[]) =>
  operate(carnet, account, path, parameter);
const codeIn = (text: string): string => /\b[A-Z2-9]{5}-[A-Z2-9]{5}\b/.exec(text)?.[0] ?? "";

describe("opening", () => {
  test("R1 a person has one record, however often it is opened", async () => {
    const person = await openOne();
    const again = await carnet.service.records.open({ ins: person.ins, traits: person.traits });
    expect(again).toEqual({ id: person.id, isNew: false });
  });

  test("R2 whoever was told and said nothing has a record after six weeks, not a day before", async () => {
    const person = await newPerson();
    const email = `${person.account}@mail.example`;
    const told = await carnet.service.records.announce({ ...person, cardSerialNumber: card, email });
    expect(told.state).toBe("announced");
    expect(told.letter).toBeUndefined();
    expect(await mailsTo(carnet, person.account)).toEqual(["announcement"]);
    carnet.travel(41 * DAY_MS);
    await carnet.service.runJobs();
    expect(await carnet.service.records.idOf(person.ins)).toBeUndefined();
    carnet.travel(2 * DAY_MS);
    await carnet.service.runJobs();
    const id = await carnet.service.records.idOf(person.ins);
    expect((await statusOf(carnet, person.account, person))?.active).toBe(true);
    expect(await logOf(carnet, id ?? "")).toContainEqual({
      transaction: "OPENING",
      rule: "R2",
      actor_kind: "system",
      outcome: "granted",
    });
    expect(await mailsTo(carnet, person.account)).toEqual(["announcement", "opened"]);
  });

  test("R2 a person without an address gets a letter for the operator to print, and is told once", async () => {
    const person = await newPerson();
    const told = await carnet.service.records.announce({ ...person, cardSerialNumber: card });
    expect(codeIn(told.letter?.text ?? "")).not.toBe("");
    expect(await carnet.service.records.announce({ ...person, cardSerialNumber: card })).toEqual({
      state: "already-announced",
    });
  });

  test("R3, R206 the letter, the card and the birth date are enough to oppose; a wrong code, card or date is not", async () => {
    const person = await newPerson();
    const told = await carnet.service.records.announce({ ...person, cardSerialNumber: card });
    const code = codeIn(told.letter?.text ?? "");
    const proof = (change: Readonly<Record<string, string>> = {}) => [
      { name: "identifier", valueIdentifier: person.ins },
      ...Object.entries({ cardSerialNumber: card, birthDate: "1980-03-02", provisionalCode: code, ...change }).map(
        ([name, valueString]) => ({ name, valueString }),
      ),
    ];
    const unknown = await newPerson();
    const wrong = [
      await post(null, "/Patient/$oppose", proof({ provisionalCode: "AAAAA-AAAAA" })),
      await post(null, "/Patient/$oppose", proof({ cardSerialNumber: "9999999999" })),
      await post(null, "/Patient/$oppose", proof({ birthDate: "1980-03-03" })),
      await post(null, "/Patient/$oppose", [{ name: "identifier", valueIdentifier: unknown.ins }, ...proof().slice(1)]),
    ];
    expect(wrong.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    // Whether such a letter exists is not told.
    expect(new Set(await Promise.all(wrong.map((response) => response.text()))).size).toBe(1);
    expect((await post(null, "/Patient/$oppose", proof())).status).toBe(200);
    carnet.travel(50 * DAY_MS);
    await carnet.service.runJobs();
    expect(await carnet.service.records.idOf(person.ins)).toBeUndefined();
    expect((await carnet.service.records.announce({ ...person, cardSerialNumber: card })).state).toBe("opposed");
  });

  test("R3 an opposition closes the record that is there, once the person confirms it", async () => {
    const person = await openOne();
    const identifier = { name: "identifier", valueIdentifier: person.ins };
    const unsure = await post(person.account, "/Patient/$oppose", [identifier]);
    expect([unsure.status, await ruleOf(unsure)]).toEqual([409, "R3"]);
    expect((await statusOf(carnet, person.account, person))?.active).toBe(true);
    const sure = await post(person.account, "/Patient/$oppose", [
      identifier,
      { name: "confirmed", valueBoolean: true },
    ]);
    expect(sure.status).toBe(200);
    const closure = extensionOf(await statusOf(carnet, person.account, person), extensionUrl.closure);
    expect(closure?.extension).toContainEqual({ url: "motifFermeture", valueString: "FERMETURE_OPPOSITION" });
    expect(await mailsTo(carnet, person.account)).toContain("closed");
  });

  test("R2, R3 an opposition at the very instant of the opening counts: no record is left open", async () => {
    for (let round = 0; round < 5; round += 1) {
      const person = await newPerson();
      await carnet.service.records.announce({ ...person, cardSerialNumber: card });
      carnet.travel(43 * DAY_MS);
      const identifier = { name: "identifier", valueIdentifier: person.ins };
      await carnet.token(person.account);
      const opposed = post(person.account, "/Patient/$oppose", [identifier]);
      await Promise.all([opposed, carnet.service.runJobs()]);
      const state = (await statusOf(carnet, person.account, person))?.active;
      // Opened first, the record is closed once the person confirms.
      expect([(await opposed).status, state]).toEqual((await opposed).status === 409 ? [409, true] : [200, undefined]);
    }
  });

  test("R3, R7 nobody opposes or opens for somebody else", async () => {
    const person = await newPerson();
    await carnet.service.records.announce({ ...person, cardSerialNumber: card });
    const identifier = { name: "identifier", valueIdentifier: person.ins };
    expect((await post("bruno", "/Patient/$oppose", [identifier])).status).toBe(404);
    expect((await post("bruno", "/Patient/$open", [identifier])).status).toBe(404);
    expect((await post("gp", "/Patient/$oppose", [identifier])).status).toBe(403);
  });

  test("R7 the person who was told opens at once, and after having opposed", async () => {
    const person = await newPerson();
    await carnet.service.records.announce({ ...person, cardSerialNumber: card });
    const identifier = { name: "identifier", valueIdentifier: person.ins };
    expect((await post(person.account, "/Patient/$oppose", [identifier])).status).toBe(200);
    const opened = await post(person.account, "/Patient/$open", [identifier]);
    expect(opened.status).toBe(201);
    const patient: Patient = await opened.json();
    expect(patient.active).toBe(true);
    expect(extensionOf(patient, extensionUrl.relation)?.valueCode).toBe("self");
    expect((await post(person.account, "/Patient/$open", [identifier])).status).toBe(200);
  });

  test("R7 software creates no record, neither by TD1.1 nor by $open", async () => {
    for (const account of ["gp", "secretariat", "anna"]) {
      const refused = await carnet.call(account, "/Patient", {
        method: "POST",
        body: JSON.stringify({ resourceType: "Patient" }),
      });
      expect([refused.status, await ruleOf(refused)]).toEqual([403, "R7"]);
    }
    const person = await newPerson();
    const identifier = { name: "identifier", valueIdentifier: person.ins };
    expect(await ruleOf(await post("gp", "/Patient/$open", [identifier]))).toBe("R7");
  });
});

describe("what software sees", () => {
  test("R5, R25 one call says: exists, open, attached, authorised, referring doctor", async () => {
    const response = await carnet.call("gp", `/Patient?identifier=${token(patients.anna)}`);
    const bundle: Bundle = await response.json();
    const patient = bundle.entry?.[0]?.resource;
    if (patient?.resourceType !== "Patient") throw new Error("no Patient");
    expect(patient.active).toBe(true);
    expect(extensionOf(patient, extensionUrl.attachedToMes)?.valueBoolean).toBe(true);
    expect(extensionOf(patient, extensionUrl.referringDoctor)?.valueBoolean).toBe(true);
    expect(bundle.entry?.some(({ resource }) => resource?.resourceType === "Consent")).toBe(true);
    const old = await openOne({ isAttachedToMes: false });
    expect(extensionOf(await statusOf(carnet, "gp", old), extensionUrl.attachedToMes)?.valueBoolean).toBe(false);
    const none = await newPerson();
    expect(await statusOf(carnet, "gp", none)).toBeUndefined();
  });

  test("R17 a closed record says when, by which motive and why", async () => {
    const closure = extensionOf(await statusOf(carnet, "gp", patients.clara), extensionUrl.closure);
    expect(closure?.extension?.map(({ url }) => url)).toEqual(["dateFermeture", "motifFermeture", "raisonFermeture"]);
  });

  test("R23 insurers and employers get nothing, not even whether a record is there; their occupational doctor feeds", async () => {
    const facility = (facilityType: string) => ({ id: "3999999999", name: "Société", facilityType });
    const people = {
      insurer: { profession: "10", specialty: "SM26", structure: facility("SA23") },
      employer: { profession: "60", structure: facility("SA48") },
      works: { profession: "10", specialty: "SM25", structure: facility("SA48") },
    };
    let rpps = 89_900_000_000;
    for (const [id, claims] of Object.entries(people)) {
      rpps += 1;
      await carnet.service.accounts.upsert({
        id,
        login: id,
        secret: "0000",
        claims: { kind: "professional", name: id, rpps: `8${rpps}`, ...claims },
      });
    }
    for (const account of ["insurer", "employer"]) {
      expect(await statusOf(carnet, account, patients.anna)).toBeUndefined();
      const read = await carnet.call(
        account,
        `/DocumentReference?patient.identifier=${token(patients.anna)}&status=current`,
      );
      expect([read.status, await ruleOf(read)]).toEqual([403, "R23"]);
    }
    expect((await statusOf(carnet, "works", patients.anna))?.active).toBe(true);
  });
});

describe("closing", () => {
  test("R15 the holder closes at any time: nobody reads, nobody deposits, the holder is told", async () => {
    const person = await openOne();
    await carnet.service.records.declareAuthorisation(person.ins, { subjectId: rppsOf("gp"), subjectName: "gp" });
    await deposit(carnet, { patient: person.patient });
    const closed = await post(person.account, `/Patient/${person.id}/$close`, [
      { name: "reason", valueString: "Je préfère" },
    ]);
    expect(closed.status).toBe(200);
    expect((await closed.json()).active).toBe(false);
    await expect(search(carnet, "gp", "", person.patient)).rejects.toThrow("410");
    await expect(deposit(carnet, { patient: person.patient })).rejects.toThrow("410");
    expect(await mailsTo(carnet, person.account)).toContain("closed");
    expect((await post(person.account, `/Patient/${person.id}/$close`)).status).toBe(410);
    expect(await logOf(carnet, person.id)).toContainEqual({
      transaction: "TD1.4",
      rule: "R15",
      actor_kind: "patient",
      outcome: "granted",
    });
  });

  test("R16 a professional closes at the patient's request, with a reason, only where there is no Mon espace santé", async () => {
    const attached = await openOne();
    const old = await openOne({ isAttachedToMes: false });
    for (const { ins } of [attached, old]) {
      await carnet.service.records.declareAuthorisation(ins, { subjectId: rppsOf("gp"), subjectName: "gp" });
    }
    const reason = [{ name: "reason", valueString: "Demande au cabinet" }];
    expect(await ruleOf(await post("gp", `/Patient/${attached.id}/$close`, reason))).toBe("R16");
    expect(await ruleOf(await post("nurse", `/Patient/${old.id}/$close`, reason))).toBe("R51");
    expect((await post("gp", `/Patient/${old.id}/$close`)).status).toBe(422);
    expect((await post("secretariat", `/Patient/${old.id}/$close`, reason)).status).toBe(403);
    expect((await post("gp", `/Patient/${old.id}/$close`, reason)).status).toBe(200);
    const closure = extensionOf(await statusOf(carnet, "gp", old), extensionUrl.closure);
    expect(closure?.extension).toContainEqual({ url: "motifFermeture", valueString: "FERMETURE_DEMANDE_PATIENT" });
    expect(closure?.extension).toContainEqual({ url: "raisonFermeture", valueString: "Demande au cabinet" });
    expect((await post("gp", `/Patient/${old.id}/$reactivate`)).status).toBe(200);
  });

  test("R18 a suspended record is shut; without objection it closes after six weeks", async () => {
    const person = await openOne();
    await carnet.service.records.suspend(person.ins, "essai");
    expect((await statusOf(carnet, person.account, person))?.active).toBe(false);
    await expect(search(carnet, person.account, "", person.patient)).rejects.toThrow("410");
    await expect(deposit(carnet, { patient: person.patient })).rejects.toThrow("410");
    carnet.travel(41 * DAY_MS);
    await carnet.service.runJobs();
    expect(extensionOf(await statusOf(carnet, person.account, person), extensionUrl.closure)).toBeUndefined();
    carnet.travel(2 * DAY_MS);
    await carnet.service.runJobs();
    expect(extensionOf(await statusOf(carnet, person.account, person), extensionUrl.closure)).toBeDefined();
    expect(await mailsTo(carnet, person.account)).toEqual(expect.arrayContaining(["suspended", "closed"]));
  });

  test("R18 an objection stops that, and the operator lifts the suspension", async () => {
    const person = await openOne();
    expect(await ruleOf(await post(person.account, `/Patient/${person.id}/$object`))).toBe("R18");
    await carnet.service.records.suspend(person.ins, "essai");
    expect((await post("bruno", `/Patient/${person.id}/$object`)).status).toBe(404);
    expect((await post(person.account, `/Patient/${person.id}/$object`)).status).toBe(200);
    carnet.travel(60 * DAY_MS);
    await carnet.service.runJobs();
    const waiting = await statusOf(carnet, person.account, person);
    expect(extensionOf(waiting, extensionUrl.suspendedSince)).toBeDefined();
    expect(extensionOf(waiting, extensionUrl.closure)).toBeUndefined();
    await carnet.service.records.lift(person.ins);
    expect((await statusOf(carnet, person.account, person))?.active).toBe(true);
  });

  test("R18 a suspension outlives a closure: who closes and re-activates is suspended as before, and may object", async () => {
    const person = await openOne();
    await carnet.service.records.suspend(person.ins, "essai");
    expect((await post(person.account, `/Patient/${person.id}/$close`)).status).toBe(200);
    expect(extensionOf(await statusOf(carnet, person.account, person), extensionUrl.suspendedSince)).toBeUndefined();
    expect((await post(person.account, `/Patient/${person.id}/$reactivate`)).status).toBe(200);
    const back = await statusOf(carnet, person.account, person);
    expect([back?.active, extensionOf(back, extensionUrl.closure)]).toEqual([false, undefined]);
    expect(extensionOf(back, extensionUrl.suspendedSince)).toBeDefined();
    await expect(search(carnet, person.account, "", person.patient)).rejects.toThrow("410");
    expect(await mailsTo(carnet, person.account)).not.toContain("reactivated");
    carnet.travel(43 * DAY_MS);
    await carnet.service.runJobs();
    expect(extensionOf(await statusOf(carnet, person.account, person), extensionUrl.closure)).toBeDefined();
    await post(person.account, `/Patient/${person.id}/$reactivate`);
    expect((await post(person.account, `/Patient/${person.id}/$object`)).status).toBe(200);
    await carnet.service.records.lift(person.ins);
    expect((await search(carnet, person.account, "", person.patient)).ids).toEqual([]);
  });

  test("R17, R22 a caller gives none of the motives by which the service says why it closed a record", async () => {
    const person = await openOne();
    for (const valueCode of ["FERMETURE_DECES", "FERMETURE_SUSPENSION", "FERMETURE_OPPOSITION"]) {
      const motive = [{ name: "motive", valueCode }];
      expect((await post(person.account, `/Patient/${person.id}/$close`, motive)).status, valueCode).toBe(422);
    }
    expect((await statusOf(carnet, person.account, person))?.active).toBe(true);
  });

  test("R21 what was archived comes back whole, within ten years", async () => {
    const person = await openOne();
    await carnet.service.records.declareAuthorisation(person.ins, { subjectId: rppsOf("gp"), subjectName: "gp" });
    const { id } = await deposit(carnet, { patient: person.patient });
    await post(person.account, `/Patient/${person.id}/$close`);
    carnet.travel(9 * 365 * DAY_MS);
    await carnet.service.runJobs();
    expect((await post("bruno", `/Patient/${person.id}/$reactivate`)).status).toBe(404);
    expect((await post(person.account, `/Patient/${person.id}/$reactivate`)).status).toBe(200);
    expect((await search(carnet, person.account, "", person.patient)).ids).toEqual([id]);
    expect(await ruleOf(await post(person.account, `/Patient/${person.id}/$reactivate`))).toBe("R21");
    carnet.travel(2 * YEAR_MS);
    await carnet.service.runJobs();
    expect((await statusOf(carnet, person.account, person))?.active).toBe(true);
  });
});

describe("the end", () => {
  const rowsOf = async (recordId: string): Promise<readonly string[]> => {
    const { database } = carnet.service.store;
    const left: string[] = [];
    for (const table of [...(await tablesOfRecord(database)), ...survivors]) {
      const { rows } = await sql`select from ${sql.table(table)} where record_id = ${recordId} limit 1`.execute(
        database,
      );
      if (rows.length > 0) left.push(table);
    }
    return left;
  };

  test("R19 ten years after its closure a record is destroyed: key, contents, rows; only its log stays, three years", async () => {
    const person = await openOne();
    await carnet.service.records.declareAuthorisation(person.ins, { subjectId: rppsOf("gp"), subjectName: "gp" });
    await deposit(carnet, { patient: person.patient });
    const { rows: blobs } = await sql<{ blob_id: string }>`
      select blob_id from document where record_id = ${person.id}`.execute(carnet.service.store.database);
    const blob = { recordId: person.id, blobId: blobs[0]?.blob_id ?? "", key: Buffer.alloc(32) };
    await post(person.account, `/Patient/${person.id}/$close`);
    carnet.travel(10 * 365 * DAY_MS);
    await carnet.service.runJobs();
    expect(await rowsOf(person.id)).toContain("document");
    carnet.travel(5 * DAY_MS);
    await carnet.service.runJobs();
    expect((await rowsOf(person.id)).filter((table) => !survivors.some((one) => one === table))).toEqual([]);
    expect(await rowsOf(person.id)).toEqual(expect.arrayContaining(["access_log", "destroyed_record"]));
    await expect(carnet.service.store.blobs.get(blob, { size: 1, start: 0, end: 1 })).rejects.toThrow();
    expect(await statusOf(carnet, person.account, person)).toBeUndefined();
    expect(await mailsTo(carnet, person.account)).toContain("destroyed");
    expect((await logOf(carnet, person.id)).at(-1)).toEqual({
      transaction: "DESTRUCTION",
      rule: "R19",
      actor_kind: "system",
      outcome: "granted",
    });
    carnet.travel(3 * YEAR_MS);
    await carnet.service.runJobs();
    expect(await logOf(carnet, person.id)).toEqual([]);
    expect(await rowsOf(person.id)).toContain("destroyed_record");
  });

  test("R19 every table either belongs to a record and is emptied of it, or is known to belong to none", async () => {
    const { database } = carnet.service.store;
    const { rows } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = current_schema() and table_type = 'BASE TABLE' and table_name not like 'kysely_%'`.execute(
      database,
    );
    const known = new Set<string>([...(await tablesOfRecord(database)), ...survivors, ...tablesWithoutRecord]);
    expect(rows.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  });

  test("R20 a deletion that was asked for is carried out within three months, and not of an open record", async () => {
    const person = await openOne();
    await deposit(carnet, { patient: person.patient });
    expect(await ruleOf(await post(person.account, `/Patient/${person.id}/$request-deletion`))).toBe("R20");
    await post(person.account, `/Patient/${person.id}/$close`);
    expect(await ruleOf(await post("gp", `/Patient/${person.id}/$request-deletion`))).toBe("R20");
    const asked: Patient = await (await post(person.account, `/Patient/${person.id}/$request-deletion`)).json();
    expect(extensionOf(asked, extensionUrl.deletionRequested)).toBeDefined();
    const day = extensionOf(asked, extensionUrl.destroyedOn)?.valueDateTime ?? "";
    expect(new Date(day).getTime() - carnet.now().getTime()).toBeLessThanOrEqual(90 * DAY_MS);
    carnet.travel(90 * DAY_MS);
    await carnet.service.runJobs();
    expect(await carnet.service.records.idOf(person.ins)).toBeUndefined();
    expect((await logOf(carnet, person.id)).at(-1)?.rule).toBe("R20");
  });

  test("R20 re-activating cancels the request; once the key is destroyed nothing comes back", async () => {
    const person = await openOne();
    await post(person.account, `/Patient/${person.id}/$close`);
    await post(person.account, `/Patient/${person.id}/$request-deletion`);
    expect((await post(person.account, `/Patient/${person.id}/$reactivate`)).status).toBe(200);
    carnet.travel(100 * DAY_MS);
    await carnet.service.runJobs();
    expect((await statusOf(carnet, person.account, person))?.active).toBe(true);
    await post(person.account, `/Patient/${person.id}/$close`);
    // As a destruction that was cut short leaves it.
    await sql`update record set wrapped_key = ''::bytea where record_id = ${person.id}`.execute(
      carnet.service.store.database,
    );
    expect(await ruleOf(await post(person.account, `/Patient/${person.id}/$reactivate`))).toBe("R21");
  });

  test("R22 a death closes the record: no login but an heir's, who reads; archived and destroyed as any other", async () => {
    const person = await openOne();
    const heir = await newPerson();
    const { id } = await deposit(carnet, { patient: person.patient });
    await carnet.service.records.recordDeath(person.ins, "2026-11-01");
    expect((await statusOf(carnet, "gp", person))?.deceasedDateTime).toBe("2026-11-01");
    await expect(search(carnet, heir.account, "", person.patient)).rejects.toThrow("404");
    await carnet.service.records.addRepresentative(person.ins, {
      ins: heir.ins,
      name: "Nour ESSAI",
      kind: "heir",
      until: new Date(carnet.now().getTime() + 30 * DAY_MS),
    });
    expect((await search(carnet, heir.account, "", person.patient)).ids).toEqual([id]);
    expect(await ruleOf(await post(heir.account, `/Patient/${person.id}/$reactivate`))).toBe("R22");
    carnet.travel(31 * DAY_MS);
    await expect(search(carnet, heir.account, "", person.patient)).rejects.toThrow("404");
    expect(await mailsTo(carnet, person.account)).not.toContain("closed");
    // Who still has the password of the dead is not the dead: the archive stays, for the heirs.
    expect(await ruleOf(await post(person.account, `/Patient/${person.id}/$request-deletion`))).toBe("R22");
    carnet.travel(10 * YEAR_MS);
    await carnet.service.runJobs();
    expect(await carnet.service.records.idOf(person.ins)).toBeUndefined();
  });

  test("R22, R18 a death told by mistake is taken back: the record returns as it was, heirs are out, the person is told", async () => {
    const { records } = carnet.service;
    const [person, suspended, closed, heir] = [await openOne(), await openOne(), await openOne(), await newPerson()];
    const { id } = await deposit(carnet, { patient: person.patient });
    await records.suspend(suspended.ins, "essai");
    await post(closed.account, `/Patient/${closed.id}/$close`);
    expect(await records.withdrawDeath(person.ins)).toBe(false);
    const named = { ins: heir.ins, name: "Nour ESSAI", kind: "heir" } as const;
    for (const { ins } of [person, suspended, closed]) {
      await records.recordDeath(ins, "2026-11-01");
      await records.addRepresentative(ins, named);
    }
    expect((await search(carnet, heir.account, "", person.patient)).ids).toEqual([id]);

    for (const { ins } of [person, suspended, closed]) expect(await records.withdrawDeath(ins)).toBe(true);
    expect((await search(carnet, person.account, "", person.patient)).ids).toEqual([id]);
    const back = await statusOf(carnet, "gp", person);
    expect([back?.active, back?.deceasedDateTime]).toEqual([true, undefined]);
    await expect(search(carnet, heir.account, "", person.patient)).rejects.toThrow("404");
    expect(await mailsTo(carnet, person.account)).toContain("reactivated");
    // Told dead again one day, truly: who was named by mistake is no heir by that.
    await records.recordDeath(person.ins, "2026-11-02");
    await expect(search(carnet, heir.account, "", person.patient)).rejects.toThrow("404");

    // What the operator or the person had decided before stands.
    for (const one of [suspended, closed]) expect((await statusOf(carnet, "gp", one))?.active).toBe(false);
    expect((await post(suspended.account, `/Patient/${suspended.id}/$object`)).status).toBe(200);
    expect(await mailsTo(carnet, closed.account)).not.toContain("reactivated");
    expect((await post(closed.account, `/Patient/${closed.id}/$reactivate`)).status).toBe(200);
    carnet.travel(11 * YEAR_MS);
    await carnet.service.runJobs();
    expect((await statusOf(carnet, "gp", suspended))?.active).toBe(false);
    expect((await statusOf(carnet, "gp", closed))?.active).toBe(true);
  });
});
