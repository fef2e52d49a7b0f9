import * as oauth from "oauth4webapi";
import { orAborted } from "../fhir/http/retry.ts";
import { SignInError } from "./errors.ts";
import { skewOf } from "./proofs.ts";

export interface IssuerOptions {
  /** The OpenID issuer, for example `https://carnet.example/oidc`. */
  readonly issuer: string;
  readonly clientId: string;
  /** Where the issuer's metadata are, when not at the usual place. */
  readonly discoveryUrl?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Deadline of each request to the issuer, in milliseconds. Default 30 000. */
  readonly timeoutMs?: number | undefined;
}

/** An issuer whose metadata are known, and how far its clock is ahead. */
export interface OpenIssuer {
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly skewMs: number;
}

export interface Issuer {
  /** Metadata, read once; a failure is not remembered. */
  open(signal?: AbortSignal): Promise<OpenIssuer>;
  /** Options of every request to the issuer. */
  calls(signal?: AbortSignal): IssuerCalls;
  /** Does the work, and once more when the issuer asks for a nonce in the proof (RFC 9449, section 8). */
  withNonce<T>(work: () => Promise<T>): Promise<T>;
  /** Errors of the library and of the network as ours. */
  guarded<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>;
}

type IssuerCalls = {
  readonly [oauth.customFetch]?: typeof globalThis.fetch;
  readonly [oauth.allowInsecureRequests]?: true;
  readonly signal: AbortSignal;
};

/** @throws SignInError `issuer-insecure` */
export function openIssuer(options: IssuerOptions): Issuer {
  const address = new URL(options.issuer);
  const isLoopback = assertSecure(address);
  const calls = (signal?: AbortSignal): IssuerCalls => ({
    ...(options.fetch ? { [oauth.customFetch]: options.fetch } : {}),
    // http is for the demo and for tests on this machine; `assertSecure` lets nothing else through.
    ...(isLoopback ? { [oauth.allowInsecureRequests]: true as const } : {}),
    // An issuer that hangs would hang whoever waits for a token.
    signal: AbortSignal.any([AbortSignal.timeout(options.timeoutMs ?? 30_000), ...(signal ? [signal] : [])]),
  });
  let found: Promise<OpenIssuer> | undefined;

  /** From the usual place or from the one given (Pro Santé Connect has its own, R203). */
  async function discover(): Promise<OpenIssuer> {
    const response = await (options.discoveryUrl
      ? (options.fetch ?? globalThis.fetch)(options.discoveryUrl, {
          headers: { accept: "application/json" },
          redirect: "manual",
          signal: calls().signal,
        })
      : oauth.discoveryRequest(address, { algorithm: "oidc", ...calls() }));
    const skewMs = skewOf(response.headers) ?? 0;
    const server = await oauth.processDiscoveryResponse(address, response);
    // A workstation whose clock is wrong signs in all the same: its times are told by the issuer's clock.
    const client = { client_id: options.clientId, [oauth.clockSkew]: Math.round(skewMs / 1000) };
    return { server, client, skewMs };
  }

  return {
    calls,
    open(signal) {
      found ??= discover().catch((error: unknown) => {
        // Not remembered: the next attempt asks again.
        found = undefined;
        throw error;
      });
      return signal ? orAborted(found, signal) : found;
    },
    withNonce: (work) =>
      work().catch((error: unknown) => {
        if (oauth.isDPoPNonceError(error)) return work();
        throw error;
      }),
    async guarded(signal, work) {
      try {
        signal?.throwIfAborted();
        return await work();
      } catch (error) {
        throw toSignInError(error, signal);
      }
    },
  };
}

/** http is accepted on this machine only. @throws SignInError `issuer-insecure` */
export function assertSecure(issuer: URL): boolean {
  const isLoopback = issuer.protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(issuer.hostname);
  if (issuer.protocol !== "https:" && !isLoopback) throw new SignInError("issuer-insecure");
  return isLoopback;
}

/** Errors of the library and of the network as ours. */
export function toSignInError(error: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof SignInError) return error;
  if (error instanceof oauth.AuthorizationResponseError) {
    return new SignInError(error.error === "access_denied" ? "sign-in-refused" : "sign-in-failed", { cause: error });
  }
  if (error instanceof oauth.ResponseBodyError) {
    return new SignInError(error.error === "invalid_grant" ? "sign-in-expired" : "sign-in-failed", { cause: error });
  }
  if (error instanceof TypeError || (error instanceof DOMException && error.name === "TimeoutError"))
    return new SignInError("issuer-unreachable", { cause: error });
  return new SignInError("sign-in-failed", { cause: error });
}
