/** Authorisations that a minor keeps from the legal representatives, and further kinds of notice. R12, R184. */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
alter table authorisation add column is_secret boolean not null default false;
-- The kinds of notice are the program's: each room that adds one would otherwise write this list again.
alter table notice drop constraint if exists notice_kind_check;
`)
    .execute(database);
}
