/** Records, their identities, those who may act on them. Every key of a record's table begins with the record. */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create table record (
  record_id uuid primary key,
  ins_system text not null,
  ins_value text not null,
  state text not null check (state in ('open', 'closed')),
  birth_name text not null,
  used_name text,
  birth_given_names text not null,
  first_given_name text not null,
  used_given_name text,
  sex text not null check (sex in ('male', 'female', 'unknown')),
  birth_date text not null,
  birth_place_code text,
  is_attached_to_mes boolean not null default true,
  allows_dispatch boolean not null default true,
  allows_break_glass boolean not null default true,
  allows_masked_in_emergency boolean not null default false,
  opened_at timestamptz not null,
  closed_at timestamptz,
  closure_motive text,
  closure_reason text,
  version integer not null default 1,
  updated_at timestamptz not null,
  wrapped_key bytea not null
) with (fillfactor = 80);

create table record_identity (
  ins_system text not null,
  ins_value text not null,
  record_id uuid not null,
  primary key (ins_system, ins_value)
);

create table opposition (
  ins_system text not null,
  ins_value text not null,
  opposed_at timestamptz not null,
  primary key (ins_system, ins_value)
);

create table representative (
  record_id uuid not null,
  representative_id uuid not null,
  ins_system text not null,
  ins_value text not null,
  name text not null,
  kind text not null check (kind in ('parent', 'tutor', 'curator', 'mandatary')),
  started_at timestamptz not null,
  ended_at timestamptz,
  primary key (record_id, representative_id)
);

-- The one question that spans records: whom do I represent?
create table representative_of (
  ins_system text not null,
  ins_value text not null,
  record_id uuid not null,
  primary key (ins_system, ins_value, record_id)
);

create table authorisation (
  record_id uuid not null,
  authorisation_id uuid not null,
  kind text not null check (kind in ('access', 'referring', 'block')),
  subject_kind text not null check (subject_kind in ('professional', 'structure')),
  subject_id text not null,
  subject_name text not null,
  granted_at timestamptz not null,
  granted_by text not null,
  expires_at timestamptz,
  ended_at timestamptz,
  last_action_at timestamptz not null,
  primary key (record_id, authorisation_id)
);
create unique index authorisation_in_force on authorisation (record_id, subject_kind, subject_id, kind) where ended_at is null;
`)
    .execute(database);
}
