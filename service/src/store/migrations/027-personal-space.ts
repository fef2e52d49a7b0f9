/** What belongs to the person beside the documents: applications, messages, agenda, reports, wishes about notices. */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
-- The catalogue: applications that the operator referenced. R168.
create table application (
  application_id text primary key,
  name text not null,
  publisher text not null,
  description_fr text not null,
  description_en text not null,
  purposes text[] not null,
  -- Out of the catalogue when null: its tokens are refused.
  referenced_at timestamptz,
  updated_at timestamptz not null
);

create table application_consent (
  record_id uuid not null,
  consent_id uuid not null,
  application_id text not null,
  purposes text[] not null,
  granted_at timestamptz not null,
  granted_by text not null,
  ended_at timestamptz,
  primary key (record_id, consent_id)
);
create unique index application_consent_in_force on application_consent (record_id, application_id) where ended_at is null;

-- Messages between one professional and the person. R166.
create table exchange (
  record_id uuid not null,
  exchange_id uuid not null,
  professional_id text not null,
  professional_name text not null,
  structure_name text,
  opened_by text not null check (opened_by in ('professional', 'patient')),
  opened_at timestamptz not null,
  ended_at timestamptz,
  primary key (record_id, exchange_id)
);
create index exchange_by_professional on exchange (record_id, professional_id);

create table message (
  record_id uuid not null,
  message_id uuid not null,
  exchange_id uuid not null,
  sender_kind text not null check (sender_kind in ('professional', 'patient')),
  sender_id text not null,
  sender_name text not null,
  sent_at timestamptz not null,
  read_at timestamptz,
  -- Subject, text and names of attachments, JSON sealed by the record's key.
  sealed bytea not null,
  primary key (record_id, message_id)
);
create index message_newest on message (record_id, sent_at desc, message_id desc);

create table message_attachment (
  record_id uuid not null,
  attachment_id uuid not null,
  message_id uuid not null,
  position integer not null,
  content_type text not null,
  size integer not null,
  sha1 text not null,
  blob_id uuid not null,
  primary key (record_id, attachment_id)
);
create index message_attachment_of on message_attachment (record_id, message_id, position);

-- Something that the person tells the operator is not right. R186.
create table report (
  record_id uuid not null,
  report_id uuid not null,
  reported_at timestamptz not null,
  reporter_id text not null,
  reporter_name text not null,
  about_type text not null check (about_type in ('AuditEvent', 'DocumentReference', 'HealthcareService')),
  about_id text not null,
  sealed bytea not null,
  told_at timestamptz,
  closed_at timestamptz,
  primary key (record_id, report_id)
);
-- For the operator, whose question spans records.
create index report_open on report (reported_at) where closed_at is null;

-- R167.
create table appointment (
  record_id uuid not null,
  appointment_id uuid not null,
  kind text not null check (kind in ('appointment', 'reminder', 'examination')),
  status text not null check (status in ('booked', 'cancelled')),
  starts_at timestamptz not null,
  ends_at timestamptz,
  remind_at timestamptz,
  reminded_at timestamptz,
  created_at timestamptz not null,
  created_by text not null,
  application_id text,
  version integer not null default 1,
  -- What it is about, JSON sealed by the record's key.
  sealed bytea not null,
  primary key (record_id, appointment_id)
);
create index appointment_by_start on appointment (record_id, starts_at, appointment_id);
-- The one question that spans records: whom to remind now.
create index appointment_due on appointment (remind_at) where remind_at is not null and reminded_at is null and status = 'booked';

-- R193: notices that the person does not want. No row: wanted.
create table notice_preference (
  record_id uuid not null,
  kind text not null,
  is_wanted boolean not null,
  updated_at timestamptz not null,
  primary key (record_id, kind)
);

-- R194: the types of documents a professional wants to be told of. The key is the professional: it spans records.
create table professional_alert (
  professional_id text not null,
  type_code text not null,
  since timestamptz not null,
  primary key (professional_id, type_code)
);
create index authorisation_by_subject on authorisation (subject_id) where ended_at is null;

-- A notice for this professional, and not for the patient. R166, R194.
alter table notice add column professional_id text;
-- The kinds of notice are the program's: each room that adds one would otherwise write this list again.
alter table notice drop constraint if exists notice_kind_check;
create index notice_newest on notice (record_id, occurred_at desc, notice_id desc);
`)
    .execute(database);
}
