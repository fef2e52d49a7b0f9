/** Runs the periodic jobs: each when it is due, one at a time, in one process at a time. Time is given, never read. */
import type { Kysely } from "kysely";
import { takeTurn } from "../store/job-turns.ts";
import type { Tables } from "../store/tables.ts";
import { unforeseen } from "../unforeseen.ts";

/** Work that the record does by itself. It must bear being cut short and run again. */
export interface Job {
  /** Kebab case; never renamed: the database remembers its turns by it. */
  readonly name: string;
  readonly everyMs: number;
  /** @param signal aborted when the service stops: end at the next safe point. */
  run(now: Date, signal: AbortSignal): Promise<void>;
}

export interface JobRunner {
  /** Runs every job now, due or not, in their order. @throws AggregateError of the jobs that failed; the others ran. */
  runAll(): Promise<void>;
  /** Waits for the job that runs, then stops. */
  stop(): Promise<void>;
}

export interface JobRunnerDeps {
  readonly database: Kysely<Tables>;
  readonly log: { error(details: object, message: string): void };
  now(): Date;
}

/** How often the runner looks for jobs that are due. */
const LOOK_MS = 30_000;

/** Starts looking. It holds no timer that keeps the process alive. */
export function startJobs(deps: JobRunnerDeps, jobs: readonly Job[]): JobRunner {
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();

  /** One after the other, whoever asks: two jobs never race in one process. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = running.then(work);
    running = result.catch(() => undefined);
    return result;
  }

  async function runDue(): Promise<void> {
    for (const job of jobs) {
      if (stopping.signal.aborted) return;
      try {
        const now = deps.now();
        if (await takeTurn(deps.database, job.name, job.everyMs, now)) await job.run(now, stopping.signal);
      } catch (error) {
        // The next turn tries again; the message may quote a value, so the code (a full disk, say) and the place are kept.
        const { kind, code, frames } = unforeseen(error);
        deps.log.error({ job: job.name, kind, code, stack: frames }, "job failed");
      }
    }
  }

  async function runEach(): Promise<void> {
    const failures: unknown[] = [];
    for (const job of jobs) {
      await job.run(deps.now(), stopping.signal).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${jobs.length} jobs failed`);
  }

  const timer = setInterval(() => inTurn(runDue), LOOK_MS);
  timer.unref();
  return {
    runAll: () => inTurn(runEach),
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await running;
    },
  };
}
