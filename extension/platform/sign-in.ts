import { createSignIn, type PendingSignIn } from "@carnet/sdk/auth";
import { Problem } from "../shared/problem.ts";
import { loadSettings, type Settings } from "../shared/settings.ts";
import { browser } from "./browser.ts";
import { createRenewal } from "./renewal.ts";
import { forgetSession, keepSession, readSession, type SignedIn, tellSignInProblem } from "./session.ts";

/**
 * Signing in, and staying so. The browser shows the sign-in itself where it can, and gives the answer to this extension
 * alone. Elsewhere, and with an issuer that does not know the browser's return address, it runs in an ordinary tab whose
 * last address is watched.
 */

const pendingKey = "pending-sign-in";
/** End of the address that a sign-in comes back to; looked at before anything is loaded, for every tab of the browser. */
const callbackPath = "/extension/signed-in";

/**
 * Send the person to the issuer's page. In the browser's own window it ends signed in, or with a problem; in a tab the
 * answer is taken by {@link completeSignIn}. The issuer asks who it is, whatever it remembers of this browser: on a shared
 * workstation that may be somebody else, who was signed out for having left.
 */
export async function beginSignIn(): Promise<void> {
  const settings = await loadSettings();
  const { identity } = browser;
  const isInWindow = settings.signIn === "window" && identity?.launchWebAuthFlow !== undefined;
  const signIn = signInOf(settings, isInWindow ? identity.getRedirectURL() : settings.redirectUri);
  let begun: { url: string; pending: PendingSignIn };
  try {
    begun = await signIn.begin({ prompt: "login" });
  } catch (cause) {
    throw new Problem("service-unreachable", { cause });
  }
  if (isInWindow) {
    try {
      const address = await identity.launchWebAuthFlow({ url: begun.url, interactive: true });
      const session = await signIn.complete(address, begun.pending);
      renewal.interrupt();
      await keepSession(session, settings.serviceUrl);
    } catch (cause) {
      // Closed by the person, or refused by the issuer: either way nobody is signed in by it.
      throw new Problem("sign-in-failed", { cause });
    }
    return;
  }
  const tab = await browser.tabs.create({ url: begun.url });
  await browser.storage.session.set({
    [pendingKey]: { pending: begun.pending, tabId: tab.id, serviceUrl: settings.serviceUrl },
  });
}

/** Every address change of every tab we may see passes here; only the one we wait for is taken. */
export async function completeSignIn(tabId: number, address: string): Promise<boolean> {
  if (!address.includes(callbackPath)) return false;
  const settings = await loadSettings();
  if (!isCallback(address, settings.redirectUri)) return false;
  const stored = (await browser.storage.session.get(pendingKey))[pendingKey] as
    | { pending: PendingSignIn; tabId: number; serviceUrl: string }
    | undefined;
  if (stored === undefined || stored.tabId !== tabId || stored.serviceUrl !== settings.serviceUrl) return false;
  // Taken once: a second event for the same address finds nothing.
  await browser.storage.session.remove(pendingKey);
  try {
    const session = await signInOf(settings).complete(address, stored.pending);
    renewal.interrupt();
    await keepSession(session, settings.serviceUrl);
  } catch (cause) {
    await tellSignInProblem();
    throw new Problem("sign-in-failed", { cause });
  }
  await browser.tabs.remove(tabId).catch(() => {
    // Closed by hand in the meantime.
  });
  return true;
}

export async function signOut(): Promise<void> {
  renewal.interrupt();
  await Promise.all([forgetSession(), browser.storage.session.remove(pendingKey)]);
}

const renewal = createRenewal({
  read: async () => readSession((await loadSettings()).serviceUrl),
  renew: async (session) => signInOf(await loadSettings()).refresh(session),
  keep: (session, { serviceUrl }) => keepSession(session, serviceUrl),
  forget: signOut,
});

/**
 * A token good for at least 30 seconds, renewed when needed; undefined when the person must sign in.
 * @param refused by the service, a moment ago
 * @throws Problem `service-unreachable` when it must be renewed and the issuer cannot be asked
 */
export async function validToken(refused?: string): Promise<(SignedIn & { token: string }) | undefined> {
  const fresh = await renewal.fresh(Date.now(), refused);
  if (fresh === undefined) return undefined;
  const { session, ...who } = fresh;
  return { ...who, token: session.accessToken };
}

function isCallback(address: string, redirectUri: string): boolean {
  return URL.canParse(address) && `${new URL(address).origin}${new URL(address).pathname}` === redirectUri;
}

function signInOf(settings: Settings, redirectUri = settings.redirectUri) {
  return createSignIn({
    issuer: settings.issuer,
    clientId: settings.clientId,
    redirectUri,
    scope: "openid profile record",
    resource: settings.fhirUrl,
  });
}
