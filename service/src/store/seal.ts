/**
 * Sealing of contents: AES-256-GCM in segments of 64 KiB, so that a range can be read without opening the whole.
 * Layout: 8 bytes of header (version, 7 random bytes), then segments of ciphertext followed by their 16-byte tag.
 * The nonce of a segment is the random prefix, its number and a mark on the last one (STREAM construction): segments
 * cannot be swapped, dropped or cut. The record and the blob are bound in as associated data.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const VERSION = 1;
export const SEGMENT_BYTES = 64 * 1024;
const TAG_BYTES = 16;
export const HEADER_BYTES = 8;
const CIPHER = "aes-256-gcm";

/** The sealed content is gone or damaged, was altered, or was sealed for another place. */
export class SealBroken extends Error {
  readonly code = "seal-broken";
  constructor(cause?: unknown) {
    super("a stored content is missing or does not open with its key: restore it from a backup", { cause });
  }
}

function nonceOf(prefix: Buffer, index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  prefix.copy(nonce, 0, 1, HEADER_BYTES);
  nonce.writeUInt32BE(index, 7);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** Seals `content` under `key` for the place that `context` names. */
export function seal(key: Buffer, context: string, content: Uint8Array): Buffer {
  return Buffer.concat(sealInParts(key, context, content));
}

/** {@link seal} without a copy: the parts, one after the other, are the sealed content. */
export function sealInParts(key: Buffer, context: string, content: Uint8Array): readonly Buffer[] {
  const header = randomBytes(HEADER_BYTES);
  header[0] = VERSION;
  const associated = Buffer.from(context);
  const parts: Buffer[] = [header];
  const count = Math.max(1, Math.ceil(content.length / SEGMENT_BYTES));
  for (let index = 0; index < count; index++) {
    const cipher = createCipheriv(CIPHER, key, nonceOf(header, index, index === count - 1));
    cipher.setAAD(associated);
    parts.push(cipher.update(content.subarray(index * SEGMENT_BYTES, (index + 1) * SEGMENT_BYTES)));
    cipher.final();
    parts.push(cipher.getAuthTag());
  }
  return parts;
}

/** Where the sealed segments of plain bytes `start` to `end` (exclusive) lie in the file. */
export function sealedRange(
  size: number,
  start: number,
  end: number,
): { from: number; to: number; firstSegment: number } {
  const firstSegment = Math.floor(start / SEGMENT_BYTES);
  const lastSegment = Math.max(firstSegment, Math.ceil(end / SEGMENT_BYTES) - 1);
  const whole = SEGMENT_BYTES + TAG_BYTES;
  const last = HEADER_BYTES + Math.min((lastSegment + 1) * whole, sealedSize(size) - HEADER_BYTES);
  return { from: HEADER_BYTES + firstSegment * whole, to: last, firstSegment };
}

/** Bytes that a content of `size` bytes takes once sealed. */
export function sealedSize(size: number): number {
  return HEADER_BYTES + size + Math.max(1, Math.ceil(size / SEGMENT_BYTES)) * TAG_BYTES;
}

/**
 * Opens the segments that hold plain bytes `start` to `end` of a content of `size` bytes and returns exactly those.
 * @throws SealBroken
 */
export function openRange(
  key: Buffer,
  context: string,
  header: Buffer,
  sealed: Buffer,
  range: { size: number; start: number; end: number },
): Buffer {
  if (header.length !== HEADER_BYTES || header[0] !== VERSION) throw new SealBroken();
  const count = Math.max(1, Math.ceil(range.size / SEGMENT_BYTES));
  const { firstSegment } = sealedRange(range.size, range.start, range.end);
  const associated = Buffer.from(context);
  const parts: Buffer[] = [];
  let at = 0;
  for (let index = firstSegment; at < sealed.length; index++) {
    const segment = sealed.subarray(at, at + SEGMENT_BYTES + TAG_BYTES);
    at += segment.length;
    if (segment.length < TAG_BYTES) throw new SealBroken();
    const decipher = createDecipheriv(CIPHER, key, nonceOf(header, index, index === count - 1));
    decipher.setAAD(associated);
    decipher.setAuthTag(segment.subarray(segment.length - TAG_BYTES));
    try {
      parts.push(decipher.update(segment.subarray(0, segment.length - TAG_BYTES)));
      decipher.final();
    } catch (cause) {
      throw new SealBroken(cause);
    }
  }
  const plain = Buffer.concat(parts);
  const offset = firstSegment * SEGMENT_BYTES;
  return plain.subarray(range.start - offset, range.end - offset);
}
