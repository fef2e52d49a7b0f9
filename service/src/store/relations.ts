/** Representatives and carers of a record, and the tables that answer "whose?". R10, R13, R14, R22. */
import { type Selectable, sql } from "kysely";
import type { Ins } from "./records.ts";
import type { Database } from "./store.ts";
import type { CarerTable, RepresentativeTable } from "./tables.ts";

export type RepresentativeRow = Selectable<RepresentativeTable>;

/**
 * Names a representative, unless this person is one of this kind in office already. The record is held, so that two
 * requests at once cannot pass the limit together.
 * @param most of this kind in office at once
 */
export async function addRepresentative(
  database: Database,
  row: RepresentativeRow,
  most = Number.POSITIVE_INFINITY,
): Promise<"added" | "already" | "too-many"> {
  await holdRecord(database, row.record_id);
  const inOffice = await database
    .selectFrom("representative")
    .select(["ins_system", "ins_value"])
    .where("record_id", "=", row.record_id)
    .where("kind", "=", row.kind)
    .where((where) => where.or([where("ended_at", "is", null), where("ended_at", ">", row.started_at)]))
    .execute();
  const isSame = inOffice.some((one) => one.ins_system === row.ins_system && one.ins_value === row.ins_value);
  if (isSame) return "already";
  if (inOffice.length >= most) return "too-many";
  await database.insertInto("representative").values(row).execute();
  await database
    .insertInto("representative_of")
    .values({ ins_system: row.ins_system, ins_value: row.ins_value, record_id: row.record_id })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return "added";
}

/** All of a record, those whose time is over too. */
export async function listRepresentatives(database: Database, recordId: string): Promise<readonly RepresentativeRow[]> {
  return database
    .selectFrom("representative")
    .selectAll()
    .where("record_id", "=", recordId)
    .orderBy("started_at")
    .orderBy("representative_id")
    .execute();
}

/** @returns whether they were in office */
export async function endRepresentative(database: Database, row: RepresentativeRow, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable("representative")
    .set({ ended_at: now })
    .where("record_id", "=", row.record_id)
    .where("representative_id", "=", row.representative_id)
    .where((where) => where.or([where("ended_at", "is", null), where("ended_at", ">", now)]))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export interface CarerLimits {
  readonly carersPerHolder: number;
  readonly peoplePerCarer: number;
}

/**
 * Adds a carer. The record and the carer are both held, so that two requests at once cannot pass a limit together.
 * @returns which limit it would pass
 */
export async function addCarer(
  database: Database,
  row: CarerTable,
  limits: CarerLimits,
  now: Date,
): Promise<"added" | "already" | "too-many-carers" | "too-many-people"> {
  await holdRecord(database, row.record_id);
  await sql`select pg_advisory_xact_lock(hashtextextended(${`carer ${row.ins_system}|${row.ins_value}`}, 0))`.execute(
    database,
  );
  const ofRecord = (await listCarers(database, row.record_id)).filter((one) => isRunning(one, now));
  if (ofRecord.some((one) => one.ins_system === row.ins_system && one.ins_value === row.ins_value)) return "already";
  if (ofRecord.length >= limits.carersPerHolder) return "too-many-carers";
  const people = await database
    .selectFrom("carer_of")
    .select("record_id")
    .distinct()
    .where("ins_system", "=", row.ins_system)
    .where("ins_value", "=", row.ins_value)
    .where("ends_at", ">", now)
    .execute();
  if (people.length >= limits.peoplePerCarer) return "too-many-people";
  await database.insertInto("carer").values(row).execute();
  const { ins_system, ins_value, record_id, carer_id, ends_at } = row;
  await database.insertInto("carer_of").values({ ins_system, ins_value, record_id, carer_id, ends_at }).execute();
  return "added";
}

/** Not ended, and its last day is to come: it counts, even before its first day. */
export function isRunning(carer: Pick<CarerTable, "ended_at" | "ends_at">, now: Date): boolean {
  return carer.ended_at === null && carer.ends_at > now;
}

export async function listCarers(database: Database, recordId: string): Promise<readonly CarerTable[]> {
  return database
    .selectFrom("carer")
    .selectAll()
    .where("record_id", "=", recordId)
    .orderBy("starts_at")
    .orderBy("carer_id")
    .execute();
}

/** @returns whether their time was running: what ended before keeps its end */
export async function endCarer(database: Database, row: CarerTable, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable("carer")
    .set({ ended_at: now })
    .where("record_id", "=", row.record_id)
    .where("carer_id", "=", row.carer_id)
    .where("ended_at", "is", null)
    .where("ends_at", ">", now)
    .executeTakeFirst();
  await database
    .deleteFrom("carer_of")
    .where("ins_system", "=", row.ins_system)
    .where("ins_value", "=", row.ins_value)
    .where("record_id", "=", row.record_id)
    .where("carer_id", "=", row.carer_id)
    .execute();
  return numUpdatedRows > 0n;
}

/** Records in which this person represents or helps somebody, or once did. */
export async function recordsActedFor(database: Database, ins: Ins): Promise<readonly string[]> {
  const { rows } = await sql<{ record_id: string }>`
    select record_id from representative_of where ins_system = ${ins.system} and ins_value = ${ins.value}
    union select record_id from carer_of where ins_system = ${ins.system} and ins_value = ${ins.value}`.execute(
    database,
  );
  return rows.map(({ record_id }) => record_id);
}

async function holdRecord(database: Database, recordId: string): Promise<void> {
  await database.selectFrom("record").select("record_id").where("record_id", "=", recordId).forUpdate().execute();
}
