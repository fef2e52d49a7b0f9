/** Who a record's holder is: the row of a new record, its identity, and finding it by traits. R30, R35, R43. */
import { foldName } from "@carnet/sdk/identity";
import type { Insertable, Selectable } from "kysely";
import type { Ins } from "./records.ts";
import type { Database } from "./store.ts";
import type { RecordTable } from "./tables.ts";

/** The identity columns of a record. */
export type Identity = Pick<
  RecordTable,
  | "birth_name"
  | "used_name"
  | "birth_given_names"
  | "first_given_name"
  | "used_given_name"
  | "sex"
  | "birth_date"
  | "birth_place_code"
>;

/** To be called in a transaction. @throws a unique violation when the person has a record already */
export async function insertRecord(database: Database, row: Insertable<RecordTable>): Promise<void> {
  await database
    .insertInto("record_identity")
    .values({ ins_system: row.ins_system, ins_value: row.ins_value, record_id: row.record_id })
    .execute();
  await database.insertInto("record").values(row).execute();
  await keepLookup(database, row.record_id, row);
}

/** R37, R39: another qualified identity, or another status of it. To be called in a transaction. */
export async function changeIdentity(
  database: Database,
  recordId: string,
  identity: Identity & Pick<Insertable<RecordTable>, "identity_status">,
  now: Date,
): Promise<void> {
  await database
    .updateTable("record")
    .set((eb) => ({ ...identity, updated_at: now, version: eb("version", "+", 1) }))
    .where("record_id", "=", recordId)
    .execute();
  await database.deleteFrom("person_lookup").where("record_id", "=", recordId).execute();
  await keepLookup(database, recordId, identity);
}

/** R37. */
export async function changeIdentityStatus(
  database: Database,
  recordId: string,
  status: Selectable<RecordTable>["identity_status"],
  now: Date,
): Promise<void> {
  await database
    .updateTable("record")
    .set((eb) => ({ identity_status: status, updated_at: now, version: eb("version", "+", 1) }))
    .where("record_id", "=", recordId)
    .execute();
}

/** Birth and used names, so that either finds the person. */
async function keepLookup(
  database: Database,
  recordId: string,
  identity: Pick<Insertable<RecordTable>, keyof Identity>,
): Promise<void> {
  const families = new Set([identity.birth_name, identity.used_name ?? identity.birth_name].map(foldName));
  const givens = new Set(
    [identity.first_given_name, identity.used_given_name ?? identity.first_given_name].map(foldName),
  );
  const rows = [...families].flatMap((family) =>
    [...givens].map((given) => ({ birth_date: identity.birth_date, family, given, record_id: recordId })),
  );
  await database.insertInto("person_lookup").values(rows).execute();
}

/** Records of people with this name, given name and birth date (YYYY-MM-DD), spelled in whatever case and accents. */
export async function findByTraits(
  database: Database,
  traits: { readonly family: string; readonly given: string; readonly birthDate: string },
  limit: number,
): Promise<readonly string[]> {
  const rows = await database
    .selectFrom("person_lookup")
    .select("record_id")
    .distinct()
    .where("birth_date", "=", traits.birthDate)
    .where("family", "=", foldName(traits.family))
    .where("given", "=", foldName(traits.given))
    .limit(limit)
    .execute();
  return rows.map(({ record_id }) => record_id);
}

export async function findRecordId(database: Database, ins: Ins): Promise<string | undefined> {
  const found = await database
    .selectFrom("record_identity")
    .select("record_id")
    .where("ins_system", "=", ins.system)
    .where("ins_value", "=", ins.value)
    .executeTakeFirst();
  return found?.record_id;
}
