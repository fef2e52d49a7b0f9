/** Section I: traces. R180 to R186. The chain and its checkpoints have a file of their own (log/verify-log.test.ts). */
import type { AuditEvent, Bundle, Consent, OperationOutcome } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendAccess } from "../log/access-log.ts";
import { csvRow } from "../log/csv.ts";
import { deposit, search, token } from "../testing/documents.ts";
import { patients, rppsOf } from "../testing/people.ts";
import { declare, withhold } from "../testing/requests.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const { anna, bruno, leo } = patients;
const DAY_MS = 86_400_000;
const events = async (account: string, query = "", of = anna): Promise<AuditEvent[]> => {
  const response = await carnet.call(account, `/AuditEvent?patient.identifier=${token(of)}&_count=200${query}`);
  expect(response.status).toBe(200);
  const bundle: Bundle<AuditEvent> = await response.json();
  return (bundle.entry ?? []).flatMap((entry) => entry.resource ?? []);
};
const who = (event: AuditEvent) => event.agent.find((agent) => agent.requestor);
const kind = (event: AuditEvent) =>
  who(event)
    ?.role?.flatMap((role) => role.coding ?? [])
    .find((coding) => coding.system?.endsWith("/actor-kind"))?.code;
const ruleOf = async (response: Response): Promise<string | undefined> => {
  const outcome: OperationOutcome = await response.json();
  return outcome.issue[0]?.details?.coding?.[0]?.code;
};
const download = (account: string, query = "", of = anna, headers: Record<string, string> = {}) =>
  carnet.call(account, `/AuditEvent/$download?patient.identifier=${token(of)}${query}`, { headers });

describe("who reads which lines", () => {
  test("R181 the holder and the referring doctor read all, a professional their own", async () => {
    await search(carnet, "cardiologist");
    await search(carnet, "nurse");
    const actors = async (account: string) =>
      new Set((await events(account)).map((one) => who(one)?.who?.identifier?.value));
    for (const account of ["anna", "gp"])
      expect([...(await actors(account))]).toEqual(expect.arrayContaining([rppsOf("cardiologist"), rppsOf("nurse")]));
    expect([...(await actors("nurse"))]).toEqual([rppsOf("nurse")]);
    expect((await carnet.call("bruno", `/AuditEvent?patient.identifier=${token(anna)}`)).status).toBe(404);
  });

  test("R145, R181 the referring doctor reads who acted, not on which document that the patient withholds from them", async () => {
    const { id } = await deposit(carnet, { author: "cardiologist" });
    const naming = async (account: string, query = "") =>
      (await events(account, query)).filter((event) => JSON.stringify(event).includes(id));
    await carnet.call("nurse", `/Binary/${id}`);
    expect((await naming("gp")).length).toBeGreaterThan(1);
    const kept = await declare(carnet, "anna", withhold(id, "gp"), anna);
    expect(kept.status).toBe(201);
    await carnet.call("colleague", `/Binary/${id}`);
    expect(await naming("gp")).toEqual([]);
    expect(await events("gp", `&entity=DocumentReference/${id}`)).toEqual([]);
    const told = await events("gp");
    expect(told.map((event) => who(event)?.who?.identifier?.value)).toContain(rppsOf("colleague"));
    expect(JSON.stringify(told)).not.toMatch(/withheld|never-in-emergency/);
    const table = await (await download("gp", "&_format=json")).text();
    expect(table.includes(id) || table.includes("withheld")).toBe(false);
    // To the patient, and to the doctor once it is given back, the lines are whole.
    expect((await naming("anna", `&entity=DocumentReference/${id}`)).length).toBeGreaterThan(2);
    const consent: Consent = await kept.json();
    expect((await carnet.call("anna", `/Consent/${consent.id}`, { method: "DELETE" })).status).toBeLessThan(300);
    expect((await naming("gp")).length).toBeGreaterThan(2);
    expect(JSON.stringify(await events("gp"))).not.toContain("withheld");
  });

  test("R148 asking by the name of what is not announced yet finds nobody's lines", async () => {
    const { id } = await deposit(carnet, { author: "cardiologist", flags: ["INVISIBLE_PATIENT"] });
    await carnet.call("nurse", `/Binary/${id}`);
    expect(await events("anna", `&entity=DocumentReference/${id}`)).toEqual([]);
    expect((await events("cardiologist", `&entity=DocumentReference/${id}`)).length).toBeGreaterThan(0);
  });

  test("R184 a secret line is the holder's to read, and not the representatives'", async () => {
    const recordId = (await carnet.service.records.idOf(leo.ins)) ?? "";
    const nurse = {
      kind: "professional",
      id: "nurse",
      name: "Dr nurse",
      rpps: rppsOf("nurse"),
      profession: "60",
    } as const;
    await appendAccess(carnet.service.store.database, {
      recordId,
      caller: { actor: nurse, purposeOfUse: "TREAT" },
      transaction: "TD3.1a",
      action: "E",
      outcome: "granted",
      rule: "R80",
      objectType: "DocumentReference",
      isSecret: true,
      recorded: carnet.now(),
    });
    expect((await events("anna", "", leo)).map((one) => who(one)?.who?.identifier?.value)).not.toContain(
      rppsOf("nurse"),
    );
    expect(await (await download("anna", "", leo)).text()).not.toContain("nurse");
    // At eighteen the record is the person's own.
    carnet.travel(20 * 365 * DAY_MS);
    const own = await events("leo", "", leo);
    carnet.travel(-20 * 365 * DAY_MS);
    expect(own.map((one) => who(one)?.who?.identifier?.value)).toContain(rppsOf("nurse"));
  });
});

describe("what is asked", () => {
  test("R183 the tabs of the patient's view are kinds of actors", async () => {
    await carnet.call("anna", `/Patient?identifier=${token(leo)}`);
    await carnet.call("secretariat", `/Patient?identifier=${token(anna)}`);
    const all = await events("anna");
    for (const code of ["professional", "establishment", "patient"]) {
      const tab = await events("anna", `&agent-role=${code}`);
      expect(tab.length).toBeGreaterThan(0);
      expect(new Set(tab.map(kind))).toEqual(new Set([code]));
    }
    const both = await events(
      "anna",
      "&agent-role=https://carnet.example/fhir/CodeSystem/actor-kind|professional,establishment",
    );
    expect(both.length).toBe(all.filter((one) => ["professional", "establishment"].includes(kind(one) ?? "")).length);
    expect((await events("anna", "&agent-role=representative", leo)).map(kind)).toContain("representative");
    expect((await carnet.call("anna", `/AuditEvent?patient.identifier=${token(anna)}&agent-role=nobody`)).status).toBe(
      400,
    );
  });

  test("R185 each parameter filters: agent, name, action, outcome, transaction, object, date", async () => {
    const { id } = await deposit(carnet, { title: "Courrier cherché" });
    await carnet.call("gp", `/Binary/${id}`);
    await carnet.call("pharmacist", `/DocumentReference?patient.identifier=${token(anna)}&status=current`);
    const check = async (query: string, holds: (event: AuditEvent) => boolean) => {
      const found = await events("anna", query);
      expect(found.length, query).toBeGreaterThan(0);
      expect(found.every(holds), query).toBe(true);
    };
    await check(
      `&agent.identifier=urn:oid:1.2.250.1.71.4.2.1|${rppsOf("gp")}`,
      (one) => who(one)?.who?.identifier?.value === rppsOf("gp"),
    );
    await check("&agent-name=pharma", (one) => who(one)?.who?.display === "Dr pharmacist");
    await check("&action=R", (one) => one.action === "R");
    await check("&outcome=4", (one) => one.outcome === "4");
    await check("&subtype=TD3.2", (one) => one.subtype?.some((code) => code.code === "TD3.2") ?? false);
    await check(
      `&entity=Binary/${id}`,
      (one) => one.entity?.some((entity) => entity.what?.reference?.endsWith(id)) ?? false,
    );
    await check(`&date=ge${carnet.now().toISOString().slice(0, 10)}`, () => true);
    expect(await events("anna", "&date=lt2020")).toEqual([]);
    const unknown = await carnet.call("anna", `/AuditEvent?patient.identifier=${token(anna)}&site=x`);
    expect(unknown.status).toBe(400);
  });

  test("R185 pages follow one another without a hole or a double", async () => {
    const all = (await events("anna", "&agent-role=professional")).map((one) => one.id);
    const paged: (string | undefined)[] = [];
    let path = `/AuditEvent?patient.identifier=${token(anna)}&agent-role=professional&_count=3`;
    while (path) {
      const bundle: Bundle<AuditEvent> = await (await carnet.call("anna", path)).json();
      paged.push(...(bundle.entry ?? []).map((entry) => entry.resource?.id));
      path = bundle.link?.find((link) => link.relation === "next")?.url.replace(carnet.base, "") ?? "";
    }
    expect(paged).toEqual(all);
  });
});

describe("what a line says", () => {
  test("R185 who, from which structure, in which mode, why, what, with which rule, when", async () => {
    const headers = { "x-purpose-of-use": "BTG", "x-reason": encodeURIComponent("patiente inconsciente") };
    await carnet.call("pharmacist", `/DocumentReference?patient.identifier=${token(anna)}&status=current`, { headers });
    await carnet.call("dental-assistant", `/DocumentReference?patient.identifier=${token(anna)}&status=current`);
    await search(carnet, "cardiologist");
    const [emergency] = await events("anna", `&agent.identifier=${rppsOf("pharmacist")}`);
    expect(emergency?.purposeOfEvent?.[0]).toMatchObject({ coding: [{ code: "BTG" }], text: "patiente inconsciente" });
    const [refusal] = await events("anna", `&agent.identifier=${rppsOf("dental-assistant")}`);
    expect(refusal).toMatchObject({ outcome: "4", outcomeDesc: "Refusé (R50)" });
    const [found] = await events("anna", `&agent.identifier=${rppsOf("cardiologist")}`);
    expect(who(found as AuditEvent)?.role).toEqual(expect.arrayContaining([{ text: "Hôpital d'essai" }]));
    expect(Math.abs(Date.parse(found?.recorded ?? "") - carnet.now().getTime())).toBeLessThan(60_000);
  });
});

describe("how far back", () => {
  test("R182 professionals read a year back and a hundred lines, the patient everything", async () => {
    const other = await startCarnet({ TRACE_WINDOW_DAYS: "30", TRACE_WINDOW_LINES: "3" });
    try {
      const count = async (account: string) => {
        const response = await other.call(account, `/AuditEvent?patient.identifier=${token(anna)}&_count=200`);
        const bundle: Bundle = await response.json();
        return bundle.entry?.length ?? 0;
      };
      for (let asked = 0; asked < 5; asked++) await other.call("gp", `/Patient?identifier=${token(anna)}`);
      expect(await count("gp")).toBe(3);
      expect(await count("anna")).toBeGreaterThanOrEqual(6);
      other.travel(31 * DAY_MS);
      expect(await count("gp")).toBe(0);
      expect(await count("anna")).toBeGreaterThanOrEqual(8);
    } finally {
      await other.close();
    }
  });
});

describe("the whole log as a file", () => {
  test("R183 a table in French or English, complete, newest first", async () => {
    await search(carnet, "nurse");
    const response = await download("anna");
    expect(response.headers.get("content-type")).toContain("text/csv");
    expect(response.headers.get("content-disposition")).toMatch(/attachment; filename="acces-\d{4}-\d\d-\d\d\.csv"/);
    const text = Buffer.from(await response.arrayBuffer()).toString("utf8");
    expect(text).toMatch(/^\ufeffDate et heure;Genre;Nom/);
    const all = await events("anna");
    expect(text.trimEnd().split("\r\n").length - 1).toBe(all.length);
    expect(text).toMatch(/Professionnel de santé;Dr nurse;Infirmi/);
    const english = await (await download("anna", "", anna, { "accept-language": "en" })).text();
    expect(english).toContain("Date and time,Kind,Name");
    expect(english).toContain("Health professional,Dr nurse");
  });

  test("R183 or a Bundle with the same events", async () => {
    const bundle: Bundle<AuditEvent> = await (await download("anna", "&_format=json")).json();
    const all = await events("anna");
    expect(bundle.entry?.map((entry) => entry.resource?.id)).toEqual(all.map((one) => one.id));
  });

  test("R171 for the patient and representatives only", async () => {
    expect((await download("anna", "", leo)).status).toBe(200);
    for (const account of ["gp", "nurse", "secretariat"]) expect((await download(account)).status).toBe(403);
    expect((await download("bruno")).status).toBe(404);
    expect(await ruleOf(await download("gp"))).toBe("R170");
    expect((await download("anna", "&_format=pdf")).status).toBe(400);
  });

  test("R183 a name that a spreadsheet would run is text", () => {
    expect(csvRow(["=1+1", 'a"b', "c;d", "é"], ";")).toBe(`'=1+1;"a""b";"c;d";é\r\n`);
  });

  test("R148, R171 what is kept for an announcement is not named in it", async () => {
    const { id } = await deposit(carnet, {
      patient: bruno,
      author: "cardiologist",
      typeCode: "11502-2",
      flags: ["INVISIBLE_PATIENT"],
    });
    await carnet.call("cardiologist", `/Binary/${id}`);
    const bundle = await (await download("bruno", "&_format=json", bruno)).text();
    expect(bundle).not.toContain(id);
    expect(await (await download("bruno", "", bruno)).text()).not.toContain("résultats d’examens");
  });
});
