/** Persons told that a record will open for them. R2, R3. */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create table insured_person (
  ins_system text not null,
  ins_value text not null,
  -- The record to open, JSON: identity, attachment, parent of a child.
  record text not null,
  announced_at timestamptz not null,
  opens_at timestamptz not null,
  primary key (ins_system, ins_value)
);
create index insured_person_next on insured_person (opens_at);
`)
    .execute(database);
}
