import { codePageOfCharset, type ReadBytes, readerOf, readSymbols } from "./rtf-code-pages.ts";

/** Groups that hold no words of the document. */
const silent: ReadonlySet<string> = new Set([
  "fonttbl",
  "colortbl",
  "stylesheet",
  "info",
  "pict",
  "object",
  "themedata",
  "datastore",
  "listtable",
  "listoverridetable",
  "rsidtbl",
  "generator",
  // The picture of a text box, for readers that know none.
  "shprslt",
]);
/** What stands at the head and the foot of each page. */
const margins = /^(?:header|footer)[lrf]?$/;
const breaks: ReadonlySet<string> = new Set([
  "par",
  "line",
  "cell",
  "row",
  "tab",
  "page",
  "sect",
  "nestcell",
  "nestrow",
]);
/** Where words stand side by side. */
const besides: ReadonlySet<string> = new Set(["cell", "nestcell", "tab"]);
const signs: Readonly<Record<string, string>> = {
  bullet: "•",
  endash: "–",
  emdash: "—",
  lquote: "‘",
  rquote: "’",
  ldblquote: "“",
  rdblquote: "”",
  emspace: " ",
  enspace: " ",
};
const token = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)/gi;
/** Code pages that a word at the head of the file names. */
const named: Readonly<Record<string, number>> = { ansi: 1252, mac: 10000, pc: 437, pca: 850 };

interface Group {
  readonly isSilent: boolean;
  /** Words that the author hid, or that a reviewer took out. */
  readonly isHidden: boolean;
  readonly isStruck: boolean;
  /** Head or foot of the pages: a line of its own. */
  readonly isMargin: boolean;
  readonly isFontTable: boolean;
  /** Font of the text, or the one that the table of fonts is about; `undefined` is the font of the whole file. */
  readonly font: number | undefined;
  /** Characters that stand behind each `\u` for readers without Unicode (`\uc`). */
  readonly skipped: number;
}

/** Words of an RTF file that are, or are not, struck through. */
export interface RtfRun {
  readonly text: string;
  readonly isStruck: boolean;
}

/** How an RTF file is read. */
export interface RtfOptions {
  /** Reading ends there; default 1 000 000 characters. */
  readonly maxCharacters?: number;
  /** What stands at the head and the foot of the pages too; default `false`. */
  readonly withMargins?: boolean;
}

/**
 * The words of an RTF file: control words, pictures and hidden groups left out. For searching and for finding whom it names, not
 * for display.
 *
 * @param options.maxCharacters reading ends there; default 1 000 000
 * @param options.withMargins what stands at the head and the foot of the pages too; default `false`
 * @example
 * rtfToText(new TextEncoder().encode("{\\rtf1\\ansi Op\\'e9r\\'e9e\\par}")) // "Opérée\n"
 */
export function rtfToText(bytes: Uint8Array, options: RtfOptions = {}): string {
  const runs = rtfToRuns(bytes, options).map(({ text }) => text.replaceAll("\t", "\n"));
  return runs.join("");
}

/**
 * The same words for a reader: cells and tabs stand side by side, and what is struck through is told apart, lest a treatment
 * that was struck out reads as one that is given. Pictures, and how the text is laid out, are in the file alone.
 *
 * @example
 * rtfToRuns(new TextEncoder().encode("{\\rtf1 A{\\strike B}}")) // [{ text: "A", isStruck: false }, { text: "B", isStruck: true }]
 */
export function rtfToRuns(bytes: Uint8Array, options: RtfOptions = {}): RtfRun[] {
  const { maxCharacters = 1_000_000, withMargins = false } = options;
  const groups: Group[] = [
    {
      isSilent: false,
      isHidden: false,
      isStruck: false,
      isMargin: false,
      isFontTable: false,
      font: undefined,
      skipped: 1,
    },
  ];
  const set = (change: Partial<Group>) => groups.push({ ...(groups.pop() as Group), ...change });
  const runs: { text: string; isStruck: boolean }[] = [];
  let length = 0;
  const add = (text: string) => {
    const { isHidden, isStruck } = groups.at(-1) as Group;
    const said = isHidden ? "" : text.slice(0, maxCharacters - length);
    if (said === "") return;
    length += said.length;
    const last = runs.at(-1);
    if (last?.isStruck === isStruck) last.text += said;
    else runs.push({ text: said, isStruck });
  };
  let ownPage = 1252;
  let mainFont: number | undefined;
  const fonts = new Map<number | undefined, ReadBytes>();
  const readerOfText = () => fonts.get((groups.at(-1) as Group).font ?? mainFont) ?? readerOf(ownPage);
  // A letter of two bytes may stand in two tokens, and its second byte may look like a letter of its own.
  let pending: number[] = [];
  const tell = () => {
    if (pending.length > 0) add(readerOfText()(Uint8Array.from(pending)));
    pending = [];
  };
  let toSkip = 0;
  for (const [, name, number, hex, symbol, brace, plain] of asSigns(bytes).matchAll(token)) {
    if (hex === undefined && plain === undefined) tell();
    if (length >= maxCharacters) break;
    const group = groups.at(-1) as Group;
    const { isSilent, skipped } = group;
    if (brace === "{") groups.push(group);
    else if (brace === "}") {
      if (groups.length > 1) groups.pop();
      if (group.isMargin && groups.at(-1)?.isMargin === false) add("\n");
    } else if (name !== undefined) {
      if (name === "fonttbl") set({ isSilent: true, isFontTable: true });
      else if (silent.has(name) || (!withMargins && margins.test(name))) set({ isSilent: true, isFontTable: false });
      else if (margins.test(name)) set({ isMargin: true });
      // The words of a text box stand in a group that readers of old leave out.
      else if (name === "shptxt") set({ isSilent: false });
      else if (name === "uc" && number !== undefined) set({ skipped: Number(number) });
      else if (name === "f" && number !== undefined) set({ font: Number(number) });
      else if (group.isFontTable) {
        const page = name === "cpg" ? Number(number) : name === "fcharset" && codePageOfCharset(Number(number));
        if (page) fonts.set(group.font, readerOf(page));
      } else if (isSilent) continue;
      else if (name === "v" || name === "deleted") set({ isHidden: number !== "0" });
      else if (name === "strike" || name === "striked") set({ isStruck: number !== "0" });
      else if (name === "plain") set({ isHidden: false, isStruck: false, font: undefined });
      else if (breaks.has(name)) add(besides.has(name) ? "\t" : "\n");
      else if (name === "u" && number !== undefined) {
        add(signOf(Number(number) & 0xffff, readerOfText()));
        toSkip = skipped;
      } else if (name === "ansicpg") ownPage = Number(number);
      else if (name === "deff") mainFont = Number(number);
      else if (Object.hasOwn(named, name)) ownPage = named[name] as number;
      else if (Object.hasOwn(signs, name)) add(signs[name] as string);
    } else if (symbol === "*") set({ isSilent: true, isFontTable: false });
    else if (group.isFontTable && /^\s*Symbol\s*(;|$)/i.test(plain ?? "")) fonts.set(group.font, readSymbols);
    else if (isSilent) continue;
    else if (symbol !== undefined)
      add(symbol === "~" ? " " : symbol === "_" ? "-" : /[\\{}\n]/.test(symbol) ? symbol : "");
    else if (hex !== undefined) {
      if (toSkip > 0) toSkip -= 1;
      else pending.push(Number.parseInt(hex, 16));
    } else if (plain !== undefined) {
      for (let at = toSkip; at < plain.length; at++) pending.push(plain.charCodeAt(at));
      toSkip = Math.max(0, toSkip - plain.length);
    }
  }
  tell();
  return runs;
}

/** Word writes a sign of the font Symbol as one of Unicode's private ones. */
function signOf(code: number, read: ReadBytes): string {
  return read === readSymbols && code >= 0xf020 && code <= 0xf0ff
    ? readSymbols(Uint8Array.of(code & 0xff))
    : String.fromCharCode(code);
}

/** Each byte as the sign of its number, whatever it stands for. */
function asSigns(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return parts.join("");
}
