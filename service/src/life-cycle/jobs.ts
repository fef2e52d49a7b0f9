/** What a record does when time has passed: it opens, it closes, it is destroyed, its log is forgotten. R2, R18, R19, R20. */
import type { Services } from "../http/services.ts";
import type { Job } from "../jobs/run-jobs.ts";
import { archivedUntil } from "../rules/index.ts";
import { announcementsDue } from "../store/insured-persons.ts";
import { closeRecord, isDue, recordsDue } from "../store/life-cycle.ts";
import { perform } from "./act.ts";
import { openByTime } from "./announce.ts";
import { destroy, forgetLogs } from "./destroy.ts";
import { closureMotives } from "./states.ts";

const HOUR_MS = 3_600_000;
const BATCH = 200;

export function lifeCycleJobs(services: Services): readonly Job[] {
  const { database } = services.store;
  return [
    {
      name: "open-announced-records",
      everyMs: HOUR_MS,
      run: (now, signal) =>
        each(
          signal,
          () => announcementsDue(database, now, BATCH),
          (announced) => openByTime(services, announced),
        ),
    },
    {
      name: "close-suspended-records",
      everyMs: HOUR_MS,
      run: (now, signal) =>
        each(
          signal,
          () => recordsDue(database, "close", now, BATCH),
          (recordId) => closeSuspended(services, recordId),
        ),
    },
    {
      name: "destroy-records",
      everyMs: HOUR_MS,
      run: (now, signal) =>
        each(
          signal,
          () => recordsDue(database, "destroy", now, BATCH),
          (recordId) => destroy(services, recordId),
        ),
    },
    { name: "forget-logs", everyMs: 24 * HOUR_MS, run: (_now, signal) => forgetLogs(services, signal) },
  ];
}

/**
 * Works through what is due, batch after batch. One that fails does not hold up the others; a batch without progress ends
 * the turn.
 * @throws AggregateError of those that failed
 */
async function each<Item>(
  signal: AbortSignal,
  due: () => Promise<readonly Item[]>,
  work: (item: Item) => Promise<boolean>,
): Promise<void> {
  const failures: unknown[] = [];
  for (;;) {
    const batch = await due();
    let isProgress = false;
    failures.length = 0;
    for (const item of batch) {
      if (signal.aborted) return;
      try {
        if (await work(item)) isProgress = true;
      } catch (error) {
        failures.push(error);
      }
    }
    if (batch.length < BATCH || !isProgress) break;
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} records could not be worked on`);
}

/** R18: six weeks without an objection. */
async function closeSuspended(services: Services, recordId: string): Promise<boolean> {
  const now = services.now();
  const line = { transaction: "SUSPENSION", action: "U", rule: "R18", detail: closureMotives.suspension } as const;
  return perform(services, { recordId, by: "system", now, notice: "closed", line }, async (transaction) => {
    if (!(await isDue(transaction, recordId, "close", now))) return false;
    const words = { motive: closureMotives.suspension, reason: undefined };
    const destroyAt = archivedUntil(now, services.config.rules.archiveYears);
    return closeRecord(transaction, recordId, words, now, destroyAt);
  });
}
