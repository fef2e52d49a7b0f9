/** Long contents in base64, decoded from the bytes of the body: they are never held as one text. */

/**
 * A content whose base64 was read where it stood in the body. It stands in the JSON in place of its text, and is written
 * again as that very text when the JSON is.
 */
export class EncodedContent {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  toJSON(): string {
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength).toString("base64");
  }
}

const MINUS = 0x2d;
const UNDERSCORE = 0x5f;
const EQUALS = 0x3d;

/** Characters decoded at a time: texts of this length are cheap, far longer ones each cost pages of memory of their own. */
const STEP = 64 * 1024;

/**
 * Decodes base64 as strictly as {@link decodeBase64}, from its characters as bytes and without white space.
 * @returns undefined when it is anything else
 */
export function decodeBase64Bytes(encoded: Buffer): Uint8Array | undefined {
  const { length } = encoded;
  // Node's decoder skips foreign characters and takes the url alphabet: the one shows as a difference of length.
  if (length === 0 || length % 4 !== 0 || encoded.includes(MINUS) || encoded.includes(UNDERSCORE)) return undefined;
  const padding = encoded[length - 1] !== EQUALS ? 0 : encoded[length - 2] === EQUALS ? 2 : 1;
  const bytes = Buffer.allocUnsafeSlow((length / 4) * 3 - padding);
  let written = 0;
  for (let at = 0; at < length; at += STEP) {
    written += bytes.write(encoded.toString("latin1", at, at + STEP), written, "base64");
    if (written !== Math.min(((at + STEP) / 4) * 3, bytes.length)) return undefined;
  }
  // Bits that no byte takes must be zero.
  const tail = bytes.toString("base64", bytes.length - (bytes.length % 3));
  return encoded.toString("latin1", length - tail.length) === tail ? bytes : undefined;
}
