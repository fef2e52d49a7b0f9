export { SummaryError, type SummaryErrorCode } from "./errors.ts";
export { type SummariseOptions, summarise, summariseInSteps } from "./summarise.ts";
