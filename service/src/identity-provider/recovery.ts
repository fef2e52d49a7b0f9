/**
 * A forgotten password, or a locked account: a code by mail and the birth date, then a new password. Nothing tells whether
 * the account exists: the pages, their order and what the database does are the same. R206.
 */
import { randomBytes } from "node:crypto";
import type { Account, Accounts } from "./accounts.ts";
import type { LoginAttempts } from "./login-attempts.ts";
import { CODE_TRIES, isSame, newCode } from "./one-time-code.ts";
import type { SecurityMails } from "./security-mails.ts";
import type { SignInGrants } from "./sign-in-grants.ts";
import { type AnyDatabase, identityTables } from "./tables.ts";

const LIFE_MS = 15 * 60_000;

export interface Recovery {
  /** Sends a code if this user name is a patient's. @returns id of this recovery, for the next page */
  begin(login: string): Promise<string>;
  /** Whose it is, when the code and the birth date are right; counts one try. */
  check(id: string, code: string, birthDate: string | undefined): Promise<Account | undefined>;
  /** Sets the password, ends every session, unlocks. @throws CredentialRefused */
  complete(id: string, account: Account, password: string): Promise<void>;
}

export interface RecoveryParts {
  readonly database: AnyDatabase;
  readonly accounts: Accounts;
  readonly grants: SignInGrants;
  readonly mails: SecurityMails;
  /** Failures of the account, forgotten once its owner has a new password. */
  readonly locks: LoginAttempts;
  /** Mails that one user name may cause: somebody else's forgetfulness must not fill a mailbox. */
  readonly requests: LoginAttempts;
  readonly mac: (text: string) => string;
  readonly now: () => Date;
}

export function createRecovery(parts: RecoveryParts): Recovery {
  const { accounts, mails, mac, now } = parts;
  const tables = identityTables(parts.database);
  const hmacOf = (id: string, code: string) => mac(`${id}:${code}`);
  return {
    async begin(login) {
      const id = randomBytes(24).toString("base64url");
      const code = newCode();
      const found = await accounts.findByLogin(login);
      const isTooOften = await parts.requests.isLocked(login);
      await parts.requests.fail(login);
      const account = found?.kind === "patient" && found.email && !isTooOften ? found : undefined;
      await tables
        .insertInto("recovery")
        .values({
          recovery_id: id,
          account_id: account?.id ?? null,
          code_hmac: hmacOf(id, code),
          tries: 0,
          expires_at: new Date(now().getTime() + LIFE_MS),
        })
        .execute();
      if (account) await mails.recoveryCode(account, code);
      return id;
    },
    async check(id, code, birthDate) {
      // Counted before it is compared: parallel guesses cannot share one try.
      const row = await tables
        .updateTable("recovery")
        .set((expression) => ({ tries: expression("tries", "+", 1) }))
        .where("recovery_id", "=", id)
        .where("expires_at", ">", now())
        .returningAll()
        .executeTakeFirst();
      if (!row || row.tries > CODE_TRIES || !isSame(row.code_hmac, hmacOf(id, code))) return undefined;
      const account = row.account_id === null ? undefined : await accounts.find(row.account_id);
      const isBirthDateRight = account?.birthDate === undefined || account.birthDate === birthDate;
      return isBirthDateRight ? account : undefined;
    },
    async complete(id, account, password) {
      await accounts.setPassword(account, password);
      await tables.deleteFrom("recovery").where("recovery_id", "=", id).execute();
      await parts.grants.end(account.id);
      await parts.locks.succeed(account.login);
      await mails.passwordChanged(account);
    },
  };
}
