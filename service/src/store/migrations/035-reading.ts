/** How far each version of the reader has gone through the records: the work spans them, so it has a table of its own. */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create table reading (
  reader_version integer primary key,
  last_record_id uuid,
  finished_at timestamptz
);
`)
    .execute(database);
}
