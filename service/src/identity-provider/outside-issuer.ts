/**
 * An outside OpenID issuer, for professionals: Pro Santé Connect. Source: R203 to R205.
 * Its access tokens are verified by the keys of its discovery document; claims come from the token, or from userinfo
 * when the token does not hold them.
 */
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";
import * as v from "valibot";
import type { Authentication, ProfessionalActor } from "../rules/actor.ts";
import { address, type Environment } from "../setting-values.ts";
import { SettingInvalid } from "../start-refused.ts";
import { actorsOfProSanteConnect } from "./pro-sante-connect.ts";
import { TokenError, type TrustedIssuer } from "./token-verifier.ts";

const discovery = v.object({
  issuer: v.string(),
  jwks_uri: v.pipe(v.string(), v.url()),
  userinfo_endpoint: v.exactOptional(v.pipe(v.string(), v.url())),
});
type Discovery = v.InferOutput<typeof discovery>;

const HOSTS = {
  "pro-sante-connect": "auth.esw.esante.gouv.fr",
  "pro-sante-connect-sandbox": "auth.bas.psc.esante.gouv.fr",
};

/** How the outside issuer is reached and what its tokens must say. */
export interface OutsideSettings {
  readonly issuer: string;
  /** Address of its metadata. */
  readonly discoveryUrl: string;
  /** `aud` or `azp` of its tokens: our client id there, or that of the vendors' software. */
  readonly audiences: readonly string[];
  /** Accepted levels of authentication; any when absent. */
  readonly levels: readonly string[] | undefined;
  /** R201: rights differ between a card that is read here and an identity that is vouched for elsewhere. */
  readonly authentication: Authentication;
  /** Scopes asked for at sign-in. */
  readonly scope: string;
  /** Our client there, when people may sign in through us. */
  readonly client: { readonly id: string; readonly secret: string } | undefined;
  readonly isProSanteConnect: boolean;
}

const WEB = ["https", "http"];

const words = (text: string | undefined) => text?.split(/[\s,]+/).filter(Boolean);

/**
 * The settings of the outside issuer. `OIDC_PRESET=pro-sante-connect` (or `pro-sante-connect-sandbox`) sets the issuer, its
 * unusual discovery path, the level `eidas1` without which nobody is let in (R204), the scopes and the reinforced indirect
 * mode (R201); each can be written over. See docs/operator.md.
 * @throws Error naming the variable when the configuration is not complete
 */
export function readOutsideSettings(environment: Environment): OutsideSettings | undefined {
  const preset = environment.OIDC_PRESET || undefined;
  const host = preset === undefined ? undefined : Object.entries(HOSTS).find(([name]) => name === preset)?.[1];
  if (preset !== undefined && !host)
    throw new SettingInvalid(`OIDC_PRESET must be one of ${Object.keys(HOSTS).join(", ")}`);
  const issuer = address(environment, "OIDC_ISSUER", WEB) || (host && `https://${host}/auth/realms/esante-wallet`);
  if (!issuer) return undefined;
  const clientId = environment.OIDC_CLIENT_ID || undefined;
  const secret = environment.OIDC_CLIENT_SECRET || undefined;
  if (clientId && !secret) throw new SettingInvalid("OIDC_CLIENT_ID needs OIDC_CLIENT_SECRET");
  const audiences = [...(words(environment.OIDC_AUDIENCE) ?? []), ...(clientId ? [clientId] : [])];
  if (audiences.length === 0)
    throw new SettingInvalid("OIDC_ISSUER needs OIDC_AUDIENCE: the client id that its tokens must be made for");
  const wellKnown = `${issuer.replace(/\/$/, "")}/.well-known`;
  const mode = environment.OIDC_AUTHENTICATION || (host ? "reinforced-indirect" : "direct");
  if (mode !== "direct" && mode !== "reinforced-indirect")
    throw new SettingInvalid("OIDC_AUTHENTICATION must be direct or reinforced-indirect");
  return {
    issuer,
    discoveryUrl:
      address(environment, "OIDC_DISCOVERY", WEB) ||
      `${wellKnown}/${host ? "wallet-openid-configuration" : "openid-configuration"}`,
    audiences,
    levels: words(environment.OIDC_ACR) ?? (host ? ["eidas1"] : undefined),
    authentication: mode,
    scope: environment.OIDC_SCOPE || (host ? "openid scope_all" : "openid profile"),
    client: clientId && secret ? { id: clientId, secret } : undefined,
    isProSanteConnect: host !== undefined,
  };
}

const TIMEOUT_MS = 5000;

async function getJson(url: string, bearer?: string): Promise<unknown> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (bearer !== undefined) headers.authorization = `Bearer ${bearer}`;
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "error" });
  // The issuer itself does not want this token.
  if (bearer !== undefined && (response.status === 401 || response.status === 403))
    throw new TokenError("token-claims");
  if (!response.ok) throw new Error(`the outside issuer answered ${response.status}`);
  return response.json();
}

/** The issuer whose tokens are accepted beside our own. */
export function outsideIssuer(settings: OutsideSettings, now: () => Date): TrustedIssuer {
  const { issuer, audiences, levels, authentication } = settings;
  let known: Promise<{ document: Discovery; keys: ReturnType<typeof createRemoteJWKSet> }> | undefined;
  const discover = async () => {
    const document = v.parse(discovery, await getJson(settings.discoveryUrl));
    if (document.issuer !== issuer) throw new Error("the discovery document is not that of OIDC_ISSUER");
    const options = { timeoutDuration: TIMEOUT_MS };
    return { document, keys: createRemoteJWKSet(new URL(document.jwks_uri), options) };
  };
  return {
    isMine: (candidate) => candidate === issuer,
    async verify(bearer) {
      known ??= discover().catch((error: unknown) => {
        known = undefined;
        throw error;
      });
      const { document, keys } = await known;
      const { payload } = await jwtVerify(bearer, keys, {
        issuer,
        algorithms: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"],
        requiredClaims: ["sub", "exp"],
        currentDate: now(),
      });
      if (!isFor(payload, audiences)) throw new TokenError("token-audience");
      // An ID token is made for the same client and signed by the same keys: it opens a session there, never a record.
      if (payload.typ === "ID" || payload.at_hash !== undefined) throw new TokenError("token-claims");
      if (levels !== undefined && !(typeof payload.acr === "string" && levels.includes(payload.acr)))
        throw new TokenError("token-claims");
      const actors = await readClaims(payload, document, bearer);
      const [actor, ...others] = actors.map((one) => ({ ...one, authentication }));
      return { payload, actor, others };
    },
  };
}

function isFor(payload: JWTPayload, audiences: readonly string[]): boolean {
  const stated = [payload.azp, ...(Array.isArray(payload.aud) ? payload.aud : [payload.aud])];
  return stated.some((one) => typeof one === "string" && audiences.includes(one));
}

async function readClaims(
  payload: JWTPayload,
  document: Discovery,
  bearer: string,
): Promise<readonly ProfessionalActor[]> {
  const fromToken = actorsOfProSanteConnect(payload);
  if (fromToken.length > 0 || !document.userinfo_endpoint) return fromToken;
  const answer = await getJson(document.userinfo_endpoint, bearer);
  // A userinfo about somebody else would be somebody else's identity.
  const isSame = typeof answer === "object" && answer !== null && "sub" in answer && answer.sub === payload.sub;
  if (!isSame) throw new TokenError("token-claims");
  return actorsOfProSanteConnect(answer);
}
