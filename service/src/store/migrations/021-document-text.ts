/** The words of each document, beside its facts and kept like them: for searching inside one record. */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
alter table document_fact
  add column text_version integer not null default 0,
  add column text_failure text,
  add column body text,
  add column words tsvector;
create index document_fact_unread on document_fact (record_id, document_id) where text_version = 0;
`)
    .execute(database);
}
