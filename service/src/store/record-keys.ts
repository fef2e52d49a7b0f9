/**
 * One random key per record, wrapped (AES key wrap, RFC 3394) by the master key. Destroying a record's wrapped key
 * destroys its contents (R19, R20).
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SettingInvalid } from "../start-refused.ts";
import { readOrMakeKeyFile } from "./key-file.ts";

const KEY_BYTES = 32;
const WRAP = "id-aes256-wrap";
const INITIAL_VALUE = Buffer.alloc(8, 0xa6);

export interface RecordKeys {
  /** A new record key in its wrapped form. */
  create(): Buffer;
  /** The key itself. @throws when the wrapped form was altered or belongs to another master key. */
  unwrap(wrapped: Buffer): Buffer;
  /** The same key under the present master key. @returns undefined when it is under it already */
  rewrap(wrapped: Buffer): Buffer | undefined;
}

/** Master keys, 32 bytes in base64; otherwise files of the data folder, readable by their owner only. */
export interface MasterKeys {
  /** `keys/master.key`, made on first use, when absent. */
  readonly present?: string | undefined;
  /** Opens what is not under the present one yet, while keys are rotated; `keys/previous.key` when absent. */
  readonly previous?: string | undefined;
}

export function openRecordKeys(dataDirectory: string, given: MasterKeys = {}): RecordKeys {
  const present = given.present
    ? fromBase64(given.present, "CARNET_MASTER_KEY")
    : readOrMakeKeyFile(dataDirectory, "master.key", KEY_BYTES);
  const previous = previousKey(dataDirectory, given.previous);
  const wrapUnder = (master: Buffer, key: Buffer) => {
    const cipher = createCipheriv(WRAP, master, INITIAL_VALUE);
    return Buffer.concat([cipher.update(key), cipher.final()]);
  };
  const unwrapUnder = (master: Buffer, wrapped: Buffer) => {
    const decipher = createDecipheriv(WRAP, master, INITIAL_VALUE);
    return Buffer.concat([decipher.update(wrapped), decipher.final()]);
  };
  // Key wrap proves itself: under another master key it does not open.
  const isUnderPresent = (wrapped: Buffer) => {
    try {
      unwrapUnder(present, wrapped);
      return true;
    } catch {
      return false;
    }
  };
  return {
    create: () => wrapUnder(present, randomBytes(KEY_BYTES)),
    unwrap(wrapped) {
      if (!previous || isUnderPresent(wrapped)) return unwrapUnder(present, wrapped);
      return unwrapUnder(previous, wrapped);
    },
    rewrap(wrapped) {
      if (isUnderPresent(wrapped)) return undefined;
      if (!previous) throw new Error("a key is under neither master key: set CARNET_PREVIOUS_MASTER_KEY");
      return wrapUnder(present, unwrapUnder(previous, wrapped));
    },
  };
}

function previousKey(dataDirectory: string, given: string | undefined): Buffer | undefined {
  if (given) return fromBase64(given, "CARNET_PREVIOUS_MASTER_KEY");
  const path = join(dataDirectory, "keys", "previous.key");
  return existsSync(path) ? fromBase64(readFileSync(path, "utf8"), "keys/previous.key") : undefined;
}

function fromBase64(text: string, name: string): Buffer {
  const key = Buffer.from(text.trim(), "base64");
  if (key.length !== KEY_BYTES)
    throw new SettingInvalid(`the master key must be 32 bytes in base64: set ${name} again`);
  return key;
}
