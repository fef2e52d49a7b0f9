/** The record service (dossier médical partagé): rules, store and wire, ready to listen. */

export type { Applications, NewApplication } from "./applications.ts";
export { loadConfig, type RuleSettings, type ServiceConfig } from "./config.ts";
export { type CarnetService, createService, type ServiceOptions } from "./create-service.ts";
export type { DocumentReceipt, SubmissionReceipt } from "./http/submission.ts";
export type { AccountInput, Accounts } from "./identity-provider/index.ts";
export type {
  InProcessDeposit,
  NewAuthorisation,
  NewRecord,
  NewRepresentative,
  Records,
} from "./records.ts";
export { OpposedToRecord } from "./records.ts";
export type { Actor, ActorClaims, PurposeOfUse, Structure } from "./rules/actor.ts";
export { type Program, runProgram } from "./run-program.ts";
export { type StartRefusal, StartRefused } from "./start-refused.ts";
export type { Store } from "./store/store.ts";
