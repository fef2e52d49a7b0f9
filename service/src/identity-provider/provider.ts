/** Configures oidc-provider: code + PKCE, JWT access tokens for the record, rotating refresh tokens, own storage. */
import { interactionPolicy, type KoaContextWithOIDC, errors as oidcErrors, Provider } from "oidc-provider";
import { Html } from "../html.ts";
import type { Account, Accounts } from "./accounts.ts";
import { createAdapter } from "./adapter.ts";
import { type Audience, type Client, EXTENSION_CLIENT } from "./clients.ts";
import { type ProviderKeys, SIGNING_ALGORITHM } from "./keys.ts";
import type { MachineClients } from "./machine-clients.ts";
import { logoutPage, pageHeaders, statementPage } from "./pages.ts";
import type { SignInGrants } from "./sign-in-grants.ts";
import { type Locale, localeOf } from "./strings.ts";
import type { AnyDatabase } from "./tables.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** What the sign-in pages tell the provider beside the account. */
export interface SignInExtra {
  /** Index in {@link Account.exercises}. */
  readonly exercise: number;
  readonly deviceId?: string;
}

/** Algorithms of the proofs of possession (RFC 9449) and of the machine clients' assertions. */
export const PROOF_ALGORITHMS = ["ES256", "EdDSA", "Ed25519"] as const;
const ASSERTION_ALGORITHMS = ["ES256", "PS256", "RS256"] as const;

/** Short, because a JWT cannot be called back; refreshed in silence. */
export const ACCESS_TOKEN_SECONDS = 10 * MINUTE;
const SESSION_SECONDS = 8 * HOUR;
/** The one scope of the record. The resource server must own no other, or a consent page would appear. */
export const RECORD_SCOPE = "record";
const OIDC_SCOPE = "openid profile";

export interface ProviderParts {
  readonly publicUrl: string;
  readonly keys: ProviderKeys;
  readonly clients: readonly Client[];
  readonly accounts: Accounts;
  readonly machineClients: MachineClients;
  readonly grants: SignInGrants;
  readonly database: AnyDatabase;
  readonly now: () => Date;
  /** Told of failures of the provider itself, by name: never of what was sent. */
  readonly onFailure: (name: string) => void;
}

function localeOfRequest(ctx: KoaContextWithOIDC): Locale {
  const asked = ctx.oidc?.params?.ui_locales;
  return localeOf(typeof asked === "string" ? asked : undefined, ctx.get("accept-language"));
}

function show(ctx: KoaContextWithOIDC, body: string): void {
  ctx.set(pageHeaders);
  ctx.body = body;
}

/** Who may use a client: a patient's session must not open the practice's page, nor the other way round. */
export function isForAudience(kind: "patient" | "professional" | "establishment", audience: Audience): boolean {
  return (kind === "patient") === (audience === "patient");
}

/** Builds the provider. Nothing is started: it answers through `provider.callback()`. */
export function createProvider(parts: ProviderParts): Provider {
  const { publicUrl, keys, clients, accounts, grants, database, now } = parts;
  const resource = `${publicUrl}/fhir`;
  /** In whose name: the exercise chosen at this sign-in, for a professional who has several. */
  const claimsOf = async (account: Account, grantId: string | undefined) => {
    if (account.exercises.length <= 1 || grantId === undefined) return account.claims;
    const exercise = (await grants.find(grantId))?.exercise ?? 0;
    return account.exercises[exercise] ?? account.claims;
  };
  const audienceOf = (clientId: string) => clients.find((client) => client.id === clientId)?.audience;

  const policy = interactionPolicy.base();
  policy.get("login")?.checks.add(
    new interactionPolicy.Check("other_audience", "another kind of account is needed", async (ctx) => {
      const { session, client } = ctx.oidc;
      if (!session?.accountId || !client) return interactionPolicy.Check.NO_NEED_TO_PROMPT;
      const account = await accounts.find(session.accountId);
      const audience = audienceOf(client.clientId);
      const fits = account !== undefined && audience !== undefined && isForAudience(account.kind, audience);
      return fits ? interactionPolicy.Check.NO_NEED_TO_PROMPT : interactionPolicy.Check.REQUEST_PROMPT;
    }),
  );

  const provider = new Provider(`${publicUrl}/oidc`, {
    adapter: createAdapter(database, now, (clientId) => parts.machineClients.find(clientId)),
    // It signs with the first; the former ones are published for what they signed.
    jwks: { keys: [keys.signing, ...keys.former] },
    clients: clients.map((client) => ({
      client_id: client.id,
      redirect_uris: [...client.redirectUris],
      post_logout_redirect_uris: [...client.postLogoutRedirectUris],
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      id_token_signed_response_alg: SIGNING_ALGORITHM,
    })),
    enabledJWA: {
      idTokenSigningAlgValues: [SIGNING_ALGORITHM],
      clientAuthSigningAlgValues: ASSERTION_ALGORITHMS,
      dPoPSigningAlgValues: PROOF_ALGORITHMS,
    },
    clientAuthMethods: ["none", "private_key_jwt"],
    responseTypes: ["code"],
    pkce: { required: () => true },
    scopes: ["openid", "profile"],
    claims: { openid: ["sub", "session_expires_at"], profile: ["name", "carnet"] },
    // SPA clients read the name from the ID token: there is no second request to make.
    conformIdTokenClaims: false,
    findAccount: async (ctx, id) => {
      const account = await accounts.find(id);
      if (!account) return undefined;
      return {
        accountId: id,
        claims: async () => {
          const grant = ctx.oidc.entities.Grant;
          return {
            sub: id,
            name: account.name,
            carnet: { ...(await claimsOf(account, grant?.jti)) },
            // So that a page can say beforehand that what is being written must be saved.
            ...(grant?.exp === undefined ? {} : { session_expires_at: grant.exp }),
          };
        },
      };
    },
    extraTokenClaims: async (_ctx, token) => {
      if (!("accountId" in token)) {
        const structure = await parts.machineClients.structureOf(token.clientId);
        if (!structure) throw new oidcErrors.InvalidClient("unknown structure");
        const { name } = structure;
        return { carnet: { kind: "establishment", name, structure, authentication: "indirect" } };
      }
      const account = token.accountId === undefined ? undefined : await accounts.find(token.accountId);
      if (!account) throw new oidcErrors.InvalidGrant("account not found");
      return { carnet: { ...(await claimsOf(account, token.grantId)) } };
    },
    clientBasedCORS: (_ctx, origin, client) => {
      // Browsers name the origin in every POST, to the same origin too. The extension's own pages ask for its tokens;
      // their address is given by the browser at installation.
      if (client.clientId === EXTENSION_CLIENT && /^(chrome|moz)-extension:\/\/[a-z0-9-]+$/.test(origin)) return true;
      return (client.redirectUris ?? []).some((uri) => new URL(uri).origin === origin);
    },
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed("refresh_token"),
    // Two pages of one browser may be open for two people: signing in on one must not cut the other's silent refresh.
    expiresWithSession: async () => false,
    rotateRefreshToken: true,
    loadExistingGrant: async (ctx) => {
      const { session, client, result } = ctx.oidc;
      if (!session?.accountId || !client) return undefined;
      const grantId = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
      const known = grantId ? await provider.Grant.find(grantId) : undefined;
      const isNewSignIn = result?.login !== undefined;
      if (known && known.accountId === session.accountId && !isNewSignIn) return known;
      // First-party clients: nobody is asked to agree that Carnet may use Carnet.
      const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
      grant.addOIDCScope(OIDC_SCOPE);
      grant.addResourceScope(resource, RECORD_SCOPE);
      await grant.save();
      const { accountId } = session;
      // A second application in the same browser: the exercise that was chosen, on the same device.
      const former = await grants.findAny(
        Object.values(session.authorizations ?? {}).flatMap((one) => one.grantId ?? []),
      );
      const fresh = result?.login ? (result.carnet as SignInExtra | undefined) : undefined;
      const { exercise = 0, deviceId } = fresh ?? former ?? {};
      const expiresAt = new Date(now().getTime() + SESSION_SECONDS * 1000);
      await grants.keep(grant.jti, { accountId, deviceId, exercise }, expiresAt);
      return grant;
    },
    interactions: { policy, url: (_ctx, interaction) => `/oidc/interaction/${interaction.uid}` },
    cookies: {
      keys: [keys.cookie],
      names: { session: "carnet_session", interaction: "carnet_interaction", resume: "carnet_resume" },
      long: { httpOnly: true, sameSite: "lax", path: "/oidc" },
      short: { httpOnly: true, sameSite: "lax" },
    },
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      ClientCredentials: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: MINUTE,
      IdToken: ACCESS_TOKEN_SECONDS,
      Interaction: 30 * MINUTE,
      Session: SESSION_SECONDS,
      Grant: SESSION_SECONDS,
      // A rotated token keeps the end of the first one: a session of work, never an endless one.
      RefreshToken: (ctx) => {
        const rotated = ctx.oidc.entities.RotatedRefreshToken;
        return rotated ? Math.max(1, rotated.remainingTTL) : SESSION_SECONDS;
      },
    },
    features: {
      devInteractions: { enabled: false },
      // Tokens of a client that sends a proof are bound to its key (RFC 9449); others are bearer tokens.
      dPoP: { enabled: true },
      clientCredentials: { enabled: true },
      pushedAuthorizationRequests: { enabled: false },
      userinfo: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (ctx, form) =>
          show(
            ctx,
            logoutPage(localeOfRequest(ctx), form, (markup) => new Html(markup)),
          ),
        postLogoutSuccessSource: async (ctx) =>
          show(
            ctx,
            statementPage(localeOfRequest(ctx), (s) => ({ title: s.loggedOutTitle, lead: s.loggedOutLead })),
          ),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => resource,
        useGrantedResource: async () => true,
        getResourceServerInfo: async (_ctx, indicator) => {
          if (indicator !== resource) throw new oidcErrors.InvalidTarget("unknown resource");
          return {
            scope: RECORD_SCOPE,
            audience: resource,
            accessTokenFormat: "jwt",
            accessTokenTTL: ACCESS_TOKEN_SECONDS,
            jwt: { sign: { alg: SIGNING_ALGORITHM } },
          };
        },
      },
    },
    renderError: async (ctx, out) => {
      const page = statementPage(localeOfRequest(ctx), (s) => ({
        title: s.errorTitle,
        lead: s.errorLead,
        code: out.error,
      }));
      show(ctx, page);
    },
  });
  // The address is set from configuration on each request (see mount.ts), never believed from the outside.
  provider.proxy = true;
  provider.use(async (ctx, next) => {
    await next();
    await revokeOnLogout(provider, ctx.oidc);
  });
  provider.on("server_error", (_ctx, error) => parts.onFailure(error.name));
  return provider;
}

/**
 * Signing out ends every refresh token of the session. oidc-provider would leave them, because they outlive the session
 * (`expiresWithSession`) for the sake of two pages open side by side.
 */
async function revokeOnLogout(provider: Provider, oidc: KoaContextWithOIDC["oidc"] | undefined): Promise<void> {
  if (oidc?.route !== "end_session_confirm" || !oidc.params?.logout) return;
  await endSession(provider, oidc.session?.authorizations);
}

/** Ends what a session of the browser gave to each application: its refresh tokens and its grant. */
export async function endSession(
  provider: Provider,
  authorizations: Readonly<Record<string, { readonly grantId?: string | undefined }>> = {},
): Promise<void> {
  for (const { grantId } of Object.values(authorizations)) {
    if (grantId === undefined) continue;
    await provider.RefreshToken.revokeByGrantId(grantId);
    await (await provider.Grant.find(grantId))?.destroy();
  }
}
