import { SignInError } from "./errors.ts";
import type { PendingSignIn, Session, SignIn } from "./sign-in.ts";

const PENDING_KEY = "carnet-sign-in";
const CHANNEL = "carnet-sign-in";
/** How long the page that comes back waits for the one that opened it, which may be busy. */
const ANSWER_MS = 5_000;
const LOOK_EVERY_MS = 300;
/**
 * How often the issuer's page must have been seen before a window that closes was closed by somebody: an issuer that cuts the
 * link to its opener (COOP) is seen open for some milliseconds, then closed. Looks, not time: a busy page looks late.
 */
const SETTLED_LOOKS = 5;

export interface BrowserSignInOptions {
  readonly prompt?: string | undefined;
  readonly loginHint?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends the person to the issuer in this very tab; `completeRedirect` goes on when they are back. What is kept meanwhile, in
 * `sessionStorage`, holds no token.
 */
export async function signInByRedirect(signIn: SignIn, options: BrowserSignInOptions = {}): Promise<void> {
  const { url, pending } = await signIn.begin(options);
  sessionStorage.setItem(PENDING_KEY, JSON.stringify(pending));
  location.assign(url);
}

/**
 * The session of who came back by redirect; undefined when nobody did. The code leaves the address at once. In a window
 * opened by {@link signInByPopup} it hands the answer over, closes the window and never resolves.
 * @throws SignInError
 */
export async function completeRedirect(
  signIn: SignIn,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Session | undefined> {
  const { href, search } = location;
  const answer = new URLSearchParams(search);
  const state = answer.get("state");
  if (state === null || !(answer.has("code") || answer.has("error"))) return undefined;
  history.replaceState(history.state, "", withoutAnswer(new URL(href)));
  const pending = readPending();
  if (pending?.state !== state && (await handOver(href, state))) {
    globalThis.close();
    return new Promise(() => {});
  }
  // Nothing is kept either where the browser keeps nothing for this page.
  if (!pending) throw new SignInError("sign-in-failed");
  sessionStorage.removeItem(PENDING_KEY);
  return signIn.complete(href, pending, options);
}

/**
 * Signs in in a window of its own; call it in the click itself, or browsers let no window open. The page of `redirectUri`
 * (same origin) calls {@link completeRedirect}. A window that the person closes is seen once the issuer's page stands in it,
 * except where the issuer cuts the link to its opener (COOP, as Carnet's provider does): give a `signal`, and abort it when
 * they begin again.
 * @throws SignInError `popup-blocked`; `sign-in-refused` when the person closed the window
 */
export async function signInByPopup(signIn: SignIn, options: BrowserSignInOptions = {}): Promise<Session> {
  // Before anything is awaited: a window may be opened only while the click lasts.
  const popup = globalThis.open("about:blank", "_blank", "popup,width=520,height=720");
  if (!popup) throw new SignInError("popup-blocked");
  const stop = new AbortController();
  try {
    const { url, pending } = await signIn.begin(options);
    // Still ours, empty: whoever closed it while the issuer was looked for has given up.
    if (popup.closed) throw new SignInError("sign-in-refused");
    const answer = answerFor(
      pending.state,
      AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]),
    );
    popup.location.replace(url);
    const callback = await Promise.race([answer, closed(popup, stop.signal)]);
    return await signIn.complete(callback, pending, options.signal ? { signal: options.signal } : {});
  } finally {
    stop.abort();
    popup.close();
  }
}

/** Waits for the address that the window came back to, and says that it was heard. */
function answerFor(state: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const channel = new BroadcastChannel(CHANNEL);
    const end = () => channel.close();
    signal.addEventListener(
      "abort",
      () => {
        end();
        reject(signal.reason);
      },
      { once: true },
    );
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data !== "object" || data === null || !("state" in data) || data.state !== state) return;
      if (!("url" in data) || typeof data.url !== "string") return;
      channel.postMessage({ heard: state });
      resolve(data.url);
    };
  });
}

/** Gives the address to the page that opened this window. @returns whether it was there */
function handOver(url: string, state: string): Promise<boolean> {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(CHANNEL);
    const end = (isHeard: boolean) => {
      clearTimeout(timer);
      channel.close();
      resolve(isHeard);
    };
    const timer = setTimeout(end, ANSWER_MS, false);
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === "object" && data !== null && "heard" in data && data.heard === state) end(true);
    };
    channel.postMessage({ url, state });
  });
}

/**
 * Rejects when the person closes the window; never where that cannot be seen. One that is closed as soon as it has left the
 * empty page is most likely at an issuer that has just answered, slowly perhaps, and cut the link: the answer may still come.
 */
function closed(popup: Window, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    let looksAtIssuer = 0;
    const timer = setInterval(() => {
      if (!popup.closed) {
        if (!isEmpty(popup)) looksAtIssuer += 1;
        return;
      }
      clearInterval(timer);
      if (looksAtIssuer >= SETTLED_LOOKS) reject(new SignInError("sign-in-refused"));
    }, LOOK_EVERY_MS);
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  });
}

/** Does the window still show what it was opened with? The address of another origin may not be read. */
function isEmpty(popup: Window): boolean {
  try {
    return popup.location.href === "about:blank";
  } catch {
    return false;
  }
}

function withoutAnswer(url: URL): string {
  for (const name of ["code", "state", "iss", "session_state", "error", "error_description"])
    url.searchParams.delete(name);
  return url.href;
}

function readPending(): PendingSignIn | undefined {
  try {
    const pending: unknown = JSON.parse(sessionStorage.getItem(PENDING_KEY) ?? "null");
    const isPending =
      typeof pending === "object" &&
      pending !== null &&
      ["state", "nonce", "codeVerifier"].every(
        (name) => typeof (pending as Record<string, unknown>)[name] === "string",
      );
    return isPending ? (pending as PendingSignIn) : undefined;
  } catch {
    // Not ours: as if nothing were there.
    return undefined;
  }
}
