/** A CDA as text: in the encoding that it declares, and without the file that a document of level 1 carries. */
import { decodeBase64Bytes } from "../admission/index.ts";

/** The file of a document of level 1, decoded, and where its base64 begins in the document. */
export interface FileInCda {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/**
 * The text of a CDA, to read its header and its facts. Of a document of level 1 the base64 of its file is cut short: it
 * is most of the bytes, no part of it is markup, and neither the header nor the facts are in it.
 * @returns the text, and the file if it was cut short: it costs too much to be decoded again
 */
export function readCdaText(bytes: Uint8Array): { readonly text: string; readonly file?: FileInCda } {
  const cda = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const file = findFile(cda);
  const text = file && decodeXml(Buffer.concat([cda.subarray(0, file.at + KEPT), cda.subarray(file.end)]));
  // Of a structured document any part may become a fact.
  return text !== undefined && isFileInCda(text) ? { text, file } : { text: decodeXml(bytes) };
}

/** The bytes of a CDA with its markup in ASCII: its own, or those of its text in UTF-8. */
export function withAsciiMarkup(bytes: Uint8Array): Buffer {
  const cda = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isAsciiBased(cda) ? cda : Buffer.from(decodeXml(bytes));
}

/**
 * Level 1: a header around a file. All that a reader would make of it describes the document itself, so nothing is read.
 * Names of elements cannot be written in another way: a text without this word has no structured body.
 */
export function isFileInCda(xml: string): boolean {
  return !xml.includes("structuredBody") && xml.includes("nonXMLBody");
}

/** Encodings in which the characters of base64 and of markup are the same single bytes, whatever stands before them. */
const ASCII_BASED = /^(utf-?8|us-ascii|iso-8859-\d{1,2}|windows-125\d)$/i;

function isAsciiBased(cda: Buffer): boolean {
  const isWide = (cda[0] === 0xff && cda[1] === 0xfe) || (cda[0] === 0xfe && cda[1] === 0xff);
  return !isWide && ASCII_BASED.test(encodingOf(cda) ?? "utf-8");
}

const FILE_BODY = Buffer.from("nonXMLBody");
const REPRESENTATION = Buffer.from("B64");
const [OPENS, CLOSES] = [0x3c, 0x3e];
const SHORTEST = 2048;
/** Characters of the file that stay, so that what stood there still cannot be taken for a name or a number. */
const KEPT = 64;

/** @returns undefined when no file is found; base64 with line breaks is left to the reader of the whole text */
function findFile(cda: Buffer): (FileInCda & { readonly end: number }) | undefined {
  if (!isAsciiBased(cda)) return undefined;
  const body = cda.indexOf(FILE_BODY);
  const representation = body < 0 ? -1 : cda.indexOf(REPRESENTATION, body);
  const tagEnd = representation < 0 ? -1 : cda.indexOf(CLOSES, representation);
  const end = tagEnd < 0 ? -1 : cda.indexOf(OPENS, tagEnd);
  const at = tagEnd + 1;
  const bytes = end - at < SHORTEST ? undefined : decodeBase64Bytes(cda.subarray(at, end));
  return bytes && { at, end, bytes };
}

function encodingOf(bytes: Uint8Array): string | undefined {
  const beginning = Buffer.from(bytes.subarray(0, 300)).toString("latin1");
  return /^[^>]{0,200}?encoding\s*=\s*["']([\w-]+)["']/.exec(beginning)?.[1];
}

/** The XML as text, in the encoding that it declares. */
export function decodeXml(bytes: Uint8Array): string {
  const declared = encodingOf(bytes);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return new TextDecoder(bytes[0] === 0xff ? "utf-16le" : "utf-16be").decode(bytes);
  }
  if (declared === undefined || /^utf-?8$/i.test(declared)) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
  try {
    return new TextDecoder(declared).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
