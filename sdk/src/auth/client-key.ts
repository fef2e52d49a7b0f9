import * as oauth from "oauth4webapi";
import { SignInError } from "./errors.ts";

/** The key that a client proves itself with (`private_key_jwt`, RFC 7523): P-256 or RSA; its public half is registered at the issuer. */
export interface ClientKey {
  /** A `CryptoKey` (best: not extractable), or a private JSON Web Key. */
  readonly privateKey: CryptoKey | JsonWebKey;
  /** Name of the key in the registered set. Default: the `kid` of the JSON Web Key. */
  readonly kid?: string | undefined;
}

/** @throws SignInError `client-key` when the key is of no accepted kind */
export async function authenticateByKey({ privateKey, kid }: ClientKey): Promise<oauth.ClientAuth> {
  const named = kid ?? ("kid" in privateKey && typeof privateKey.kid === "string" ? privateKey.kid : undefined);
  const key = isCryptoKey(privateKey) ? privateKey : await importKey(privateKey);
  return oauth.PrivateKeyJwt(named === undefined ? key : { key, kid: named });
}

const isCryptoKey = (key: CryptoKey | JsonWebKey): key is CryptoKey => "algorithm" in key && "usages" in key;

async function importKey(jwk: JsonWebKey): Promise<CryptoKey> {
  const isPss = jwk.alg === "PS256";
  const algorithm =
    jwk.kty === "EC"
      ? { name: "ECDSA", namedCurve: "P-256" }
      : { name: isPss ? "RSA-PSS" : "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  try {
    return await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["sign"]);
  } catch (cause) {
    throw new SignInError("client-key", { cause });
  }
}
