/** Verifies access tokens: signature, issuer, audience, expiry, claims. Source: contract.md, RFC 9068, R200 to R205. */
import { createHash } from "node:crypto";
import { decodeJwt, errors, importJWK, type JWTPayload, jwtVerify } from "jose";
import * as v from "valibot";
import type { Actor } from "../rules/actor.ts";
import { readActor } from "./claims.ts";
import { type AcceptedKey, SIGNING_ALGORITHM } from "./keys.ts";

export type TokenErrorCode =
  | "token-malformed"
  | "token-signature"
  | "token-expired"
  | "token-audience"
  | "token-claims"
  /** The proof of possession is missing, wrong, late or was used before; or a token that asks for none came with one. */
  | "token-proof";

/** The token is not accepted. Answered as 401 with `WWW-Authenticate`; the message never holds the token. */
export class TokenError extends Error {
  readonly status = 401;
  readonly code: TokenErrorCode;

  constructor(code: TokenErrorCode) {
    super(`access token refused: ${code}`);
    this.name = "TokenError";
    this.code = code;
  }

  /** Value of the `WWW-Authenticate` header (RFC 6750). */
  get wwwAuthenticate(): string {
    return `Bearer realm="carnet", error="invalid_token", error_description="${this.code}"`;
  }
}

/** The token cannot be judged now: its issuer does not answer. Nobody is let in; the caller may try again. */
export class IssuerUnreachable extends Error {
  readonly status = 503;
  readonly code = "issuer-unreachable";

  constructor(cause?: unknown) {
    super("the issuer of the token does not answer: try again, or check OIDC_ISSUER", { cause });
    this.name = "IssuerUnreachable";
  }
}

export interface VerifiedToken {
  readonly actor: Actor;
  /** Other exercises of the same professional, when the token leaves the choice (R205). */
  readonly others: readonly Actor[];
  /** Application that got the token, when it says so. */
  readonly clientId?: string;
  /** Thumbprint of the key that the token is bound to (`cnf.jkt`, RFC 9449). */
  readonly keyThumbprint?: string;
  readonly scope: readonly string[];
  readonly expiresAt: Date;
}

/** How a token was presented: the scheme of the Authorization header, and the proof that came with it. */
export interface Presentation {
  readonly scheme: "Bearer" | "DPoP";
  readonly proof: string | undefined;
  readonly method: string;
  /** Path of the request, with or without its query. */
  readonly path: string;
}

/** Verifies one token, presented as a bearer token when nothing else is said. @throws TokenError, IssuerUnreachable */
export type VerifyToken = (token: string, presented?: Presentation) => Promise<VerifiedToken>;

/** Judges the proof that comes with a token bound to a key. */
export type CheckProof = (token: string, keyThumbprint: string, presented: Presentation) => Promise<boolean>;

/** One issuer whose tokens are accepted. */
export interface TrustedIssuer {
  /** Is this token's `iss` mine? */
  isMine(issuer: string): boolean;
  /** @throws TokenError, or a jose error */
  verify(
    bearer: string,
  ): Promise<{ payload: JWTPayload; actor: Actor | undefined; others?: readonly Actor[] | undefined }>;
}

/** A verified token is not verified again for this long, nor after its expiry. */
const CACHE_MS = 60_000;
const CACHE_SIZE = 2000;

/** A verifier for several issuers. Verified tokens are remembered for a minute: a burst of deposits pays once. */
export function verifierOf(
  issuers: () => Promise<readonly TrustedIssuer[]>,
  now: () => Date,
  checkProof: CheckProof = async () => false,
): VerifyToken {
  const cache = new Map<string, { token: VerifiedToken; until: number }>();
  const verified = async (bearer: string): Promise<VerifiedToken> => {
    const key = createHash("sha256").update(bearer).digest("base64");
    const known = cache.get(key);
    if (known && known.until > now().getTime()) return known.token;
    const token = await verifyOnce(bearer, await issuers());
    if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value ?? "");
    cache.set(key, { token, until: Math.min(now().getTime() + CACHE_MS, token.expiresAt.getTime()) });
    return token;
  };
  return async (bearer, presented) => {
    const token = await verified(bearer);
    const { keyThumbprint } = token;
    // A stolen bound token is worth nothing as a bearer token; and a bearer token does not become bound by saying so.
    if ((presented?.scheme === "DPoP") !== (keyThumbprint !== undefined)) throw new TokenError("token-proof");
    if (presented && keyThumbprint !== undefined && !(await checkProof(bearer, keyThumbprint, presented))) {
      throw new TokenError("token-proof");
    }
    return token;
  };
}

const binding = v.object({ jkt: v.pipe(v.string(), v.minLength(1)) });
const clientName = v.pipe(v.string(), v.minLength(1), v.maxLength(100));

async function verifyOnce(bearer: string, issuers: readonly TrustedIssuer[]): Promise<VerifiedToken> {
  let issuer: string | undefined;
  try {
    issuer = decodeJwt(bearer).iss;
  } catch {
    throw new TokenError("token-malformed");
  }
  const trusted = issuers.find((one) => issuer !== undefined && one.isMine(issuer));
  if (!trusted) throw new TokenError("token-audience");
  try {
    const { payload, actor, others = [] } = await trusted.verify(bearer);
    if (!actor || payload.exp === undefined) throw new TokenError("token-claims");
    const scope = typeof payload.scope === "string" ? payload.scope.split(" ") : [];
    const bound = v.safeParse(binding, payload.cnf);
    // Bound to something that is not understood here, a certificate for instance: not a bearer token either.
    if (payload.cnf !== undefined && !bound.success) throw new TokenError("token-claims");
    const client = v.safeParse(clientName, payload.client_id ?? payload.azp);
    return {
      actor,
      others,
      scope,
      expiresAt: new Date(payload.exp * 1000),
      ...(client.success ? { clientId: client.output } : {}),
      ...(bound.success ? { keyThumbprint: bound.output.jkt } : {}),
    };
  } catch (error) {
    if (error instanceof TokenError) throw error;
    // The keys could not be fetched: no judgement on the token.
    const isUnfetched =
      error instanceof errors.JWKSTimeout || (error instanceof errors.JOSEError && error.code === "ERR_JOSE_GENERIC");
    if (isUnfetched || !(error instanceof errors.JOSEError)) throw new IssuerUnreachable(error);
    if (error instanceof errors.JWTExpired) throw new TokenError("token-expired");
    if (error instanceof errors.JWTClaimValidationFailed) {
      throw new TokenError(error.claim === "aud" || error.claim === "iss" ? "token-audience" : "token-claims");
    }
    throw new TokenError("token-signature");
  }
}

/** The keys are read anew at most so often: a stranger's tokens name keys that nobody has. */
const LEAST_READ_MS = 1000;

/**
 * The embedded provider as a trusted issuer.
 *
 * @param read the keys as they are now: another process may have got a new one, with which it signs already
 */
export function embeddedIssuer(
  read: () => Promise<readonly AcceptedKey[]>,
  publicUrl: string,
  now: () => Date,
): TrustedIssuer {
  const issuer = `${publicUrl}/oidc`;
  let known = new Map<string, { readonly key: CryptoKey | Uint8Array; readonly until: Date | undefined }>();
  let readAt: number | undefined;
  const keyOf = async (kid: string | undefined) => {
    const isLate = readAt === undefined || Math.abs(now().getTime() - readAt) >= LEAST_READ_MS;
    const isKnown = kid === undefined ? known.size > 0 : known.has(kid);
    if (!isKnown && isLate) {
      const keys = await Promise.all(
        (await read()).map(async ({ publicKey, until }) => {
          return [publicKey.kid, { key: await importJWK(publicKey, SIGNING_ALGORITHM), until }] as const;
        }),
      );
      known = new Map(keys);
      readAt = now().getTime();
    }
    // The present one comes first.
    const found = kid === undefined ? known.values().next().value : known.get(kid);
    if (!found || (found.until && found.until <= now())) throw new TokenError("token-signature");
    return found.key;
  };
  return {
    isMine: (candidate) => candidate === issuer,
    async verify(bearer) {
      const { payload } = await jwtVerify(bearer, ({ kid }) => keyOf(kid), {
        issuer,
        audience: `${publicUrl}/fhir`,
        algorithms: [SIGNING_ALGORITHM],
        typ: "at+jwt",
        requiredClaims: ["sub", "exp"],
        currentDate: now(),
      });
      return { payload, actor: readActor(payload.sub, payload.carnet) };
    },
  };
}
