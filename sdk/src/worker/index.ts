export { type ComposeOptions, createComposer, type SourceContent, type SummaryComposer } from "./composer.ts";
export { openSummaryWorker, type SummaryWorker, type SummaryWorkerOptions } from "./open-worker.ts";
