import { type Cell, cellsWithSpan } from "./prose.ts";
import { child, children, type XmlElement } from "./xml.ts";

export interface LabelledCell {
  readonly heading: string;
  readonly text: string;
}

/** Rows of one body of a table, and where each stands. */
export interface Lines {
  readonly rows: readonly XmlElement[];
  readonly at: ReadonlyMap<XmlElement, number>;
}

/** Rows below a line that may still be about it. */
const furthest = 30;

export function labelledCells(row: XmlElement): LabelledCell[] {
  return under(headingsOf(row), cellsWithSpan(row), []);
}

/** One heading for each column, of the last row of headings; empty when there is none. */
function headingsOf(row: XmlElement): readonly string[] {
  const table = row.parent?.name === "table" ? row.parent : row.parent?.parent;
  const headRow = children(child(table, "thead"), "tr").at(-1);
  if (!headRow || headRow === row) return [];
  let found = knownHeadings.get(headRow);
  if (!found) {
    found = cellsWithSpan(headRow).flatMap(({ text, columns }) =>
      Array<string>(columns).fill(text.replace(/\s+/g, " ")),
    );
    knownHeadings.set(headRow, found);
  }
  return found;
}

/** Each row of a table asks for its headings. */
const knownHeadings = new WeakMap<XmlElement, readonly string[]>();

/** Cells under their headings. `taken` are the columns that a cell of an earlier row covers. */
function under(headings: readonly string[], cells: readonly Cell[], taken: readonly boolean[]): LabelledCell[] {
  const labelled: { cell: Cell; column: number }[] = [];
  let column = 0;
  for (const cell of cells) {
    while (taken[column]) column += 1;
    labelled.push({ cell, column });
    column += cell.columns;
  }
  while (taken[column]) column += 1;
  const isLabelled = headings.length === column;
  return labelled.map(({ cell, column: at }) => ({
    heading: isLabelled ? (headings[at] ?? "") : "",
    text: inOneLine(cell.text),
  }));
}

const inOneLine = (text: string) => (text.includes("\n") ? text.replace(/\s*\n\s*/g, "; ") : text);

/**
 * The row, the rows that one of its cells reaches into, then the rows "label | value" that follow it: producers write
 * what concerns a medicine below its line.
 */
export function aboutOne(row: XmlElement, { rows, at: places }: Lines): LabelledCell[] {
  const headings = headingsOf(row);
  const own = cellsWithSpan(row);
  const at = places.get(row) ?? 0;
  const reach = Math.max(1, ...own.map(({ rows: count }) => count));
  const found = under(headings, own, []);
  for (const next of rows.slice(at + 1, at + reach)) {
    const taken = own.flatMap(({ columns, rows: count }) => Array<boolean>(columns).fill(count > 1));
    found.push(...under(headings, cellsWithSpan(next), taken));
  }
  const label = own.length === 2 ? own[0]?.text : undefined;
  if (label) found.push({ heading: label, text: own[1]?.text ?? "" });
  for (const next of rows.slice(at + reach, at + reach + furthest)) {
    const [name, value, ...more] = cellsWithSpan(next);
    if (!name || !value || more.length > 0 || (own.length === 2 && headings.length > 0) || name.text === label) break;
    found.push({ heading: name.text, text: inOneLine(value.text) });
  }
  return found;
}
