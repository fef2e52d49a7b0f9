import { str } from "../shared/guards.ts";

/** A narrative reduced to what can be shown without trusting it: blocks of plain text. */
export type TextBlock =
  | { readonly kind: "paragraph" | "item" | "heading"; readonly text: string }
  | { readonly kind: "row"; readonly cells: readonly string[]; readonly isHeader: boolean };

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

function decode(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]+);/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return entities[name.toLowerCase()] ?? whole;
    const point = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : "";
  });
}

/**
 * The text of a FHIR narrative (`<div xmlns="http://www.w3.org/1999/xhtml">…`), block by block. It is read with a
 * tokenizer and never given to an HTML parser: whatever the markup holds, only text comes out.
 */
export function narrativeBlocks(div: unknown): readonly TextBlock[] {
  const source = str(div);
  if (source === undefined) return [];
  const blocks: TextBlock[] = [];
  let text = "";
  let row: { cells: string[]; isHeader: boolean } | undefined;
  let skipped = 0;
  let kind: "paragraph" | "item" | "heading" = "paragraph";

  const flush = () => {
    const clean = decode(text)
      .replace(/[ \t\r\n]+/g, " ")
      .trim();
    text = "";
    if (clean === "") return;
    if (row === undefined) blocks.push({ kind, text: clean });
    else if (row.cells.length === 0) row.cells.push(clean);
    else row.cells[row.cells.length - 1] = [row.cells.at(-1), clean].filter((part) => part !== "").join(" ");
  };
  const endRow = () => {
    flush();
    if (row?.cells.some((cell) => cell !== "") === true) blocks.push({ kind: "row", ...row });
    row = undefined;
  };

  for (const token of source.matchAll(
    /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([a-zA-Z][\w:-]*)(?:"[^"]*"|'[^']*'|[^'">])*>|[^<]+|</g,
  )) {
    const [piece, cdata, slash, rawName] = token;
    if (rawName === undefined) {
      if (skipped === 0 && !piece.startsWith("<!--")) text += cdata ?? piece;
      continue;
    }
    const name = rawName.toLowerCase();
    const closes = slash === "/";
    const selfCloses = piece.endsWith("/>");
    if (name === "script" || name === "style") {
      if (!selfCloses) skipped = Math.max(0, skipped + (closes ? -1 : 1));
      continue;
    }
    switch (name) {
      case "tr":
        endRow();
        if (!closes) row = { cells: [], isHeader: false };
        break;
      case "td":
      case "th":
        flush();
        if (!closes && row !== undefined) {
          row.cells.push("");
          row.isHeader ||= name === "th";
        }
        break;
      case "br":
        flush();
        break;
      case "li":
        flush();
        kind = closes ? "paragraph" : "item";
        break;
      case "h1":
      case "h2":
      case "h3":
      case "h4":
      case "h5":
      case "h6":
      case "caption":
        flush();
        kind = closes ? "paragraph" : "heading";
        break;
      case "p":
      case "div":
      case "ul":
      case "ol":
      case "dl":
      case "dt":
      case "dd":
      case "hr":
      case "table":
      case "thead":
      case "tbody":
      case "blockquote":
      case "pre":
        flush();
        break;
      default:
        break;
    }
  }
  endRow();
  return blocks;
}
