/** Section J: notices. R190 to R196. Mails, retries and recipients have a file of their own (notices/notices.test.ts). */
import type { Bundle, Communication, OperationOutcome, Parameters } from "@carnet/sdk/fhir";
import { documentTypes } from "@carnet/sdk/terminology";
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startClamdDouble } from "../content-safety/testing/clamd-double.ts";
import { optionalNotices } from "../notices/preferences.ts";
import { noticeKinds, noticeWords, type RecipientRole, writeNotice } from "../notices/texts.ts";
import { deposit, search, token } from "../testing/documents.ts";
import { patients, rppsOf } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const { anna, bruno } = patients;
const DAY_MS = 86_400_000;
const json = async <T>(response: Response): Promise<T> => response.json();
const mails = async (recipient: string, kind: string): Promise<{ subject: string; body: string }[]> => {
  await carnet.service.sendNotices();
  const { rows } = await sql<{ subject: string; body: string }>`
    select subject, body from mail where recipient = ${recipient} and kind = ${kind}`.execute(
    carnet.service.store.database,
  );
  return rows;
};
const notices = async (account: string, of = anna, headers: Record<string, string> = {}): Promise<Communication[]> => {
  const response = await carnet.call(account, `/Communication?patient.identifier=${token(of)}&category=notice`, {
    headers,
  });
  expect(response.status).toBe(200);
  return ((await json<Bundle<Communication>>(response)).entry ?? []).flatMap((entry) => entry.resource ?? []);
};
const kindOf = (notice: Communication) => notice.topic?.coding?.[0]?.code;
const preferences = (account: string, body?: Record<string, boolean>) =>
  carnet.call(account, `/Patient/$notice-preferences?identifier=${token(anna)}`, {
    ...(body
      ? {
          method: "POST",
          body: JSON.stringify({
            resourceType: "Parameters",
            parameter: Object.entries(body).map(([name, valueBoolean]) => ({ name, valueBoolean })),
          }),
        }
      : {}),
  });

describe("what is told", () => {
  test("R190, R192 the first access, then one notice a day of consultations by the same professional", async () => {
    for (let asked = 0; asked < 3; asked++) await search(carnet, "cardiologist");
    expect(await mails("anna@mail.example", "first-access")).toHaveLength(1);
    expect(await mails("anna@mail.example", "consultation")).toHaveLength(0);
    carnet.travel(DAY_MS);
    for (let asked = 0; asked < 3; asked++) await search(carnet, "cardiologist");
    expect(await mails("anna@mail.example", "first-access")).toHaveLength(1);
    expect(await mails("anna@mail.example", "consultation")).toHaveLength(1);
    carnet.travel(DAY_MS);
    await search(carnet, "cardiologist");
    expect(await mails("anna@mail.example", "consultation")).toHaveLength(2);
  });

  test("R191 each emergency access, with who and why to be read in the log", async () => {
    const headers = { "x-purpose-of-use": "BTG", "x-reason": "inconsciente" };
    await carnet.call("pharmacist", `/DocumentReference?patient.identifier=${token(anna)}&status=current`, { headers });
    const [mail] = await mails("anna@mail.example", "emergency-access");
    expect(mail?.body).toContain("Dr pharmacist");
    expect(mail?.body).not.toContain("inconsciente");
  });

  test("R193 a document, a message, an application: each has its notice on the patient page, in both languages", async () => {
    await deposit(carnet, { author: "gp", title: "Titre très parlant" });
    await carnet.service.sendNotices();
    const french = await notices("anna");
    expect(french.map(kindOf)).toEqual(
      expect.arrayContaining(["new-document", "first-access", "emergency-access", "consultation"]),
    );
    expect(french[0]?.language).toBe("fr");
    const english = await notices("anna", anna, { "accept-language": "en" });
    expect(english.find((one) => kindOf(one) === "new-document")?.topic?.text).toBe(
      "A document was added to your record",
    );
    expect(JSON.stringify([french, english])).not.toContain("parlant");
  });

  test("R193, R170 notices are the patient's: representatives read them, professionals and strangers do not", async () => {
    expect((await carnet.call("gp", `/Communication?patient.identifier=${token(anna)}&category=notice`)).status).toBe(
      403,
    );
    expect(
      (await carnet.call("bruno", `/Communication?patient.identifier=${token(anna)}&category=notice`)).status,
    ).toBe(404);
  });

  test("R193 the list goes on page after page, each notice once", async () => {
    const all = (await notices("anna")).map((one) => one.id);
    const paged: (string | undefined)[] = [];
    let path = `/Communication?patient.identifier=${token(anna)}&category=notice&_count=2`;
    while (path) {
      const bundle = await json<Bundle<Communication>>(await carnet.call("anna", path));
      paged.push(...(bundle.entry ?? []).map((entry) => entry.resource?.id));
      path = bundle.link?.find((link) => link.relation === "next")?.url.replace(carnet.base, "") ?? "";
    }
    expect(paged).toEqual(all);
  });
});

describe("what the patient switches off", () => {
  test("R193 each kind but those of security, by mail; on the page it stays", async () => {
    const off = Object.fromEntries(optionalNotices.map((kind) => [kind, false]));
    const set = await json<Parameters>(await preferences("anna", off));
    expect(set.parameter?.every((one) => one.valueBoolean === false)).toBe(true);
    const before = (await mails("anna@mail.example", "new-document")).length;
    const listed = (await notices("anna")).filter((one) => kindOf(one) === "new-document").length;
    carnet.travel(DAY_MS);
    await deposit(carnet, { author: "gp" });
    await search(carnet, "nurse");
    expect(await mails("anna@mail.example", "new-document")).toHaveLength(before);
    expect((await mails("anna@mail.example", "first-access")).map((mail) => mail.body).join()).toContain("Dr nurse");
    expect((await notices("anna")).filter((one) => kindOf(one) === "new-document").length).toBe(listed + 1);
    await preferences("anna", { "new-document": true });
    // New documents of one depositor are told once a day.
    carnet.travel(DAY_MS);
    await deposit(carnet, { author: "gp" });
    expect(await mails("anna@mail.example", "new-document")).toHaveLength(before + 1);
  });

  test("R193 a notice of security cannot be switched off, and only the patient's side sets anything", async () => {
    expect((await preferences("anna", { "emergency-access": false })).status).toBe(422);
    expect((await preferences("anna", { nothing: false })).status).toBe(422);
    expect((await preferences("gp", { message: false })).status).toBe(403);
    expect((await preferences("bruno", { message: false })).status).toBe(404);
  });
});

describe("alerts for professionals", () => {
  const follow = (account: string, ...types: string[]) =>
    carnet.call(account, "/$document-alerts", {
      method: "POST",
      body: JSON.stringify({
        resourceType: "Parameters",
        ...(types.length > 0 ? { parameter: types.map((valueCode) => ({ name: "type", valueCode })) } : {}),
      }),
    });
  const alerts = async (account: string): Promise<number> => {
    await carnet.service.runJobs();
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from notice where kind = 'alert' and professional_id = ${rppsOf(account)}`.execute(
      carnet.service.store.database,
    );
    return rows[0]?.count ?? 0;
  };

  test("R194 a professional is told of the types they follow, where they may consult and see the document, once", async () => {
    expect((await follow("nurse", "11502-2")).status).toBe(200);
    await deposit(carnet, { author: "cardiologist", typeCode: "11502-2" });
    await deposit(carnet, { author: "cardiologist", typeCode: "11488-4" });
    await deposit(carnet, { author: "cardiologist", typeCode: "11502-2", flags: ["MASQUE_PS"] });
    await deposit(carnet, { author: "cardiologist", typeCode: "11502-2", patient: bruno });
    expect(await alerts("nurse")).toBe(1);
    // Looked at again under a clock that runs ahead; once it is set right, what comes in is told before that day.
    carnet.travel(DAY_MS);
    expect(await alerts("nurse")).toBe(1);
    expect((await notices("anna")).map(kindOf)).not.toContain("alert");
    carnet.travel(-DAY_MS);
    await deposit(carnet, { author: "cardiologist", typeCode: "11502-2" });
    await alerts("nurse");
    expect(await alerts("nurse")).toBe(2);
    await follow("nurse");
    await deposit(carnet, { author: "cardiologist", typeCode: "11502-2" });
    expect(await alerts("nurse")).toBe(2);
  });

  test("R194 a document that was on its way when the job looked is told all the same", async () => {
    const clamd = await startClamdDouble();
    const slow = await startCarnet({ CLAMD_URL: clamd.url });
    const told = async () => {
      await slow.service.runJobs();
      const { rows } = await sql`select from notice where kind = 'alert'`.execute(slow.service.store.database);
      return rows.length;
    };
    try {
      await slow.call("nurse", "/$document-alerts", {
        method: "POST",
        body: JSON.stringify({ resourceType: "Parameters", parameter: [{ name: "type", valueCode: "11502-2" }] }),
      });
      const held = clamd.holdNext();
      const deposited = deposit(slow, { author: "cardiologist", typeCode: "11502-2" });
      const { answer } = await held;
      slow.travel(60_000);
      expect(await told()).toBe(0);
      answer();
      await deposited;
      expect(await told()).toBe(1);
      slow.travel(60_000);
      expect(await told()).toBe(1);
    } finally {
      await slow.close();
      await clamd.close();
    }
  });

  test("R194 only known types, only professionals", async () => {
    expect((await follow("nurse", "no-such-type")).status).toBe(422);
    const outcome = await json<OperationOutcome>(await follow("anna", "11502-2"));
    expect(outcome.issue[0]?.details?.coding?.[0]?.code).toBe("R194");
  });
});

describe("what a notice never says", () => {
  const roles: readonly RecipientRole[] = ["holder", "representative", "referring-doctor", "professional"];
  /** Words of care, and titles of documents: none may be in a text of ours. */
  const forbidden = [
    ...documentTypes.map((type) => type.display.toLowerCase()),
    ..."maladie traitement médicament diagnostic allergie cancer sang grossesse vaccin résultat examen ordonnance hospitalisation disease treatment medicine diagnosis allergy blood pregnancy vaccine prescription hospital".split(
      " ",
    ),
  ];

  test("R196 every text of every kind, role and language, whoever acted and whenever: no medical content", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...noticeKinds),
        fc.constantFrom(...roles),
        fc.constantFrom("fr" as const, "en" as const),
        fc.integer({ min: 1, max: 40 }),
        fc.date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true }),
        (kind, role, locale, count, occurredAt) => {
          const facts = { kind, role, who: "Dr X", occurredAt, count, link: "https://carnet.example/" };
          const { subject, text } = writeNotice(facts, locale);
          const words = noticeWords(kind, facts, locale);
          // The foot says that there is no health data, and links to the page.
          const all = `${subject}\n${text}\n${words.subject}\n${words.text}`.toLowerCase();
          for (const word of forbidden)
            expect(all).not.toMatch(new RegExp(`(?<!\\p{L})${escaped(word)}s?(?!\\p{L})`, "u"));
          expect(text.split("\n").every((line) => line.length <= 76)).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("R196 neither title nor type nor text of a document reaches a mail", async () => {
    await deposit(carnet, { author: "cardiologist", title: "Sérologie confidentielle", typeCode: "11502-2" });
    await carnet.service.sendNotices();
    const { rows } = await sql<{ subject: string; body: string }>`select subject, body from mail`.execute(
      carnet.service.store.database,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/sérologie|biologi|11502/i);
  });
});

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
