/** Section B of the rules: the national health identity, what a document must say of it, and finding a person without it. */

import type { Bundle } from "@carnet/sdk/fhir";
import { extensionUrl, identifierSystem } from "@carnet/sdk/fhir";
import { computeInsKey, InsError, parseIns } from "@carnet/sdk/identity";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "../config.ts";
import { letterAbout } from "../testing/cda-documents.ts";
import { provideBundle, search, type TestDocument } from "../testing/documents.ts";
import { codesOf, extensionOf, type Newcomer, newcomer, newcomerWithRecord, statusOf } from "../testing/newcomers.ts";
import { patients } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const keyed = (number: string) => number + computeInsKey(number);
const ask = (system: string, value: string) =>
  carnet.call("gp", `/Patient?identifier=${encodeURIComponent(`${system}|${value}`)}`);
const send = (document: TestDocument, as = "gp") =>
  carnet.call(as, "/", { method: "POST", body: JSON.stringify(provideBundle(document)) });

/** A CDA of this person, whose header says what `change` makes of it. */
function cdaOf(person: Newcomer, change: (xml: string) => string = (xml) => xml): TestDocument {
  const xml = letterAbout(person.patient, {
    content: new TextEncoder().encode("Essai"),
    contentType: "text/plain",
  });
  const changed = change(xml);
  return { patient: person.patient, content: new TextEncoder().encode(changed), contentType: "text/xml" };
}

describe("the number", () => {
  test("R30 a record is found by the INS of its holder, and by no other number", async () => {
    const person = await newcomerWithRecord(carnet);
    expect((await statusOf(carnet, "gp", person))?.identifier?.[0]).toMatchObject(person.ins);
    expect(await statusOf(carnet, "gp", { ins: patients.nobody.ins })).toBeUndefined();
  });

  test("R31 INS-C, INS-A and identifiers of something else are no INS; NIR, NIA, test and demonstration are", async () => {
    const value = keyed("2850699351042");
    const statuses: Record<string, number> = {};
    for (const arc of ["1", "2", "8", "9", "10", "11", "13"]) {
      statuses[arc] = (await ask(`urn:oid:1.2.250.1.213.1.4.${arc}`, value)).status;
    }
    expect(statuses).toEqual({ "1": 400, "2": 400, "8": 200, "9": 200, "10": 200, "11": 200, "13": 400 });
    expect((await ask(identifierSystem.professional, value)).status).toBe(400);
  });

  test("R31 outside a demonstration a test identity opens no record", async () => {
    const person = await newcomer(carnet);
    const production = {
      ...carnet.service.config,
      rules: loadConfig({ SMTP_URL: "smtp://127.0.0.1:1" }).rules,
    };
    expect(production.rules.acceptsTestIdentities).toBe(false);
    const { createRecords } = await import("../records.ts");
    const records = createRecords({
      config: production,
      store: carnet.service.store,
      now: carnet.now,
      onNotice: () => undefined,
    } as never);
    await expect(records.open({ ins: person.ins, traits: person.traits })).rejects.toMatchObject({
      code: "ins-system",
    });
    const real = { system: identifierSystem.insNir, value: person.ins.value };
    expect((await records.open({ ins: real, traits: person.traits })).isNew).toBe(true);
  });

  test("R32 a number has 15 characters, months of incomplete civil status too, and 7 or 8 for who is being registered", () => {
    const month = fc
      .oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 20, max: 42 }), fc.integer({ min: 50, max: 99 }))
      .map((value) => String(value).padStart(2, "0"));
    const number = fc
      .tuple(
        fc.constantFrom("1", "2", "7", "8"),
        fc.integer({ min: 10, max: 99 }),
        month,
        fc.constantFrom("75", "2A", "2B"),
      )
      .map(([sex, year, at, department]) => `${sex}${year}${at}${department}056021`);
    fc.assert(
      fc.property(number, (given) => {
        const parsed = parseIns(keyed(given));
        expect(parsed.value).toHaveLength(15);
        const isTemporary = given.startsWith("7") || given.startsWith("8");
        expect(parsed.system).toBe(isTemporary ? identifierSystem.insNia : identifierSystem.insNir);
      }),
      { numRuns: 60 },
    );
    const wrong = [
      ...["00", "13", "19", "43", "49"].map((at) => keyed(`185${at}75056021`)),
      "28506993510",
      "2850699351042ABC",
    ];
    for (const text of wrong) expect(() => parseIns(text)).toThrow(InsError);
  });

  test("R33 the key is 97 minus the number modulo 97, Corsica with 19 and 18", () => {
    expect(computeInsKey("2061275111005")).toBe("64");
    expect(computeInsKey("2790351215189")).toBe("89");
    expect(computeInsKey("2770763220829")).toBe("10");
    expect(computeInsKey("180012A004001")).toBe(computeInsKey("1800119004001"));
    expect(computeInsKey("180012B004001")).toBe(computeInsKey("1800118004001"));
  });

  test("R34 a wrong key is refused, with its rule, in a search and in a deposit", async () => {
    const value = patients.anna.ins.value;
    const other = value.slice(0, 13) + String((Number(value.slice(13)) % 97) + 1).padStart(2, "0");
    const refused = await ask(identifierSystem.insTest, other);
    expect([refused.status, await codesOf(refused)]).toEqual([400, ["R34"]]);
    const stored = await send({ patient: { ...patients.anna, ins: { ...patients.anna.ins, value: other } } });
    expect(stored.status).toBe(422);
  });
});

describe("the identity that a document states", () => {
  test("R35, R40 traits that differ are refused (904), whichever differs; the same person in other spelling passes", async () => {
    const person = await newcomerWithRecord(carnet);
    const others = [{ birthName: "AUTRE" }, { given: "PAULE" }, { birthDate: "1980-03-03" }, { sex: "male" as const }];
    for (const change of others) {
      const refused = await send({ patient: { ...person.patient, ...change } });
      expect([refused.status, await codesOf(refused)]).toEqual([422, ["R40", "904"]]);
    }
    const spelled = { ...person.patient, birthName: person.patient.birthName.toLowerCase(), given: "Nadia" };
    expect((await send({ patient: spelled })).status).toBe(200);
    expect((await search(carnet, person.account, "", person.patient)).ids).toHaveLength(1);
  });

  test("R36, R40 a CDA whose header lacks a trait of the identity is refused (905); a complete one passes", async () => {
    const person = await newcomerWithRecord(carnet);
    expect((await send(cdaOf(person))).status).toBe(200);
    const lacks = {
      "place of birth": (xml: string) => xml.replace(/<birthplace>.*?<\/birthplace>/s, ""),
      "birth date": (xml: string) => xml.replace(/<birthTime [^>]*\/>/, '<birthTime nullFlavor="UNK"/>'),
    };
    for (const [what, change] of Object.entries(lacks)) {
      const document = cdaOf(person, change);
      expect(new TextDecoder().decode(document.content), what).not.toBe(
        new TextDecoder().decode(cdaOf(person).content),
      );
      const refused = await send(document);
      expect([what, refused.status, await codesOf(refused)]).toEqual([what, 422, ["R36", "905"]]);
    }
  });

  test("R40 a CDA without INS is refused (903), one of somebody else too (904)", async () => {
    const person = await newcomerWithRecord(carnet);
    const other = await newcomerWithRecord(carnet);
    const without = await send(
      cdaOf(person, (xml) => xml.replace(`root="${person.ins.system.slice(8)}"`, 'root="1.2.3.4"')),
    );
    expect([without.status, await codesOf(without)]).toEqual([422, ["R40", "903"]]);
    const { content } = cdaOf(other);
    const foreign = await send({ ...cdaOf(person), ...(content ? { content } : {}) });
    expect([foreign.status, await codesOf(foreign)]).toEqual([422, ["R40", "904"]]);
  });

  test("R40, R44 an unknown patient is said so to software (902); to a patient somebody else's record looks unknown", async () => {
    const unknown = await send({ patient: patients.nobody });
    expect([unknown.status, await codesOf(unknown)]).toEqual([404, ["R40", "902"]]);
    const bodies = await Promise.all(
      [patients.nobody, patients.clara].map(async (patient) =>
        (await send({ patient, author: "anna", typeCode: "DOCPAT01", classCode: "90" }, "anna")).text(),
      ),
    );
    expect(bodies[0]).toBe(bodies[1]);
  });

  test("R44 a document id that is used already, with another content, is refused", async () => {
    const person = await newcomerWithRecord(carnet);
    const uniqueId = `urn:oid:2.25.${Date.now()}`;
    expect((await send({ patient: person.patient, uniqueId })).status).toBe(200);
    const again = await send({ patient: person.patient, uniqueId });
    expect([again.status, (await codesOf(again))[0]]).toEqual([409, "R116"]);
  });

  test("R37 only a qualified identity is fed, replaced or deleted; the status is shown to software", async () => {
    for (const identityStatus of ["provisional", "retrieved", "validated"] as const) {
      const person = await newcomerWithRecord(carnet, { identityStatus });
      expect(extensionOf(await statusOf(carnet, "gp", person), extensionUrl.identityStatus)?.valueCode).toBe(
        identityStatus,
      );
      const refused = await send({ patient: person.patient });
      expect([refused.status, await codesOf(refused)]).toEqual([403, ["R37"]]);
      await carnet.service.records.setIdentityStatus(person.ins, "qualified");
      const stored = await send({ patient: person.patient });
      expect(stored.status).toBe(200);
      const [id] = (await search(carnet, person.account, "", person.patient)).ids;
      await carnet.service.records.setIdentityStatus(person.ins, identityStatus);
      const removed = await carnet.call("gp", `/DocumentReference/${id}`, {
        method: "PATCH",
        headers: { "content-type": "application/json-patch+json" },
        body: JSON.stringify([{ op: "replace", path: "/status", value: "entered-in-error" }]),
      });
      expect([removed.status, await codesOf(removed)]).toEqual([403, ["R37"]]);
    }
  });

  test("R39 another qualified identity takes the place of the former: documents and number stay, the traits are the new ones", async () => {
    const person = await newcomerWithRecord(carnet);
    expect((await send({ patient: person.patient })).status).toBe(200);
    await carnet.service.records.requalify(person.ins, { ...person.traits, birthName: "RECTIFIEE" });
    expect((await send({ patient: person.patient })).status).toBe(422);
    expect((await send({ patient: { ...person.patient, birthName: "RECTIFIEE" } })).status).toBe(200);
    expect((await search(carnet, person.account, "", person.patient)).ids).toHaveLength(2);
  });
});

describe("finding a person without the number", () => {
  const find = (account: string, query: string, purpose = "ETREAT") =>
    carnet.call(account, `/Patient?${query}`, { headers: { "x-purpose-of-use": purpose } });
  const found = async (response: Response) => {
    const bundle: Bundle = await response.json();
    return (bundle.entry ?? []).flatMap(({ resource }) => (resource?.resourceType === "Patient" ? [resource.id] : []));
  };

  test("R43 the dispatch centre finds by name, given name and birth date, in any spelling; nobody else does", async () => {
    const person = await newcomerWithRecord(carnet);
    const name = encodeURIComponent(person.traits.birthName.toLowerCase());
    const query = `family=${name}&given=N%C3%A0dia&birthdate=1980-03-02`;
    expect(await found(await find("dispatch", query))).toEqual([person.id]);
    for (const [account, purpose] of [
      ["dispatch", "TREAT"],
      ["gp", "ETREAT"],
      ["gp", "TREAT"],
      ["secretariat", "TREAT"],
      ["bruno", "TREAT"],
    ] as const) {
      const refused = await find(account, query, purpose);
      expect([account, refused.status, await codesOf(refused)]).toEqual([account, 403, ["R43"]]);
    }
    expect((await find("dispatch", "family=ESSAI")).status).toBe(400);
    expect(await found(await find("dispatch", query.replace("03-02", "03-03")))).toEqual([]);
  });

  test("R43, R73 who objected to dispatch access, or has closed, is not there", async () => {
    const objecting = await newcomerWithRecord(carnet, { allowsDispatch: false });
    const closed = await newcomerWithRecord(carnet);
    await carnet.service.records.close(closed.ins, { motive: "FERMETURE_DEMANDE_PATIENT" });
    for (const { traits } of [objecting, closed]) {
      const query = `family=${encodeURIComponent(traits.birthName)}&given=NADIA&birthdate=1980-03-02`;
      expect(await found(await find("dispatch", query))).toEqual([]);
    }
  });
});
