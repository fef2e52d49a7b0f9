/** Persons without a record: told that one will open, or opposed. R2, R3. */
import { sql } from "kysely";
import type { Ins } from "./records.ts";
import type { Database } from "./store.ts";
import type { InsuredPersonTable } from "./tables.ts";

/** Keeps the announcement, unless the person was told already: the six weeks run from the first. */
export async function keepAnnouncement(database: Database, row: InsuredPersonTable): Promise<boolean> {
  const kept = await database
    .insertInto("insured_person")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning("ins_value")
    .executeTakeFirst();
  return kept !== undefined;
}

export async function findAnnouncement(database: Database, ins: Ins): Promise<InsuredPersonTable | undefined> {
  return database
    .selectFrom("insured_person")
    .selectAll()
    .where("ins_system", "=", ins.system)
    .where("ins_value", "=", ins.value)
    .executeTakeFirst();
}

export async function removeAnnouncement(database: Database, ins: Ins): Promise<void> {
  await database
    .deleteFrom("insured_person")
    .where("ins_system", "=", ins.system)
    .where("ins_value", "=", ins.value)
    .execute();
}

/** Whose six weeks are over at `now`, and who did not oppose. */
export async function announcementsDue(
  database: Database,
  now: Date,
  limit: number,
): Promise<readonly InsuredPersonTable[]> {
  return database
    .selectFrom("insured_person as p")
    .selectAll("p")
    .where("p.opens_at", "<=", now)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom("opposition as o")
            .select("o.ins_value")
            .whereRef("o.ins_system", "=", "p.ins_system")
            .whereRef("o.ins_value", "=", "p.ins_value"),
        ),
      ),
    )
    .orderBy("p.opens_at")
    .limit(limit)
    .execute();
}

export async function isOpposed(database: Database, ins: Ins): Promise<boolean> {
  const found = await database
    .selectFrom("opposition")
    .select("opposed_at")
    .where("ins_system", "=", ins.system)
    .where("ins_value", "=", ins.value)
    .executeTakeFirst();
  return found !== undefined;
}

/**
 * Holds a person of whom there may be no row yet, until the end of the transaction: an opposition and an opening at the same
 * instant come one after the other (R2, R3).
 */
export async function holdPerson(database: Database, ins: Ins): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`person ${ins.system}|${ins.value}`}, 0))`.execute(
    database,
  );
}

/** R3. @returns whether it is new */
export async function keepOpposition(database: Database, ins: Ins, now: Date): Promise<boolean> {
  const kept = await database
    .insertInto("opposition")
    .values({ ins_system: ins.system, ins_value: ins.value, opposed_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning("ins_value")
    .executeTakeFirst();
  return kept !== undefined;
}

/** R7: the person changed their mind. */
export async function liftOpposition(database: Database, ins: Ins): Promise<void> {
  await database
    .deleteFrom("opposition")
    .where("ins_system", "=", ins.system)
    .where("ins_value", "=", ins.value)
    .execute();
}
