/** Six digits by mail: made at random, kept as HMAC, compared in constant time. R206. */
import { randomInt, timingSafeEqual } from "node:crypto";

export const CODE_TRIES = 5;

export function newCode(): string {
  return String(randomInt(1_000_000)).padStart(6, "0");
}

/** What somebody typed, without the spaces that mails and people put in. */
export function typedCode(text: string | null): string {
  return (text ?? "").replace(/\s/g, "").slice(0, 12);
}

/** Compares two HMACs. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
