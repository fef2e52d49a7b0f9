import type { Io } from "./io.ts";

/** One line of a list: what a program reads, and the same as a person reads it. */
export interface Row {
  readonly json: unknown;
  readonly cells: readonly string[];
}

/** A table for a person, JSON lines for a program. */
export interface Output {
  readonly isJson: boolean;
  /** A list; the heading only in a table. */
  list(heading: readonly string[], rows: readonly Row[], ifEmpty: string): void;
  /** One object; for a person its facts, one a line. */
  facts(json: unknown, lines: readonly (readonly [string, string])[]): void;
}

export function createOutput({ stdout }: Io, isJsonWanted: boolean): Output {
  const isJson = isJsonWanted || stdout.isTTY !== true;
  const line = (text: string) => stdout.write(`${text}\n`);
  return {
    isJson,
    list(heading, rows, ifEmpty) {
      if (isJson) {
        for (const { json } of rows) line(asJson(json));
      } else if (rows.length === 0) line(ifEmpty);
      else for (const text of table(heading, rows, stdout.columns ?? 80)) line(text);
    },
    facts(json, lines) {
      if (isJson) line(asJson(json));
      else {
        const width = Math.max(...lines.map(([label]) => label.length));
        for (const [label, value] of lines) line(`${label.padEnd(width)}  ${printable(value)}`);
      }
    },
  };
}

/** One line; what would command a terminal is escaped, also where JSON asks for no escape. */
export function asJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\u009f]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}

/** What the last column, which is words, keeps at least of its line. */
const LEAST_WORDS = 20;

/**
 * Columns as wide as their widest cell. Those that the terminal has no room for go on in a line of their own: whole, since an
 * identifier that is cut reads nothing. The last one alone is cut where the terminal ends.
 */
function table(heading: readonly string[], rows: readonly Row[], columns: number): string[] {
  const all = [heading, ...rows.map(({ cells }) => cells.map(printable))];
  const widths = heading.map((_, at) => Math.max(...all.map((cells) => cells[at]?.length ?? 0)));
  const last = widths.length - 1;
  const lines: number[][] = [];
  let used = 0;
  for (const [at, width] of widths.entries()) {
    const needed = at === last ? Math.min(width, LEAST_WORDS) : width;
    const line = lines.at(-1);
    if (line && used + 2 + needed <= columns) {
      line.push(at);
      used += 2 + needed;
    } else {
      used = (line ? 2 : 0) + needed;
      lines.push([at]);
    }
  }
  return all.flatMap((cells) =>
    lines.map((line, number) => {
      const padded = line.map((at) =>
        at === line.at(-1) ? (cells[at] ?? "") : (cells[at] ?? "").padEnd(widths[at] ?? 0),
      );
      const text = `${number > 0 ? "  " : ""}${padded.join("  ")}`;
      return line.includes(last) && text.length > columns ? `${text.slice(0, Math.max(0, columns - 1))}…` : text;
    }),
  );
}

/** What a document says may hold escape sequences: none of them reaches the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, " ");
}
