/**
 * Proofs of possession (DPoP, RFC 9449) at the record: signed by the key that the token is bound to, made for this very
 * request and token, a moment ago, and never seen before.
 */
import { createHash } from "node:crypto";
import { calculateJwkThumbprint, EmbeddedJWK, errors, jwtVerify } from "jose";
import * as v from "valibot";
import { PROOF_ALGORITHMS } from "./provider.ts";
import { type AnyDatabase, identityTables } from "./tables.ts";
import type { CheckProof } from "./token-verifier.ts";

/** A proof may be so old, or so far ahead of our clock, and is remembered for as long. */
export const PROOF_WINDOW_SECONDS = 60;
const claims = v.object({
  jti: v.pipe(v.string(), v.minLength(8), v.maxLength(200)),
  htm: v.string(),
  htu: v.string(),
  iat: v.number(),
  ath: v.string(),
});

export interface ProofParts {
  readonly publicUrl: () => string;
  readonly database: AnyDatabase;
  readonly now: () => Date;
}

/** The address without query and fragment, as `htu` names it. */
function targetOf(address: string, base?: string): string | undefined {
  if (!URL.canParse(address, base)) return undefined;
  const url = new URL(address, base);
  return `${url.origin}${url.pathname}`;
}

export function createProofCheck({ publicUrl, database, now }: ProofParts): CheckProof {
  const tables = identityTables(database);

  /** @returns whether this proof is new; several services on one database remember together */
  async function remember(hash: string): Promise<boolean> {
    const expires_at = new Date(now().getTime() + 2 * PROOF_WINDOW_SECONDS * 1000);
    const kept = await tables
      .insertInto("proof_seen")
      .values({ proof_hash: hash, expires_at })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return (kept.numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  return async (token, keyThumbprint, { proof, method, path }) => {
    if (proof === undefined || proof.length > 4000) return false;
    try {
      const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
        algorithms: [...PROOF_ALGORITHMS],
        typ: "dpop+jwt",
        currentDate: now(),
      });
      const said = v.safeParse(claims, payload);
      if (!said.success || !protectedHeader.jwk) return false;
      const { jti, htm, htu, iat, ath } = said.output;
      const age = Math.abs(now().getTime() / 1000 - iat);
      const isOfThisRequest = htm === method && targetOf(htu) === targetOf(path, publicUrl());
      const isOfThisToken = ath === createHash("sha256").update(token).digest("base64url");
      if (!isOfThisRequest || !isOfThisToken || age > PROOF_WINDOW_SECONDS) return false;
      if ((await calculateJwkThumbprint(protectedHeader.jwk)) !== keyThumbprint) return false;
      return remember(createHash("sha256").update(`${keyThumbprint} ${jti}`).digest("base64url"));
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) return false;
      throw error;
    }
  };
}
