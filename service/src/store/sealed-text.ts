/** Short texts of a person (messages, agenda, reports) sealed by the record's key, in a column. */
import { HEADER_BYTES, openRange, SEGMENT_BYTES, seal, sealedSize } from "./seal.ts";

/** Seals `value` as JSON for the place that `context` names: a text of one row does not open in another. */
export function sealJson(key: Buffer, context: string, value: unknown): Buffer {
  return seal(key, context, Buffer.from(JSON.stringify(value)));
}

/** @throws SealBroken when the text was altered or belongs elsewhere */
export function openJson(key: Buffer, context: string, sealed: Buffer): unknown {
  const perSegment = sealedSize(SEGMENT_BYTES) - HEADER_BYTES;
  const segments = Math.max(1, Math.ceil((sealed.length - HEADER_BYTES) / perSegment));
  const size = sealed.length - HEADER_BYTES - segments * (perSegment - SEGMENT_BYTES);
  const range = { size, start: 0, end: size };
  const bytes = openRange(key, context, sealed.subarray(0, HEADER_BYTES), sealed.subarray(HEADER_BYTES), range);
  return JSON.parse(bytes.toString("utf8"));
}
