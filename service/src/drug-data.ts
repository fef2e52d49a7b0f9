/**
 * The reference data of medicines that the operator loaded (`npm run load-drug-data`, docs/safety.md), read from its
 * file; read again when the file changes, so that a new edition needs no restart. A file that cannot be read leaves the
 * former data in place, and none at all leaves medicines "not checked".
 */
import { readFile, stat } from "node:fs/promises";
import { type DrugData, parseDrugData } from "@carnet/sdk/safety";
import type { FastifyBaseLogger } from "fastify";

/** Data with a name that changes with it, for caches. */
export interface LoadedDrugData {
  readonly data: DrugData | undefined;
  readonly edition: string;
}

export interface DrugDataFile {
  /** The data as it stands now. Never throws: a fault is logged, once for each state of the file. */
  current(): Promise<LoadedDrugData>;
}

const NONE: LoadedDrugData = { data: undefined, edition: "none" };

export function openDrugData(path: string, log: Pick<FastifyBaseLogger, "info" | "warn">): DrugDataFile {
  let loaded = NONE;
  let seen = "";
  let loading: Promise<void> | undefined;

  async function load(state: string): Promise<void> {
    seen = state;
    try {
      const data = parseDrugData(JSON.parse(await readFile(path, "utf8")));
      loaded = { data, edition: state };
      log.info({ sources: data.sources.map(({ title, date }) => `${title} (${date})`) }, "drug data loaded");
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : "not JSON";
      log.warn({ path, code }, "the drug data cannot be read: load it again with npm run load-drug-data");
    }
  }

  return {
    async current() {
      const state = await stateOf(path);
      if (state === "none") {
        seen = state;
        loaded = NONE;
      } else if (state !== seen) {
        loading = load(state).finally(() => {
          loading = undefined;
        });
      }
      await loading;
      return loaded;
    },
  };
}

async function stateOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${ino} ${mtimeMs} ${size}`;
  } catch {
    // Not there, or not for us to read: medicines are then not checked, and the summary says so.
    return "none";
  }
}
