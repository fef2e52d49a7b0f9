/** `npm run verify-log`: proves that the access log is what was written. See log/verify-log.ts and docs/operator.md. */
import { verifyLogCommand } from "./log/verify-command.ts";

process.exitCode = await verifyLogCommand(process.env, {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
});
