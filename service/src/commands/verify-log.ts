/** The command `npm run verify-log`: what it says and how it ends. Offline: the embedded database needs a stopped service. */
import { checkpointFolder, logVerifiers } from "../log/log-settings.ts";
import { type LogProblem, type LogReport, verifyLog } from "../log/verify-log.ts";
import { openDatabase } from "../store/database.ts";
import { type CommandOutput, exitCode, lookOffline, requireUsed } from "./offline.ts";

const MAX_SHOWN = 100;

const textOf = ({ record, line, message }: LogProblem) =>
  `${record ? `record ${record}${line === undefined ? "" : `, line ${line}`}: ` : ""}${message}`;

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
export function verifyLogCommand(
  environment: Readonly<Record<string, string | undefined>>,
  output: CommandOutput,
): Promise<number> {
  return lookOffline(environment, output, { verb: "verify", done: "verified" }, async (config) => {
    const verifiers = logVerifiers(config);
    const { kysely, close } = await openDatabase(config);
    try {
      await requireUsed(kysely);
      const folder = checkpointFolder(config);
      const report = await verifyLog({ database: kysely, folder, verifiers, now: new Date() });
      write(report, output);
      return report.problems.length === 0 ? exitCode.whole : exitCode.faulty;
    } finally {
      await close();
    }
  });
}
