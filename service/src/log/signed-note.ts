/**
 * Checkpoints as signed notes: the text formats C2SP `tlog-checkpoint` and `signed-note`, with Ed25519, so that other
 * people's tools and witnesses read them too.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";

/** Name of the log in its checkpoints. */
export const LOG_ORIGIN = "carnet.example/access-log";
const ED25519 = 1;
const KEY_ID_BYTES = 4;
const PRIVATE_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const PUBLIC_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** What a checkpoint states. */
export interface Checkpoint {
  readonly number: number;
  readonly size: number;
  readonly root: Buffer;
  readonly sealedAt: Date;
}

/** Signs checkpoints. */
export interface NoteSigner {
  /** The public key as text, for whoever verifies: `name+id+key`. */
  readonly verifierKey: string;
  sign(text: string): string;
}

/** One public key that signatures are checked with. */
export interface NoteVerifier {
  readonly name: string;
  readonly id: Buffer;
  readonly key: KeyObject;
}

function keyId(name: string, publicKey: Uint8Array): Buffer {
  return createHash("sha256")
    .update(`${name}\n`)
    .update(Uint8Array.of(ED25519))
    .update(publicKey)
    .digest()
    .subarray(0, KEY_ID_BYTES);
}

/** @param seed 32 bytes: the private key */
export function noteSigner(seed: Uint8Array): NoteSigner {
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(PUBLIC_PREFIX.length);
  const id = keyId(LOG_ORIGIN, publicKey);
  return {
    verifierKey: `${LOG_ORIGIN}+${id.toString("hex")}+${Buffer.concat([Uint8Array.of(ED25519), publicKey]).toString("base64")}`,
    sign(text) {
      const signature = sign(null, Buffer.from(text), key);
      return `${text}\n— ${LOG_ORIGIN} ${Buffer.concat([id, signature]).toString("base64")}\n`;
    },
  };
}

/** Reads a verifier key. @throws Error when it is none */
export function noteVerifier(text: string): NoteVerifier {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim());
  const bytes = Buffer.from(match?.[3] ?? "", "base64");
  const publicKey = bytes.subarray(1);
  const name = match?.[1] ?? "";
  if (bytes.length !== 33 || bytes[0] !== ED25519 || keyId(name, publicKey).toString("hex") !== match?.[2]) {
    throw new Error("this is not the public key of a log (name+id+key)");
  }
  const key = createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, publicKey]), format: "der", type: "spki" });
  return { name, id: keyId(name, publicKey), key };
}

/** The text of a checkpoint, ready to be signed. */
export function checkpointText({ number, size, root, sealedAt }: Checkpoint): string {
  return `${LOG_ORIGIN}\n${size}\n${root.toString("base64")}\ncheckpoint ${number}\nsealed ${sealedAt.toISOString()}\n`;
}

const CHECKPOINT = /^([^\n]+)\n(\d{1,15})\n([A-Za-z0-9+/]{43}=)\ncheckpoint (\d{1,9})\nsealed (\S+)\n$/;

/** Opens a signed checkpoint. @returns undefined when it is none, or none of the keys signed it */
export function openCheckpoint(note: string, verifiers: readonly NoteVerifier[]): Checkpoint | undefined {
  const end = note.indexOf("\n\n");
  if (end < 0) return undefined;
  const text = note.slice(0, end + 1);
  const isSigned = note
    .slice(end + 2)
    .split("\n")
    .some((line) => {
      const [, name, encoded = ""] = /^— (\S+) (\S+)$/.exec(line) ?? [];
      const bytes = Buffer.from(encoded, "base64");
      return verifiers.some(
        (one) =>
          one.name === name &&
          one.id.equals(bytes.subarray(0, KEY_ID_BYTES)) &&
          verify(null, Buffer.from(text), one.key, bytes.subarray(KEY_ID_BYTES)),
      );
    });
  const match = CHECKPOINT.exec(text);
  if (!isSigned || !match) return undefined;
  const [, , size, root = "", number, sealedAt = ""] = match;
  return {
    number: Number(number),
    size: Number(size),
    root: Buffer.from(root, "base64"),
    sealedAt: new Date(sealedAt),
  };
}
