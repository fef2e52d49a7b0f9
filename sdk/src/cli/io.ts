import type { Writable } from "node:stream";

/** Everything the command line touches of its process, so that it can be run inside another one. */
export interface Io {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Stops what is under way; a second signal ends the process at once. */
  readonly signal: AbortSignal;
}

/** The command line or a setting is wrong. `message` is for the person, in their language. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
