/**
 * Which version of its record each document and each lot last changed in: an order that no clock makes. Rows that were there
 * before are older than any position that was given out. Both orders are asked for together, by software that follows a record.
 */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
alter table document add column record_version integer not null default 0;
alter table submission_set add column record_version integer not null default 0;
create index document_changed on document (record_id, record_version);
create index document_updated on document (record_id, updated_at);
create index submission_set_changed on submission_set (record_id, record_version);
create index submission_set_received on submission_set (record_id, received_at);
`)
    .execute(database);
}
