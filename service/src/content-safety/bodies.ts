/** Files inside a CDA document: a level 1 body in base64, and the images that a narrative shows. R103. Pure. */
import { decodeBase64Bytes } from "../admission/index.ts";
import { expectedOf, type Sniffed, sniff } from "./sniff.ts";

export interface InnerFile {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** Names of attributes cannot be written in another way; their values can, as references to characters. */
const REPRESENTATION = Buffer.from("representation");
const [OPENS, CLOSES] = [0x3c, 0x3e];
/** The element of a file, whatever its prefix. */
const FILE_TAG = /^<(?:[\w.-]+:)?(?:text|value)\b[^<>]*>$/;

/**
 * The files that a CDA holds in base64. What is not base64 is left to the reader of CDA to refuse.
 * @param cda in an encoding in which markup is ASCII (UTF-8, ISO 8859, Windows)
 * @param decoded what the base64 that begins at its place in `cda` says
 */
export function filesInCda(
  cda: Buffer,
  decoded?: { readonly at: number; readonly bytes: Uint8Array },
): readonly InnerFile[] {
  const files: InnerFile[] = [];
  for (let at = cda.indexOf(REPRESENTATION); at >= 0; at = cda.indexOf(REPRESENTATION, at + 1)) {
    const close = cda.indexOf(CLOSES, at);
    if (close < 0) break;
    const tag = cda.toString("latin1", Math.max(0, cda.lastIndexOf(OPENS, at)), close + 1);
    at = close;
    if (!FILE_TAG.test(tag) || attribute(tag, "representation") === "TXT") continue;
    const contentType = attribute(tag, "mediaType")?.split(";")[0]?.trim().toLowerCase();
    if (!contentType) continue;
    const bytes = decoded?.at === close + 1 ? decoded.bytes : decodedUntilTag(cda, close + 1);
    files.push({ contentType: imageType(contentType, bytes), bytes });
  }
  return files;
}

function decodedUntilTag(cda: Buffer, start: number): Uint8Array {
  const next = cda.indexOf(OPENS, start);
  const encoded = cda.subarray(start, next < 0 ? cda.length : next);
  // Line breaks and blanks may stand in it: those are decoded from a text.
  return decodeBase64Bytes(encoded) ?? Buffer.from(encoded.toString("latin1"), "base64");
}

const imageTypes: Readonly<Partial<Record<Sniffed, string>>> = {
  jpeg: "image/jpeg",
  png: "image/png",
  tiff: "image/tiff",
};

/** Official samples call a PNG a JPEG: an image in a narrative is judged as the image that it is. */
function imageType(stated: string, bytes: Uint8Array): string {
  const expected = expectedOf(stated);
  const isImage = expected !== undefined && imageTypes[expected] !== undefined;
  return (isImage ? imageTypes[sniff(bytes)] : undefined) ?? stated;
}

function attribute(tag: string, name: string): string | undefined {
  const match = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag);
  const value = match?.[1] ?? match?.[2];
  return value?.replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, (whole, hex?: string, decimal?: string) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
