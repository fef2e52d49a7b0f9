/**
 * One random key per record, wrapped (AES key wrap, RFC 3394) by the master key. Destroying a record's wrapped key
 * destroys its contents (R19, R20).
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readOrMakeKeyFile } from "./key-file.ts";

const KEY_BYTES = 32;
const WRAP = "id-aes256-wrap";
const INITIAL_VALUE = Buffer.alloc(8, 0xa6);

export interface RecordKeys {
  /** A new record key in its wrapped form. */
  create(): Buffer;
  /** The key itself. @throws when the wrapped form was altered or belongs to another master key. */
  unwrap(wrapped: Buffer): Buffer;
}

/** @param given 32 bytes in base64; otherwise a file of the data folder, made on first use, readable by its owner only. */
export function openRecordKeys(dataDirectory: string, given?: string): RecordKeys {
  const master = given ? Buffer.from(given, "base64") : readOrMakeKeyFile(dataDirectory, "master.key", KEY_BYTES);
  if (master.length !== KEY_BYTES)
    throw new Error("the master key must be 32 bytes in base64: set CARNET_MASTER_KEY again");
  return {
    create() {
      const cipher = createCipheriv(WRAP, master, INITIAL_VALUE);
      return Buffer.concat([cipher.update(randomBytes(KEY_BYTES)), cipher.final()]);
    },
    unwrap(wrapped) {
      const decipher = createDecipheriv(WRAP, master, INITIAL_VALUE);
      return Buffer.concat([decipher.update(wrapped), decipher.final()]);
    },
  };
}
