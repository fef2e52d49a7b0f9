/** A narrative of others reduced to what can be written again without trusting it: blocks of plain text. */
export type PlainBlock =
  | { readonly kind: "p" | "li"; readonly text: string }
  | { readonly kind: "row"; readonly cells: readonly string[]; readonly isHeader: boolean };

export interface PlainBlocks {
  readonly blocks: readonly PlainBlock[];
  /** There was more than the limit. */
  readonly isCut: boolean;
}

/** Elements that end a line. */
const LINES: ReadonlySet<string> = new Set(
  "br p div ul ol dl dt dd hr table thead tbody tfoot caption blockquote pre h1 h2 h3 h4 h5 h6 section".split(" "),
);
/** A tag longer than this is no tag of a narrative; it ends at its first ">". */
const LONGEST_TAG = 10_000;

/**
 * The words of a FHIR narrative, line by line and row by row. It is read letter by letter, in one pass, and never given
 * to a parser of HTML: whatever the markup holds, only text comes out.
 *
 * @param limit number of characters after which reading stops, at the end of a word
 */
export function plainBlocks(div: string, limit: number): PlainBlocks {
  const blocks: PlainBlock[] = [];
  let text = "";
  let left = limit;
  let isItem = false;
  let row: { cells: string[]; isHeader: boolean } | undefined;

  const flush = () => {
    const clean = decode(text).replace(/\s+/g, " ").trim();
    text = "";
    if (clean === "" || left < 0) return;
    const words = clean.length <= left ? clean : cutAt(clean, left);
    left -= clean.length <= left ? clean.length : left + 1;
    if (words === "") return;
    if (!row) blocks.push({ kind: isItem ? "li" : "p", text: words });
    else if (row.cells.length === 0) row.cells.push(words);
    else row.cells.push([row.cells.pop(), words].filter(Boolean).join(" "));
  };
  const endRow = () => {
    flush();
    if (row?.cells.some((cell) => cell !== "")) blocks.push({ kind: "row", ...row });
    row = undefined;
  };

  let at = 0;
  while (at < div.length && left >= 0) {
    const open = div.indexOf("<", at);
    text += div.slice(at, open < 0 ? div.length : open);
    if (open < 0) break;
    const markup = markupAt(div, open);
    at = markup.end;
    if (markup.text !== undefined) text += markup.text;
    const { name, isEnd } = markup;
    if (name === undefined) continue;
    if (name === "tr") {
      endRow();
      if (!isEnd) row = { cells: [], isHeader: false };
    } else if (name === "td" || name === "th") {
      flush();
      if (!isEnd && row) {
        row.cells.push("");
        row.isHeader ||= name === "th";
      }
    } else if (name === "li") {
      flush();
      isItem = !isEnd;
    } else if (LINES.has(name)) flush();
  }
  endRow();
  return { blocks, isCut: left < 0 };
}

interface Markup {
  readonly end: number;
  readonly text?: string;
  readonly name?: string;
  readonly isEnd?: boolean;
}

/** What begins with "<" at this place: a tag, something to pass over, or a mere "<". */
function markupAt(div: string, open: number): Markup {
  if (div.startsWith("<!--", open)) return { end: after(div, "-->", open + 4) };
  if (div.startsWith("<![CDATA[", open)) {
    const close = div.indexOf("]]>", open);
    const end = close < 0 ? div.length : close;
    // What is in it is text already: decoding it again must give the same.
    return { end: end + 3, text: div.slice(open + 9, end).replaceAll("&", "&amp;") };
  }
  const found = /^<(\/?)([a-z][\w:-]{0,30})|^<[!?]/i.exec(div.slice(open, open + 40));
  if (!found) return { end: open + 1, text: "<" };
  const end = endOfTag(div, open);
  if (end === undefined) return { end: div.length, text: div.slice(open) };
  const name = found[2]?.toLowerCase().replace(/^.*:/, "");
  const isEnd = found[1] === "/";
  if (!isEnd && (name === "script" || name === "style") && div[end - 2] !== "/") {
    const closing = new RegExp(`</${name}`, "gi");
    closing.lastIndex = end;
    return { end: closing.exec(div)?.index ?? div.length };
  }
  return name === undefined ? { end } : { end, name, isEnd };
}

/** The place behind the ">" of a tag, which may stand in a quoted value; `undefined` when there is none at all. */
function endOfTag(div: string, open: number): number | undefined {
  let quote = "";
  for (let at = open + 1; at < Math.min(div.length, open + LONGEST_TAG); at++) {
    const character = div[at] as string;
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === ">") return at + 1;
    else if (character === '"' || character === "'") quote = character;
  }
  const close = div.indexOf(">", open);
  return close < 0 ? undefined : close + 1;
}

function after(div: string, mark: string, from: number): number {
  const at = div.indexOf(mark, from);
  return at < 0 ? div.length : at + mark.length;
}

/** The whole words that fit. */
function cutAt(text: string, length: number): string {
  const start = text.slice(0, length);
  const space = start.lastIndexOf(" ");
  return (space > length / 2 ? start.slice(0, space) : start).replace(/[\uD800-\uDBFF]$/, "").trimEnd();
}

const MARKS: Readonly<Record<string, string>> = {
  acute: "\u0301",
  grave: "\u0300",
  circ: "\u0302",
  uml: "\u0308",
  cedil: "\u0327",
  tilde: "\u0303",
};
const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  laquo: "«",
  raquo: "»",
  deg: "°",
  micro: "µ",
  plusmn: "±",
  times: "×",
  le: "≤",
  ge: "≥",
  ndash: "–",
  mdash: "—",
  hellip: "…",
  lsquo: "‘",
  rsquo: "’",
  oelig: "œ",
  OElig: "Œ",
};

/** Character references as characters; those unknown here stay as they are written. */
function decode(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi,
    (whole, hex?: string, ten?: string, name = "") => {
      if (hex !== undefined || ten !== undefined) {
        const point = hex === undefined ? Number(ten) : Number.parseInt(hex, 16);
        return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : "";
      }
      const letter: string = name;
      if (Object.hasOwn(NAMED, letter)) return NAMED[letter] as string;
      const mark = MARKS[letter.slice(1)];
      return mark && Object.hasOwn(MARKS, letter.slice(1)) ? `${letter[0]}${mark}`.normalize("NFC") : whole;
    },
  );
}
