/**
 * The destruction of a record: its key, its contents, its rows. Which tables have rows of it is asked of the schema, so
 * that none can be forgotten. R19, R20.
 */
import { sql } from "kysely";
import type { BlobStore } from "./blobs.ts";
import type { Database } from "./store.ts";

/**
 * Tables that keep lines of a destroyed record: its access log and what seals it, for the years that the law asks
 * (Regulation 2025/327, article 9), and the fact that it was destroyed.
 */
export const survivors = ["access_log", "access_log_head", "log_leaf", "log_seal", "destroyed_record"] as const;

/** Tables whose rows belong to no record. Any other table must have a column `record_id`: a test compares. */
export const tablesWithoutRecord = [
  "opposition",
  "insured_person",
  "log_checkpoint",
  "job_turn",
  "indicator_cell",
  "indicator_run",
  "reading",
  "professional_information",
  "professional_alert",
  "application",
  "account",
  "login_attempt",
  "login_challenge",
  "known_device",
  "sign_in_grant",
  "recovery",
  "enrolment_letter",
  "enrolment",
  "machine_client",
  "outside_sign_in",
  "proof_seen",
  "oidc_payload",
  "oidc_key",
  "mail",
] as const;

/** Names of the tables with this column, as the schema has them. */
export async function tablesWith(database: Database, column: "record_id" | "blob_id"): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.table_name as name from information_schema.columns c
    join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
    where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.column_name = ${column}
    order by 1`.execute(database);
  return rows.map(({ name }) => name);
}

/** Tables that are emptied of a record when it is destroyed. */
export async function tablesOfRecord(database: Database): Promise<readonly string[]> {
  const all = await tablesWith(database, "record_id");
  return all.filter((name) => !survivors.some((survivor) => survivor === name));
}

/**
 * Destroys the key: the point of no return. Nothing opens its contents any more, in no copy of the files.
 * @returns false when the destruction is no longer due: the record was re-activated meanwhile
 */
export async function destroyKey(database: Database, recordId: string, now: Date): Promise<boolean> {
  const { rows } = await sql`
    update record set wrapped_key = ''::bytea
    where record_id = ${recordId} and state = 'closed' and exists (
      select from record_due d where d.record_id = ${recordId} and d.act = 'destroy' and d.due_at <= ${now})
    returning record_id`.execute(database);
  return rows.length > 0;
}

/** Removes the sealed contents. May be cut short and run again. */
export async function removeContents(database: Database, blobs: BlobStore, recordId: string): Promise<void> {
  const ofRecord = new Set(await tablesOfRecord(database));
  for (const table of await tablesWith(database, "blob_id")) {
    if (!ofRecord.has(table)) continue;
    const { rows } = await sql<{ blob_id: string | null }>`
      select blob_id from ${sql.table(table)} where record_id = ${recordId}`.execute(database);
    for (const { blob_id } of rows) if (blob_id !== null) await blobs.remove({ recordId, blobId: blob_id });
  }
}

/** Removes every row but the survivors', the record's own last. To be called in a transaction. */
export async function removeRows(database: Database, recordId: string): Promise<void> {
  const tables = await tablesOfRecord(database);
  for (const table of [...tables.filter((name) => name !== "record"), "record"]) {
    await sql`delete from ${sql.table(table)} where record_id = ${recordId}`.execute(database);
  }
}

/** Removes the log of a destroyed record, once the law no longer asks for it. Its leaves stay: hashes, which hold the tree. */
export async function removeLog(database: Database, recordId: string, now: Date): Promise<void> {
  for (const table of ["access_log", "access_log_head", "log_seal"]) {
    await sql`delete from ${sql.table(table)} where record_id = ${recordId}`.execute(database);
  }
  await database
    .updateTable("destroyed_record")
    .set({ log_removed_at: now })
    .where("record_id", "=", recordId)
    .execute();
}
