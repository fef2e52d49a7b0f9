#!/usr/bin/env node
/** Entry point of `carnet`. */
import { exitCode } from "./exit-codes.ts";

const stop = new AbortController();
// The last one comes when the terminal is closed: a part of a copy that lay on would be found by nobody.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(name, () => {
    // The first asks politely; who asks twice does not want to wait.
    if (stop.signal.aborted) process.exit(exitCode.interrupted);
    stop.abort();
  });
}

// Loaded once signals are heard: until then the system ends the process, with a code that says nothing.
const { failureOf, printedFailure } = await import("./failure.ts");
const { run } = await import("./program.ts");
const { stringsFor } = await import("./strings.ts");

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
