/** When each periodic job runs next: a turn is taken by one process, however many serve the same database. */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create table job_turn (
  name text primary key,
  next_at timestamptz not null
);
`)
    .execute(database);
}
