import * as oauth from "oauth4webapi";
import type { BoundToken } from "../fhir/http/http.ts";

/** A difference under this is the way's, not the clock's. */
const TOLERATED_SKEW_MS = 2_000;

/** Proofs of one key pair (DPoP, RFC 9449), by the service's clock and with its nonce. */
export interface Prover {
  /** For the issuer's requests. */
  readonly handle: oauth.DPoPHandle;
  bind(token: string): BoundToken;
}

/** @param skewMs how far the service's clock is ahead, when it is known already */
export function createProver(keys: CryptoKeyPair, client: oauth.Client, skewMs = 0): Prover {
  let nonce: string | undefined;
  let skew = skewMs;
  const handle = oauth.DPoP(client, keys, {
    [oauth.modifyAssertion]: (_header, payload) => {
      payload.iat = Math.floor((Date.now() + skew) / 1000);
      if (nonce !== undefined) payload.nonce = nonce;
    },
  });
  return {
    // The issuer has nonces of its own, which the library keeps.
    handle: oauth.DPoP(client, keys),
    bind: (token) => ({
      token,
      prove: (method, url) => proofOf(handle, token, method, url),
      see(headers) {
        const before = { nonce, skew };
        nonce = headers.get("dpop-nonce") ?? nonce;
        skew = skewOf(headers) ?? skew;
        return nonce !== before.nonce || Math.abs(skew - before.skew) > TOLERATED_SKEW_MS;
      },
    }),
  };
}

/** How far the other side's clock is ahead, by the `Date` of its answer; undefined when it says nothing, 0 when they agree. */
export function skewOf(headers: Headers): number | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(date)) return undefined;
  const difference = date - Date.now();
  return Math.abs(difference) > TOLERATED_SKEW_MS ? difference : 0;
}

/** The library writes proofs on its own requests only: one is written on a request that goes nowhere. */
async function proofOf(handle: oauth.DPoPHandle, token: string, method: string, url: string): Promise<string> {
  let proof = "";
  await oauth.protectedResourceRequest(token, method, new URL(url), undefined, undefined, {
    DPoP: handle,
    // `connect` has judged the address already.
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: async (_url, { headers }) => {
      proof = headers.dpop ?? "";
      return new Response();
    },
  });
  return proof;
}
