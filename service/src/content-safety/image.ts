/**
 * Dimensions of an image, from its header alone: a few bytes may ask a viewer for gigabytes of memory. And is it whole,
 * with nothing behind it? Pure.
 */
export type ImageFault = "image-broken" | "image-too-large" | "image-polyglot";

/** A4 at 600 dpi is 35 million pixels; a plain radiograph about 10. */
export const MAX_PIXELS = 120_000_000;
const MAX_SIDE = 65_000;

interface Size {
  readonly width: number;
  readonly height: number;
}

export function faultOfImage(kind: "jpeg" | "png" | "tiff", given: Uint8Array): ImageFault | undefined {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const size = kind === "png" ? sizeOfPng(bytes) : kind === "jpeg" ? sizeOfJpeg(bytes) : sizeOfTiff(bytes);
  if (!size || size.width < 1 || size.height < 1) return "image-broken";
  if (size.width > MAX_SIDE || size.height > MAX_SIDE || size.width * size.height > MAX_PIXELS)
    return "image-too-large";
  return kind === "tiff" ? undefined : faultOfEnd(kind, bytes);
}

function sizeOfPng(bytes: Buffer): Size | undefined {
  if (bytes.length < 33 || bytes.toString("latin1", 12, 16) !== "IHDR") return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** Walks the markers up to the frame header (SOF). */
function sizeOfJpeg(bytes: Buffer): Size | undefined {
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    if (marker === 0xda || marker === 0xd9) return undefined;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

/** First directory of the file: tags 256 (width) and 257 (length). Other pages are bounded by the size of the file. */
function sizeOfTiff(bytes: Buffer): Size | undefined {
  const isLittle = bytes[0] === 0x49;
  const short = (at: number) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const long = (at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  if (bytes.length < 8) return undefined;
  const directory = long(4);
  if (directory + 2 > bytes.length) return undefined;
  const found: { width?: number; height?: number } = {};
  for (let index = 0; index < short(directory); index += 1) {
    const entry = directory + 2 + index * 12;
    if (entry + 12 > bytes.length) return undefined;
    const value = short(entry + 2) === 3 ? short(entry + 8) : long(entry + 8);
    if (short(entry) === 256) found.width = value;
    if (short(entry) === 257) found.height = value;
  }
  return found.width && found.height ? { width: found.width, height: found.height } : undefined;
}

/** Bytes that a scanner may leave behind the end: blanks and zeros only. */
function faultOfEnd(kind: "jpeg" | "png", bytes: Buffer): ImageFault | undefined {
  const mark = kind === "png" ? Buffer.from("IEND\xae\x42\x60\x82", "latin1") : Buffer.from([0xff, 0xd9]);
  const at = bytes.lastIndexOf(mark);
  if (at < 0) return "image-broken";
  const rest = bytes.subarray(at + mark.length);
  const first = bytes.indexOf(mark);
  const isQuiet = (part: Buffer) => part.every((byte) => byte === 0 || byte === 10 || byte === 13 || byte === 32);
  if (!isQuiet(rest)) return "image-polyglot";
  // PNG ends once: a second end is that of something appended.
  return kind === "png" && first !== at ? "image-polyglot" : undefined;
}
