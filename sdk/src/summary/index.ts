export { SummaryError, type SummaryErrorCode } from "./errors.ts";
export { type SummariseOptions, summarise } from "./summarise.ts";
