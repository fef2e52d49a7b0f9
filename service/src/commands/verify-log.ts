/** The command `npm run verify-log`: what it says and how it ends. Offline: the embedded database needs a stopped service. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../config.ts";
import { openDatabase } from "../store/database.ts";
import { DirectoryInUse } from "../store/directory-lock.ts";
import { checkpointFolder, logVerifiers } from "./log-settings.ts";
import { type LogProblem, type LogReport, verifyLog } from "./verify-log.ts";

/** Exit codes: the log is whole; it is not; it could not be looked at. */
const WHOLE = 0;
const TAMPERED = 1;
const UNKNOWN = 2;

const MAX_SHOWN = 100;

const textOf = ({ record, line, message }: LogProblem) =>
  `${record ? `record ${record}${line === undefined ? "" : `, line ${line}`}: ` : ""}${message}`;

/** What is said where: findings on standard output, why nothing could be said on standard error. */
export interface CommandOutput {
  out(text: string): void;
  err(text: string): void;
}

function write(report: LogReport, { out }: CommandOutput): void {
  for (const remark of report.remarks) out(`note: ${remark}`);
  for (const problem of report.problems.slice(0, MAX_SHOWN)) out(textOf(problem));
  const rest = report.problems.length - MAX_SHOWN;
  if (rest > 0) out(`and ${rest} more`);
  const sealed = report.lastSealedAt
    ? `${report.checkpoints} checkpoints, the last of ${report.lastSealedAt.toISOString()}; ${report.unsealed} lines since then are chained and not sealed yet`
    : "no checkpoint: the lines are chained, and a cut at the end would not show";
  const verdict = report.problems.length === 0 ? "whole" : "NOT AS IT WAS WRITTEN";
  out(`the access log is ${verdict}: ${report.lines} lines of ${report.records} records; ${sealed}`);
}

/** @returns the exit code: 0 whole, 1 not, 2 could not be looked at */
export async function verifyLogCommand(
  environment: Readonly<Record<string, string | undefined>>,
  output: CommandOutput,
): Promise<number> {
  try {
    const config = loadConfig(environment);
    if (!config.databaseUrl && !existsSync(join(config.dataDirectory, "database"))) {
      output.err(`no database in ${config.dataDirectory}: set CARNET_DATA or DATABASE_URL as for the service`);
      return UNKNOWN;
    }
    const verifiers = logVerifiers(config);
    const { kysely, close } = await openDatabase(config);
    try {
      const folder = checkpointFolder(config);
      const report = await verifyLog({ database: kysely, folder, verifiers, now: new Date() });
      write(report, output);
      return report.problems.length === 0 ? WHOLE : TAMPERED;
    } finally {
      await close();
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown error";
    output.err(
      error instanceof DirectoryInUse
        ? "the service is running on this folder: stop it, then verify"
        : `not verified: ${reason}`,
    );
    return UNKNOWN;
  }
}
