/**
 * Signing in and out on the demo's pages: code flow with PKCE through the SDK. Tokens live in memory only; what must survive
 * the trip to the sign-in page (state, verifier) lies in the tab's session storage and is removed on return.
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
  /**
   * Signs out of this page, of the browser and of the same person's other tabs: the next one at this computer is asked who
   * they are. What cannot be told to the service is made up for at the next sign-in.
   */
  readonly end: () => Promise<void>;
  /** Told when the same person signs out in another tab. */
  readonly onEndElsewhere: (act: () => void) => void;
}

/** In the browser's storage after a sign-out, until somebody signs in: the issuer must ask, whatever it remembers. */
const askAgainKey = "carnet-ask-again";
const channelName = "carnet-signed-out";
/** A service that does not answer keeps nobody at the computer. */
const endMs = 5_000;

/**
 * Goes to an address of this service, unless it does not answer: the browser's own error page would take the place of ours,
 * and say neither that the person is signed out nor what to do.
 * @returns `false` when the page stays
 */
export async function goWhereAnswered(path: string): Promise<boolean> {
  const signal = AbortSignal.timeout(endMs);
  const isThere = await fetch(path, { method: "HEAD", cache: "no-store", signal }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (isThere) location.assign(path);
  return isThere;
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
    return signInByRedirect(this.#signIn, localStorage.getItem(askAgainKey) === null ? {} : { prompt: "login" });
  }

  /** `true` when this page was opened by the provider's answer, and `resume` has work to do. */
  isReturning(): boolean {
    return new URLSearchParams(location.search).has("state");
  }

  /** Ends a sign-in when this page was opened by the provider's answer; `undefined` when nobody is signing in. */
  async resume(): Promise<SignedIn | undefined> {
    const first = await completeRedirect(this.#signIn);
    if (!first) return undefined;
    localStorage.removeItem(askAgainKey);
    return this.#keep(first);
  }

  #keep(first: Session): SignedIn {
    const sub = String(first.claims.sub);
    const channel = new BroadcastChannel(channelName);
    let current = first;
    const sourceOf = (session: Session) => {
      current = session;
      return createTokenSource(session, {
        signIn: this.#signIn,
        onSession: (next) => {
          current = next;
        },
      });
    };
    let tokens = sourceOf(first);
    const renew = async (signal?: AbortSignal) => {
      const session = await signInByPopup(this.#signIn, { prompt: "login", signal });
      // Whoever signs in again must be the one whose record stands on the page.
      if (session.claims.sub !== sub) throw new Error("another person signed in");
      localStorage.removeItem(askAgainKey);
      tokens = sourceOf(session);
      return endOf(session);
    };
    const end = async () => {
      localStorage.setItem(askAgainKey, "yes");
      channel.postMessage({ sub });
      const signal = AbortSignal.timeout(endMs);
      const body = new URLSearchParams({ sub });
      await Promise.allSettled([
        this.#signIn.end(current, { signal }),
        fetch("/oidc/sign-out", { method: "POST", body, signal, keepalive: true }),
      ]);
    };
    const onEndElsewhere = (act: () => void) => {
      channel.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (typeof data === "object" && data !== null && "sub" in data && data.sub === sub) act();
      };
    };
    return {
      claims: first.claims,
      accessToken: (hint) => tokens(hint),
      expiresAt: endOf(first),
      renew,
      end,
      onEndElsewhere,
    };
  }
}

/** The provider says when the person must sign in again; for one that does not, that is when the token ends. */
function endOf({ claims, expiresAt }: Session): number {
  const end = claims.session_expires_at;
  return typeof end === "number" ? end * 1000 : expiresAt;
}
