/** Accounts, what the identity provider keeps between two requests, its keys, and the mails of a demonstration. */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create table account (
  account_id text primary key,
  kind text not null check (kind in ('patient', 'professional', 'establishment')),
  -- User name of a patient, number of the card of a professional; compared in lower case.
  login text not null unique,
  name text not null,
  secret text not null,
  email text,
  locale text not null check (locale in ('fr', 'en')),
  -- Claims of the access token, JSON.
  claims text not null,
  rpps text,
  ins_system text,
  ins_value text,
  -- Shown by the sign-in page of a demonstration; null everywhere else.
  demo_secret text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index account_by_ins on account (ins_system, ins_value) where ins_value is not null;
create index account_by_rpps on account (rpps) where rpps is not null;

-- Failures by user name, whether such an account exists or not: the answer must not tell.
create table login_attempt (
  login_hash text primary key,
  failures integer not null,
  locked_until timestamptz,
  updated_at timestamptz not null
);

create table login_challenge (
  interaction_id text primary key,
  account_id text not null,
  code_hmac text not null,
  tries integer not null,
  sent_count integer not null,
  sent_at timestamptz not null,
  expires_at timestamptz not null
);

create table oidc_payload (
  model text not null,
  id text not null,
  payload text not null,
  grant_id text,
  uid text,
  consumed_at timestamptz,
  expires_at timestamptz,
  primary key (model, id)
);
create index oidc_payload_by_grant on oidc_payload (grant_id) where grant_id is not null;
create index oidc_payload_by_uid on oidc_payload (model, uid) where uid is not null;
create index oidc_payload_by_expiry on oidc_payload (expires_at) where expires_at is not null;

-- Private keys, sealed by the master key.
create table oidc_key (
  name text primary key,
  wrapped_key bytea not null,
  sealed bytea not null,
  created_at timestamptz not null
);

create table mail (
  mail_id uuid primary key,
  -- What it was written for (a notice, a code): a second mail for the same thing is the same mail.
  dedupe_key text not null unique,
  recipient text not null,
  kind text not null,
  locale text not null,
  subject text not null,
  body text not null,
  created_at timestamptz not null
);
create index mail_by_recipient on mail (recipient, created_at desc);
`)
    .execute(database);
}
