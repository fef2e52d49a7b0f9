/**
 * Signing in on the demo's pages: code flow with PKCE through the SDK. Tokens live in memory only; what must survive the
 * trip to the sign-in page (state, verifier) lies in the tab's session storage and is removed on return.
 */
import {
  completeRedirect,
  createSignIn,
  createTokenSource,
  type Session,
  type SignIn,
  signInByPopup,
  signInByRedirect,
} from "@carnet/sdk/auth";

export interface SignedIn {
  /** A token that is valid now: renewed shortly before it expires. */
  readonly accessToken: ReturnType<typeof createTokenSource>;
  /** Claims of the ID token: `sub`, `name`. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** When the person must sign in again: milliseconds since 1970. */
  readonly expiresAt: number;
  /**
   * Signs in again in a window of its own; this page stays as it is. Call it in the click itself.
   * @returns the new end
   */
  readonly renew: (signal?: AbortSignal) => Promise<number>;
}

export class PageSession {
  readonly #signIn: SignIn;

  constructor(clientId: string, path: string) {
    this.#signIn = createSignIn({
      issuer: `${location.origin}/oidc`,
      clientId,
      redirectUri: `${location.origin}${path}`,
      scope: "openid profile record",
      resource: `${location.origin}/fhir`,
    });
  }

  /** Goes to the sign-in page. */
  begin(): Promise<void> {
    return signInByRedirect(this.#signIn);
  }

  /** `true` when this page was opened by the provider's answer, and `resume` has work to do. */
  isReturning(): boolean {
    return new URLSearchParams(location.search).has("state");
  }

  /** Ends a sign-in when this page was opened by the provider's answer; `undefined` when nobody is signing in. */
  async resume(): Promise<SignedIn | undefined> {
    const first = await completeRedirect(this.#signIn);
    return first && this.#keep(first);
  }

  #keep(first: Session): SignedIn {
    let tokens = createTokenSource(first, { signIn: this.#signIn });
    const renew = async (signal?: AbortSignal) => {
      const session = await signInByPopup(this.#signIn, { prompt: "login", signal });
      // Whoever signs in again must be the one whose record stands on the page.
      if (session.claims.sub !== first.claims.sub) throw new Error("another person signed in");
      tokens = createTokenSource(session, { signIn: this.#signIn });
      return endOf(session);
    };
    return { claims: first.claims, accessToken: (hint) => tokens(hint), expiresAt: endOf(first), renew };
  }
}

/** The provider says when the person must sign in again; for one that does not, that is when the token ends. */
function endOf({ claims, expiresAt }: Session): number {
  const end = claims.session_expires_at;
  return typeof end === "number" ? end * 1000 : expiresAt;
}
