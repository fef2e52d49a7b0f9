/**
 * Ids on the wire. Those of what belongs to a record hold the record's too (32 + 32 hexadecimal digits): an address
 * alone says which record, and so which shard, to ask. Opaque to callers.
 */
import { createHash } from "node:crypto";

const HEX_64 = /^[0-9a-f]{64}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export interface MemberId {
  readonly recordId: string;
  readonly memberId: string;
}

const compact = (uuid: string) => uuid.replaceAll("-", "");
const expand = (hex: string) =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

export function wireId(recordId: string, memberId: string): string {
  return compact(recordId) + compact(memberId);
}

/** Undefined when this was never an id of ours. */
export function parseWireId(id: string): MemberId | undefined {
  if (!HEX_64.test(id)) return undefined;
  return { recordId: expand(id.slice(0, 32)), memberId: expand(id.slice(32)) };
}

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** A stable pretended record for someone who has none: where the questions about them are traced. */
export function pretendedRecordId(system: string, value: string): string {
  return expand(uuidDigitsOf(`no record ${system}|${value}`));
}

/** The id of a thing that its sender numbered: the same for the same text. */
export function numberedId(text: string): string {
  return expand(uuidDigitsOf(`numbered ${text}`));
}

/** A stable `urn:oid:` from a text (a UUID under arc 2.25): the lot of a document deposited alone. */
export function derivedOid(text: string): string {
  return `urn:oid:2.25.${BigInt(`0x${uuidDigitsOf(text)}`)}`;
}

/** The 32 digits of a UUID (version 8, RFC 9562) that is always the same for the same text. */
function uuidDigitsOf(text: string): string {
  const digits = createHash("sha256").update(text).digest("hex").slice(0, 32).split("");
  digits[12] = "8";
  digits[16] = "8";
  return digits.join("");
}
