/** The words of an RTF file: control words, pictures and hidden groups left out. For searching, not for display. */

/** Groups that hold no text of the document. */
const SILENT: ReadonlySet<string> = new Set([
  "fonttbl",
  "colortbl",
  "stylesheet",
  "info",
  "pict",
  "object",
  "themedata",
  "datastore",
  "header",
  "footer",
  "listtable",
  "listoverridetable",
  "rsidtbl",
  "generator",
]);
const BREAKS: ReadonlySet<string> = new Set(["par", "line", "cell", "row", "tab", "page", "sect"]);
const TOKEN = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)/gi;
const windows1252 = new TextDecoder("windows-1252");

/** @param maxCharacters reading ends there */
export function rtfText(bytes: Uint8Array, maxCharacters: number): string {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const silent: boolean[] = [false];
  let text = "";
  let toSkip = 0;
  for (const [, word, number, hex, symbol, brace, plain] of source.matchAll(TOKEN)) {
    if (text.length >= maxCharacters) break;
    const isSilent = silent.at(-1) ?? false;
    if (brace === "{") silent.push(isSilent);
    else if (brace === "}") {
      if (silent.length > 1) silent.pop();
    } else if (word !== undefined) {
      if (SILENT.has(word)) silent[silent.length - 1] = true;
      else if (!isSilent && BREAKS.has(word)) text += "\n";
      else if (!isSilent && word === "u" && number !== undefined) {
        text += String.fromCharCode(Number(number) & 0xffff);
        toSkip = 1;
      }
    } else if (symbol === "*") silent[silent.length - 1] = true;
    else if (!isSilent) {
      if (symbol === "~") text += " ";
      // The character that stands for readers without Unicode follows `\u`.
      else if (hex !== undefined && toSkip > 0) toSkip = 0;
      else if (hex !== undefined) text += windows1252.decode(Uint8Array.of(Number.parseInt(hex, 16)));
      else if (plain !== undefined) {
        text += windows1252.decode(Buffer.from(plain.slice(toSkip), "latin1"));
        toSkip = 0;
      }
    }
  }
  return text.slice(0, maxCharacters);
}
