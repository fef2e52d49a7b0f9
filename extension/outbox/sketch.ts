import { fold } from "../describe/fold.ts";

const size = 64;
/** Words per shingle: long enough that two letters of one ward do not share them by their letterhead alone. */
const shingleWords = 4;
const fewestShingles = 20;

/**
 * What a text looks like, in 64 numbers (MinHash over its runs of four words): two versions of one document have most of
 * them in common. The text cannot be had back from it. Empty for a text too short to be told from another.
 */
export function sketchOf(text: string): readonly number[] {
  const words = fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  const shingles = new Set<number>();
  for (let start = 0; start + shingleWords <= words.length; start += 1) {
    shingles.add(hashOf(words.slice(start, start + shingleWords).join(" ")));
  }
  if (shingles.size < fewestShingles) return [];
  return Array.from({ length: size }, (_, index) => {
    let least = 0xffffffff;
    for (const shingle of shingles) least = Math.min(least, mixed(shingle, index));
    return least;
  });
}

/** Share of the words' runs that two texts have in common, 0 to 1, give or take a tenth. */
export function likenessOf(one: readonly number[], other: readonly number[]): number {
  if (one.length !== size || other.length !== size) return 0;
  return one.filter((value, index) => value === other[index]).length / size;
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** Another hash of the same value for each place of the sketch (finaliser of MurmurHash3). */
function mixed(value: number, place: number): number {
  let hash = value ^ Math.imul(place + 1, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
