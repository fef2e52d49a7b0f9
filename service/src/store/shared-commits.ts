/**
 * Deposits that come at the same time wait for the disk once, together. In the embedded database each commit would else
 * stop the whole process for its own fsync.
 */
import { type Kysely, sql } from "kysely";
import type { Database } from "./store.ts";
import type { Tables } from "./tables.ts";

/**
 * One statement, a transaction of its own.
 * @param isConfirmedLater whether its commit shall not wait for the disk itself
 */
export type SharedWork<Result> = (database: Database, isConfirmedLater: boolean) => Promise<Result>;

export interface SharedCommits {
  /** Says that what follows `work` is a commit: those that are ready give it a moment to come. */
  near<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Commits: what was written is on disk when the promise resolves. What becomes of the others' work is their own. */
  commit<Result>(work: SharedWork<Result>): Promise<Result>;
}

/** A server among many connections has its own group commit; here each waits for itself. */
export function ownCommits(kysely: Kysely<Tables>): SharedCommits {
  return { near: (work) => work(), commit: (work) => work(kysely, false) };
}

interface Waiting {
  /** Runs the work. @returns how its promise is settled, which must be on disk before */
  run(database: Database, isConfirmedLater: boolean): Promise<() => void>;
  fail(error: unknown): void;
}

const MAX_WAIT_MS = 10;
/** Who reads waits as long as a group takes. */
const MAX_GROUP = 16;

/**
 * For a database of one connection. A group holds it until all of it is on disk: nobody reads what a power cut could still
 * take back.
 * @param maxWaitMs longest that a commit waits for those that are near
 */
export function shareCommits(kysely: Kysely<Tables>, maxWaitMs = MAX_WAIT_MS): SharedCommits {
  let waiting: Waiting[] = [];
  let coming = 0;
  let isRunning = false;
  let timer: NodeJS.Timeout | undefined;

  // After what this turn of the loop still brings.
  const look = () => {
    setImmediate(() => {
      if (coming === 0) void runGroup();
    });
  };

  async function runGroup(): Promise<void> {
    if (isRunning || waiting.length === 0) return;
    isRunning = true;
    clearTimeout(timer);
    timer = undefined;
    const group = waiting.slice(0, MAX_GROUP);
    waiting = waiting.slice(MAX_GROUP);
    try {
      for (const settle of await keepOnDisk(kysely, group)) settle();
    } catch (error) {
      // Whether any of it is on disk is unknown: none of them is told that it is.
      for (const { fail } of group) fail(error);
    } finally {
      isRunning = false;
    }
    if (waiting.length > 0) awaitOthers();
  }

  function awaitOthers(): void {
    timer ??= setTimeout(runGroup, maxWaitMs);
    look();
  }

  return {
    async near(work) {
      coming += 1;
      try {
        return await work();
      } finally {
        coming -= 1;
        look();
      }
    },
    commit(work) {
      return new Promise((resolve, reject) => {
        const run: Waiting["run"] = (database, isConfirmedLater) =>
          work(database, isConfirmedLater).then(
            (result) => () => resolve(result),
            (error: unknown) => () => reject(error),
          );
        waiting.push({ run, fail: reject });
        awaitOthers();
      });
    },
  };
}

async function keepOnDisk(kysely: Kysely<Tables>, group: readonly Waiting[]): Promise<readonly (() => void)[]> {
  const [alone] = group;
  if (alone && group.length === 1) return [await alone.run(kysely, false)];
  return kysely.connection().execute(async (connection) => {
    const settled: (() => void)[] = [];
    for (const { run } of group) settled.push(await run(connection, true));
    // The smallest commit that waits for the disk: the log is written in order, all before it is on disk then.
    await sql`select pg_logical_emit_message(true, 'carnet', '')`.execute(connection);
    return settled;
  });
}
