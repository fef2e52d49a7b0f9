import * as oauth from "oauth4webapi";
import { authenticateByKey, type ClientKey } from "./client-key.ts";
import { SignInError } from "./errors.ts";
import { type IssuerOptions, openIssuer } from "./issuer.ts";
import { createProver } from "./proofs.ts";

export interface SignInOptions extends IssuerOptions {
  /** Where the issuer sends the person back; must be registered for the client. */
  readonly redirectUri: string;
  /** Default `openid profile record`. */
  readonly scope?: string | undefined;
  /** The service the token is for (RFC 8707), for example `https://carnet.example/fhir`. */
  readonly resource?: string | undefined;
  /** Level asked for; an answer with another one is refused (R204). */
  readonly acrValues?: string | undefined;
  /** For a server's confidential client only; never in a page. */
  readonly clientSecret?: string | undefined;
  /** The same with a key (`private_key_jwt`). */
  readonly clientKey?: ClientKey | undefined;
  /**
   * Binds the tokens to a key that never leaves this page or process (DPoP, RFC 9449): stolen, they are worth nothing.
   * `createTokenSource` makes the proofs. Default false.
   */
  readonly isBound?: boolean | undefined;
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
  /** Key pair of a bound session; not extractable. */
  readonly keys?: CryptoKeyPair;
  /** How far the issuer's clock is ahead of this one, in milliseconds. */
  readonly skewMs?: number;
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
  /** Signing out: the refresh token ends at the issuer, where it can. Forget the session whatever comes of it. */
  end(session: Session, options?: SignInCall): Promise<void>;
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
  const issuer = openIssuer(options);
  const resource: Record<string, string> = options.resource ? { resource: options.resource } : {};
  const authenticate = async () => {
    if (options.clientKey) return authenticateByKey(options.clientKey);
    return options.clientSecret ? oauth.ClientSecretPost(options.clientSecret) : oauth.None();
  };
  const { guarded } = issuer;

  return {
    begin: ({ signal, prompt, loginHint } = {}) =>
      guarded(signal, async () => {
        const { authorization_endpoint } = (await issuer.open(signal)).server;
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
        const { server, client, skewMs } = await issuer.open(signal);
        const parameters = oauth.validateAuthResponse(server, client, new URL(callbackUrl), pending.state);
        const keys = options.isBound ? await oauth.generateKeyPair("ES256") : undefined;
        const calls = {
          additionalParameters: resource,
          ...issuer.calls(signal),
          ...(keys ? { DPoP: createProver(keys, client).handle } : {}),
        };
        const authentication = await authenticate();
        const { redirectUri } = options;
        const tokens = await issuer.withNonce(async () => {
          const response = await oauth.authorizationCodeGrantRequest(
            server,
            client,
            authentication,
            parameters,
            redirectUri,
            pending.codeVerifier,
            calls,
          );
          const expected = { expectedNonce: pending.nonce, requireIdToken: true };
          return oauth.processAuthorizationCodeResponse(server, client, response, expected);
        });
        const session = toSession(tokens, { claims: {}, skewMs, ...(keys ? { keys } : {}) });
        if (options.acrValues && !options.acrValues.split(" ").includes(String(session.claims.acr))) {
          throw new SignInError("level-too-low");
        }
        return session;
      }),

    refresh: (session, { signal } = {}) =>
      guarded(signal, async () => {
        const { refreshToken, keys } = session;
        if (!refreshToken) throw new SignInError("sign-in-expired");
        const { server, client } = await issuer.open(signal);
        const calls = {
          additionalParameters: resource,
          ...issuer.calls(signal),
          ...(keys ? { DPoP: createProver(keys, client).handle } : {}),
        };
        const authentication = await authenticate();
        const tokens = await issuer.withNonce(async () => {
          const response = await oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, calls);
          return oauth.processRefreshTokenResponse(server, client, response);
        });
        return toSession(tokens, session);
      }),

    end: (session, { signal } = {}) =>
      guarded(signal, async () => {
        const { server, client } = await issuer.open(signal);
        if (!session.refreshToken || !server.revocation_endpoint) return;
        const authentication = await authenticate();
        const { refreshToken } = session;
        const calls = issuer.calls(signal);
        await oauth.processRevocationResponse(
          await oauth.revocationRequest(server, client, authentication, refreshToken, calls),
        );
      }),
  };
}

function toSession(tokens: oauth.TokenEndpointResponse, former: Omit<Session, "accessToken" | "expiresAt">): Session {
  const refreshToken = tokens.refresh_token ?? former.refreshToken;
  return {
    ...former,
    accessToken: tokens.access_token,
    // Without a stated life the token is used for five minutes, then renewed.
    expiresAt: Date.now() + (tokens.expires_in ?? 300) * 1000,
    ...(refreshToken ? { refreshToken } : {}),
    claims: { ...former.claims, ...oauth.getValidatedIdTokenClaims(tokens) },
  };
}
