/** Creating an access: the letter, then user name and password, then the address confirmed by a code. R206. */
import { randomBytes, randomUUID } from "node:crypto";
import type { Accounts } from "./accounts.ts";
import { normalLogin } from "./credential-policy.ts";
import type { EnrolmentLetters, Invited } from "./enrolment-letters.ts";
import { CODE_TRIES, isSame, newCode } from "./one-time-code.ts";
import { hashSecret } from "./secrets.ts";
import type { SecurityMails } from "./security-mails.ts";
import type { Locale } from "./strings.ts";
import { type AnyDatabase, identityTables } from "./tables.ts";

const LIFE_MS = 30 * 60_000;
const MAX_SENT = 3;

export interface Credentials {
  readonly login: string;
  readonly password: string;
  readonly email: string;
  readonly locale: Locale;
}

export type EnrolmentState = "credentials" | "confirm";
export type CredentialOutcome = "sent" | "login-taken" | "expired";
export type ConfirmOutcome = "done" | "wrong" | "expired";

export interface Enrolment {
  /** @returns id of this enrolment, for the next pages; "exists" when the person has an account already */
  begin(invited: Invited): Promise<{ readonly id: string } | "exists">;
  /** Where this enrolment is, if it is still under way. */
  find(id: string): Promise<EnrolmentState | undefined>;
  /** Keeps what was chosen (the password as a hash) and sends a code. The choice follows R206 already. */
  choose(id: string, credentials: Credentials): Promise<CredentialOutcome>;
  /** The code is right: the account is made and the letter used up. */
  confirm(id: string, code: string, locale: Locale): Promise<ConfirmOutcome>;
}

export interface EnrolmentParts {
  readonly database: AnyDatabase;
  readonly accounts: Accounts;
  readonly letters: EnrolmentLetters;
  readonly mails: SecurityMails;
  readonly mac: (text: string) => string;
  readonly now: () => Date;
}

export function createEnrolment(parts: EnrolmentParts): Enrolment {
  const { accounts, letters, mails, mac, now } = parts;
  const tables = identityTables(parts.database);
  const underWay = (id: string) =>
    tables
      .selectFrom("enrolment")
      .selectAll()
      .where("enrolment_id", "=", id)
      .where("expires_at", ">", now())
      .executeTakeFirst();
  const hmacOf = (id: string, code: string) => mac(`enrolment:${id}:${code}`);
  return {
    async begin({ ins, name, birthDate }) {
      if (await accounts.findByIns(ins)) return "exists";
      const id = randomBytes(24).toString("base64url");
      await tables
        .insertInto("enrolment")
        .values({
          enrolment_id: id,
          ins_system: ins.system,
          ins_value: ins.value,
          name,
          birth_date: birthDate,
          login: null,
          secret: null,
          email: null,
          code_hmac: null,
          tries: 0,
          sent_count: 0,
          expires_at: new Date(now().getTime() + LIFE_MS),
        })
        .execute();
      return { id };
    },
    async find(id) {
      const row = await underWay(id);
      return row && (row.code_hmac === null ? "credentials" : "confirm");
    },
    async choose(id, { login, password, email, locale }) {
      const row = await underWay(id);
      if (!row || row.sent_count >= MAX_SENT) return "expired";
      if (await accounts.findByLogin(login)) return "login-taken";
      const code = newCode();
      const change = {
        login: normalLogin(login),
        secret: await hashSecret(password),
        email,
        code_hmac: hmacOf(id, code),
        tries: 0,
        sent_count: row.sent_count + 1,
      };
      await tables.updateTable("enrolment").set(change).where("enrolment_id", "=", id).execute();
      await mails.enrolmentCode({ email, locale }, code);
      return "sent";
    },
    async confirm(id, code, locale) {
      // Counted before it is compared: parallel guesses cannot share one try.
      const row = await tables
        .updateTable("enrolment")
        .set((expression) => ({ tries: expression("tries", "+", 1) }))
        .where("enrolment_id", "=", id)
        .where("expires_at", ">", now())
        .returningAll()
        .executeTakeFirst();
      if (!row?.login || !row.secret || !row.email || !row.code_hmac || row.tries > CODE_TRIES) return "expired";
      if (!isSame(row.code_hmac, hmacOf(id, code))) return row.tries === CODE_TRIES ? "expired" : "wrong";
      const ins = { system: row.ins_system, value: row.ins_value };
      const isMade = await accounts.insertEnrolled({
        id: `patient-${randomUUID()}`,
        login: row.login,
        secretHash: row.secret,
        email: row.email,
        locale,
        birthDate: row.birth_date,
        claims: { kind: "patient", name: row.name, ins },
      });
      await tables.deleteFrom("enrolment").where("enrolment_id", "=", id).execute();
      if (!isMade) return "expired";
      await letters.use(ins);
      return "done";
    },
  };
}
