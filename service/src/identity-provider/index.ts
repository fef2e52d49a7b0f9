/**
 * The embedded OpenID provider: demonstration cards for professionals, user name, password and a mailed code for
 * patients; and the verification of every access token, its own or an outside issuer's.
 */
export { type Account, type AccountInput, type Accounts, createAccounts } from "./accounts.ts";
export { CredentialRefused } from "./credential-policy.ts";
export type { IdentityDeps, ProviderDeps } from "./deps.ts";
export type { EnrolmentLetters, LetterClaim, LetterInput } from "./enrolment-letters.ts";
export { type MachineClientInput, MachineClientRefused, type MachineClients } from "./machine-clients.ts";
export { createTokenVerifier, type IdentityProvider, registerIdentityProvider } from "./mount.ts";
export {
  IssuerUnreachable,
  type Presentation,
  TokenError,
  type TokenErrorCode,
  type VerifiedToken,
  type VerifyToken,
} from "./token-verifier.ts";
