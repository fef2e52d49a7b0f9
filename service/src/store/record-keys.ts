/**
 * One random key per record, wrapped (AES key wrap, RFC 3394) by the master key. Destroying a record's wrapped key
 * destroys its contents (R19, R20).
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { SettingInvalid, StartRefused } from "../start-refused.ts";
import { KEY_BYTES, readKeyFile, readOrMakeKeyFile } from "./key-file.ts";

const MASTER_FILE = "master.key";
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

/** What is in the database cannot be read with the master key at hand: a restored copy without its key, say. */
class MasterKeyWrong extends StartRefused {
  constructor(fault: string) {
    super(
      "master-key-wrong",
      `the master key ${fault}: put keys/master.key back into CARNET_DATA, or set CARNET_MASTER_KEY, to the key that this database was made with (while keys are rotated, CARNET_PREVIOUS_MASTER_KEY too)`,
    );
  }
}

/** Master keys, 32 bytes in base64; otherwise files of the data folder, readable by their owner only. */
export interface MasterKeys {
  /** `keys/master.key`, made on first use, when absent. */
  readonly present?: string | undefined;
  /** Opens what is not under the present one yet, while keys are rotated; `keys/previous.key` when absent. */
  readonly previous?: string | undefined;
}

/**
 * @param inUse wrapped keys of the database that is there already
 * @throws StartRefused when the master keys do not open these: another one must never be made or used beside them
 */
export function openRecordKeys(
  dataDirectory: string,
  given: MasterKeys = {},
  inUse: readonly Buffer[] = [],
): RecordKeys {
  const previous = previousKey(dataDirectory, given.previous);
  const isUnderPrevious = (wrapped: Buffer) => previous !== undefined && isUnder(previous, wrapped);
  const isMissing = !given.present && readKeyFile(dataDirectory, MASTER_FILE) === undefined;
  if (isMissing && !inUse.every(isUnderPrevious)) throw new MasterKeyWrong("is missing");
  const present = given.present
    ? fromBase64(given.present, "CARNET_MASTER_KEY")
    : readOrMakeKeyFile(dataDirectory, MASTER_FILE);
  if (!inUse.every((wrapped) => isUnder(present, wrapped) || isUnderPrevious(wrapped)))
    throw new MasterKeyWrong("is not the one of this database");
  const wrapUnder = (master: Buffer, key: Buffer) => {
    const cipher = createCipheriv(WRAP, master, INITIAL_VALUE);
    return Buffer.concat([cipher.update(key), cipher.final()]);
  };
  const isUnderPresent = (wrapped: Buffer) => isUnder(present, wrapped);
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

function unwrapUnder(master: Buffer, wrapped: Buffer): Buffer {
  const decipher = createDecipheriv(WRAP, master, INITIAL_VALUE);
  return Buffer.concat([decipher.update(wrapped), decipher.final()]);
}

/** Key wrap proves itself: under another master key it does not open. */
function isUnder(master: Buffer, wrapped: Buffer): boolean {
  try {
    unwrapUnder(master, wrapped);
    return true;
  } catch {
    return false;
  }
}

function previousKey(dataDirectory: string, given: string | undefined): Buffer | undefined {
  return given ? fromBase64(given, "CARNET_PREVIOUS_MASTER_KEY") : readKeyFile(dataDirectory, "previous.key");
}

function fromBase64(text: string, name: string): Buffer {
  const key = Buffer.from(text.trim(), "base64");
  if (key.length !== KEY_BYTES)
    throw new SettingInvalid(`the master key must be 32 bytes in base64: set ${name} again`);
  return key;
}
