/** When a professional last said that they had understood how access works (R68). Of a person, not of a record. */
import type { Database } from "./store.ts";

export async function acknowledgedAt(database: Database, rpps: string): Promise<Date | undefined> {
  const row = await database
    .selectFrom("professional_information")
    .select("acknowledged_at")
    .where("rpps", "=", rpps)
    .executeTakeFirst();
  return row?.acknowledged_at;
}

export async function acknowledgeInformation(database: Database, rpps: string, now: Date): Promise<void> {
  await database
    .insertInto("professional_information")
    .values({ rpps, acknowledged_at: now })
    .onConflict((conflict) => conflict.column("rpps").doUpdateSet({ acknowledged_at: now }))
    .execute();
}
