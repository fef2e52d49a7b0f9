/** A conditional PATCH names a document by its identifier and no record: the one question about documents that spans records. */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create index document_by_unique_id on document (unique_id);
create index document_by_id on document (document_id);
`)
    .execute(database);
}
