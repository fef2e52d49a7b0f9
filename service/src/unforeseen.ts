/** A fault that nobody foresaw, as a log may hold it: its kind and its place in the program. Its message may quote a value. */

interface Unforeseen {
  readonly kind: string;
  /** The system's or the database's short word (`EPIPE`, `23505`). */
  readonly code: string | undefined;
  /** One frame of the stack a line. */
  readonly frames: string;
}

const MOST_FRAMES = 12;
/** `at place (file:1:2)` or `at file:1:2`: a line of a message that begins like one names no place in a file. */
const FRAME = /^\s+at .*:\d+:\d+\)?$/;

export function unforeseen(error: unknown): Unforeseen {
  if (!(error instanceof Error)) return { kind: typeof error, code: undefined, frames: "" };
  const lines = String(error.stack ?? "").split("\n");
  return {
    kind: error.name,
    code: "code" in error ? String(error.code) : undefined,
    frames: lines
      .filter((line) => FRAME.test(line))
      .slice(0, MOST_FRAMES)
      .join("\n"),
  };
}

/** For standard error: one line, then the frames. */
export function unforeseenInWords(error: unknown): string {
  const { kind, code, frames } = unforeseen(error);
  return `unforeseen fault (${code ? `${kind} ${code}` : kind})\n${frames}\n`;
}

/** What is told to who runs a command: the error's own words, but those of a database, which quote values. */
export function reasonToTell(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  return "severity" in error ? unforeseenInWords(error).trimEnd() : error.message;
}
