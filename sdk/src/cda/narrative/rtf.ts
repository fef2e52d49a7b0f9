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
const windows1252 = new TextDecoder("windows-1252");

interface Group {
  readonly isSilent: boolean;
  /** Words that the author hid, or that a reviewer took out. */
  readonly isHidden: boolean;
  readonly isStruck: boolean;
  /** Head or foot of the pages: a line of its own. */
  readonly isMargin: boolean;
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
  const groups: Group[] = [{ isSilent: false, isHidden: false, isStruck: false, isMargin: false, skipped: 1 }];
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
  let toSkip = 0;
  for (const [, name, number, hex, symbol, brace, plain] of windows1252.decode(bytes).matchAll(token)) {
    if (length >= maxCharacters) break;
    const group = groups.at(-1) as Group;
    const { isSilent, skipped } = group;
    if (brace === "{") groups.push(group);
    else if (brace === "}") {
      if (groups.length > 1) groups.pop();
      if (group.isMargin && groups.at(-1)?.isMargin === false) add("\n");
    } else if (name !== undefined) {
      if (silent.has(name) || (!withMargins && margins.test(name))) set({ isSilent: true });
      else if (margins.test(name)) set({ isMargin: true });
      // The words of a text box stand in a group that readers of old leave out.
      else if (name === "shptxt") set({ isSilent: false });
      else if (name === "uc" && number !== undefined) set({ skipped: Number(number) });
      else if (isSilent) continue;
      else if (name === "v" || name === "deleted") set({ isHidden: number !== "0" });
      else if (name === "strike" || name === "striked") set({ isStruck: number !== "0" });
      else if (name === "plain") set({ isHidden: false, isStruck: false });
      else if (breaks.has(name)) add(besides.has(name) ? "\t" : "\n");
      else if (name === "u" && number !== undefined) {
        add(String.fromCharCode(Number(number) & 0xffff));
        toSkip = skipped;
      } else if (Object.hasOwn(signs, name)) add(signs[name] as string);
    } else if (symbol === "*") set({ isSilent: true });
    else if (isSilent) continue;
    else if (symbol !== undefined)
      add(symbol === "~" ? " " : symbol === "_" ? "-" : /[\\{}\n]/.test(symbol) ? symbol : "");
    else if (hex !== undefined) {
      if (toSkip > 0) toSkip -= 1;
      else add(windows1252.decode(Uint8Array.of(Number.parseInt(hex, 16))));
    } else if (plain !== undefined) {
      add(plain.slice(toSkip));
      toSkip = Math.max(0, toSkip - plain.length);
    }
  }
  return runs;
}
