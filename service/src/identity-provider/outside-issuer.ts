/**
 * An outside OpenID issuer, for professionals: Pro Santé Connect. Source: R203 to R205.
 * Its access tokens are verified by the keys of its discovery document; claims come from the token, or from userinfo
 * when the token does not hold them.
 */
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";
import * as v from "valibot";
import type { Actor } from "../rules/actor.ts";
import { readActor } from "./claims.ts";
import { TokenError, type TrustedIssuer } from "./token-verifier.ts";

const discovery = v.object({
  issuer: v.string(),
  jwks_uri: v.pipe(v.string(), v.url()),
  userinfo_endpoint: v.exactOptional(v.pipe(v.string(), v.url())),
});
type Discovery = v.InferOutput<typeof discovery>;

const optionalText = v.nullish(v.string());
const activity = v.object({
  codeSecteurDactivite: optionalText,
  codeRole: optionalText,
  codeGenreActivite: optionalText,
});
const proSanteConnect = v.object({
  SubjectNameID: v.pipe(v.string(), v.regex(/^\d{9,20}$/)),
  given_name: optionalText,
  family_name: optionalText,
  SubjectRole: v.nullish(v.array(v.string())),
  Secteur_Activite: optionalText,
  SubjectOrganization: optionalText,
  SubjectOrganizationID: optionalText,
  Acces_Regulation_Medicale: optionalText,
  codeGenreActivite: optionalText,
  SubjectRefPro: v.nullish(
    v.object({
      exercices: v.nullish(
        v.array(
          v.object({
            codeProfession: optionalText,
            codeSavoirFaire: optionalText,
            activities: v.nullish(v.array(activity)),
          }),
        ),
      ),
    }),
  ),
});

/** What Pro Santé Connect says of a professional, as an actor. R205. @returns undefined when a needed claim is missing */
export function actorOfProSanteConnect(claims: unknown): Actor | undefined {
  const parsed = v.safeParse(proSanteConnect, claims);
  if (!parsed.success) return undefined;
  const said = parsed.output;
  // "80^1.2.250…": the code before the circumflex.
  const code = (text: string | null | undefined) => text?.split("^")[0] || undefined;
  const role = code(said.SubjectRole?.[0]);
  // A professional with several exercises chose one when signing in: SubjectRole says which.
  const exercises = said.SubjectRefPro?.exercices ?? [];
  const exercise = exercises.find((one) => one.codeProfession === role) ?? exercises[0];
  const act = exercise?.activities?.[0];
  const profession = role ?? exercise?.codeProfession;
  const facilityType = code(said.Secteur_Activite) ?? act?.codeSecteurDactivite ?? undefined;
  const structure =
    said.SubjectOrganizationID && said.SubjectOrganization
      ? { id: said.SubjectOrganizationID, name: said.SubjectOrganization, ...(facilityType && { facilityType }) }
      : undefined;
  const activityKind = said.codeGenreActivite ?? act?.codeGenreActivite;
  return readActor(said.SubjectNameID, {
    kind: "professional",
    name: [said.given_name, said.family_name].filter(Boolean).join(" "),
    rpps: said.SubjectNameID,
    profession,
    ...(exercise?.codeSavoirFaire && { specialty: exercise.codeSavoirFaire }),
    ...(act?.codeRole && { role: act.codeRole }),
    ...(activityKind && { activityKind }),
    ...(structure && { structure }),
    ...(said.Acces_Regulation_Medicale === "VRAI" && { dispatchCentre: true }),
  });
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

/**
 * The issuer that `OIDC_ISSUER` names.
 * `OIDC_DISCOVERY` when its document is not at the standard path (Pro Santé Connect: `…/wallet-openid-configuration`);
 * `OIDC_AUDIENCE`: expected `aud` or `azp` of its tokens, required.
 * `OIDC_ACR`: levels of authentication that are accepted, `eidas1` for Pro Santé Connect (R204); any when absent.
 * @throws Error when the configuration is not complete
 */
export function outsideIssuer(
  environment: Readonly<Record<string, string | undefined>>,
  now: () => Date,
): TrustedIssuer | undefined {
  const issuer = environment.OIDC_ISSUER;
  if (!issuer) return undefined;
  const audience = environment.OIDC_AUDIENCE;
  if (!audience) throw new Error("OIDC_ISSUER needs OIDC_AUDIENCE: the client id that its tokens must be made for");
  const levels = environment.OIDC_ACR?.split(/[\s,]+/).filter(Boolean);
  const address = environment.OIDC_DISCOVERY || `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  let known: Promise<{ document: Discovery; keys: ReturnType<typeof createRemoteJWKSet> }> | undefined;
  const discover = async () => {
    const document = v.parse(discovery, await getJson(address));
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
      if (!isFor(payload, audience)) throw new TokenError("token-audience");
      // An ID token is made for the same client and signed by the same keys: it opens a session there, never a record.
      if (payload.typ === "ID" || payload.at_hash !== undefined) throw new TokenError("token-claims");
      if (levels !== undefined && !levels.includes(String(payload.acr))) throw new TokenError("token-claims");
      return { payload, actor: await readClaims(payload, document, bearer) };
    },
  };
}

function isFor(payload: JWTPayload, audience: string): boolean {
  const stated = Array.isArray(payload.aud) ? payload.aud : [payload.aud];
  return stated.includes(audience) || payload.azp === audience;
}

async function readClaims(payload: JWTPayload, document: Discovery, bearer: string): Promise<Actor | undefined> {
  const fromToken = actorOfProSanteConnect(payload);
  if (fromToken || !document.userinfo_endpoint) return fromToken;
  const answer = await getJson(document.userinfo_endpoint, bearer);
  // A userinfo about somebody else would be somebody else's identity.
  const isSame = typeof answer === "object" && answer !== null && "sub" in answer && answer.sub === payload.sub;
  if (!isSame) throw new TokenError("token-claims");
  return actorOfProSanteConnect(answer);
}
