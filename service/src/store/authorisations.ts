/** Authorisations of a record: grants, referring doctors, blocks. At most one of a kind in force per subject. */
import { type Insertable, type Selectable, sql } from "kysely";
import type { Database } from "./store.ts";
import type { AuthorisationTable } from "./tables.ts";

export type AuthorisationRow = Selectable<AuthorisationTable>;

/**
 * Grants, or renews what is in force. A block ends the subject's other authorisations; a grant ends a block only where
 * `mayLiftBlock`, since unblocking is a new agreement of the patient (R59). To be called in a transaction: the record's
 * row is held, so that a block and a declaration at the same time come one after the other.
 * @returns undefined when the subject is blocked, and stays so
 */
export async function grantAuthorisation(
  database: Database,
  wanted: Insertable<AuthorisationTable>,
  mayLiftBlock: boolean,
): Promise<AuthorisationRow | undefined> {
  await database
    .selectFrom("record")
    .select("record_id")
    .where("record_id", "=", wanted.record_id)
    .forUpdate()
    .execute();
  if (wanted.kind !== "block" && !mayLiftBlock) {
    const block = await database
      .selectFrom("authorisation")
      .select("authorisation_id")
      .where("record_id", "=", wanted.record_id)
      .where("subject_kind", "=", wanted.subject_kind)
      .where("subject_id", "=", wanted.subject_id)
      .where("kind", "=", "block")
      .where("ended_at", "is", null)
      .executeTakeFirst();
    if (block) return undefined;
  }
  const opposite = wanted.kind === "block" ? (["access", "referring"] as const) : (["block"] as const);
  await database
    .updateTable("authorisation")
    .set({ ended_at: wanted.granted_at, last_action_at: wanted.granted_at })
    .where("record_id", "=", wanted.record_id)
    .where("subject_kind", "=", wanted.subject_kind)
    .where("subject_id", "=", wanted.subject_id)
    .where("kind", "in", opposite)
    .where("ended_at", "is", null)
    .execute();
  return database
    .insertInto("authorisation")
    .values(wanted)
    .onConflict((conflict) =>
      conflict
        .columns(["record_id", "subject_kind", "subject_id", "kind"])
        .where("ended_at", "is", null)
        .doUpdateSet({
          granted_at: wanted.granted_at,
          granted_by: wanted.granted_by,
          expires_at: wanted.expires_at ?? null,
          last_action_at: wanted.last_action_at,
          collected_by_name: wanted.collected_by_name ?? null,
          proof: wanted.proof ?? null,
          // A renewal does not take a role away.
          ...(wanted.care_role ? { care_role: wanted.care_role } : {}),
        }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The end that the patient chose; null: none. */
export async function setEndOfAuthorisation(
  database: Database,
  row: Pick<AuthorisationRow, "record_id" | "authorisation_id">,
  end: Date | null,
  now: Date,
): Promise<AuthorisationRow> {
  return database
    .updateTable("authorisation")
    .set({ expires_at: end, last_action_at: now })
    .where("record_id", "=", row.record_id)
    .where("authorisation_id", "=", row.authorisation_id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function endAuthorisation(
  database: Database,
  row: Pick<AuthorisationRow, "record_id" | "authorisation_id">,
  now: Date,
): Promise<void> {
  await database
    .updateTable("authorisation")
    .set({ ended_at: now, last_action_at: now })
    .where("record_id", "=", row.record_id)
    .where("authorisation_id", "=", row.authorisation_id)
    .execute();
}

export async function findAuthorisation(
  database: Database,
  recordId: string,
  authorisationId: string,
): Promise<AuthorisationRow | undefined> {
  return database
    .selectFrom("authorisation")
    .selectAll()
    .where("record_id", "=", recordId)
    .where("authorisation_id", "=", authorisationId)
    .executeTakeFirst();
}

/** All of a record, newest first. */
export async function listAuthorisations(database: Database, recordId: string): Promise<readonly AuthorisationRow[]> {
  return database
    .selectFrom("authorisation")
    .selectAll()
    .where("record_id", "=", recordId)
    .orderBy("granted_at", "desc")
    .orderBy("authorisation_id")
    .execute();
}

/** A record that somebody may look into, and when the authorisation was last acted on. */
export interface AuthorisedRecord {
  readonly record_id: string;
  readonly at: Date;
}

/**
 * The open records in which a professional or structure holds an authorisation in force and is not blocked; last acted on
 * first, after `from`.
 */
export async function authorisedRecords(
  database: Database,
  subjects: { readonly rpps?: string | undefined; readonly structure?: string | undefined },
  page: { readonly from?: { readonly position: Date; readonly id: string } | undefined; readonly limit: number },
  now: Date,
): Promise<readonly AuthorisedRecord[]> {
  const { from, limit } = page;
  const isTheirs = sql`((subject_kind = 'professional' and subject_id = ${subjects.rpps ?? ""})
    or (subject_kind = 'structure' and subject_id = ${subjects.structure ?? ""}))`;
  const { rows } = await sql<AuthorisedRecord>`
    select authorisation.record_id, max(authorisation.last_action_at) as at
    from authorisation join record on record.record_id = authorisation.record_id
    where record.state = 'open' and ended_at is null and kind in ('access', 'referring') and ${isTheirs}
      and (expires_at is null or expires_at > ${now})
      and not exists (
        select 1 from authorisation block
        where block.record_id = authorisation.record_id and block.kind = 'block' and block.ended_at is null
          and block.subject_kind = 'professional' and block.subject_id = ${subjects.rpps ?? ""})
    group by authorisation.record_id
    ${from ? sql`having (max(authorisation.last_action_at), authorisation.record_id) < (${from.position}, ${from.id}::uuid)` : sql``}
    order by at desc, authorisation.record_id desc limit ${limit}`.execute(database);
  return rows;
}
