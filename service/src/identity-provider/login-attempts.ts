/**
 * Lock-out after repeated failures: by user name, whether it exists or not, and by network address. A device on which the
 * person has signed in before is counted by itself: strangers who lock a user name do not lock its owner out.
 */
import { sql } from "kysely";
import { SKEW_MS } from "../store/clock-skew.ts";
import { type AnyDatabase, identityTables } from "./tables.ts";

/** So many failures in a row, and then no try for so long. */
export interface LockRule {
  readonly failures: number;
  readonly minutes: number;
}

export const accountLock: LockRule = { failures: 5, minutes: 15 };
/** A practice or a household shares one address: more failures, the same wait. */
export const addressLock: LockRule = { failures: 30, minutes: 15 };

/**
 * Wrong one-time codes of an account, whatever the sign-ins in which they were typed: who has the password begins as many
 * sign-ins as they like, and each asks for a new code (R206).
 */
export const codeLock: LockRule = { failures: 10, minutes: 15 };

export interface LoginAttempts {
  isLocked(key: string): Promise<boolean>;
  /** Counts one failure. @returns whether this one locked */
  fail(key: string): Promise<boolean>;
  succeed(key: string): Promise<void>;
}

/** @param mac hides user names and addresses in the table */
export function createLoginAttempts(
  database: AnyDatabase,
  mac: (text: string) => string,
  now: () => Date,
  rule: LockRule = accountLock,
): LoginAttempts {
  const tables = identityTables(database);
  const keyOf = (key: string) => mac(key.trim().toLowerCase());
  const lockFrom = (at: Date) => new Date(at.getTime() + rule.minutes * 60_000);
  /** A lock that ends after this was made under a clock that ran ahead: nobody waits for that day. */
  const lastEnd = (at: Date) => new Date(lockFrom(at).getTime() + SKEW_MS);
  return {
    async isLocked(key) {
      const row = await tables
        .selectFrom("login_attempt")
        .select("locked_until")
        .where("login_hash", "=", keyOf(key))
        .executeTakeFirst();
      const at = now();
      return row?.locked_until != null && row.locked_until > at && row.locked_until <= lastEnd(at);
    },
    async fail(key) {
      const at = now();
      const lock = lockFrom(at);
      const forgotten = new Date(at.getTime() - rule.minutes * 60_000);
      // One statement: parallel guesses are all counted. A lock that has passed starts a new count, and so does a pause.
      const failures = sql<number>`case when login_attempt.locked_until < ${at} or login_attempt.locked_until > ${lastEnd(at)} or login_attempt.updated_at < ${forgotten} then 1 else login_attempt.failures + 1 end`;
      const row = await tables
        .insertInto("login_attempt")
        .values({ login_hash: keyOf(key), failures: 1, locked_until: null, updated_at: at })
        .onConflict((conflict) =>
          conflict.column("login_hash").doUpdateSet({
            failures,
            locked_until: sql<Date | null>`case when ${failures} >= ${rule.failures} then ${lock}::timestamptz else null end`,
            updated_at: at,
          }),
        )
        .returning("failures")
        .executeTakeFirst();
      return row?.failures === rule.failures;
    },
    async succeed(key) {
      await tables.deleteFrom("login_attempt").where("login_hash", "=", keyOf(key)).execute();
    },
  };
}

/** Where a try comes from. */
export interface TryFrom {
  readonly login: string;
  /** Network address, where it tells callers apart. */
  readonly address: string | undefined;
  /** Id of a device that this person knows. */
  readonly deviceId: string | undefined;
}

/** The counters of one try, taken together. */
export interface SignInGuard {
  isLocked(from: TryFrom): Promise<boolean>;
  /** Counts one failure. @returns whether it locked the account */
  fail(from: TryFrom): Promise<boolean>;
  /** The person came in: their own counter starts again; that of the address does not. */
  succeed(from: TryFrom): Promise<void>;
  /** Too many wrong codes: none is sent nor tried for a while. */
  areCodesLocked(accountId: string): Promise<boolean>;
  /** Counts one wrong code. @returns whether this one locked */
  failCode(accountId: string): Promise<boolean>;
}

export function createSignInGuard(database: AnyDatabase, mac: (text: string) => string, now: () => Date): SignInGuard {
  const accounts = createLoginAttempts(database, mac, now, accountLock);
  const addresses = createLoginAttempts(database, (text) => mac(`address:${text}`), now, addressLock);
  const codes = createLoginAttempts(database, (text) => mac(`code:${text}`), now, codeLock);
  const own = ({ login, deviceId }: TryFrom) => (deviceId === undefined ? login : `${login} on ${deviceId}`);
  return {
    async isLocked(from) {
      if (await accounts.isLocked(own(from))) return true;
      return from.address !== undefined && (await addresses.isLocked(from.address));
    },
    async fail(from) {
      if (from.address !== undefined) await addresses.fail(from.address);
      return accounts.fail(own(from));
    },
    async succeed(from) {
      await accounts.succeed(own(from));
      // Whoever proved who they are unlocks their name too.
      if (from.deviceId !== undefined) await accounts.succeed(from.login);
    },
    areCodesLocked: (accountId) => codes.isLocked(accountId),
    failCode: (accountId) => codes.fail(accountId),
  };
}
