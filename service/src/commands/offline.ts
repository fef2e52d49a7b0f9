/** What commands share that look at a record's data while its service may be stopped. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Kysely } from "kysely";
import { loadConfig, type ServiceConfig } from "../config.ts";
import { StartRefused } from "../start-refused.ts";
import { DirectoryInUse } from "../store/directory-lock.ts";
import { isUnused } from "../store/migrate.ts";
import { openStore, type Store } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";
import { reasonToTell } from "../unforeseen.ts";

/** Exit codes: all is as it should be; something is not; it could not be looked at. */
export const exitCode = { whole: 0, faulty: 1, unknown: 2 } as const;

/** What is said where: findings on standard output, why nothing could be said on standard error. */
export interface CommandOutput {
  out(text: string): void;
  err(text: string): void;
}

/**
 * Who looks at data, or changes what is there, must not make a database where there is none: a folder that was misspelt would be "whole",
 * and "nothing left" of a key that is then thrown away.
 *
 * @throws StartRefused with words that say what to set, when there is no database
 */
export function requireDatabase({ databaseUrl, dataDirectory }: ServiceConfig): void {
  if (databaseUrl || existsSync(join(dataDirectory, "database", "PG_VERSION"))) return;
  const told = `no database in ${dataDirectory}: set CARNET_DATA or DATABASE_URL as for the service`;
  throw new StartRefused("directory-unusable", told);
}

/** The same of a server, whose databases are there before a service is. @throws StartRefused */
export async function requireUsed(database: Kysely<Tables>): Promise<void> {
  if (!(await isUnused(database))) return;
  const told = "nothing of a record in the database that is named: set DATABASE_URL as for the service";
  throw new StartRefused("database-unusable", told);
}

/** The store of a service that was started here before. @throws StartRefused where there is none; DirectoryInUse */
export async function openExistingStore(config: ServiceConfig): Promise<Store> {
  requireDatabase(config);
  return openStore(config, requireUsed);
}

/** @returns the exit code of `look`, or `unknown` when the data cannot be opened */
export async function lookOffline(
  environment: Readonly<Record<string, string | undefined>>,
  { err }: CommandOutput,
  words: { readonly verb: string; readonly done: string },
  look: (config: ServiceConfig) => Promise<number>,
): Promise<number> {
  try {
    const config = loadConfig(environment);
    requireDatabase(config);
    return await look(config);
  } catch (error) {
    err(
      error instanceof DirectoryInUse
        ? `the service is running on this folder: stop it, then ${words.verb}`
        : `not ${words.done}: ${reasonToTell(error)}`,
    );
    return exitCode.unknown;
  }
}

/** The output of this process. */
export const standardOutput: CommandOutput = {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
};
