/**
 * What a line of the access log says beyond who, when and what: the secret of a minor's access (R184), the categories of
 * the data (Regulation 2025/327, article 9) and the application through which somebody acted (R168, R183). The form of a
 * line's hash has a version: lines written before this keep theirs.
 */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
alter table access_log
  add column form smallint not null default 1,
  add column if not exists is_secret boolean not null default false,
  -- Categories of the documents that were shown, separated by spaces.
  add column data_categories text,
  add column application_id text,
  add column application_name text;
`)
    .execute(database);
}
