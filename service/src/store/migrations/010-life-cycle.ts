/** What a record lives through beside open and closed: suspension, deletion, death; what falls due; what was destroyed. */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
alter table record drop constraint record_state_check;
alter table record add constraint record_state_check check (state in ('open', 'suspended', 'closed'));
alter table record
  add column identity_status text not null default 'qualified'
    check (identity_status in ('provisional', 'retrieved', 'validated', 'qualified')),
  add column opened_through text not null default 'operator' check (opened_through in ('opt-out', 'person', 'operator')),
  -- R10: the parent to whom a child is attached at the health insurance.
  add column attached_to_system text,
  add column attached_to_value text,
  add column suspended_at timestamptz,
  add column suspension_reason text,
  add column objected_at timestamptz,
  add column deletion_requested_at timestamptz,
  -- YYYY-MM-DD.
  add column died_on text;

-- The one question that spans records: what falls due today? At most one act waits for each record.
create table record_due (
  record_id uuid primary key,
  act text not null check (act in ('close', 'destroy')),
  due_at timestamptz not null
);
create index record_due_next on record_due (due_at);
insert into record_due (record_id, act, due_at)
  select record_id, 'destroy', closed_at + interval '10 years' from record where state = 'closed' and closed_at is not null;

-- What stays of a destroyed record: that it was, and until when its log is kept. No identity.
create table destroyed_record (
  record_id uuid primary key,
  destroyed_at timestamptz not null,
  cause text not null check (cause in ('archive-over', 'request')),
  log_until timestamptz not null,
  log_removed_at timestamptz
);
create index destroyed_record_log on destroyed_record (log_until) where log_removed_at is null;
`)
    .execute(database);
}
