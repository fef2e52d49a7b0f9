import { attribute, type XmlElement } from "./xml.ts";

/** Letters of the longest text that is taken from a narrative. */
export const longest = 4000;

/** A cell of a table in the narrative. */
export interface Cell {
  readonly text: string;
  /** Columns and rows that it covers. */
  readonly columns: number;
  readonly rows: number;
}

/** A cell that claims to cover more is taken at this. */
const widest = 100;

/** Blanks other than a single one between two words: most texts have none, and need no mending. */
const untidy = /[^\S ]| {2}/;

/** Words of a narrative element: rows and breaks as lines, cells joined by ` | `. */
export function proseOf(element: XmlElement): string | undefined {
  const words =
    element.name === "tr"
      ? cellsOf(element)
          .join(" | ")
          .replace(/[ |]+$/, "")
      : gather(element);
  const text = untidy.test(words) ? words.replace(/[^\S\n]+/g, " ").replace(/ *\n\s*/g, "\n") : words;
  return text.trim() || undefined;
}

function gather(element: XmlElement): string {
  let text = "";
  for (const item of element.content) {
    if (text.length > 4 * longest) break;
    if (typeof item === "string") text += untidy.test(item) ? item.replace(/\s+/g, " ") : item;
    else text += gatherElement(item);
  }
  return text;
}

function gatherElement(item: XmlElement): string {
  switch (item.name) {
    case "br":
      return "\n";
    case "tr":
      return `${cellsOf(item).join(" | ")}\n`;
    case "td":
    case "th":
      return `${gather(item)} | `;
    case "paragraph":
    case "item":
    case "list":
    case "table":
    case "caption":
      return `${gather(item)}\n`;
    case "reference":
    case "script":
    case "style":
      return "";
    default:
      return gather(item);
  }
}

/** Columns, or rows, that a cell covers; one, for what is no cell. */
export function span(cell: XmlElement | undefined, name: "colspan" | "rowspan"): number {
  const value = Number(attribute(cell, name) ?? 1);
  return Number.isInteger(value) && value > 1 ? Math.min(value, widest) : 1;
}

export const cellElements = (row: XmlElement): XmlElement[] =>
  row.content.flatMap((item) => (typeof item !== "string" && (item.name === "td" || item.name === "th") ? [item] : []));

/** The cells of a row of a table, with the room that each takes. */
export const cellsWithSpan = (row: XmlElement): Cell[] =>
  cellElements(row).map((item) => ({
    text: proseOf(item) ?? "",
    columns: span(item, "colspan"),
    rows: span(item, "rowspan"),
  }));

const cellsOf = (row: XmlElement): string[] => cellsWithSpan(row).map(({ text }) => text);
