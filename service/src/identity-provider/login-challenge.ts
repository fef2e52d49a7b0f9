/** One-time codes by mail: six digits, kept as HMAC, 10 minutes, 5 tries, limited resends. R206. */
import { randomInt, randomUUID, timingSafeEqual } from "node:crypto";
import type { Mailer } from "../notices/mailer.ts";
import type { Account } from "./accounts.ts";
import { stringsOf } from "./strings.ts";
import { type AnyDatabase, identityTables } from "./tables.ts";

const LIFE_MS = 10 * 60_000;
const MAX_TRIES = 5;
const MAX_SENT = 3;
const RESEND_AFTER_MS = 30_000;

export type CodeOutcome = "right" | "wrong" | "spent" | "expired";
export type ResendOutcome = "sent" | "too-soon" | "limit" | "none";

export interface LoginChallenges {
  /** Sends a first code for this sign-in. @throws when the mail cannot be sent */
  start(interactionId: string, account: Account): Promise<void>;
  /** Account that waits for its code in this sign-in. */
  pending(interactionId: string): Promise<string | undefined>;
  resend(interactionId: string, account: Account): Promise<ResendOutcome>;
  /** Tries a code; a right one is used up. */
  check(interactionId: string, code: string): Promise<CodeOutcome>;
  drop(interactionId: string): Promise<void>;
}

export function createLoginChallenges(
  database: AnyDatabase,
  mailer: Mailer,
  mac: (text: string) => string,
  now: () => Date,
): LoginChallenges {
  const tables = identityTables(database);
  const find = (id: string) =>
    tables.selectFrom("login_challenge").selectAll().where("interaction_id", "=", id).executeTakeFirst();
  const hmacOf = (id: string, code: string) => mac(`${id}:${code}`);

  async function sendCode(id: string, account: Account, sentCount: number): Promise<void> {
    if (!account.email) throw new Error("this account has no address for its codes");
    const code = String(randomInt(1_000_000)).padStart(6, "0");
    const at = now();
    const row = {
      account_id: account.id,
      code_hmac: hmacOf(id, code),
      tries: 0,
      sent_count: sentCount,
      sent_at: at,
      expires_at: new Date(at.getTime() + LIFE_MS),
    };
    await tables
      .insertInto("login_challenge")
      .values({ interaction_id: id, ...row })
      .onConflict((conflict) => conflict.column("interaction_id").doUpdateSet(row))
      .execute();
    const strings = stringsOf(account.locale);
    await mailer.send({
      dedupeKey: `code-${randomUUID()}`,
      to: account.email,
      kind: "code",
      locale: account.locale,
      subject: strings.codeMailSubject,
      text: strings.codeMail(code),
    });
  }

  return {
    start: (id, account) => sendCode(id, account, 1),
    async pending(id) {
      return (await find(id))?.account_id;
    },
    async resend(id, account) {
      const row = await find(id);
      if (!row) return "none";
      if (row.sent_count >= MAX_SENT) return "limit";
      if (now().getTime() - row.sent_at.getTime() < RESEND_AFTER_MS) return "too-soon";
      await sendCode(id, account, row.sent_count + 1);
      return "sent";
    },
    async check(id, code) {
      // Counted before it is compared: parallel guesses cannot share one try.
      const row = await tables
        .updateTable("login_challenge")
        .set((expression) => ({ tries: expression("tries", "+", 1) }))
        .where("interaction_id", "=", id)
        .returningAll()
        .executeTakeFirst();
      if (!row || row.expires_at <= now()) return "expired";
      if (row.tries > MAX_TRIES) return "spent";
      const expected = Buffer.from(row.code_hmac);
      const given = Buffer.from(hmacOf(id, code));
      if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
        return row.tries === MAX_TRIES ? "spent" : "wrong";
      }
      const used = await tables
        .deleteFrom("login_challenge")
        .where("interaction_id", "=", id)
        .where("code_hmac", "=", row.code_hmac)
        .executeTakeFirst();
      return used.numDeletedRows > 0n ? "right" : "expired";
    },
    async drop(id) {
      await tables.deleteFrom("login_challenge").where("interaction_id", "=", id).execute();
    },
  };
}
