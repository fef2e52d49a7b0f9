/** Records by traits, for the dispatch centre (TD0.5). A small table of its own: the question spans records. R43. */

import { foldName } from "@carnet/sdk/identity";
import { type Kysely, sql } from "kysely";

interface Row {
  record_id: string;
  birth_name: string;
  used_name: string | null;
  first_given_name: string;
  used_given_name: string | null;
  birth_date: string;
}

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create table person_lookup (
  birth_date text not null,
  family text not null,
  given text not null,
  record_id uuid not null,
  primary key (birth_date, family, given, record_id)
);
`)
    .execute(database);
  const { rows } = await sql<Row>`
    select record_id, birth_name, used_name, first_given_name, used_given_name, birth_date from record`.execute(
    database,
  );
  for (const row of rows) {
    for (const family of new Set([row.birth_name, row.used_name ?? row.birth_name].map(foldName))) {
      for (const given of new Set([row.first_given_name, row.used_given_name ?? row.first_given_name].map(foldName))) {
        await sql`
          insert into person_lookup (birth_date, family, given, record_id)
          values (${row.birth_date}, ${family}, ${given}, ${row.record_id}) on conflict do nothing`.execute(database);
      }
    }
  }
}
