import { CdaError } from "./errors.ts";

const declaration = /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/;

/** What producers of French documents use. `TextDecoder` reads the first ISO parts as their Windows supersets. */
const encodings: ReadonlySet<string> = new Set([
  "utf-8",
  "utf8",
  "us-ascii",
  "iso-8859-1",
  "iso-8859-15",
  "windows-1252",
]);
/** Twice the characters that the reader accepts: more bytes cannot hold fewer of them. */
const mostBytes = 192_000_000;

/**
 * Bytes of a CDA document as text, for `cdaToFhir` and the other readers. The byte order mark, else the XML declaration,
 * tells the encoding; without either it is UTF-8.
 *
 * @throws {CdaError} `cda-encoding` when the bytes are not in the encoding declared (ISO-8859-1 under the name of UTF-8:
 * accents would be lost without a word) or when that is none of UTF-8, UTF-16, ISO-8859-1, ISO-8859-15, Windows-1252;
 * `cda-too-large`
 * @example
 * const bundle = cdaToFhir(decodeCda(bytes));
 */
export function decodeCda(bytes: Uint8Array): string {
  if (bytes.length > mostBytes) throw new CdaError("cda-too-large");
  const encoding = encodingOf(bytes);
  if (encoding === undefined) throw new CdaError("cda-encoding");
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new CdaError("cda-encoding");
  }
}

function encodingOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const declared = declaration.exec(String.fromCharCode(...bytes.subarray(0, 200)))?.[1]?.toLowerCase() ?? "utf-8";
  return encodings.has(declared) ? declared : undefined;
}
