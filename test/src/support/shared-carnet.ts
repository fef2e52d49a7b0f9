/**
 * One running Carnet for all files of a worker that only read, or add what is their own: to start one takes longer than
 * most of their tests. Files of a worker run one after the other, so that what one counts no other adds to. Who changes
 * what others read, restarts or kills begins one alone: `startCarnet`.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningCarnet, startCarnet } from "./carnet.ts";
import { dropDatabase } from "./postgres.ts";

/** Set by the run's global setup: a folder where each worker notes what it leaves running. */
const VARIABLE = "CARNET_TEST_SHARED";

/** What the end of the run needs to clear a Carnet away. */
type Left = Pick<RunningCarnet, "pid" | "data" | "database">;

let running: Promise<RunningCarnet> | undefined;

/** The Carnet of this worker, started when the first file asks. Nobody disposes of it: the run does, at its end. */
export function sharedCarnet(): Promise<RunningCarnet> {
  running ??= begin();
  return running;
}

async function begin(): Promise<RunningCarnet> {
  const folder = process.env[VARIABLE];
  if (!folder) throw new Error("nobody would end a shared Carnet: run through vitest's project `whole`");
  const carnet = await startCarnet();
  const { pid, data, database } = carnet;
  writeFileSync(join(folder, `${pid}.json`), JSON.stringify({ pid, data, database } satisfies Left));
  return carnet;
}

/** For the run's global setup. The result ends what workers have left running. */
export function beginSharing(): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "carnet-shared-"));
  process.env[VARIABLE] = folder;
  return async () => {
    for (const name of readdirSync(folder)) {
      const { pid, data, database }: Left = JSON.parse(readFileSync(join(folder, name), "utf8"));
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended with its worker.
      }
      rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      if (database) await dropDatabase(database);
    }
    rmSync(folder, { recursive: true, force: true });
  };
}
