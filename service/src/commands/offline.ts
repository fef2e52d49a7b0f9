/** What commands share that look at a record's data while its service may be stopped. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadConfig, type ServiceConfig } from "../config.ts";
import { DirectoryInUse } from "../store/directory-lock.ts";
import { reasonToTell } from "../unforeseen.ts";

/** Exit codes: all is as it should be; something is not; it could not be looked at. */
export const exitCode = { whole: 0, faulty: 1, unknown: 2 } as const;

/** What is said where: findings on standard output, why nothing could be said on standard error. */
export interface CommandOutput {
  out(text: string): void;
  err(text: string): void;
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
    // Looking must not make a database of its own where there is none.
    if (!config.databaseUrl && !existsSync(join(config.dataDirectory, "database"))) {
      err(`no database in ${config.dataDirectory}: set CARNET_DATA or DATABASE_URL as for the service`);
      return exitCode.unknown;
    }
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
