/** The store as the other rooms see it: a database, a place for contents, and the keys that seal them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Kysely, sql, type Transaction } from "kysely";
import type { ServiceConfig } from "../config.ts";
import { openBlobDirectory } from "./blob-store.ts";
import type { BlobStore } from "./blobs.ts";
import { openDatabase } from "./database.ts";
import { migrate } from "./migrate.ts";
import { openRecordKeys, type RecordKeys } from "./record-keys.ts";
import { openS3Store, readS3Settings } from "./s3-store.ts";
import { ownCommits, type SharedCommits, shareCommits } from "./shared-commits.ts";
import { keepStatistics } from "./statistics.ts";
import type { Tables } from "./tables.ts";
import { refusalToStart, requireWritable } from "./unusable.ts";

export interface Store {
  readonly database: Kysely<Tables>;
  readonly engine: "embedded" | "postgresql";
  readonly blobs: BlobStore;
  readonly keys: RecordKeys;
  /** Runs `work` in one transaction. The embedded database has one connection: inside, use only the given handle. */
  transaction<Result>(work: (transaction: Transaction<Tables>) => Promise<Result>): Promise<Result>;
  /**
   * Runs `work`, whose commits are on disk when the promise resolves and perhaps not before: for work that nobody was told
   * of and that can be taken up again, before the service listens. Waits for the disk once in the embedded database.
   */
  confirmTogether<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Commits of deposits, which come in numbers. */
  readonly commits: SharedCommits;
  /** Says that documents were written, so that the embedded database's planner hears of them in time. */
  noteWrites(count: number): void;
  close(): Promise<void>;
}

/**
 * Some of the wrapped keys that are there: the provider's, and those of the first record and the last, between which a
 * rotation that was cut short stands.
 */
async function keysInUse(database: Kysely<Tables>): Promise<readonly Buffer[]> {
  const { rows } = await sql<{ wrapped_key: Buffer }>`
    select wrapped_key from oidc_key
    union all (select wrapped_key from record where length(wrapped_key) > 0 order by record_id limit 1)
    union all (select wrapped_key from record where length(wrapped_key) > 0 order by record_id desc limit 1)`.execute(
    database,
  );
  return rows.map(({ wrapped_key }) => Buffer.from(wrapped_key));
}

/** A database handle: the store's own or that of a transaction. */
export type Database = Kysely<Tables>;

/** Where contents lie that no storage of its own holds. */
const contentsFolder = ({ dataDirectory }: ServiceConfig) => join(dataDirectory, "blobs");

/** @throws StartRefused when contents are there, and no more can be written beside them: a first deposit would tell */
export function requireWritableContents(config: ServiceConfig): void {
  const folder = contentsFolder(config);
  if (!config.environment.BLOB_URL && existsSync(folder)) requireWritable(folder);
}

/**
 * Opens everything and brings the schema to its newest version.
 * @param before asked of the database before anything is written: what it throws keeps it from being opened
 * @throws StartRefused when the folder, its disk or the database keeps it from being opened; DirectoryInUse
 */
export async function openStore(
  config: ServiceConfig,
  before?: (database: Kysely<Tables>) => Promise<void>,
): Promise<Store> {
  const storage = readS3Settings(config.environment);
  const { kysely, engine, limitStatements, close } = await openDatabase(config);
  try {
    await before?.(kysely);
    await migrate(kysely);
    limitStatements();
    const statistics = engine === "embedded" ? await keepStatistics(kysely) : undefined;
    return {
      database: kysely,
      engine,
      blobs: storage ? openS3Store(storage) : openBlobDirectory(contentsFolder(config)),
      keys: openRecordKeys(
        config.dataDirectory,
        { present: config.masterKey, previous: config.environment.CARNET_PREVIOUS_MASTER_KEY || undefined },
        await keysInUse(kysely),
      ),
      commits: engine === "embedded" ? shareCommits(kysely) : ownCommits(kysely),
      transaction: (work) => kysely.transaction().execute(work),
      async confirmTogether(work) {
        // A connection among many could not be told apart there; and that server has its own group commit.
        if (engine !== "embedded") return work();
        await sql`set synchronous_commit = off`.execute(kysely);
        try {
          return await work();
        } finally {
          await sql`set synchronous_commit = on`.execute(kysely);
          await sql`checkpoint`.execute(kysely);
        }
      },
      noteWrites: (count) => statistics?.noteWrites(count),
      close: async () => {
        await statistics?.settle();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw refusalToStart(error, config);
  }
}
