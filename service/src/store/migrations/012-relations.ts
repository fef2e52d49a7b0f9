/** Representatives who opened or were invited, heirs, and carers (proches aidants). R10, R13, R14, R22. */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
alter table representative drop constraint representative_kind_check;
alter table representative add constraint representative_kind_check
  check (kind in ('parent', 'tutor', 'curator', 'mandatary', 'heir'));
alter table representative
  add column is_opener boolean not null default false,
  add column attested_at timestamptz,
  add column added_by text not null default 'operator';
-- Until now the operator named parents: the first of each record stands for the one of attachment.
update representative r set is_opener = true
  where r.kind = 'parent' and not exists (
    select from representative o where o.record_id = r.record_id and o.kind = 'parent'
      and (o.started_at, o.representative_id) < (r.started_at, r.representative_id));

create table carer (
  record_id uuid not null,
  carer_id uuid not null,
  ins_system text not null,
  ins_value text not null,
  name text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  ended_at timestamptz,
  attested_at timestamptz not null,
  added_by text not null,
  primary key (record_id, carer_id)
);

-- The one question that spans records: whom do I help, and how many?
create table carer_of (
  ins_system text not null,
  ins_value text not null,
  record_id uuid not null,
  carer_id uuid not null,
  ends_at timestamptz not null,
  primary key (ins_system, ins_value, record_id, carer_id)
);
`)
    .execute(database);
}
