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
  const kept = await setAsideOtherSecrecy(database, wanted);
  if (kept) return kept;
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

/**
 * R184: one row is either secret or not. A secret agreement moves nothing of one that the representatives see: in force, it
 * serves as it is; expired, it ends where it expired, and the secret one is a row of its own. In the open, the secret one ends.
 * @returns the row that serves as it is
 */
async function setAsideOtherSecrecy(
  database: Database,
  wanted: Insertable<AuthorisationTable>,
): Promise<AuthorisationRow | undefined> {
  const other = await database
    .selectFrom("authorisation")
    .selectAll()
    .where("record_id", "=", wanted.record_id)
    .where("subject_kind", "=", wanted.subject_kind)
    .where("subject_id", "=", wanted.subject_id)
    .where("kind", "=", wanted.kind)
    .where("ended_at", "is", null)
    .where("is_secret", "<>", wanted.is_secret ?? false)
    .executeTakeFirst();
  if (!other) return undefined;
  const isOver = other.expires_at !== null && other.expires_at <= new Date(wanted.granted_at);
  if (wanted.is_secret && !isOver) return other;
  await database
    .updateTable("authorisation")
    .set({ ended_at: isOver ? other.expires_at : wanted.granted_at })
    .where("record_id", "=", other.record_id)
    .where("authorisation_id", "=", other.authorisation_id)
    .execute();
  return undefined;
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

/** A record that somebody may look into, and its place in their list. */
export interface AuthorisedRecord {
  readonly record_id: string;
  /** When the authorisation was last acted on, or the last document came in. */
  readonly at: Date;
}

/** Who looks for their records, in which order, after which, and how many. */
export interface AuthorisedQuery {
  readonly rpps?: string | undefined;
  readonly structure?: string | undefined;
  /**
   * By the authorisation last acted on; or by the last document that came in of these types, if nobody is kept from it: what
   * is hidden from some must not move a record for others (R145).
   */
  readonly order: "authorisation" | { readonly lastDocumentOf: readonly string[] };
  readonly from?: { readonly position: Date; readonly id: string } | undefined;
  /** Null: all. */
  readonly limit: number | null;
}

/** The open records in which a professional or structure holds an authorisation in force and is not blocked, latest first. */
export async function authorisedRecords(
  database: Database,
  { rpps = "", structure = "", order, from, limit }: AuthorisedQuery,
  now: Date,
): Promise<readonly AuthorisedRecord[]> {
  const place =
    order === "authorisation"
      ? sql`max(authorisation.last_action_at)`
      : sql`coalesce((
          select max(received_at) from document
          where document.record_id = authorisation.record_id and type_code = any(${[...order.lastDocumentOf]})
            and status = 'current' and not is_hidden and cardinality(withheld_from) = 0
        ), to_timestamp(0))`;
  const { rows } = await sql<AuthorisedRecord>`
    select record_id, at from (
      select authorisation.record_id, ${place} as at
      from authorisation join record on record.record_id = authorisation.record_id
      where record.state = 'open' and ended_at is null and kind in ('access', 'referring')
        and ((subject_kind = 'professional' and subject_id = ${rpps}) or (subject_kind = 'structure' and subject_id = ${structure}))
        and (expires_at is null or expires_at > ${now})
        and not exists (
          select 1 from authorisation block
          where block.record_id = authorisation.record_id and block.kind = 'block' and block.ended_at is null
            and block.subject_kind = 'professional' and block.subject_id = ${rpps})
      group by authorisation.record_id
    ) placed
    ${from ? sql`where (at, record_id) < (${from.position}, ${from.id}::uuid)` : sql``}
    order by at desc, record_id desc limit ${limit}`.execute(database);
  return rows;
}
