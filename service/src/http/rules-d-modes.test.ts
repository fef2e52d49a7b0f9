/** Section D of the rules: access modes. Emergency, the patient's switches, patients, secretaries. */
import type { AuditEvent, Bundle } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deposit, pdf, search, token } from "../testing/documents.ts";
import { cabinet, patients, rppsOf } from "../testing/people.ts";
import {
  breakGlass,
  DAY_MS,
  declare,
  dispatchMode,
  idsOf,
  json,
  labels,
  list,
  patch,
  post,
  recordIdOf,
  refusalOf,
  withhold,
} from "../testing/requests.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const { anna, bruno, leo } = patients;
const preferences = async (account: string, wanted?: Readonly<Record<string, boolean>>, of = anna) => {
  const path = `/Patient/${await recordIdOf(carnet, of)}/$access-preferences`;
  if (!wanted) return carnet.call(account, path);
  const parameter = Object.entries(wanted).map(([name, valueBoolean]) => ({ name, valueBoolean }));
  return post(carnet, account, path, { resourceType: "Parameters", parameter });
};
const read = (account: string, id: string, headers: Record<string, string> = {}) =>
  carnet.call(account, `/Binary/${id}`, { headers });

describe("R70 to R73: the modes and the patient's switches", () => {
  test("R70 three modes and no other; one is read from the request, never guessed", async () => {
    for (const mode of ["BTG ", "btg", "bris_de_glace", ""]) {
      expect((await list(carnet, "pharmacist", anna, { "x-purpose-of-use": mode })).status, mode).not.toBe(200);
    }
    expect(await refusalOf(list(carnet, "pharmacist", anna, { "x-purpose-of-use": "TREAT" }))).toEqual([403, "R51"]);
  });

  test("R71 breaking the glass needs a justification, and the patient reads it", async () => {
    expect(await refusalOf(list(carnet, "pharmacist", anna, { "x-purpose-of-use": "BTG" }))).toEqual([403, "R71"]);
    for (const reason of ["%20%20", "%E2%80%8B", "..."]) {
      const blank = { "x-purpose-of-use": "BTG", "x-reason": reason };
      expect(await refusalOf(list(carnet, "pharmacist", anna, blank)), reason).toEqual([403, "R71"]);
    }
    const given = { ...breakGlass, "x-reason": encodeURIComponent("inconsciente à l'arrivée") };
    expect((await list(carnet, "pharmacist", anna, given)).status).toBe(200);
    const traces = await json<Bundle>(carnet.call("anna", `/AuditEvent?patient.identifier=${token(anna)}`));
    const texts = traces.entry?.flatMap(({ resource }) => (resource as AuditEvent).purposeOfEvent?.[0]?.text ?? []);
    expect(texts).toContain("inconsciente à l'arrivée");
  });

  test("R72 the dispatch centre needs no authorisation; nobody else has its mode", async () => {
    expect((await list(carnet, "dispatch", anna, dispatchMode)).status).toBe(200);
    expect(await refusalOf(list(carnet, "gp", anna, dispatchMode))).toEqual([403, "R72"]);
    expect(await refusalOf(list(carnet, "dispatch"))).toEqual([403, "R51"]);
  });

  test("R73 the patient sets each switch alone, and it counts at once", async () => {
    const switches = [
      ["allowsBreakGlass", "pharmacist", breakGlass],
      ["allowsDispatch", "dispatch", dispatchMode],
    ] as const;
    for (const [name, account, mode] of switches) {
      expect((await list(carnet, account, anna, mode)).status).toBe(200);
      expect((await preferences("anna", { [name]: false })).status).toBe(200);
      expect(await refusalOf(list(carnet, account, anna, mode))).toEqual([403, "R73"]);
      const others = switches.filter(([other]) => other !== name);
      for (const [, other, otherMode] of others) {
        expect((await list(carnet, other, anna, otherMode)).status, `${name} alone`).toBe(200);
      }
      expect((await preferences("anna", { [name]: true })).status).toBe(200);
      expect((await list(carnet, account, anna, mode)).status).toBe(200);
    }
  });

  test("R73 the switches are the patient's and the representatives', to read and to set", async () => {
    for (const account of ["gp", "nurse", "secretariat"]) {
      expect(await refusalOf(preferences(account)), account).toEqual([403, "R146"]);
      expect(await refusalOf(preferences(account, { allowsBreakGlass: true })), account).toEqual([403, "R146"]);
    }
    expect((await preferences("bruno")).status).toBe(404);
    expect((await preferences("anna", { allowsDispatch: true }, leo)).status).toBe(200);
    const { parameter }: { parameter: unknown } = await json(preferences("bruno", undefined, bruno));
    expect(parameter).toEqual([
      { name: "allowsDispatch", valueBoolean: false },
      { name: "allowsBreakGlass", valueBoolean: false },
      { name: "allowsHiddenInEmergency", valueBoolean: false },
      { name: "hidesDocuments", valueBoolean: false },
    ]);
  });

  test.each([
    ["an unknown switch", { allowsEverything: true }],
    ["no switch", {}],
  ])("R73 %s is a 422, and changes nothing", async (_name, wanted) => {
    expect((await preferences("anna", wanted)).status).toBe(422);
    expect((await list(carnet, "dispatch", anna, dispatchMode)).status).toBe(200);
  });
});

describe("R74 to R77: what emergency shows and does", () => {
  test("R74 masked documents are read in emergency only if the patient permits it", async () => {
    const { id } = await deposit(carnet, { flags: ["MASQUE_PS"] });
    for (const [account, mode] of [
      ["pharmacist", breakGlass],
      ["dispatch", dispatchMode],
    ] as const) {
      expect((await read(account, id, mode)).status).toBe(404);
      await preferences("anna", { allowsHiddenInEmergency: true });
      expect((await read(account, id, mode)).status).toBe(200);
      await preferences("anna", { allowsHiddenInEmergency: false });
    }
    expect((await read("nurse", id)).status).toBe(404);
  });

  test("R74 a document that is never for an emergency stays out of all of them, its author's included, for good", async () => {
    const { id } = await deposit(carnet, { author: "gp" });
    const asked = await declare(carnet, "anna", withhold(id), anna);
    expect(asked.status, await asked.clone().text()).toBe(201);
    const consent = await json<{ id: string }>(asked);
    await preferences("anna", { allowsHiddenInEmergency: true });
    for (const [account, mode] of [
      ["pharmacist", breakGlass],
      ["dispatch", dispatchMode],
      ["gp", breakGlass],
    ] as const) {
      expect((await read(account, id, mode)).status, account).toBe(404);
      expect(await idsOf(list(carnet, account, anna, mode)), account).not.toContain(id);
    }
    for (const account of ["gp", "nurse", "anna"]) expect((await read(account, id)).status, account).toBe(200);
    expect(await refusalOf(carnet.call("anna", `/Consent/${consent.id}`, { method: "DELETE" }))).toEqual([403, "R74"]);
    // Its next version keeps the promise.
    const next = await deposit(carnet, { author: "gp", replaces: id });
    expect((await read("pharmacist", next.id, breakGlass)).status).toBe(404);
    await preferences("anna", { allowsHiddenInEmergency: false });
  });

  test("R75 emergency creates no authorisation, and neither declares nor masks", async () => {
    const { id } = await deposit(carnet, { author: "pharmacist" });
    expect(await refusalOf(declare(carnet, "pharmacist", {}, anna, breakGlass))).toEqual([403, "R75"]);
    const mask = patch(carnet, "pharmacist", `/DocumentReference/${id}`, labels("N", "MASQUE_PS"), breakGlass);
    expect(await refusalOf(mask)).toEqual([403, "R75"]);
    expect(await refusalOf(list(carnet, "pharmacist"))).toEqual([403, "R51"]);
  });

  test("R76 after an emergency the holder and the referring doctor are told by mail", async () => {
    await carnet.service.accounts.upsert({
      id: "gp",
      login: "card-gp",
      secret: "0000",
      email: "gp@mail.example",
      claims: {
        kind: "professional",
        name: "Dr gp",
        rpps: rppsOf("gp"),
        profession: "10",
        specialty: "SM26",
        structure: cabinet,
      },
    });
    carnet.travel(DAY_MS);
    expect((await list(carnet, "colleague", anna, breakGlass)).status).toBe(200);
    await carnet.service.sendNotices();
    const mails = await json<{ to: string; kind: string; text: string }[]>(
      fetch(`${carnet.base.replace("/fhir", "")}/mailbox/messages.json`),
    );
    const told = mails.filter(({ kind, text }) => kind === "emergency-access" && text.includes("Dr colleague"));
    expect(told.map(({ to }) => to).sort()).toEqual(["anna@mail.example", "gp@mail.example"]);
    carnet.travel(-DAY_MS);
  });

  test("R77 a blocked professional has no access in emergency either", async () => {
    expect(await refusalOf(list(carnet, "blocked", anna, breakGlass))).toEqual([403, "R77"]);
    const { id } = await deposit(carnet);
    expect((await read("blocked", id, breakGlass)).status).toBe(403);
  });
});

describe("R78, R79: patients, representatives, secretaries", () => {
  test("R78 the patient and the representative see everything that is not marked invisible to them", async () => {
    const masked = await deposit(carnet, { patient: leo, flags: ["MASQUE_PS"] });
    const secret = await deposit(carnet, { patient: leo, flags: ["INVISIBLE_REPRESENTANTS_LEGAUX"] });
    const later = await deposit(carnet, { patient: leo, flags: ["INVISIBLE_PATIENT"] });
    const { ids } = await search(carnet, "anna", "", leo);
    expect(ids).toContain(masked.id);
    for (const { id } of [secret, later]) expect(ids).not.toContain(id);
    for (const path of [`/DocumentReference?patient.identifier=${token(leo)}&status=current`, `/Binary/${masked.id}`]) {
      expect((await carnet.call("bruno", path)).status).toBe(404);
    }
  });

  test("R79 a secretary deposits and deletes for the structure, and consults nothing", async () => {
    const content = pdf();
    const { id } = await deposit(carnet, { author: "cardiologist", content }, "secretariat");
    for (const path of [`/Binary/${id}`, `/Patient/$summary?identifier=${token(anna)}`]) {
      expect(await refusalOf(carnet.call("secretariat", path)), path).toEqual([403, "R79"]);
    }
    expect(await refusalOf(list(carnet, "secretariat"))).toEqual([403, "R79"]);
    const others = await deposit(carnet, { author: "gp" });
    const gone = [{ op: "replace", path: "/status", value: "entered-in-error" }];
    expect((await patch(carnet, "secretariat", `/DocumentReference/${others.id}`, gone)).status).toBe(404);
    expect((await patch(carnet, "secretariat", `/DocumentReference/${id}`, gone)).status).toBe(200);
    expect((await read("cardiologist", id)).status).toBe(404);
  });
});
