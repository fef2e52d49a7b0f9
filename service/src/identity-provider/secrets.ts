/** Passwords and PINs, kept as scrypt hashes. R206. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** Work factor of scrypt. Kept inside each hash, so that it can grow without locking anybody out. */
export interface SecretCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

export const defaultCost: SecretCost = { N: 2 ** 15, r: 8, p: 3 };
const KEY_BYTES = 32;
const MAX_MEMORY = 128 * 1024 * 1024;

function derive(secret: string, salt: Buffer, cost: SecretCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { ...cost, maxmem: MAX_MEMORY };
    scrypt(secret.normalize("NFKC"), salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function format({ N, r, p }: SecretCost, salt: Buffer, key: Buffer): string {
  return ["scrypt", N, r, p, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/** `scrypt$N$r$p$salt$key`, the two last in base64url. */
export async function hashSecret(secret: string, cost: SecretCost = defaultCost): Promise<string> {
  const salt = randomBytes(16);
  return format(cost, salt, await derive(secret, salt, cost));
}

/** A hash that no secret has: checking against it takes the same time as against a real one. */
const nobody = format(defaultCost, Buffer.alloc(16), Buffer.alloc(KEY_BYTES));

/** Does the secret belong to this hash? Without a hash, or with the empty one of who has no secret: the same work, and no. */
export async function isSecretRight(secret: string, hash: string | undefined): Promise<boolean> {
  const [, N, r, p, salt = "", key = ""] = (hash || nobody).split("$");
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  // A huge password would cost a huge normalisation before the hash.
  const derived = await derive(secret.slice(0, 256), Buffer.from(salt, "base64url"), cost);
  const expected = Buffer.from(key, "base64url");
  return expected.length === derived.length && timingSafeEqual(derived, expected) && Boolean(hash);
}
