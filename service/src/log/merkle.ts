/** The Merkle tree of RFC 6962, grown leaf by leaf: only the roots of its whole subtrees are kept. */
import { createHash } from "node:crypto";

const sha256 = (prefix: number, ...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash("sha256").update(Uint8Array.of(prefix));
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const HASH_BYTES = 32;

/** What one leaf of the log says: a record's log had this many lines, and this was the hash of the last one. */
export interface SealedHead {
  readonly recordId: string;
  readonly sequence: number;
  readonly hash: Uint8Array;
}

/** Hash of the bytes of a leaf (RFC 6962, 2.1). */
export function bytesLeafHash(bytes: Uint8Array): Buffer {
  return sha256(0, bytes);
}

/** Hash of the leaf that seals a head. */
export function leafHash({ recordId, sequence, hash }: SealedHead): Buffer {
  return bytesLeafHash(Buffer.from(`carnet-log-head/1 ${recordId} ${sequence} ${Buffer.from(hash).toString("hex")}`));
}

/** A tree that grows at its end. */
export interface GrowingTree {
  readonly size: number;
  append(leaf: Uint8Array): void;
  /** Root over all leaves so far. */
  root(): Buffer;
  /** The state to go on from: see {@link growTree}. */
  subtrees(): Buffer;
}

/** @param subtrees what {@link GrowingTree.subtrees} gave for a tree of `size` leaves; nothing for an empty tree */
export function growTree(size = 0, subtrees: Uint8Array = new Uint8Array()): GrowingTree {
  let count = size;
  const peaks: Buffer[] = [];
  for (let at = 0; at < subtrees.length; at += HASH_BYTES)
    peaks.push(Buffer.from(subtrees.subarray(at, at + HASH_BYTES)));
  return {
    get size() {
      return count;
    },
    append(leaf) {
      let node: Buffer = Buffer.from(leaf);
      // As many whole pairs end here as the size has trailing ones in binary.
      for (let rest = count; rest % 2 === 1; rest = (rest - 1) / 2) {
        const left = peaks.pop();
        if (!left) throw new Error("the state of the tree does not fit its size");
        node = sha256(1, left, node);
      }
      peaks.push(node);
      count += 1;
    },
    root() {
      if (peaks.length === 0) return createHash("sha256").digest();
      return peaks.reduceRight((right, left) => sha256(1, left, right));
    },
    subtrees: () => Buffer.concat(peaks),
  };
}
