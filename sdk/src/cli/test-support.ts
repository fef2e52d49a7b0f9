import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { Writable } from "node:stream";
import { onTestFinished } from "vitest";
import { run } from "./program.ts";

interface Given {
  readonly signal?: AbortSignal;
  readonly heard?: (text: string) => void;
  readonly stdin?: string;
  readonly stdout?: Writable & { isTTY?: boolean };
}

/** One command line, run to its end inside this process; piped unless `stdout` says otherwise. */
export async function carnet(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  { signal = new AbortController().signal, heard = (_text: string) => {}, stdin = "", ...given }: Given = {},
) {
  const written = { stdout: "", stderr: "" };
  const to = (name: keyof typeof written) =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += String(chunk);
        heard(written[name]);
        done();
      },
    });
  const input = (async function* () {
    yield stdin;
  })();
  const streams = { stdin: input, stdout: given.stdout ?? to("stdout"), stderr: to("stderr") };
  const code = await run(words, { environment, ...streams, signal });
  return { code, ...written };
}

/** A server of this machine, closed after the test. */
export async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
