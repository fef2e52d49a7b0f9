/** What oidc-provider keeps between two requests, in the database: sessions and tokens survive a restart. */
import type { Adapter, AdapterPayload } from "oidc-provider";
import { type AnyDatabase, identityTables } from "./tables.ts";

/** Models whose rows fall when their grant is revoked. */
const grantable = new Set(["AccessToken", "AuthorizationCode", "RefreshToken"]);

/**
 * Adapter factory for oidc-provider.
 * @param findClient machine clients, registered by the operator while the service runs
 */
export function createAdapter(
  database: AnyDatabase,
  now: () => Date,
  findClient: (clientId: string) => Promise<AdapterPayload | undefined>,
): (model: string) => Adapter {
  const tables = identityTables(database);
  return (model) => {
    const readRow = (row: { payload: string; consumed_at: Date | null; expires_at: Date | null } | undefined) => {
      if (!row || (row.expires_at !== null && row.expires_at <= now())) return undefined;
      const payload: AdapterPayload = JSON.parse(row.payload);
      return row.consumed_at === null
        ? payload
        : { ...payload, consumed: Math.floor(row.consumed_at.getTime() / 1000) };
    };
    const select = () => tables.selectFrom("oidc_payload").selectAll().where("model", "=", model);
    const remove = (id: string) =>
      tables.deleteFrom("oidc_payload").where("model", "=", model).where("id", "=", id).execute();
    return {
      async upsert(id, payload, expiresIn) {
        const row = {
          payload: JSON.stringify(payload),
          grant_id: grantable.has(model) ? (payload.grantId ?? null) : null,
          uid: payload.uid ?? null,
          expires_at: expiresIn ? new Date(now().getTime() + expiresIn * 1000) : null,
        };
        await tables
          .insertInto("oidc_payload")
          .values({ model, id, consumed_at: null, ...row })
          .onConflict((conflict) => conflict.columns(["model", "id"]).doUpdateSet(row))
          .execute();
      },
      async find(id) {
        // The database knows no NUL: nothing was ever kept under such an id.
        if (id.includes("\0")) return undefined;
        if (model === "Client") return findClient(id);
        return readRow(await select().where("id", "=", id).executeTakeFirst());
      },
      async findByUid(uid) {
        if (uid.includes("\0")) return undefined;
        return readRow(await select().where("uid", "=", uid).executeTakeFirst());
      },
      async findByUserCode() {
        return undefined;
      },
      async consume(id) {
        await tables
          .updateTable("oidc_payload")
          .set({ consumed_at: now() })
          .where("model", "=", model)
          .where("id", "=", id)
          .execute();
      },
      async destroy(id) {
        if (!id.includes("\0")) await remove(id);
      },
      async revokeByGrantId(grantId) {
        await tables.deleteFrom("oidc_payload").where("grant_id", "=", grantId).execute();
      },
    };
  };
}

/** Removes what expired. Called now and then; nothing depends on it. */
export async function sweep(database: AnyDatabase, now: () => Date): Promise<void> {
  const tables = identityTables(database);
  await tables.deleteFrom("oidc_payload").where("expires_at", "<", now()).execute();
  const expiring = [
    "login_challenge",
    "sign_in_grant",
    "recovery",
    "enrolment",
    "outside_sign_in",
    "proof_seen",
  ] as const;
  for (const table of expiring) await tables.deleteFrom(table).where("expires_at", "<", now()).execute();
  const dayAgo = new Date(now().getTime() - 24 * 3600 * 1000);
  await tables.deleteFrom("login_attempt").where("updated_at", "<", dayAgo).execute();
}
