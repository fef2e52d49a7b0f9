/** The work that the record does by itself, in the order in which it runs. */
import type { Services } from "../http/services.ts";
import { lifeCycleJobs } from "../life-cycle/jobs.ts";
import { alertProfessionalsJob } from "./alert-professionals.ts";
import { announcementJob } from "./announcements.ts";
import { countIndicatorsJob } from "./count-indicators.ts";
import { listServicesJob } from "./list-services.ts";
import { readAgainJob } from "./read-again.ts";
import { readTextsJob } from "./read-texts.ts";
import { remindJob } from "./remind.ts";
import type { Job } from "./run-jobs.ts";
import { sealLogJob } from "./seal-log.ts";
import { sweepBlobsJob } from "./sweep-blobs.ts";

export { type Job, type JobRunner, startJobs } from "./run-jobs.ts";

/** Every periodic job. */
export function recordJobs(services: Services): readonly Job[] {
  return [
    ...lifeCycleJobs(services),
    announcementJob(services),
    readTextsJob(services),
    readAgainJob(services),
    alertProfessionalsJob(services),
    remindJob(services),
    listServicesJob(services),
    sealLogJob(services),
    countIndicatorsJob(services),
    sweepBlobsJob(services),
  ];
}
