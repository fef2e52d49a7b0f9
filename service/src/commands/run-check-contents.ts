/** Entry point of `npm run check-contents`. */
import { checkContentsCommand } from "./check-contents.ts";

process.exitCode = await checkContentsCommand(process.env, {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
});
