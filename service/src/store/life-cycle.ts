/** The states of a record and what falls due. Each change says whether it took place. R15, R18 to R22. */
import { sql } from "kysely";
import type { Database } from "./store.ts";
import type { RecordDueTable } from "./tables.ts";

export interface Closure {
  readonly motive: string;
  readonly reason: string | undefined;
}

/**
 * Closes what is not closed yet, and sets the day of its destruction. R15, R19. A suspension is kept: only the operator
 * ends it (R18).
 */
export async function closeRecord(
  database: Database,
  recordId: string,
  { motive, reason }: Closure,
  now: Date,
  destroyAt: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update record set state = 'closed', closed_at = ${now}, closure_motive = ${motive}, closure_reason = ${reason ?? null},
      updated_at = ${now}, version = version + 1
    where record_id = ${recordId} and state <> 'closed' returning record_id`.execute(database);
  if (rows.length === 0) return false;
  await setDue(database, { record_id: recordId, act: "destroy", due_at: destroyAt });
  return true;
}

/**
 * R21: what was archived returns, as open or suspended as it was. Not once the key is destroyed, nor after a death (R20,
 * R22). @param closesAt when a suspended one closes again, unless the holder objected or objects (R18)
 */
export async function reactivateRecord(
  database: Database,
  recordId: string,
  now: Date,
  closesAt: Date,
): Promise<"open" | "suspended" | undefined> {
  const { rows } = await sql<{ state: "open" | "suspended"; objected_at: Date | null }>`
    update record set state = case when suspended_at is null then 'open' else 'suspended' end, closed_at = null, closure_motive = null, closure_reason = null,
      deletion_requested_at = null, updated_at = ${now}, version = version + 1
    where record_id = ${recordId} and state = 'closed' and died_on is null and length(wrapped_key) > 0
    returning state, objected_at`.execute(database);
  const [back] = rows;
  if (!back) return undefined;
  const closesAgain = back.state === "suspended" && back.objected_at === null;
  if (closesAgain) await setDue(database, { record_id: recordId, act: "close", due_at: closesAt });
  else await clearDue(database, recordId);
  // Whoever opens it again no longer opposes it (R3, R7).
  await sql`
    delete from opposition o using record r
    where r.record_id = ${recordId} and o.ins_system = r.ins_system and o.ins_value = r.ins_value`.execute(database);
  return back.state;
}

/** R20. Asked again, the first request stands. */
export async function requestDeletion(
  database: Database,
  recordId: string,
  now: Date,
  destroyAt: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update record set deletion_requested_at = ${now}, version = version + 1
    where record_id = ${recordId} and state = 'closed' and deletion_requested_at is null and length(wrapped_key) > 0
    returning record_id`.execute(database);
  if (rows.length === 0) return false;
  await sql`update record_due set due_at = least(due_at, ${destroyAt}) where record_id = ${recordId}`.execute(database);
  return true;
}

/** R18. */
export async function suspendRecord(
  database: Database,
  recordId: string,
  reason: string,
  now: Date,
  closesAt: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update record set state = 'suspended', suspended_at = ${now}, suspension_reason = ${reason}, objected_at = null,
      updated_at = ${now}, version = version + 1
    where record_id = ${recordId} and state = 'open' returning record_id`.execute(database);
  if (rows.length === 0) return false;
  await setDue(database, { record_id: recordId, act: "close", due_at: closesAt });
  return true;
}

/** R18: an objection stops the closure; the operator then decides. */
export async function objectToSuspension(database: Database, recordId: string, now: Date): Promise<boolean> {
  const { rows } = await sql`
    update record set objected_at = ${now}, version = version + 1
    where record_id = ${recordId} and state = 'suspended' and objected_at is null returning record_id`.execute(
    database,
  );
  if (rows.length === 0) return false;
  await clearDue(database, recordId);
  return true;
}

/** R18. Of a closed record too, which then comes back open. @returns its state, when there was a suspension to lift */
export async function liftSuspension(
  database: Database,
  recordId: string,
  now: Date,
): Promise<"open" | "closed" | undefined> {
  const { rows } = await sql<{ state: "open" | "closed" }>`
    update record set state = case when state = 'suspended' then 'open' else state end, suspended_at = null, suspension_reason = null, objected_at = null,
      updated_at = ${now}, version = version + 1
    where record_id = ${recordId} and suspended_at is not null returning state`.execute(database);
  if (rows[0]?.state === "open") await clearDue(database, recordId);
  return rows[0]?.state;
}

/** YYYY-MM-DD. */
export async function birthDateOf(database: Database, recordId: string): Promise<string> {
  const { birth_date } = await database
    .selectFrom("record")
    .select("birth_date")
    .where("record_id", "=", recordId)
    .executeTakeFirstOrThrow();
  return birth_date;
}

/** R22. A second word of the same death changes nothing. */
export async function recordDeath(database: Database, recordId: string, diedOn: string, now: Date): Promise<boolean> {
  const { rows } = await sql`
    update record set died_on = ${diedOn}, updated_at = ${now}, version = version + 1
    where record_id = ${recordId} and died_on is null returning record_id`.execute(database);
  return rows.length > 0;
}

/**
 * R22: the word of a death was a mistake. Nobody inherits from the living, so the heirs' access ends with it.
 * @returns the motive by which the record is closed, if it is; undefined when no death was recorded, or its key is destroyed
 */
export async function withdrawDeath(
  database: Database,
  recordId: string,
  now: Date,
): Promise<{ readonly motive: string | null } | undefined> {
  const { rows } = await sql<{ motive: string | null }>`
    update record set died_on = null, updated_at = ${now}, version = version + 1
    where record_id = ${recordId} and died_on is not null and length(wrapped_key) > 0
    returning case when state = 'closed' then closure_motive end as motive`.execute(database);
  if (rows.length === 0) return undefined;
  await sql`
    update representative set ended_at = ${now}
    where record_id = ${recordId} and kind = 'heir' and (ended_at is null or ended_at > ${now})`.execute(database);
  return rows[0];
}

/** What is due at `now`, oldest first. */
export async function recordsDue(
  database: Database,
  act: RecordDueTable["act"],
  now: Date,
  limit: number,
): Promise<readonly string[]> {
  const rows = await database
    .selectFrom("record_due")
    .select("record_id")
    .where("act", "=", act)
    .where("due_at", "<=", now)
    .orderBy("due_at")
    .limit(limit)
    .execute();
  return rows.map(({ record_id }) => record_id);
}

/** Whether it still is. The row is held: an objection or a re-activation comes before or after, not between. */
export async function isDue(
  database: Database,
  recordId: string,
  act: RecordDueTable["act"],
  now: Date,
): Promise<boolean> {
  const { rows } = await sql`
    select r.record_id from record r join record_due d on d.record_id = r.record_id
    where r.record_id = ${recordId} and d.act = ${act} and d.due_at <= ${now} for update of r`.execute(database);
  return rows.length > 0;
}

async function setDue(database: Database, due: RecordDueTable): Promise<void> {
  await database
    .insertInto("record_due")
    .values(due)
    .onConflict((conflict) => conflict.column("record_id").doUpdateSet({ act: due.act, due_at: due.due_at }))
    .execute();
}

async function clearDue(database: Database, recordId: string): Promise<void> {
  await database.deleteFrom("record_due").where("record_id", "=", recordId).execute();
}
