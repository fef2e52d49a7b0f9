import * as oauth from "oauth4webapi";
import type { AccessToken } from "../fhir/http/http.ts";
import { authenticateByKey, type ClientKey } from "./client-key.ts";
import { isSignInError } from "./errors.ts";
import { type IssuerOptions, openIssuer } from "./issuer.ts";
import { createProver } from "./proofs.ts";

export interface MachineOptions extends IssuerOptions {
  readonly key: ClientKey;
  /** Default `record`. */
  readonly scope?: string | undefined;
  /** The service the token is for (RFC 8707). */
  readonly resource?: string | undefined;
  /** Tokens that only this process can use (DPoP). Default true. */
  readonly isBound?: boolean | undefined;
  /** Renew when the token has less than this to live, in milliseconds. Default 30 000. */
  readonly marginMs?: number | undefined;
}

/**
 * The `accessToken` function of an establishment's software, which signs in by itself (`client_credentials` with
 * `private_key_jwt`, R200). The token is renewed before its end, once for all callers, and stays in memory.
 *
 * @throws SignInError `issuer-insecure`; its calls `sign-in-failed`, `client-key`, `issuer-unreachable`
 * @example
 * const client = connect({ baseUrl, accessToken: createMachineTokenSource({ issuer, clientId, key: { privateKey } }) });
 */
export function createMachineTokenSource(options: MachineOptions): AccessToken {
  const { isBound = true, marginMs = 30_000, scope = "record" } = options;
  const issuer = openIssuer(options);
  let current: { readonly token: Awaited<ReturnType<AccessToken>>; readonly expiresAt: number } | undefined;
  let renewing: Promise<NonNullable<typeof current>> | undefined;
  let keys: Promise<CryptoKeyPair> | undefined;

  const renew = () =>
    issuer.guarded(undefined, async () => {
      const authentication = await authenticateByKey(options.key);
      const { server, client, skewMs } = await issuer.open();
      keys ??= isBound ? oauth.generateKeyPair("ES256") : undefined;
      const prover = keys && createProver(await keys, client, skewMs);
      const tokens = await issuer.withNonce(async () => {
        const parameters = { scope, ...(options.resource ? { resource: options.resource } : {}) };
        const calls = { ...issuer.calls(), ...(prover ? { DPoP: prover.handle } : {}) };
        const response = await oauth.clientCredentialsGrantRequest(server, client, authentication, parameters, calls);
        return oauth.processClientCredentialsResponse(server, client, response);
      });
      const token = prover ? prover.bind(tokens.access_token) : tokens.access_token;
      return { token, expiresAt: Date.now() + (tokens.expires_in ?? 300) * 1000 };
    });

  return async (hint) => {
    const text = typeof current?.token === "object" ? current.token.token : current?.token;
    // A refusal that comes late is of a token that was renewed since.
    const isRefused = hint?.renew === true && (hint.refused ?? text) === text;
    if (!current || isRefused || current.expiresAt - Date.now() < marginMs) {
      renewing ??= renew().finally(() => {
        renewing = undefined;
      });
      const former = current;
      current = await renewing.catch((error: unknown) => {
        // While the issuer is away, the token is good until its very end, unless the service refused it.
        const isStillGood = former && !isRefused && former.expiresAt > Date.now();
        if (!isStillGood || !isSignInError(error, "issuer-unreachable")) throw error;
        return former;
      });
    }
    return current.token;
  };
}
