export * from "./errors.ts";
export * from "./guards.ts";
export {
  type AccessToken,
  type BoundToken,
  type CallOptions,
  createHttp,
  type ExchangeTrace,
  type Http,
  type HttpAnswer,
  type HttpOptions,
  type HttpRequest,
  type Progress,
} from "./http.ts";
export { type OutcomeFacts, parseOutcome, readOutcome } from "./outcome.ts";
export { isRetriedStatus, pauseMs, type RetryOptions, readRetryAfter } from "./retry.ts";
