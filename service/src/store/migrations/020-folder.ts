/** Folders (classeurs) and pinned documents: lists of documents of one record, made by a sender or by the patient. */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create table folder (
  record_id uuid not null,
  folder_id uuid not null,
  unique_id text not null,
  kind text not null check (kind in ('folder', 'pinned')),
  owner_kind text not null check (owner_kind in ('professional', 'patient', 'establishment')),
  owner_id text not null,
  version integer not null,
  received_at timestamptz not null,
  -- When the title and the founding members were given.
  titled_at timestamptz not null,
  date timestamptz not null,
  designation_type text,
  title text not null,
  resource text not null,
  primary key (record_id, folder_id)
);
create unique index folder_unique_id on folder (record_id, unique_id);
create unique index folder_pinned on folder (record_id, owner_id) where kind = 'pinned';

-- A founding member was in the folder when it got its title: the title may speak of it.
create table folder_member (
  record_id uuid not null,
  folder_id uuid not null,
  document_id uuid not null,
  position integer not null,
  is_founding boolean not null,
  added_at timestamptz not null,
  primary key (record_id, folder_id, document_id)
);
create index folder_member_document on folder_member (record_id, document_id);
`)
    .execute(database);
}
