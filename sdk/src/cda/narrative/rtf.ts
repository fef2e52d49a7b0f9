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
]);
/** What stands at the head and the foot of each page. */
const margins = /^(?:header|footer)[lrf]?$/;
const breaks: ReadonlySet<string> = new Set(["par", "line", "cell", "row", "tab", "page", "sect"]);
const token = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)/gi;
const windows1252 = new TextDecoder("windows-1252");

interface Group {
  readonly isSilent: boolean;
  /** Characters that stand behind each `\u` for readers without Unicode (`\uc`). */
  readonly skipped: number;
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
export function rtfToText(
  bytes: Uint8Array,
  options: { readonly maxCharacters?: number; readonly withMargins?: boolean } = {},
): string {
  const { maxCharacters = 1_000_000, withMargins = false } = options;
  const groups: Group[] = [{ isSilent: false, skipped: 1 }];
  const set = (change: Partial<Group>) => groups.push({ ...(groups.pop() as Group), ...change });
  let text = "";
  let toSkip = 0;
  for (const [, name, number, hex, symbol, brace, plain] of windows1252.decode(bytes).matchAll(token)) {
    if (text.length >= maxCharacters) break;
    const { isSilent, skipped } = groups.at(-1) as Group;
    if (brace === "{") groups.push({ isSilent, skipped });
    else if (brace === "}") {
      if (groups.length > 1) groups.pop();
    } else if (name !== undefined) {
      if (silent.has(name) || (!withMargins && margins.test(name))) set({ isSilent: true });
      else if (name === "uc" && number !== undefined) set({ skipped: Number(number) });
      else if (isSilent) continue;
      else if (breaks.has(name)) text += "\n";
      else if (name === "u" && number !== undefined) {
        text += String.fromCharCode(Number(number) & 0xffff);
        toSkip = skipped;
      }
    } else if (symbol === "*") set({ isSilent: true });
    else if (isSilent) continue;
    else if (symbol !== undefined) text += symbol === "~" ? " " : symbol === "_" ? "-" : "";
    else if (hex !== undefined) {
      if (toSkip > 0) toSkip -= 1;
      else text += windows1252.decode(Uint8Array.of(Number.parseInt(hex, 16)));
    } else if (plain !== undefined) {
      text += plain.slice(toSkip);
      toSkip = Math.max(0, toSkip - plain.length);
    }
  }
  return text.slice(0, maxCharacters);
}
