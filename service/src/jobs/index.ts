/** The work that the record does by itself, in the order in which it runs. */
import type { Services } from "../http/services.ts";
import type { Job } from "./run-jobs.ts";

export { type Job, type JobRunner, startJobs } from "./run-jobs.ts";

/** Every periodic job. */
export function recordJobs(_services: Services): readonly Job[] {
  return [];
}
