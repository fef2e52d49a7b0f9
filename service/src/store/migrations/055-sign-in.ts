/** Known devices, forgotten passwords, enrolment, choice of the exercise, machine clients, proofs of possession. R201, R206. */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
alter table account
  -- YYYY-MM-DD; asked for when a password is forgotten.
  add column birth_date text,
  -- JSON list: the claims of the professional's further exercises; those of the first are in "claims".
  add column other_exercises text not null default '[]',
  -- The outside issuer that vouches for the person; null: the secret is checked here.
  add column outside_issuer text;

-- A browser in which somebody signed in with a code. The browser holds the token, we its HMAC.
create table known_device (
  account_id text not null,
  device_id uuid not null,
  token_hmac text not null,
  name text not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  primary key (account_id, device_id)
);
create unique index known_device_by_token on known_device (account_id, token_hmac);

-- What a sign-in was: on which device, in the name of which exercise. Ends with the grant.
create table sign_in_grant (
  grant_id text primary key,
  account_id text not null,
  device_id uuid,
  exercise integer not null,
  expires_at timestamptz not null
);
create index sign_in_grant_by_account on sign_in_grant (account_id);

-- A forgotten password; the row is there for unknown names too.
create table recovery (
  recovery_id text primary key,
  account_id text,
  code_hmac text not null,
  tries integer not null,
  expires_at timestamptz not null
);

-- The letter with the provisional code.
create table enrolment_letter (
  ins_system text not null,
  ins_value text not null,
  name text not null,
  card_hmac text not null,
  birth_date text not null,
  code_hmac text not null,
  tries integer not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (ins_system, ins_value)
);
create index enrolment_letter_by_value on enrolment_letter (ins_value);

create table enrolment (
  enrolment_id text primary key,
  ins_system text not null,
  ins_value text not null,
  name text not null,
  birth_date text not null,
  login text,
  secret text,
  email text,
  code_hmac text,
  tries integer not null,
  sent_count integer not null,
  expires_at timestamptz not null
);

create table machine_client (
  client_id text primary key,
  structure text not null,
  jwks text not null,
  registered_at timestamptz not null,
  revoked_at timestamptz
);

-- A person who is away at the outside issuer.
create table outside_sign_in (
  state_hmac text primary key,
  interaction_id text not null,
  pending text not null,
  expires_at timestamptz not null
);

-- Proofs of possession already used (RFC 9449): nothing is lost when a crash empties it, for they live a minute.
create unlogged table proof_seen (
  proof_hash text primary key,
  expires_at timestamptz not null
);
`)
    .execute(database);
}
