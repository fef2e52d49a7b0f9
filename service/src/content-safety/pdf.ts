/**
 * Is this PDF whole, open and quiet? Encrypted files cannot be read by those who need them, active ones (JavaScript, launch
 * actions, embedded programs) act on the reader's machine, and one that is also something else (polyglot) deceives. Pure.
 */
import { inflateSync } from "node:zlib";

export type PdfFault = "pdf-broken" | "pdf-encrypted" | "pdf-active" | "pdf-polyglot";

/** Names that make a reader act. `OpenAction` to a page is harmless and common: only what it does counts. */
const ACTIVE = namesLike(["JavaScript", "JS", "Launch", "RichMedia", "XFA", "SubmitForm", "ImportData"], "[A-Za-z0-9]");
const ENCRYPT = namesLike(["Encrypt"], "[A-Za-z]");
const TRAILER_BYTES = 2048;
/** Object streams are opened to look for the same names, up to this much in all. */
const MAX_INFLATED = 16 * 1024 * 1024;

interface Names {
  /** How they begin, to be searched as they are. */
  readonly beginnings: readonly Buffer[];
  readonly pattern: RegExp;
}

function namesLike(names: readonly string[], further: string): Names {
  return {
    beginnings: names.map((name) => Buffer.from(`/${name}`)),
    pattern: new RegExp(`/(${names.join("|")})(?!${further})`),
  };
}

/**
 * Does one of the names stand there? Hardly any file has one, and a file as a text takes ten times as long: only the bytes
 * are searched where they settle it.
 */
function hasName(bytes: Buffer, { beginnings, pattern }: Names): boolean {
  if (!bytes.includes("#") && !beginnings.some((beginning) => bytes.includes(beginning))) return false;
  return pattern.test(plainNames(bytes.toString("latin1")));
}

/** `#4A` in a name is its character: `/J#61vaScript` is `/JavaScript`. */
function plainNames(text: string): string {
  return text.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const OBJECT = /\d\s+obj\b/;
/** The first object of a file stands this near to its beginning. */
const HEAD_BYTES = 2048;

function hasObject(file: Buffer): boolean {
  return OBJECT.test(file.toString("latin1", 0, HEAD_BYTES)) || OBJECT.test(file.toString("latin1"));
}

/**
 * @param isStrict refuse files without any object too: placeholders that tests and demonstrations are fond of
 * @returns the first fault, none when the file may be kept
 */
export function faultOfPdf(bytes: Uint8Array, isStrict: boolean): PdfFault | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isStrict && !hasObject(file)) return hasName(file, ACTIVE) ? "pdf-active" : undefined;
  const end = file.toString("latin1", Math.max(0, file.length - TRAILER_BYTES));
  const marker = end.lastIndexOf("%%EOF");
  if (marker < 0) return "pdf-broken";
  // What follows the end is for another program: a few blanks are all that writers leave there.
  if (end.slice(marker + 5).trim() !== "") return "pdf-polyglot";
  if (!/startxref\s+\d+\s*$/.test(end.slice(0, marker))) return "pdf-broken";
  if (!file.includes("/Root")) return "pdf-broken";
  const bare = withoutStreams(file);
  if (bare.some((part) => hasName(part, ENCRYPT))) return "pdf-encrypted";
  if (bare.some((part) => hasName(part, ACTIVE))) return "pdf-active";
  return isActiveInside(file) ? "pdf-active" : undefined;
}

const BLANK = Buffer.from(" ");
/** More parts than these are searched as one: a copy costs less then than so many searches. */
const MANY_PARTS = 200;

/** The parts of the file outside its streams, in which any bytes may look like a name. */
function withoutStreams(file: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const start = file.indexOf("stream", at);
    if (start < 0) break;
    const end = file.indexOf("endstream", start + 6);
    if (end < 0) break;
    parts.push(file.subarray(at, start), BLANK);
    at = end + 9;
  }
  parts.push(file.subarray(at));
  return parts.length > MANY_PARTS ? [Buffer.concat(parts)] : parts;
}

/** Objects may hide in compressed object streams. */
function isActiveInside(file: Buffer): boolean {
  if (!file.includes("/ObjStm")) return false;
  const text = file.toString("latin1");
  let left = MAX_INFLATED;
  for (const match of text.matchAll(/\/Type\s*\/ObjStm(?![A-Za-z])/g)) {
    const start = file.indexOf("stream", match.index);
    const end = start < 0 ? -1 : file.indexOf("endstream", start);
    if (end < 0) continue;
    const from = start + 6 + (text.startsWith("\r\n", start + 6) ? 2 : 1);
    try {
      const inflated = inflateSync(file.subarray(from, end), { maxOutputLength: Math.max(1, left) });
      left -= inflated.length;
      if (hasName(inflated, ACTIVE)) return true;
    } catch {
      // Not deflated, or too much: read as it stands.
      if (hasName(file.subarray(from, Math.min(end, from + MAX_INFLATED)), ACTIVE)) return true;
    }
  }
  return false;
}
