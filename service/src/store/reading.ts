/** Documents whose facts an older reader read, record by record, and how far a new one has come. */
import { type Kysely, sql } from "kysely";
import type { DocumentFactTable, DocumentTable, Tables } from "./tables.ts";

type Database = Kysely<Tables>;

/** What is needed to read a content again. */
export type UnreadDocument = Pick<DocumentTable, "document_id" | "blob_id" | "size" | "sha1" | "content_type"> & {
  readonly wrapped_key: Buffer;
};

export type ReadAgain = Pick<DocumentFactTable, "document_id" | "state" | "facts" | "failure">;

/** The record to begin after; `undefined` when this version has been through all of them. */
export async function readingPlace(database: Database, version: number): Promise<{ after: string | null } | undefined> {
  const { rows } = await sql<{ last_record_id: string | null; finished_at: Date | null }>`
    insert into reading (reader_version) values (${version})
    on conflict (reader_version) do update set reader_version = excluded.reader_version
    returning last_record_id, finished_at`.execute(database);
  return rows[0]?.finished_at ? undefined : { after: rows[0]?.last_record_id ?? null };
}

export async function nextRecord(database: Database, after: string | null): Promise<string | undefined> {
  const { rows } = await sql<{ record_id: string }>`
    select record_id from record where ${after}::uuid is null or record_id > ${after}::uuid
    order by record_id limit 1`.execute(database);
  return rows[0]?.record_id;
}

/** Some documents of one record that an older reader read. */
export async function unreadDocuments(
  database: Database,
  recordId: string,
  version: number,
  limit: number,
): Promise<readonly UnreadDocument[]> {
  const { rows } = await sql<UnreadDocument>`
    select d.document_id, d.blob_id, d.size, d.sha1, d.content_type, r.wrapped_key
    from document_fact f
      join document d on d.record_id = f.record_id and d.document_id = f.document_id
      join record r on r.record_id = f.record_id
    where f.record_id = ${recordId} and f.reader_version < ${version}
    order by f.document_id limit ${limit}`.execute(database);
  return rows;
}

/**
 * Puts what the new reader read in the place of the old, all or none. A document whose content could not be opened keeps
 * its facts: they were true when they were read.
 */
export async function keepReading(
  transaction: Database,
  recordId: string,
  version: number,
  read: readonly ReadAgain[],
  unopened: readonly string[],
): Promise<void> {
  for (const { document_id: documentId, state, facts, failure } of read) {
    await sql`
      update document_fact set reader_version = ${version}, state = ${state}, facts = ${facts}, failure = ${failure}
      where record_id = ${recordId} and document_id = ${documentId} and reader_version < ${version}`.execute(
      transaction,
    );
  }
  if (unopened.length > 0) {
    await sql`
      update document_fact set reader_version = ${version}
      where record_id = ${recordId} and document_id = any(${unopened}::uuid[]) and reader_version < ${version}`.execute(
      transaction,
    );
  }
  // What was composed of the old facts is no longer the record's summary.
  await sql`update record set version = version + 1 where record_id = ${recordId}`.execute(transaction);
}

export async function advanceReading(database: Database, version: number, recordId: string): Promise<void> {
  await sql`update reading set last_record_id = ${recordId} where reader_version = ${version}`.execute(database);
}

export async function finishReading(database: Database, version: number, now: Date): Promise<void> {
  await sql`update reading set finished_at = ${now} where reader_version = ${version}`.execute(database);
}
