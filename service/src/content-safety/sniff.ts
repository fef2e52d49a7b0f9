/** What bytes are, whatever their sender says: by their first bytes, for the types that the record takes. R103, R123. Pure. */

/** Types that can be told apart. `xml` and `json` are text that begins as such. */
export type Sniffed = "pdf" | "jpeg" | "png" | "tiff" | "rtf" | "xml" | "json" | "text" | "unknown";

const declared: Readonly<Record<string, Sniffed>> = {
  "application/pdf": "pdf",
  "image/jpeg": "jpeg",
  "image/png": "png",
  "image/tiff": "tiff",
  "text/rtf": "rtf",
  "application/rtf": "rtf",
  "text/xml": "xml",
  "application/xml": "xml",
  "application/hl7-cda+xml": "xml",
  "application/fhir+json": "json",
  "text/plain": "text",
};

/** What content of this media type must look like. */
export function expectedOf(contentType: string): Sniffed | undefined {
  return declared[contentType];
}

const ascii = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.subarray(from, to)).toString("latin1");

/** Beginnings of programs and archives: never a document here, and never plain text. */
const foreign = [
  "MZ",
  "\x7fELF",
  "PK\x03\x04",
  "PK\x05\x06",
  "Rar!",
  "7z\xbc\xaf",
  "\x1f\x8b",
  "\xca\xfe\xba\xbe",
  "\xcf\xfa\xed\xfe",
  "\xd0\xcf\x11\xe0",
  "#!",
] as const;
/** Pages that a browser would run. */
const page = /^\s*(<!doctype html|<html|<script|<svg)/i;

/** A byte order mark and blanks before the first mark of XML or JSON. */
function firstMark(bytes: Uint8Array): string {
  const start = ascii(bytes, 0, 64);
  // UTF-16 has a zero beside each ASCII character.
  return start
    .replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, "")
    .replace(/\0/g, "")
    .trimStart()
    .slice(0, 32);
}

export function sniff(bytes: Uint8Array): Sniffed {
  const head = ascii(bytes, 0, 16);
  if (head.startsWith("%PDF-")) return "pdf";
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("II*\0") || head.startsWith("MM\0*")) return "tiff";
  if (head.startsWith("{\\rtf")) return "rtf";
  const mark = firstMark(bytes);
  if (foreign.some((start) => head.startsWith(start)) || page.test(mark)) return "unknown";
  if (mark.startsWith("<")) return "xml";
  if (mark.startsWith("{")) return "json";
  return isText(bytes) ? "text" : "unknown";
}

/** No control characters but those of text; a zero byte is none. */
function isText(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 64 * 1024);
  return sample.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 12 || byte === 13);
}
