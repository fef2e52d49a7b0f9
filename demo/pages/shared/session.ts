/**
 * Signing in on the demo's pages: code flow with PKCE through the SDK. Tokens live in memory only; what must survive the
 * trip to the sign-in page (state, verifier) lies in the tab's session storage and is removed on return.
 */
import { createSignIn, createTokenSource, type PendingSignIn, type Session, type SignIn } from "@carnet/sdk/auth";

export interface SignedIn {
  /** A token that is valid now: renewed shortly before it expires. */
  readonly accessToken: () => Promise<string>;
  /** Claims of the ID token: `sub`, `name`. */
  readonly claims: Readonly<Record<string, unknown>>;
}

export class PageSession {
  readonly #signIn: SignIn;
  readonly #key: string;

  constructor(clientId: string, path: string) {
    this.#key = `carnet-pending-${clientId}`;
    this.#signIn = createSignIn({
      issuer: `${location.origin}/oidc`,
      clientId,
      redirectUri: `${location.origin}${path}`,
      scope: "openid profile record",
      resource: `${location.origin}/fhir`,
    });
  }

  /** Goes to the sign-in page. */
  async begin(): Promise<void> {
    const { url, pending } = await this.#signIn.begin();
    sessionStorage.setItem(this.#key, JSON.stringify(pending));
    location.assign(url);
  }

  /** `true` when this page was opened by the provider's answer, and `resume` has work to do. */
  isReturning(): boolean {
    return new URLSearchParams(location.search).has("state") && sessionStorage.getItem(this.#key) !== null;
  }

  /** Ends a sign-in when this page was opened by the provider's answer; `undefined` when nobody is signing in. */
  async resume(): Promise<SignedIn | undefined> {
    const answer = new URLSearchParams(location.search);
    const stored = sessionStorage.getItem(this.#key);
    if (!answer.has("state") || !stored) return undefined;
    const callback = location.href;
    sessionStorage.removeItem(this.#key);
    // The code must not stay in the address bar, the history or a referrer.
    history.replaceState(null, "", location.pathname + location.hash);
    const pending = JSON.parse(stored) as PendingSignIn;
    return this.#keep(await this.#signIn.complete(callback, pending));
  }

  #keep(first: Session): SignedIn {
    const accessToken = createTokenSource(first, { signIn: this.#signIn });
    return { claims: first.claims, accessToken: () => accessToken() };
  }
}
