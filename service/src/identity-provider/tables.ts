/** The rows of the identity provider, as migration 050 creates them. */
import type { Kysely } from "kysely";
import type { MailTable } from "../notices/tables.ts";

export interface AccountTable {
  account_id: string;
  kind: "patient" | "professional" | "establishment";
  login: string;
  name: string;
  secret: string;
  email: string | null;
  locale: "fr" | "en";
  claims: string;
  rpps: string | null;
  ins_system: string | null;
  ins_value: string | null;
  demo_secret: string | null;
  created_at: Date;
  updated_at: Date;
}

export interface LoginAttemptTable {
  login_hash: string;
  failures: number;
  locked_until: Date | null;
  updated_at: Date;
}

export interface LoginChallengeTable {
  interaction_id: string;
  account_id: string;
  code_hmac: string;
  tries: number;
  sent_count: number;
  sent_at: Date;
  expires_at: Date;
}

export interface OidcPayloadTable {
  model: string;
  id: string;
  payload: string;
  grant_id: string | null;
  uid: string | null;
  consumed_at: Date | null;
  expires_at: Date | null;
}

export interface OidcKeyTable {
  name: string;
  wrapped_key: Buffer;
  sealed: Buffer;
  created_at: Date;
}

export interface IdentityTables {
  account: AccountTable;
  login_attempt: LoginAttemptTable;
  login_challenge: LoginChallengeTable;
  oidc_payload: OidcPayloadTable;
  oidc_key: OidcKeyTable;
  mail: MailTable;
}

/** Any database handle of the service: its tables are a superset of ours. */
// biome-ignore lint/suspicious/noExplicitAny: the table type is replaced, not read
export type AnyDatabase = Kysely<any>;

/** The same handle, seen with the tables of this room. */
export function identityTables(database: AnyDatabase): Kysely<IdentityTables> {
  return database;
}
