/** Lock-out after repeated failures, by user name, whether it exists or not. */
import { sql } from "kysely";
import { type AnyDatabase, identityTables } from "./tables.ts";

const MAX_FAILURES = 5;
const LOCK_MINUTES = 15;

export interface LoginAttempts {
  isLocked(key: string): Promise<boolean>;
  /** Counts one failure. The fifth in a row locks for 15 minutes. */
  fail(key: string): Promise<void>;
  succeed(key: string): Promise<void>;
}

/** @param mac hides user names in the table */
export function createLoginAttempts(
  database: AnyDatabase,
  mac: (text: string) => string,
  now: () => Date,
): LoginAttempts {
  const tables = identityTables(database);
  const keyOf = (key: string) => mac(key.trim().toLowerCase());
  return {
    async isLocked(key) {
      const row = await tables
        .selectFrom("login_attempt")
        .select("locked_until")
        .where("login_hash", "=", keyOf(key))
        .executeTakeFirst();
      return row?.locked_until != null && row.locked_until > now();
    },
    async fail(key) {
      const at = now();
      const lock = new Date(at.getTime() + LOCK_MINUTES * 60_000);
      // One statement: parallel guesses are all counted. A lock that has passed starts a new count.
      const failures = sql<number>`case when login_attempt.locked_until < ${at} then 1 else login_attempt.failures + 1 end`;
      await tables
        .insertInto("login_attempt")
        .values({ login_hash: keyOf(key), failures: 1, locked_until: null, updated_at: at })
        .onConflict((conflict) =>
          conflict.column("login_hash").doUpdateSet({
            failures,
            locked_until: sql<Date | null>`case when ${failures} >= ${MAX_FAILURES} then ${lock}::timestamptz else null end`,
            updated_at: at,
          }),
        )
        .execute();
    },
    async succeed(key) {
      await tables.deleteFrom("login_attempt").where("login_hash", "=", keyOf(key)).execute();
    },
  };
}
