/** Passwords and PINs, kept as scrypt hashes. R206. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 } as const;
const KEY_BYTES = 32;

function derive(secret: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret.normalize("NFKC"), salt, KEY_BYTES, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** `scrypt$salt$key`, both in base64url. */
export async function hashSecret(secret: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt$${salt.toString("base64url")}$${(await derive(secret, salt)).toString("base64url")}`;
}

/** A hash that no secret has: checking against it takes the same time as against a real one. */
const nobody = `scrypt$${Buffer.alloc(16).toString("base64url")}$${Buffer.alloc(KEY_BYTES).toString("base64url")}`;

/** Does the secret belong to this hash? Without a hash the same work is done, and the answer is no. */
export async function isSecretRight(secret: string, hash: string | undefined): Promise<boolean> {
  const [, salt = "", key = ""] = (hash ?? nobody).split("$");
  // A huge password would cost a huge normalisation before the hash.
  const derived = await derive(secret.slice(0, 256), Buffer.from(salt, "base64url"));
  const expected = Buffer.from(key, "base64url");
  return expected.length === derived.length && timingSafeEqual(derived, expected) && hash !== undefined;
}
