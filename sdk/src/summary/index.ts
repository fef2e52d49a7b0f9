export { SummaryError, type SummaryErrorCode } from "./errors.ts";
export { hasFacts } from "./has-facts.ts";
export { type SummariseOptions, summarise, summariseInSteps } from "./summarise.ts";
