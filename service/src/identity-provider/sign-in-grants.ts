/**
 * What a sign-in was, beside what oidc-provider keeps of it: the device, and the exercise in whose name a professional
 * acts (choix de l'exercice, R205). A grant that is not here any more opens nothing.
 */
import { sql } from "kysely";
import { type AnyDatabase, identityTables } from "./tables.ts";

export interface SignInFacts {
  readonly accountId: string;
  readonly deviceId: string | undefined;
  /** Index in {@link Account.exercises}. */
  readonly exercise: number;
}

export interface SignInGrants {
  keep(grantId: string, facts: SignInFacts, expiresAt: Date): Promise<void>;
  find(grantId: string): Promise<SignInFacts | undefined>;
  /** The newest of several that is still there. */
  findAny(grantIds: readonly string[]): Promise<SignInFacts | undefined>;
  /** Ends every sign-in of an account, or those of one device: refresh tokens, grants and sessions. */
  end(accountId: string, deviceId?: string): Promise<void>;
}

export function createSignInGrants(database: AnyDatabase, now: () => Date): SignInGrants {
  const tables = identityTables(database);
  const findAny = async (grantIds: readonly string[]): Promise<SignInFacts | undefined> => {
    if (grantIds.length === 0) return undefined;
    const row = await tables
      .selectFrom("sign_in_grant")
      .selectAll()
      .where("grant_id", "in", grantIds)
      .where("expires_at", ">", now())
      .orderBy("expires_at", "desc")
      .executeTakeFirst();
    return row && { accountId: row.account_id, deviceId: row.device_id ?? undefined, exercise: row.exercise };
  };
  return {
    async keep(grantId, { accountId, deviceId, exercise }, expiresAt) {
      await tables
        .insertInto("sign_in_grant")
        .values({
          grant_id: grantId,
          account_id: accountId,
          device_id: deviceId ?? null,
          exercise,
          expires_at: expiresAt,
        })
        .execute();
    },
    find: (grantId) => findAny([grantId]),
    findAny,
    async end(accountId, deviceId) {
      await tables.transaction().execute(async (transaction) => {
        const ended = await transaction
          .deleteFrom("sign_in_grant")
          .where("account_id", "=", accountId)
          .$if(deviceId !== undefined, (query) => query.where("device_id", "=", deviceId ?? ""))
          .returning("grant_id")
          .execute();
        for (const { grant_id } of ended) {
          await transaction.deleteFrom("oidc_payload").where("grant_id", "=", grant_id).execute();
          await transaction
            .deleteFrom("oidc_payload")
            .where("model", "=", "Grant")
            .where("id", "=", grant_id)
            .execute();
          // A session names its grants; their ids are random, so the text is enough to know it.
          await transaction
            .deleteFrom("oidc_payload")
            .where("model", "=", "Session")
            .where(sql<boolean>`position(${grant_id} in payload) > 0`)
            .execute();
        }
      });
    },
  };
}
