/** Contents on their way out: to a file, to a program, or to somebody's terminal. */
import { writeFile } from "node:fs/promises";
import type { Writable } from "node:stream";
import type { CommandContext } from "./commands/context.ts";
import { writeDurably } from "./feed/durable.ts";
import { UsageError } from "./io.ts";
import { printable } from "./output.ts";
import { placeOf } from "./place.ts";

/**
 * To a file, else to standard output.
 *
 * @throws UsageError on a terminal, when the content is no text
 */
export async function give(
  { io, output, strings }: CommandContext,
  content: Uint8Array | string,
  file: string | undefined,
): Promise<void> {
  if (file === undefined) {
    await written(io.stdout, io.stdout.isTTY ? textForTerminal(content, strings.noText) : content);
    return;
  }
  const place = await placeOf(file);
  if (place === undefined) return writeFile(file, content);
  await writeDurably(place, content);
  output.facts({ event: "saved", file }, [[strings.facts.saved, file]]);
}

/** Writes, and waits until it was taken. Rejects when nobody takes it any more. */
export function written(to: Writable, content: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    to.write(content, (error) => (error ? reject(error) : resolve()));
  });
}

/** A document may hold what commands a terminal: only its text is shown. */
function textForTerminal(content: Uint8Array | string, otherwise: string): string {
  let text: string;
  try {
    text = typeof content === "string" ? content : new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    throw new UsageError(otherwise);
  }
  if (text.startsWith("%PDF-")) throw new UsageError(otherwise);
  return text
    .split("\n")
    .map((line) => line.split("\t").map(printable).join("\t"))
    .join("\n");
}
