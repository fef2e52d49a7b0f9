/** Identifiers that a name always gives: the same document has the same id at each start. */
import { createHash } from "node:crypto";

const digest = (name: string): Buffer => createHash("sha256").update(`carnet-demo:${name}`).digest();

/** `urn:oid:2.25.…`: an OID made from 128 bits, under the arc that is open to all (ITU-T X.667). */
export function oidOf(name: string): string {
  return `urn:oid:2.25.${BigInt(`0x${digest(name).subarray(0, 16).toString("hex")}`)}`;
}

/** A UUID (version 8: made by our own rule). */
export function uuidOf(name: string): string {
  const bytes = digest(name).subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
