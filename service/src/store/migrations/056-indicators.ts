/** Counts that span records, kept up by a job, so that publishing them asks no record. R212. */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create table indicator_cell (
  indicator text not null,
  cell text not null,
  -- As counted: what is published of it is decided when it is published (R214).
  count bigint not null,
  primary key (indicator, cell)
);
create table indicator_run (
  name text primary key,
  counted_at timestamptz not null
);
`)
    .execute(database);
}
