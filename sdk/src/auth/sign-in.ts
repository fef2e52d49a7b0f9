import * as oauth from "oauth4webapi";
import { SignInError } from "./errors.ts";
import { assertSecure, callOptions, discover, type IssuerCalls, toSignInError } from "./issuer.ts";

export interface SignInOptions {
  /** The OpenID issuer, for example `https://carnet.example/oidc`. */
  readonly issuer: string;
  readonly clientId: string;
  /** Where the issuer sends the person back; must be registered for the client. */
  readonly redirectUri: string;
  /** Default `openid profile record`. */
  readonly scope?: string | undefined;
  /** The service the token is for (RFC 8707), for example `https://carnet.example/fhir`. */
  readonly resource?: string | undefined;
  /** Level asked for; an answer with another one is refused (R204). */
  readonly acrValues?: string | undefined;
  /** Where the issuer's metadata are, when not at the usual place. */
  readonly discoveryUrl?: string | undefined;
  /** For a server's confidential client only; never in a page. */
  readonly clientSecret?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** What must survive the way to the issuer and back. Holds no token; keep it in `sessionStorage` at most. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** A signed-in person. Keep it in memory only. */
export interface Session {
  readonly accessToken: string;
  /** Milliseconds since 1970; the token is worth nothing after. */
  readonly expiresAt: number;
  readonly refreshToken?: string;
  /** Claims of the ID token: `sub`, `name`, and for Pro Santé Connect those of R205. */
  readonly claims: Readonly<Record<string, unknown>>;
}

interface SignInCall {
  readonly signal?: AbortSignal | undefined;
}

export interface SignIn {
  /** The address to send the person to, and what to keep meanwhile. */
  begin(
    options?: SignInCall & { readonly prompt?: string; readonly loginHint?: string },
  ): Promise<{ url: string; pending: PendingSignIn }>;
  /** The address the person came back to, with what was kept. @throws SignInError */
  complete(callbackUrl: string, pending: PendingSignIn, options?: SignInCall): Promise<Session>;
  /** A new access token without the person. @throws SignInError `sign-in-expired` */
  refresh(session: Session, options?: SignInCall): Promise<Session>;
}

/**
 * Signs a person in with the authorization code flow and PKCE (OpenID Connect), on `oauth4webapi`.
 *
 * @throws SignInError `issuer-insecure` when the issuer is neither on https nor on this machine
 * @example
 * const signIn = createSignIn({ issuer, clientId: "carnet-practice", redirectUri: location.origin + "/practice/" });
 * const { url, pending } = await signIn.begin();
 * // send the person to `url`; when they are back:
 * const session = await signIn.complete(location.href, pending);
 */
export function createSignIn(options: SignInOptions): SignIn {
  const issuer = new URL(options.issuer);
  const calls: IssuerCalls = { fetch: options.fetch, isLoopback: assertSecure(issuer) };
  const client: oauth.Client = { client_id: options.clientId };
  const authentication = options.clientSecret ? oauth.ClientSecretPost(options.clientSecret) : oauth.None();
  const resource: Record<string, string> = options.resource ? { resource: options.resource } : {};
  let found: Promise<oauth.AuthorizationServer> | undefined;

  const server = (signal?: AbortSignal) => {
    found ??= discover(issuer, options.discoveryUrl, calls, signal).catch((error: unknown) => {
      // Not remembered: the next attempt asks again.
      found = undefined;
      throw error;
    });
    return found;
  };

  const guarded = async <T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    try {
      signal?.throwIfAborted();
      return await work();
    } catch (error) {
      throw toSignInError(error, signal);
    }
  };

  return {
    begin: ({ signal, prompt, loginHint } = {}) =>
      guarded(signal, async () => {
        const { authorization_endpoint } = await server(signal);
        if (!authorization_endpoint) throw new SignInError("sign-in-failed");
        const pending: PendingSignIn = {
          state: oauth.generateRandomState(),
          nonce: oauth.generateRandomNonce(),
          codeVerifier: oauth.generateRandomCodeVerifier(),
        };
        const url = new URL(authorization_endpoint);
        const parameters = {
          client_id: options.clientId,
          redirect_uri: options.redirectUri,
          response_type: "code",
          scope: options.scope ?? "openid profile record",
          state: pending.state,
          nonce: pending.nonce,
          code_challenge: await oauth.calculatePKCECodeChallenge(pending.codeVerifier),
          code_challenge_method: "S256",
          ...(options.acrValues ? { acr_values: options.acrValues } : {}),
          ...(prompt ? { prompt } : {}),
          ...(loginHint ? { login_hint: loginHint } : {}),
          ...resource,
        };
        for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
        return { url: url.href, pending };
      }),

    complete: (callbackUrl, pending, { signal } = {}) =>
      guarded(signal, async () => {
        const as = await server(signal);
        const parameters = oauth.validateAuthResponse(as, client, new URL(callbackUrl), pending.state);
        const response = await oauth.authorizationCodeGrantRequest(
          as,
          client,
          authentication,
          parameters,
          options.redirectUri,
          pending.codeVerifier,
          { additionalParameters: resource, ...callOptions(calls, signal) },
        );
        const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
          expectedNonce: pending.nonce,
          requireIdToken: true,
        });
        const session = toSession(tokens);
        if (options.acrValues && !options.acrValues.split(" ").includes(String(session.claims.acr))) {
          throw new SignInError("level-too-low");
        }
        return session;
      }),

    refresh: (session, { signal } = {}) =>
      guarded(signal, async () => {
        if (!session.refreshToken) throw new SignInError("sign-in-expired");
        const as = await server(signal);
        const response = await oauth.refreshTokenGrantRequest(as, client, authentication, session.refreshToken, {
          additionalParameters: resource,
          ...callOptions(calls, signal),
        });
        return toSession(await oauth.processRefreshTokenResponse(as, client, response), session);
      }),
  };
}

function toSession(tokens: oauth.TokenEndpointResponse, former?: Session): Session {
  const refreshToken = tokens.refresh_token ?? former?.refreshToken;
  return {
    accessToken: tokens.access_token,
    // Without a stated life the token is used for five minutes, then renewed.
    expiresAt: Date.now() + (tokens.expires_in ?? 300) * 1000,
    ...(refreshToken ? { refreshToken } : {}),
    claims: { ...former?.claims, ...oauth.getValidatedIdTokenClaims(tokens) },
  };
}
