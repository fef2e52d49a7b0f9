/**
 * Statistics of the embedded database. It has no autovacuum: without this its planner believes that every table is empty
 * and sorts a whole record to show its newest page.
 */
import { type Kysely, sql } from "kysely";
import type { Tables } from "./tables.ts";

export interface Statistics {
  noteWrites(count: number): void;
  /** Waits for a running analysis. */
  settle(): Promise<void>;
}

/** The first analysis after so many writes; each later one after twice as many, up to {@link LAST_THRESHOLD}. */
const FIRST_THRESHOLD = 50;
const LAST_THRESHOLD = 10_000;

export async function keepStatistics(database: Kysely<Tables>): Promise<Statistics> {
  await analyze(database);
  let [written, threshold] = [0, FIRST_THRESHOLD];
  let running: Promise<void> | undefined;
  return {
    noteWrites(count) {
      written += count;
      if (written < threshold || running) return;
      written = 0;
      threshold = Math.min(threshold * 2, LAST_THRESHOLD);
      running = analyze(database)
        // Statistics only make answers faster: without them the next analysis does it.
        .catch(() => {})
        .finally(() => {
          running = undefined;
        });
    },
    settle: async () => running,
  };
}

async function analyze(database: Kysely<Tables>): Promise<void> {
  await sql`analyze record, record_identity, document, document_fact, submission_set, access_log, authorisation, notice`.execute(
    database,
  );
}
