/** Lots, documents, their facts; the access log and the notices it gives rise to. */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create table submission_set (
  record_id uuid not null,
  submission_set_id uuid not null,
  unique_id text not null,
  received_at timestamptz not null,
  date timestamptz not null,
  designation_type text,
  source_family text,
  source_given text,
  source_id text,
  resource text not null,
  primary key (record_id, submission_set_id)
);
create unique index submission_set_unique_id on submission_set (record_id, unique_id);
create index submission_set_by_date on submission_set (record_id, date desc, submission_set_id);

create table document (
  record_id uuid not null,
  document_id uuid not null,
  submission_set_id uuid not null,
  version integer not null,
  received_at timestamptz not null,
  updated_at timestamptz not null,
  unique_id text not null,
  set_id text,
  set_version integer,
  status text not null check (status in ('current', 'superseded', 'entered-in-error')),
  type_code text not null,
  type_system text not null,
  class_code text not null,
  class_system text not null,
  format_code text,
  format_system text,
  facility_code text,
  practice_code text,
  event_codes text[] not null,
  related_ids text[] not null,
  date timestamptz not null,
  creation timestamptz,
  act_start timestamptz not null,
  act_end timestamptz,
  confidentiality text not null,
  is_hidden boolean not null,
  is_invisible_to_patient boolean not null,
  is_invisible_to_representatives boolean not null,
  is_archived boolean not null,
  author_kind text not null check (author_kind in ('professional', 'patient', 'structure', 'device', 'insurance')),
  author_ids text[] not null,
  author_structure_ids text[] not null,
  author_families text[] not null,
  author_givens text[] not null,
  depositor_kind text not null check (depositor_kind in ('professional', 'patient', 'establishment')),
  depositor_id text not null,
  depositor_structure_id text,
  replaces uuid,
  content_type text not null,
  size integer not null,
  sha1 text not null,
  blob_id uuid not null,
  resource text not null,
  primary key (record_id, document_id)
) with (fillfactor = 90);
create unique index document_unique_id on document (record_id, unique_id);
create unique index document_set_version on document (record_id, set_id, set_version) where set_id is not null;
create index document_newest on document (record_id, date desc, document_id desc);

-- state: read (facts are there), none (nothing to read in this format), failed (a reader refused it; the document is kept)
create table document_fact (
  record_id uuid not null,
  document_id uuid not null,
  reader_version integer not null,
  state text not null check (state in ('read', 'none', 'failed')),
  failure text,
  facts text,
  primary key (record_id, document_id)
);

create table access_log_head (
  record_id uuid primary key,
  sequence integer not null,
  hash bytea not null
) with (fillfactor = 50);

create table access_log (
  record_id uuid not null,
  sequence integer not null,
  event_id uuid not null,
  recorded timestamptz not null,
  transaction text not null,
  action text not null check (action in ('C', 'R', 'U', 'D', 'E')),
  outcome text not null check (outcome in ('granted', 'refused', 'failed')),
  rule text not null,
  is_concealed boolean not null,
  actor_kind text not null check (actor_kind in ('professional', 'patient', 'establishment', 'system')),
  actor_id text not null,
  actor_name text not null,
  actor_profession text,
  structure_id text,
  structure_name text,
  purpose_of_use text not null,
  reason text,
  object_type text not null,
  object_id text,
  query text,
  detail text,
  hash bytea not null,
  primary key (record_id, sequence)
);
create index access_log_by_actor on access_log (record_id, actor_id, sequence desc);

create table notice (
  record_id uuid not null,
  notice_id uuid not null,
  -- One notice per key: a first access is told once, an emergency once an hour.
  dedupe_key text not null,
  kind text not null check (kind in ('first-access', 'emergency-access', 'consultation', 'new-document', 'deferred-result')),
  occurred_at timestamptz not null,
  actor_name text,
  structure_name text,
  purpose_of_use text,
  status text not null default 'pending' check (status in ('pending', 'sent', 'failed', 'skipped')),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  sent_at timestamptz,
  primary key (record_id, notice_id)
);
create unique index notice_dedupe on notice (record_id, dedupe_key);
create index notice_pending on notice (next_attempt_at) where status = 'pending';
`)
    .execute(database);
}
