/**
 * What a patient decides beyond the labels of the DMP: documents withheld from one professional or structure, or from
 * every emergency; hiding what will come; who collected an agreement, and how. Results that wait for their announcement.
 */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
alter table document
  add column withheld_from text[] not null default '{}',
  add column is_never_in_emergency boolean not null default false,
  add column patient_sees_from timestamptz;
create index document_replaces on document (record_id, replaces) where replaces is not null;

-- The patient's choices, each as the Consent that they made; \`withheld_from\` and \`is_never_in_emergency\` say the same
-- in the rows that the rules look at.
create table document_restriction (
  record_id uuid not null,
  restriction_id uuid not null,
  document_id uuid not null,
  kind text not null check (kind in ('withheld', 'never-in-emergency')),
  subject_kind text check (subject_kind in ('professional', 'structure')),
  subject_id text,
  subject_name text,
  created_at timestamptz not null,
  created_by text not null,
  ended_at timestamptz,
  primary key (record_id, restriction_id),
  check ((kind = 'withheld') = (subject_id is not null))
);
create unique index document_restriction_in_force on document_restriction
  (record_id, document_id, kind, coalesce(subject_kind, ''), coalesce(subject_id, '')) where ended_at is null;

alter table record add column hides_new_documents boolean not null default false;

alter table authorisation
  add column collected_by_name text,
  add column proof text,
  add column care_role text check (care_role in ('treating-doctor', 'referring-midwife', 'corresponding-pharmacist'));

-- The one question about announcements that spans records: whose result is due? Written with the document.
create table announcement (
  record_id uuid not null,
  document_id uuid not null,
  step text not null check (step in ('notice', 'show')),
  due_at timestamptz not null,
  primary key (record_id, document_id, step)
);
create index announcement_due on announcement (due_at);

-- Of a professional, not of a record (R68).
create table professional_information (
  rpps text primary key,
  acknowledged_at timestamptz not null
);
`)
    .execute(database);
}
