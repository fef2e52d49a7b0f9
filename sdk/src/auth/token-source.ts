import type { AccessToken, BoundToken } from "../fhir/http/http.ts";
import { isSignInError, SignInError } from "./errors.ts";
import { createProver } from "./proofs.ts";
import type { Session, SignIn } from "./sign-in.ts";

export interface TokenSourceOptions {
  /** Renews the session without the person. Without it the session ends with its token. */
  readonly signIn?: Pick<SignIn, "refresh"> | undefined;
  /** Told of each new session, so that the page can show how long it lasts. */
  readonly onSession?: ((session: Session) => void) | undefined;
  /** Renew when the token has less than this to live, in milliseconds. Default 30 000. */
  readonly marginMs?: number | undefined;
  /** Milliseconds since 1970; tests give their own. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * The `accessToken` function that `connect` takes: gives the session's token and renews it silently, once for all
 * callers, shortly before its end or when the service refused it. A bound session's token comes with what proves its key.
 *
 * @throws SignInError `sign-in-expired` when it can no longer be renewed
 * @example
 * const client = connect({ baseUrl, accessToken: createTokenSource(session, { signIn }) });
 */
export function createTokenSource(
  session: Session,
  options: TokenSourceOptions = {},
): (...hint: Parameters<AccessToken>) => Promise<string | BoundToken> {
  const { signIn, onSession, marginMs = 30_000, now = Date.now } = options;
  let current = session;
  let renewing: Promise<Session> | undefined;

  const renew = (source: Pick<SignIn, "refresh">) => {
    renewing ??= source
      .refresh(current)
      .then((next) => {
        current = next;
        onSession?.(next);
        return next;
      })
      .finally(() => {
        renewing = undefined;
      });
    return renewing;
  };

  const prover = session.keys && createProver(session.keys, { client_id: "" }, session.skewMs);
  let bound: BoundToken | undefined;
  const present = ({ accessToken }: Session): string | BoundToken => {
    if (!prover) return accessToken;
    if (bound?.token !== accessToken) bound = prover.bind(accessToken);
    return bound;
  };

  /** While the issuer is away, the token is good until its very end, unless the service refused it. */
  const orStillGood = (error: unknown, isRefused: boolean): Session => {
    if (!isSignInError(error, "issuer-unreachable") || isRefused || current.expiresAt <= now()) throw error;
    return current;
  };

  return async (hint) => {
    const isEnding = current.expiresAt - now() < marginMs;
    // A refusal that comes late is of a token that was renewed since.
    const isRefused = hint?.renew === true && (hint.refused ?? current.accessToken) === current.accessToken;
    if (signIn && current.refreshToken && (isEnding || isRefused)) {
      return present(await renew(signIn).catch((error: unknown) => orStillGood(error, isRefused)));
    }
    if (current.expiresAt <= now()) throw new SignInError("sign-in-expired");
    return present(current);
  };
}
