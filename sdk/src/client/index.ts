export * from "../fhir/http/errors.ts";
export type { AccessToken, CallOptions, ExchangeTrace } from "../fhir/http/http.ts";
export type { RetryOptions } from "../fhir/http/retry.ts";
export type { Ins } from "../identity/index.ts";
export type { Capabilities } from "./capabilities.ts";
export { type CarnetClient, type ConnectOptions, connect } from "./connect.ts";
export { type NameParts, professionalName } from "./professional-name.ts";
export type * from "./types.ts";
