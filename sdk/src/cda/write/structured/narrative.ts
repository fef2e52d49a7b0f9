import { element, pieces, type XmlPiece } from "../xml.ts";

/** A cell of the narrative; with an `id` an entry can point to its words. */
export interface Cell {
  readonly column: string;
  readonly text: string;
  readonly id?: string;
  /** Words before those that the entry points to: "Absence de", which is not part of the name of what is absent. */
  readonly before?: string;
  /** Words after those that the entry points to, for the reader only. */
  readonly after?: string;
  /** ID of a file in the document, shown under the words. */
  readonly mediaId?: string;
  /** Several things said in one cell, each with an ID of its own: shown one under the other in place of `text`. */
  readonly parts?: readonly Cell[];
}

/** One fact as a reader of the document sees it. Facts with the same columns share a table. */
export type Row = readonly Cell[];

/** Narrative block: free paragraphs first, then one table per kind of fact. */
export function writeNarrative(paragraphs: readonly string[], rows: readonly Row[]): XmlPiece {
  return element(
    "text",
    {},
    paragraphs.map((paragraph) => element("paragraph", {}, paragraph)),
    groupByColumns(rows).map(writeTable),
  );
}

/** Words as the narrative of a FHIR section: a paragraph each. */
export function narrativeOf(paragraphs: readonly string[]): string {
  const div = element(
    "div",
    { xmlns: "http://www.w3.org/1999/xhtml" },
    paragraphs.map((words) => element("p", {}, words)),
  );
  return div.xml;
}

function groupByColumns(rows: readonly Row[]): readonly (readonly Row[])[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = row.map((cell) => cell.column).join("|");
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}

/** A column without a word in any row is left out: an empty column says nothing and takes the room of one that does. */
function writeTable(rows: readonly Row[]): XmlPiece {
  const columns = (rows[0] ?? []).map((cell) => cell.column);
  const shown = columns.map((_, index) => rows.some((row) => row[index]?.text !== ""));
  const keep = <T>(_: T, index: number) => shown[index] === true;
  return element(
    "table",
    { border: "0" },
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        columns.filter(keep).map((column) => element("th", {}, column)),
      ),
    ),
    element(
      "tbody",
      {},
      rows.map((row) =>
        element(
          "tr",
          {},
          row.filter(keep).map((cell) => element("td", {}, writeCell(cell))),
        ),
      ),
    ),
  );
}

function writeCell({ text, id, before, after, mediaId, parts }: Cell): XmlPiece {
  if (parts && parts.length > 0)
    return pieces(parts.map((part, index) => (index === 0 ? writeCell(part) : pieces(element("br"), writeCell(part)))));
  const lines = text.split("\n");
  const inner = pieces(lines.map((line, index) => (index === 0 ? line : pieces(element("br"), line))));
  if (mediaId !== undefined)
    return pieces(inner, element("br"), element("renderMultiMedia", { referencedObject: mediaId }));
  return id === undefined ? inner : pieces(before, element("content", { ID: id }, inner), after);
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/** The words of a FHIR narrative, one string per block; markup is dropped, never passed on. */
export function paragraphsOf(div: string | undefined): readonly string[] {
  if (!div) return [];
  return div
    .slice(0, 1_000_000)
    .replace(/[\s\u00a0]+/g, " ")
    .replace(/<(?:br|hr)[^<>]*>|<\/(?:p|li|tr|h[1-6]|div|caption|dt|dd)>/gi, "\n")
    .replace(/<\/t[dh]>\s*(?=<t[dh])/gi, " | ")
    .replace(/<[^<>]*>/g, "")
    .replace(/&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,5});/gi, (whole, name: string) => decodeEntity(name) ?? whole)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function decodeEntity(name: string): string | undefined {
  if (!name.startsWith("#")) return entities[name.toLowerCase()];
  const code = name[1]?.toLowerCase() === "x" ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
