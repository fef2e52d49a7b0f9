/**
 * Two questions read every document of a record, however few they were after: which documents are in these lots (each page
 * of ITI-66, each look for changes), and which are of a rare type (the vaccinations of a first look, R131).
 */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create index document_of_lot on document (record_id, submission_set_id);
create index document_by_type on document (record_id, type_code, date desc, document_id desc);
`)
    .execute(database);
}
