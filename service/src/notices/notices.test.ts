import { randomUUID } from "node:crypto";
import { identifierSystem } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { loadConfig } from "../config.ts";
import { createAccounts } from "../identity-provider/index.ts";
import { identityTables } from "../identity-provider/tables.ts";
import { openTestStore, type TestStore } from "../identity-provider/testing/service.ts";
import type { NoticeKind } from "../store/tables.ts";
import { createMailer, type Mail, type Mailer, MailNotConfigured, startNoticeJob } from "./index.ts";

const system = identifierSystem.insTest;
const holder = { system, value: "285069935104258" };
const child = { system, value: "116109935104233" };
const stranger = { system, value: "199019935104211" };
const rpps = "810000000001";

let data: TestStore;
let at = new Date("2026-05-04T08:30:00Z");
const now = () => at;
const adult = randomUUID();
const minor = randomUUID();
const unreachable = randomUUID();

beforeAll(async () => {
  data = await openTestStore();
  const accounts = createAccounts(data.store.database, now, { N: 2 ** 8, r: 8, p: 1 });
  const secret = "Carnet-2026!";
  await accounts.upsert({
    id: "patient-camille",
    login: "camille.legrand",
    secret,
    email: "camille@example.org",
    claims: { kind: "patient", name: "Camille LEGRAND", ins: holder },
  });
  await accounts.upsert({
    id: "dr-fictif",
    login: "8100001",
    secret: "4321",
    email: "dr@example.org",
    locale: "en",
    claims: { kind: "professional", name: "Dr Anne Fictif", rpps, profession: "10" },
  });
  const record = (record_id: string, ins: { system: string; value: string }, birth_date: string) => ({
    record_id,
    ins_system: ins.system,
    ins_value: ins.value,
    state: "open" as const,
    birth_name: "LEGRAND",
    used_name: null,
    birth_given_names: "[]",
    first_given_name: "X",
    used_given_name: null,
    sex: "unknown" as const,
    birth_date,
    birth_place_code: null,
    is_attached_to_mes: true,
    allows_dispatch: true,
    allows_break_glass: true,
    allows_masked_in_emergency: false,
    opened_at: at,
    closed_at: null,
    closure_motive: null,
    closure_reason: null,
    updated_at: at,
    wrapped_key: Buffer.alloc(40),
  });
  const { database } = data.store;
  await database
    .insertInto("record")
    .values([
      record(adult, holder, "1985-06-14"),
      record(minor, child, "2016-10-02"),
      record(unreachable, stranger, "1999-01-01"),
    ])
    .execute();
  await database
    .insertInto("representative")
    .values({
      record_id: minor,
      representative_id: randomUUID(),
      ins_system: holder.system,
      ins_value: holder.value,
      name: "Camille LEGRAND",
      kind: "parent",
      started_at: at,
      ended_at: null,
    })
    .execute();
  await database
    .insertInto("authorisation")
    .values({
      record_id: adult,
      authorisation_id: randomUUID(),
      kind: "referring",
      subject_kind: "professional",
      subject_id: rpps,
      subject_name: "Dr Anne Fictif",
      granted_at: at,
      granted_by: "patient",
      expires_at: null,
      ended_at: null,
      last_action_at: at,
      is_secret: false,
    })
    .execute();
}, 120_000);
afterAll(() => data.close());
beforeEach(async () => {
  await identityTables(data.store.database).deleteFrom("mail").execute();
  await data.store.database.deleteFrom("notice").execute();
});

async function note(recordId: string, kind: NoticeKind, count = 1): Promise<void> {
  const rows = Array.from({ length: count }, () => ({
    record_id: recordId,
    notice_id: randomUUID(),
    dedupe_key: randomUUID(),
    kind,
    occurred_at: at,
    actor_name: "Dr Paul DURAND",
    structure_name: "Hôpital du Parc",
    purpose_of_use: "TREAT",
    next_attempt_at: at,
    sent_at: null,
  }));
  await data.store.database.insertInto("notice").values(rows).execute();
}

const mails = () =>
  identityTables(data.store.database).selectFrom("mail").selectAll().orderBy("recipient").orderBy("subject").execute();
const statuses = async () =>
  (await data.store.database.selectFrom("notice").select("status").execute()).map((row) => row.status);

async function drain(mailer: Mailer = createMailer(data.config, data.store.database, now)): Promise<void> {
  const job = startNoticeJob({ config: data.config, database: data.store.database, mailer, now });
  await job.drain();
  await job.stop();
}

describe("notices", () => {
  it("R190: the holder is told of a first access, in French, with who and when and nothing of health", async () => {
    await note(adult, "first-access");
    await drain();
    const [mail] = await mails();
    expect(mail).toMatchObject({ recipient: "camille@example.org", locale: "fr" });
    expect(mail?.subject).toBe("Premier accès d’un professionnel à votre carnet");
    expect(mail?.body.replace(/\s+/g, " ")).toContain(
      "Dr Paul DURAND a consulté votre carnet pour la première fois, le 4 mai 2026",
    );
    expect(mail?.body).toContain("10:30");
    expect(mail?.body.split("\n").every((line) => line.length <= 76)).toBe(true);
    expect(await statuses()).toEqual(["sent"]);
  });

  it("R76, R191: an emergency access is told to the holder and to the referring doctor, each in their language", async () => {
    await note(adult, "emergency-access");
    await drain();
    const [toHolder, toDoctor] = await mails();
    expect([toHolder?.recipient, toDoctor?.recipient]).toEqual(["camille@example.org", "dr@example.org"]);
    expect(toDoctor?.subject).toContain("one of your patients");
    expect(toDoctor?.body).not.toMatch(/LEGRAND|2850699/);
  });

  it("R62, R76: whose role of referring doctor has ended is told no more", async () => {
    const end = (expires_at: Date | null) =>
      data.store.database.updateTable("authorisation").set({ expires_at }).where("record_id", "=", adult).execute();
    await end(at);
    await note(adult, "emergency-access");
    await drain();
    expect((await mails()).map((mail) => mail.recipient)).toEqual(["camille@example.org"]);
    await end(null);
  });

  it("R193, R196: a new document is announced without saying what it is or who sent it", async () => {
    await note(adult, "new-document");
    await drain();
    const [mail] = await mails();
    expect(mail?.body).not.toMatch(/DURAND|Hôpital/);
  });

  it("R9: the representative is told in the place of a minor, and the text says whose record it is about", async () => {
    await note(minor, "first-access");
    await drain();
    const sent = await mails();
    expect(sent.map((mail) => mail.recipient)).toEqual(["camille@example.org"]);
    expect(sent[0]?.body).toContain("une personne que vous représentez");
  });

  it("a record that nobody can be told about leaves the notice aside", async () => {
    await note(unreachable, "first-access");
    await drain();
    expect([await mails(), await statuses()]).toEqual([[], ["skipped"]]);
  });

  it("a burst of new documents makes one mail that says how many", async () => {
    await note(adult, "new-document", 250);
    await drain();
    const sent = await mails();
    expect(sent.map((mail) => mail.subject)).toEqual([
      "200 documents ont été ajoutés à votre carnet",
      "50 documents ont été ajoutés à votre carnet",
    ]);
    expect(new Set(await statuses())).toEqual(new Set(["sent"]));
  });

  it("each notice is sent once, with two jobs at work", async () => {
    await note(adult, "first-access", 30);
    const mailer = createMailer(data.config, data.store.database, now);
    const jobs = [1, 2].map(() => startNoticeJob({ config: data.config, database: data.store.database, mailer, now }));
    await Promise.all(jobs.flatMap((job) => [job.drain(), job.drain()]));
    await Promise.all(jobs.map((job) => job.stop()));
    expect(await mails()).toHaveLength(30);
    expect(new Set(await statuses())).toEqual(new Set(["sent"]));
  });

  it("a crash while mails are written leaves no mail and no notice done", async () => {
    await note(adult, "first-access", 2);
    const mailer = createMailer(data.config, data.store.database, now);
    let asked = 0;
    const publicUrl = () => {
      asked += 1;
      if (asked === 2) throw new Error("the process ends here");
      return "https://carnet.example";
    };
    const job = startNoticeJob({ config: data.config, database: data.store.database, mailer, now, publicUrl });
    await job.drain();
    expect([await mails(), await statuses()]).toEqual([[], ["pending", "pending"]]);
    await job.drain();
    await job.stop();
    expect([(await mails()).length, await statuses()]).toEqual([2, ["sent", "sent"]]);
  });
});

describe("with a mail server", () => {
  /** A mail server that takes mails, or fails, and remembers the keys it was given. */
  function mailServer(fails: (attempt: number) => boolean): { mailer: Mailer; keys: string[] } {
    const keys: string[] = [];
    const send = async ({ dedupeKey }: Mail) => {
      keys.push(dedupeKey);
      if (fails(keys.length)) throw new Error("away");
    };
    return { mailer: { isMailbox: false, send, close: () => {} }, keys };
  }

  it("a mail that was taken over leaves nothing behind", async () => {
    await note(adult, "first-access", 3);
    const { mailer, keys } = mailServer(() => false);
    await drain(mailer);
    await drain(mailer);
    expect([keys.length, new Set(keys).size, await mails()]).toEqual([3, 3, []]);
  });

  it("one that was not is offered again later, as the same mail", async () => {
    await note(adult, "first-access");
    const { mailer, keys } = mailServer((attempt) => attempt === 1);
    await drain(mailer);
    await drain(mailer);
    expect(keys).toHaveLength(1);
    at = new Date(at.getTime() + 10 * 60_000);
    await drain(mailer);
    expect([keys.length, new Set(keys).size, await mails()]).toEqual([2, 1, []]);
  });

  it("a clock that ran ahead and was set right keeps no mail away until then, whether it was written or tried", async () => {
    const right = at;
    at = new Date(right.getTime() + 30 * 86_400_000);
    await note(adult, "first-access");
    const { mailer, keys } = mailServer((attempt) => attempt === 1);
    await drain(mailer);
    await note(minor, "first-access");
    at = right;
    await drain(mailer);
    expect([keys.length, new Set(keys).size, await mails()]).toEqual([3, 2, []]);
    expect(await statuses()).toEqual(["sent", "sent"]);
  });

  it("a server that stays away is given up after twelve tries, and the operator can see it", async () => {
    await note(adult, "first-access");
    const { mailer, keys } = mailServer(() => true);
    for (let hour = 0; hour < 100; hour += 1) {
      await drain(mailer);
      at = new Date(at.getTime() + 3600_000);
    }
    expect([keys.length, new Set(keys).size]).toEqual([12, 1]);
    expect((await mails()).map((mail) => [mail.status, mail.body])).toEqual([["failed", ""]]);
  });
});

describe("mail", () => {
  it("outside a demonstration, a service without SMTP_URL does not start and says what to set", () => {
    const config = loadConfig({ CARNET_DATA: data.config.dataDirectory });
    expect(() => createMailer(config, data.store.database)).toThrow(MailNotConfigured);
    expect(() => createMailer(config, data.store.database)).toThrow(/SMTP_URL/);
  });
});
