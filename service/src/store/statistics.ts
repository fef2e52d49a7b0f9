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
  if (await isOutgrown(database)) await analyze(database);
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

const tables = [
  "record",
  "record_identity",
  "document",
  "document_fact",
  "submission_set",
  "access_log",
  "authorisation",
  "notice",
];

/**
 * Whether a table was never analysed, or is twice as large on disk as when it was. Statistics are kept with the data: a
 * start takes over those of the last run, whose counting of writes ended with it.
 */
async function isOutgrown(database: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql`
    select from pg_class
    where relname = any(${tables}) and relkind = 'r' and relnamespace = 'public'::regnamespace
      and (reltuples < 0 or pg_relation_size(oid) > 2 * current_setting('block_size')::int * (relpages + 4))
    limit 1`.execute(database);
  return rows.length > 0;
}

async function analyze(database: Kysely<Tables>): Promise<void> {
  await sql`analyze ${sql.join(tables.map((table) => sql.table(table)))}`.execute(database);
}
