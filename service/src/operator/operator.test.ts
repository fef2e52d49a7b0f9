/** The operator's own addresses: who gets in, and what they do. */
import type { AuditEvent, Bundle, Communication } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAccounts } from "../identity-provider/accounts.ts";
import { deposit, search, token } from "../testing/documents.ts";
import { DAY_MS, extensionOf, newcomer, newcomerWithRecord, statusOf } from "../testing/newcomers.ts";
import { patients } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

const structure = { id: "3180035024", name: "Opérateur d'essai", facilityType: "SA24" };

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet({ OPERATOR_STRUCTURE: structure.id });
  const accounts = createAccounts(carnet.service.store.database, carnet.now, { N: 2 ** 8, r: 8, p: 1 });
  const establishment = (id: string, given: object) =>
    accounts.upsert({
      id,
      login: id,
      secret: "0000",
      claims: { kind: "establishment", name: id, structure, ...given },
    });
  await establishment("operator-machine", { authentication: "indirect" });
  await establishment("operator-secretary", {});
  await establishment("hospital-machine", {
    authentication: "indirect",
    structure: { ...structure, id: "1750999992" },
  });
});
afterAll(() => carnet.close());

async function ask(account: string | null, path: string, body: unknown): Promise<Response> {
  const headers = new Headers({ "content-type": "application/json" });
  if (account) headers.set("authorization", `Bearer ${await carnet.token(account)}`);
  return fetch(`${carnet.service.config.publicUrl}/operator${path}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
}
const act = (body: unknown) => ask("operator-machine", "/records", body);

describe("the operator's addresses", () => {
  test("R2 only a machine of the operator's structure announces, suspends or names anybody", async () => {
    const { ins, traits } = await newcomer(carnet);
    const person = { ins, traits, cardSerialNumber: "1234567890" };
    const statuses: [string | null, number][] = [];
    for (const account of [null, "gp", "anna", "secretariat", "operator-secretary", "hospital-machine"]) {
      statuses.push([account, (await ask(account, "/insured-persons", person)).status]);
    }
    expect(statuses.map(([, status]) => status)).toEqual([401, 403, 403, 403, 403, 403]);
    const told = await ask("operator-machine", "/insured-persons", person);
    expect(told.status).toBe(201);
    const { state, letter } = await told.json();
    expect([state, typeof letter.text]).toEqual(["announced", "string"]);
    const again = await ask("operator-machine", "/insured-persons", person);
    expect([again.status, await again.json()]).toEqual([200, { state: "already-announced" }]);
    carnet.travel(43 * DAY_MS);
    await carnet.service.runJobs();
    expect((await statusOf(carnet, "gp", { ins }))?.active).toBe(true);
  });

  test("R2 what cannot be understood is told by its place, never by its value", async () => {
    const { ins, traits } = await newcomer(carnet);
    const person = { ins, traits, cardSerialNumber: "1234567890" };
    const answers = await Promise.all([
      ask("operator-machine", "/insured-persons", { ...person, traits: { ...traits, birthDate: "hier" } }),
      ask("operator-machine", "/insured-persons", { ...person, ins: { ...ins, value: `${ins.value.slice(0, 13)}00` } }),
      ask("operator-machine", "/insured-persons", { ...person, traits: { ...traits, birthDate: "2020-01-01" } }),
      ask("operator-machine", "/insured-persons", "rien"),
      act({ act: "destroy", ins }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
    expect(await answers[0]?.json()).toEqual({ code: "misunderstood", place: "traits.birthDate" });
    expect(await answers[1]?.json()).toEqual({ code: "ins-key", place: "ins" });
    expect(await answers[2]?.json()).toEqual({ code: "parent-missing", place: "ins" });
    expect((await act({ act: "lift", ins })).status).toBe(404);
  });

  test("R2, R13, R22 a day that cannot be, or a name that none is, is refused by its place and changes nothing", async () => {
    const [person, tutor] = [await newcomerWithRecord(carnet), await newcomer(carnet)];
    const { ins } = person;
    const represent = (given: object) =>
      act({ act: "represent", ins, representative: { ins: tutor.ins, name: "Tutrice", kind: "tutor", ...given } });
    const tomorrow = new Date(carnet.now().getTime() + 2 * DAY_MS).toISOString().slice(0, 10);
    const announced = await newcomer(carnet);
    const announce = (traits: object) =>
      ask("operator-machine", "/insured-persons", {
        ins: announced.ins,
        traits: { ...announced.traits, ...traits },
        cardSerialNumber: "1234567890",
        attachedTo: tutor.ins,
      });
    const refused: [string, Response][] = [
      ["diedOn", await act({ act: "death", ins, diedOn: "2026-02-31" })],
      ["diedOn", await act({ act: "death", ins, diedOn: tomorrow })],
      ["diedOn", await act({ act: "death", ins, diedOn: "1926-11-02" })],
      ["representative.until", await represent({ until: "2020-01-01" })],
      ["representative.until", await represent({ until: "2031-02-31" })],
      ["representative.ins", await represent({ ins })],
      ["representative.name", await represent({ name: "Tutrice\u0000" })],
      ["traits.birthDate", await announce({ birthDate: tomorrow })],
      ["traits.birthDate", await announce({ birthDate: "1980-02-31" })],
      ["traits.birthName", await announce({ birthName: "ESSAI\u0000" })],
    ];
    for (const [place, answer] of refused) {
      expect([answer.status, await answer.json()]).toEqual([400, { code: "misunderstood", place }]);
    }
    expect((await statusOf(carnet, "gp", person))?.active).toBe(true);
    await expect(search(carnet, tutor.account, "", person.patient)).rejects.toThrow("404");
  });

  test("R13, R18, R22, R37 suspends and lifts, appoints, changes a status, records a death", async () => {
    const [{ ins, patient }, tutor] = [await newcomerWithRecord(carnet), await newcomer(carnet)];
    expect((await act({ act: "suspend", ins, reason: "essai" })).status).toBe(204);
    expect((await statusOf(carnet, "gp", { ins }))?.active).toBe(false);
    expect((await act({ act: "lift", ins })).status).toBe(204);
    expect((await statusOf(carnet, "gp", { ins }))?.active).toBe(true);

    const representative = { ins: tutor.ins, name: "Tutrice", kind: "tutor" };
    expect((await act({ act: "represent", ins, representative })).status).toBe(204);
    expect((await search(carnet, tutor.account, "", patient)).ids).toEqual([]);

    // A last day is a whole one, in Paris.
    for (const until of ["2031-01-15", "2031-07-15"]) {
      const mandatary = { ins: (await newcomer(carnet)).ins, name: "Mandataire", kind: "mandatary", until };
      expect((await act({ act: "represent", ins, representative: mandatary })).status).toBe(204);
    }
    const ends = await carnet.service.store.database
      .selectFrom("representative")
      .select("ended_at")
      .where("kind", "=", "mandatary")
      .orderBy("ended_at")
      .execute();
    expect(ends.map(({ ended_at }) => ended_at?.toISOString())).toEqual([
      "2031-01-15T23:00:00.000Z",
      "2031-07-15T22:00:00.000Z",
    ]);

    expect((await act({ act: "identity-status", ins, status: "retrieved" })).status).toBe(204);
    const status = "https://carnet.example/fhir/StructureDefinition/identity-status";
    expect(extensionOf(await statusOf(carnet, "gp", { ins }), status)?.valueCode).toBe("retrieved");

    expect((await act({ act: "death", ins, diedOn: "2026-11-02" })).status).toBe(204);
    expect((await statusOf(carnet, "gp", { ins }))?.deceasedDateTime).toBe("2026-11-02");
    await expect(search(carnet, tutor.account, "", patient)).rejects.toThrow("404");

    expect((await act({ act: "withdraw-death", ins })).status).toBe(204);
    expect((await search(carnet, tutor.account, "", patient)).ids).toEqual([]);
    const again = await act({ act: "withdraw-death", ins });
    expect([again.status, await again.json()]).toEqual([404, { code: "no-death" }]);
  });

  test("R186 (EU 2025/327 art. 6) reads what people reported and closes it; both show in the record's log, and to who reported", async () => {
    const { id } = await deposit(carnet);
    const sent = await carnet.call("anna", "/Communication", {
      method: "POST",
      body: JSON.stringify({
        resourceType: "Communication",
        status: "completed",
        category: [{ coding: [{ code: "report" }] }],
        subject: { type: "Patient", identifier: { ...patients.anna.ins } },
        about: [{ reference: `DocumentReference/${id}` }],
        payload: [{ contentString: "Ce document n’est pas le mien" }],
      }),
    });
    const reported: Communication = await sent.json();
    const read = async (account: string | null) => {
      const authorization = account ? { authorization: `Bearer ${await carnet.token(account)}` } : undefined;
      const headers = authorization ?? {};
      return fetch(`${carnet.service.config.publicUrl}/operator/reports`, { headers });
    };
    for (const account of [null, "gp", "anna", "operator-secretary", "hospital-machine"]) {
      expect((await read(account)).status, account ?? "nobody").toBe(account === null ? 401 : 403);
      expect((await ask(account, "/reports", { act: "close", id: reported.id })).status).not.toBe(204);
    }
    const { reports } = await (await read("operator-machine")).json();
    expect(reports).toMatchObject([
      { id: reported.id, about: `DocumentReference/${id}`, text: "Ce document n’est pas le mien" },
    ]);
    expect((await ask("operator-machine", "/reports", { act: "close", id: "x" })).status).toBe(404);
    expect((await ask("operator-machine", "/reports", { act: "open", id: reported.id })).status).toBe(400);
    expect((await ask("operator-machine", "/reports", { act: "close", id: reported.id })).status).toBe(204);
    expect((await ask("operator-machine", "/reports", { act: "close", id: reported.id })).status).toBe(404);
    expect((await (await read("operator-machine")).json()).reports).toEqual([]);
    const mine: Bundle<Communication> = await (
      await carnet.call("anna", `/Communication?patient.identifier=${token(patients.anna)}&category=report`)
    ).json();
    expect(mine.entry?.[0]?.resource?.status).toBe("completed");
    const log: Bundle<AuditEvent> = await (
      await carnet.call("anna", `/AuditEvent?patient.identifier=${token(patients.anna)}&_count=100`)
    ).json();
    const requestors = (event: AuditEvent | undefined) =>
      event?.agent.flatMap((agent) => (agent.requestor ? [agent.who?.display] : [])) ?? [];
    const byOperator = log.entry?.filter(({ resource }) => requestors(resource).includes("operator-machine")) ?? [];
    expect(byOperator.map(({ resource }) => resource?.action).sort()).toEqual(["R", "U"]);
  });
});
