/** What the patient withholds of one document, beside its labels: kept as it was asked, and in the rows that rules look at. */
import { randomUUID } from "node:crypto";
import { type Selectable, sql } from "kysely";
import type { Database } from "./store.ts";
import type { DocumentRestrictionTable } from "./tables.ts";

export type RestrictionRow = Selectable<DocumentRestrictionTable>;

/** From whom: one professional or structure, or everybody in an emergency. */
export type Restriction =
  | {
      readonly kind: "withheld";
      readonly subject_kind: "professional" | "structure";
      readonly subject_id: string;
      readonly subject_name: string;
    }
  | { readonly kind: "never-in-emergency" };

/** Every version of a document, older and newer: what is withheld of one is withheld of all (R118). */
async function versionsOf(database: Database, recordId: string, documentId: string): Promise<readonly string[]> {
  const { rows } = await sql<{ document_id: string }>`
    with recursive chain (document_id, replaces) as (
      select document_id, replaces from document where record_id = ${recordId} and document_id = ${documentId}
      union
      select d.document_id, d.replaces from document d join chain c
        on d.replaces = c.document_id or d.document_id = c.replaces
      where d.record_id = ${recordId}
    ) select document_id from chain`.execute(database);
  return rows.map((row) => row.document_id);
}

/**
 * Restricts a document; asked again, gives the restriction there is. To be called in a transaction that holds the record.
 * Neither the version nor the date of the document moves: those are seen by readers whom it does not concern.
 */
export async function restrictDocument(
  database: Database,
  target: { readonly recordId: string; readonly documentId: string },
  restriction: Restriction,
  by: string,
  now: Date,
): Promise<RestrictionRow> {
  const versions = await versionsOf(database, target.recordId, target.documentId);
  const subject = restriction.kind === "withheld" ? restriction.subject_id : null;
  const existing = await database
    .selectFrom("document_restriction")
    .selectAll()
    .where("record_id", "=", target.recordId)
    .where("document_id", "in", versions)
    .where("kind", "=", restriction.kind)
    .where("subject_id", subject === null ? "is" : "=", subject)
    .where("ended_at", "is", null)
    .executeTakeFirst();
  if (existing) return existing;
  const row = await database
    .insertInto("document_restriction")
    .values({
      subject_kind: null,
      subject_id: null,
      subject_name: null,
      ...restriction,
      record_id: target.recordId,
      restriction_id: randomUUID(),
      document_id: target.documentId,
      created_at: now,
      created_by: by,
      ended_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  const change =
    subject === null
      ? sql`is_never_in_emergency = true`
      : sql`withheld_from = array_append(array_remove(withheld_from, ${subject}), ${subject})`;
  await sql`
    update document set ${change}
    where record_id = ${target.recordId} and document_id = any(${[...versions]}::uuid[])`.execute(database);
  return row;
}

/** The named professional or structure may see the document again. To be called in a transaction. */
export async function endRestriction(database: Database, row: RestrictionRow, now: Date): Promise<void> {
  const versions = await versionsOf(database, row.record_id, row.document_id);
  await database
    .updateTable("document_restriction")
    .set({ ended_at: now })
    .where("record_id", "=", row.record_id)
    .where("restriction_id", "=", row.restriction_id)
    .execute();
  await sql`
    update document set withheld_from = array_remove(withheld_from, ${row.subject_id})
    where record_id = ${row.record_id} and document_id = any(${[...versions]}::uuid[])`.execute(database);
}

export async function findRestriction(
  database: Database,
  recordId: string,
  restrictionId: string,
): Promise<RestrictionRow | undefined> {
  return database
    .selectFrom("document_restriction")
    .selectAll()
    .where("record_id", "=", recordId)
    .where("restriction_id", "=", restrictionId)
    .executeTakeFirst();
}

/** All of a record, newest first. */
export async function listRestrictions(database: Database, recordId: string): Promise<readonly RestrictionRow[]> {
  return database
    .selectFrom("document_restriction")
    .selectAll()
    .where("record_id", "=", recordId)
    .orderBy("created_at", "desc")
    .orderBy("restriction_id")
    .execute();
}
