/**
 * One random key per record, wrapped (AES key wrap, RFC 3394) by the master key. Destroying a record's wrapped key
 * destroys its contents (R19, R20).
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";

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
  const master = given ? Buffer.from(given, "base64") : readOrMakeMasterKey(dataDirectory);
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

function readOrMakeMasterKey(dataDirectory: string): Buffer {
  const folder = join(dataDirectory, "keys");
  const path = join(folder, "master.key");
  if (existsSync(path)) return Buffer.from(readFileSync(path, "utf8").trim(), "base64");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const key = randomBytes(KEY_BYTES);
  // Whole or not there: a crash while writing under the final name would leave a key that no start accepts.
  const unfinished = `${path}.new`;
  const file = openSync(unfinished, "w", 0o600);
  writeSync(file, `${key.toString("base64")}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(unfinished, path);
  const directory = openSync(folder, "r");
  fsyncSync(directory);
  closeSync(directory);
  return key;
}
