/** The rows of the identity provider, as migrations 050 and 055 create them. */
import type { Generated, Kysely } from "kysely";
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
  birth_date: string | null;
  other_exercises: Generated<string>;
  outside_issuer: string | null;
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

export interface KnownDeviceTable {
  account_id: string;
  device_id: string;
  token_hmac: string;
  name: string;
  first_seen_at: Date;
  last_seen_at: Date;
}

export interface SignInGrantTable {
  grant_id: string;
  account_id: string;
  device_id: string | null;
  exercise: number;
  expires_at: Date;
}

export interface RecoveryTable {
  recovery_id: string;
  account_id: string | null;
  code_hmac: string;
  tries: number;
  expires_at: Date;
}

export interface EnrolmentLetterTable {
  ins_system: string;
  ins_value: string;
  name: string;
  card_hmac: string;
  birth_date: string;
  code_hmac: string;
  tries: number;
  created_at: Date;
  expires_at: Date;
}

export interface EnrolmentTable {
  enrolment_id: string;
  ins_system: string;
  ins_value: string;
  name: string;
  birth_date: string;
  login: string | null;
  secret: string | null;
  email: string | null;
  code_hmac: string | null;
  tries: number;
  sent_count: number;
  expires_at: Date;
}

export interface MachineClientTable {
  client_id: string;
  /** JSON: {@link Structure}. */
  structure: string;
  /** JSON Web Key Set of public keys. */
  jwks: string;
  registered_at: Date;
  revoked_at: Date | null;
}

export interface OutsideSignInTable {
  state_hmac: string;
  interaction_id: string;
  pending: string;
  expires_at: Date;
}

export interface ProofSeenTable {
  proof_hash: string;
  expires_at: Date;
}

export interface IdentityTables {
  account: AccountTable;
  login_attempt: LoginAttemptTable;
  login_challenge: LoginChallengeTable;
  oidc_payload: OidcPayloadTable;
  oidc_key: OidcKeyTable;
  mail: MailTable;
  known_device: KnownDeviceTable;
  sign_in_grant: SignInGrantTable;
  recovery: RecoveryTable;
  enrolment_letter: EnrolmentLetterTable;
  enrolment: EnrolmentTable;
  machine_client: MachineClientTable;
  outside_sign_in: OutsideSignInTable;
  proof_seen: ProofSeenTable;
}

/** Any database handle of the service: its tables are a superset of ours. */
// biome-ignore lint/suspicious/noExplicitAny: the table type is replaced, not read
export type AnyDatabase = Kysely<any>;

/** The same handle, seen with the tables of this room. */
export function identityTables(database: AnyDatabase): Kysely<IdentityTables> {
  return database;
}
