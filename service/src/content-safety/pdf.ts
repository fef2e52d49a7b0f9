/**
 * Is this PDF whole, open and quiet? Encrypted files cannot be read by those who need them, active ones (JavaScript, launch
 * actions, embedded programs) act on the reader's machine, and one that is also something else (polyglot) deceives. Pure.
 */
import { inflateSync } from "node:zlib";

export type PdfFault = "pdf-broken" | "pdf-encrypted" | "pdf-active" | "pdf-polyglot";

/** Names that make a reader act. `OpenAction` to a page is harmless and common: only what it does counts. */
const active = /\/(JavaScript|JS|Launch|RichMedia|XFA|SubmitForm|ImportData)(?![A-Za-z0-9])/;
const TRAILER_BYTES = 2048;
/** Object streams are opened to look for the same names, up to this much in all. */
const MAX_INFLATED = 16 * 1024 * 1024;

/** `#4A` in a name is its character: `/J#61vaScript` is `/JavaScript`. */
function plainNames(text: string): string {
  if (!text.includes("#")) return text;
  return text.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/**
 * @param isStrict refuse files without any object too: placeholders that tests and demonstrations are fond of
 * @returns the first fault, none when the file may be kept
 */
export function faultOfPdf(bytes: Uint8Array, isStrict: boolean): PdfFault | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  if (!isStrict && !/\d\s+obj\b/.test(text)) return active.test(plainNames(text)) ? "pdf-active" : undefined;
  const end = text.slice(-TRAILER_BYTES);
  const marker = end.lastIndexOf("%%EOF");
  if (marker < 0) return "pdf-broken";
  // What follows the end is for another program: a few blanks are all that writers leave there.
  if (end.slice(marker + 5).trim() !== "") return "pdf-polyglot";
  if (!/startxref\s+\d+\s*$/.test(end.slice(0, marker))) return "pdf-broken";
  const bare = withoutStreams(text);
  if (!/\/Root(?![A-Za-z])/.test(bare) && !text.includes("/Root")) return "pdf-broken";
  const names = plainNames(bare);
  if (/\/Encrypt(?![A-Za-z])/.test(names)) return "pdf-encrypted";
  if (active.test(names)) return "pdf-active";
  return isActiveInside(text) ? "pdf-active" : undefined;
}

/** The file without the contents of its streams, where any bytes may look like a name. */
function withoutStreams(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf("stream", at);
    if (start < 0) break;
    const end = text.indexOf("endstream", start + 6);
    if (end < 0) break;
    parts.push(text.slice(at, start));
    at = end + 9;
  }
  parts.push(text.slice(at));
  return parts.join(" ");
}

/** Objects may hide in compressed object streams. */
function isActiveInside(text: string): boolean {
  let left = MAX_INFLATED;
  for (const match of text.matchAll(/\/Type\s*\/ObjStm(?![A-Za-z])/g)) {
    const start = text.indexOf("stream", match.index);
    const end = start < 0 ? -1 : text.indexOf("endstream", start);
    if (end < 0) continue;
    const from = start + 6 + (text.startsWith("\r\n", start + 6) ? 2 : 1);
    try {
      const inflated = inflateSync(Buffer.from(text.slice(from, end), "latin1"), {
        maxOutputLength: Math.max(1, left),
      });
      left -= inflated.length;
      if (active.test(plainNames(inflated.toString("latin1")))) return true;
    } catch {
      // Not deflated, or too much: read as it stands.
      if (active.test(plainNames(text.slice(from, Math.min(end, from + MAX_INFLATED))))) return true;
    }
  }
  return false;
}
