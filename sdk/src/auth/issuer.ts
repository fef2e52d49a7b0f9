import * as oauth from "oauth4webapi";
import { SignInError } from "./errors.ts";

/** Options of every request to the issuer. */
export interface IssuerCalls {
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly isLoopback: boolean;
}

/** What oauth4webapi wants to be told for one request. */
export function callOptions(calls: IssuerCalls, signal?: AbortSignal) {
  return {
    ...(calls.fetch ? { [oauth.customFetch]: calls.fetch } : {}),
    // http is for the demo and for tests on this machine; `assertSecure` lets nothing else through.
    ...(calls.isLoopback ? { [oauth.allowInsecureRequests]: true } : {}),
    ...(signal ? { signal } : {}),
  };
}

/** http is accepted on this machine only. @throws SignInError `issuer-insecure` */
export function assertSecure(issuer: URL): boolean {
  const isLoopback = issuer.protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(issuer.hostname);
  if (issuer.protocol !== "https:" && !isLoopback) throw new SignInError("issuer-insecure");
  return isLoopback;
}

/** The issuer's metadata, from the usual place or from the one given (Pro Santé Connect has its own, R203). */
export async function discover(
  issuer: URL,
  discoveryUrl: string | undefined,
  calls: IssuerCalls,
  signal?: AbortSignal,
): Promise<oauth.AuthorizationServer> {
  const response = await (discoveryUrl
    ? (calls.fetch ?? globalThis.fetch)(discoveryUrl, {
        headers: { accept: "application/json" },
        redirect: "manual",
        ...(signal ? { signal } : {}),
      })
    : oauth.discoveryRequest(issuer, { algorithm: "oidc", ...callOptions(calls, signal) }));
  return oauth.processDiscoveryResponse(issuer, response);
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
  if (error instanceof TypeError) return new SignInError("issuer-unreachable", { cause: error });
  return new SignInError("sign-in-failed", { cause: error });
}
