import { type Cell, cellElements, cellsWithSpan, span } from "./prose.ts";
import { attribute, child, children, type XmlElement } from "./xml.ts";

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

export function labelledCells(row: XmlElement, lines: Lines): LabelledCell[] {
  return under(headingsOf(row), cellsWithSpan(row), coveredAbove(row, lines));
}

/** Columns of a row that cells of earlier rows reach into; looked for where its own cells leave some out. */
function coveredAbove(row: XmlElement, { rows, at: places }: Lines): readonly boolean[] {
  const at = places.get(row) ?? 0;
  const columns = headingsOf(row).length || widthOf(rows[0] ?? row);
  if (at === 0 || widthOf(row) >= columns) return [];
  let left: number[] = [];
  for (const above of rows.slice(Math.max(0, at - furthest), at)) {
    const next = left.map((count) => count - 1);
    let column = 0;
    for (const cell of cellElements(above)) {
      while ((left[column] ?? 0) > 0) column += 1;
      for (const end = column + span(cell, "colspan"); column < end; column += 1)
        next[column] = span(cell, "rowspan") - 1;
    }
    left = next;
  }
  return Array.from(left, (count = 0) => count > 0);
}

const widthOf = (row: XmlElement) => cellElements(row).reduce((sum, cell) => sum + span(cell, "colspan"), 0);

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
 * The row, the rows that the cell pointed to reaches into, then the rows "label | value" that follow it: producers write
 * what concerns a medicine below its line. Another cell that reaches further (one reason for two medicines) joins nothing.
 */
export function aboutOne(row: XmlElement, lines: Lines, pointed: XmlElement | undefined): LabelledCell[] {
  const { rows, at: places } = lines;
  const own = cellsWithSpan(row);
  const at = places.get(row) ?? 0;
  const reach = pointed?.name === "tr" ? reachOfRow(own, rows.slice(at + 1)) : span(pointed, "rowspan");
  const found = rows.slice(at, at + reach).flatMap((each) => labelledCells(each, lines));
  const isCovered = coveredAbove(row, lines).includes(true);
  const label = own.length === 2 && !isCovered ? own[0]?.text : undefined;
  if (label) found.push({ heading: label, text: own[1]?.text ?? "" });
  for (const next of rows.slice(at + reach, at + reach + furthest)) {
    const [name, value, ...more] = cellsWithSpan(next);
    if (!name || !value || more.length > 0 || coveredAbove(next, lines).includes(true)) break;
    if ((own.length === 2 && headingsOf(row).length > 0) || name.text === label) break;
    found.push({ heading: name.text, text: inOneLine(value.text) });
  }
  return found;
}

/** A row that is pointed to as a whole reaches as far as its cells, up to a row that may be pointed to itself. */
function reachOfRow(own: readonly Cell[], below: readonly XmlElement[]): number {
  const reach = Math.max(1, ...own.map(({ rows }) => rows));
  const another = below.slice(0, reach - 1).findIndex((each) => attribute(each, "ID"));
  return another < 0 ? reach : another + 1;
}
