/**
 * Signing in on the demo's pages: code flow with PKCE through the SDK. Tokens live in memory only; what must survive the
 * trip to the sign-in page (state, verifier) lies in the tab's session storage and is removed on return.
 */
import { createSignIn, createTokenSource, type PendingSignIn, type Session, type SignIn } from "@carnet/sdk/auth";

export interface SignedIn {
  /** A token that is valid now: renewed shortly before it expires. */
  readonly accessToken: (hint?: { readonly renew: boolean }) => Promise<string>;
  /** Claims of the ID token: `sub`, `name`. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** When the person must sign in again: milliseconds since 1970. */
  readonly expiresAt: number;
  /** Signs in again in a window of its own; this page stays as it is. @returns the new end */
  readonly renew: () => Promise<number>;
}

/** Between the window in which somebody signs in again and the page that waits: the address it came back with. */
const renewals = (clientId: string) => new BroadcastChannel(`carnet-renewal-${clientId}`);
const renewalMark = "carnet-renewal";

export class PageSession {
  readonly #signIn: SignIn;
  readonly #key: string;
  readonly #clientId: string;

  constructor(clientId: string, path: string) {
    this.#clientId = clientId;
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
    if (this.#isRenewal()) return this.#handOver();
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
    let tokens = createTokenSource(first, { signIn: this.#signIn });
    const renew = async () => {
      const session = await this.#signInBeside();
      // Whoever signs in again must be the one whose record stands on the page.
      if (session.claims.sub !== first.claims.sub) throw new Error("another person signed in");
      tokens = createTokenSource(session, { signIn: this.#signIn });
      return endOf(session);
    };
    const accessToken: SignedIn["accessToken"] = async (...hint) => {
      const token = await tokens(...hint);
      return typeof token === "string" ? token : token.token;
    };
    return { claims: first.claims, accessToken, expiresAt: endOf(first), renew };
  }

  #isRenewal(): boolean {
    return sessionStorage.getItem(renewalMark) === this.#clientId && new URLSearchParams(location.search).has("state");
  }

  /** In the window of its own: gives the answer to the page that waits, and goes. */
  #handOver(): Promise<never> {
    sessionStorage.removeItem(renewalMark);
    const callback = location.href;
    history.replaceState(null, "", location.pathname);
    const channel = renewals(this.#clientId);
    channel.postMessage(callback);
    channel.close();
    window.close();
    return new Promise(() => {});
  }

  async #signInBeside(): Promise<Session> {
    // Opened by the click itself: a window that opens later is taken for an advertisement.
    const beside = window.open("about:blank", "_blank", "popup,width=520,height=760");
    if (!beside) throw new Error("the window was not opened");
    const { url, pending } = await this.#signIn.begin({ prompt: "login" });
    // A window that a page opens begins with a copy of its storage, which is where it finds that it is a renewal.
    beside.sessionStorage.setItem(renewalMark, this.#clientId);
    beside.location.assign(url);
    return this.#signIn.complete(await this.#answerOf(beside, pending), pending);
  }

  #answerOf(beside: Window, { state }: PendingSignIn): Promise<string> {
    const channel = renewals(this.#clientId);
    let watching: ReturnType<typeof setInterval>;
    return new Promise<string>((resolve, reject) => {
      watching = setInterval(() => {
        if (beside.closed) reject(new Error("the window was closed"));
      }, 700);
      channel.addEventListener("message", ({ data }) => {
        if (typeof data === "string" && new URL(data).searchParams.get("state") === state) resolve(data);
      });
    }).finally(() => {
      clearInterval(watching);
      channel.close();
    });
  }
}

/** The provider says when the person must sign in again; one that does not, that is when the token ends. */
function endOf({ claims, expiresAt }: Session): number {
  const end = claims.session_expires_at;
  return typeof end === "number" ? end * 1000 : expiresAt;
}
