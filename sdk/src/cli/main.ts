#!/usr/bin/env node
/** Entry point of `carnet`. */
import { exitCode } from "./exit-codes.ts";
import { failureOf, printedFailure } from "./failure.ts";
import { run } from "./program.ts";
import { stringsFor } from "./strings.ts";

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    // The first asks politely; who asks twice does not want to wait.
    if (stop.signal.aborted) process.exit(exitCode.interrupted);
    stop.abort();
  });
}
// `carnet list … | head` closes the pipe: that is no error.
process.stdout.on("error", (error) => {
  if ("code" in error && error.code === "EPIPE") process.exit(exitCode.done);
  const failure = failureOf(error, stringsFor(undefined, process.env));
  process.stderr.write(`${printedFailure(failure, process.stderr.isTTY !== true)}\n`);
  process.exit(failure.exitCode);
});

process.exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stop.signal,
});
