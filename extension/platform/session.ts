import { createSignIn, type PendingSignIn, type Session } from "@carnet/sdk/auth";
import * as v from "valibot";
import { fromBase64 } from "../shared/bytes.ts";
import { Problem } from "../shared/problem.ts";
import { loadSettings, type Settings } from "../shared/settings.ts";
import { browser } from "./browser.ts";

/**
 * Who is signed in. Tokens live in `storage.session` (memory, gone with the browser) and nowhere else.
 * The browser shows the sign-in itself where it can, and gives the answer to this extension alone. Elsewhere, and with an
 * issuer that does not know the browser's return address, it runs in an ordinary tab whose last address is watched.
 */

const structureSchema = v.object({
  id: v.string(),
  name: v.string(),
  facilityType: v.optional(v.string()),
  practiceSetting: v.optional(v.string()),
});

/** The claim `carnet` of the token, of those who may deposit (R108). */
const senderSchema = v.variant("kind", [
  v.object({
    kind: v.literal("professional"),
    name: v.string(),
    rpps: v.string(),
    profession: v.string(),
    specialty: v.optional(v.string()),
    structure: v.optional(structureSchema),
  }),
  v.object({ kind: v.literal("establishment"), name: v.string(), structure: structureSchema }),
  v.object({ kind: v.literal("patient"), name: v.string() }),
]);

export type Sender = v.InferOutput<typeof senderSchema>;

const storedSchema = v.object({
  session: v.custom<Session>((value) => typeof value === "object" && value !== null && "accessToken" in value),
  owner: v.string(),
  sender: senderSchema,
  serviceUrl: v.string(),
});

export interface SignedIn {
  /** Account at the issuer: whose outbox it is. */
  readonly owner: string;
  readonly sender: Sender;
  readonly serviceUrl: string;
}

const sessionKey = "session";
const pendingKey = "pending-sign-in";
const problemKey = "sign-in-problem";
/** End of the address that a sign-in comes back to; looked at before anything is loaded, for every tab of the browser. */
const callbackPath = "/extension/signed-in";

/** Who is signed in, without the token: what pages may know. */
export async function readSignedIn(): Promise<SignedIn | undefined> {
  const stored = await readStored();
  return stored === undefined
    ? undefined
    : { owner: stored.owner, sender: stored.sender, serviceUrl: stored.serviceUrl };
}

export function onSignedIn(listener: () => void): () => void {
  const onChanged = (changes: Record<string, unknown>, area: string) => {
    if (area === "session" && sessionKey in changes) listener();
  };
  browser.storage.onChanged.addListener(onChanged);
  return () => browser.storage.onChanged.removeListener(onChanged);
}

/** A sign-in that came back and did not succeed. */
export function onSignInProblem(listener: (problem: Problem) => void): () => void {
  const onChanged = (changes: Record<string, { newValue?: unknown }>, area: string) => {
    if (area === "session" && changes[problemKey]?.newValue !== undefined) listener(new Problem("sign-in-failed"));
  };
  browser.storage.onChanged.addListener(onChanged);
  return () => browser.storage.onChanged.removeListener(onChanged);
}

/**
 * Send the person to the issuer's page. In the browser's own window it ends signed in, or with a problem; in a tab the
 * answer is taken by {@link completeSignIn}.
 * @param isAnew somebody who is signed in says again in whose name they act: the issuer asks, whatever it remembers
 */
export async function beginSignIn(isAnew = false): Promise<void> {
  const settings = await loadSettings();
  const { identity } = browser;
  const isInWindow = settings.signIn === "window" && identity?.launchWebAuthFlow !== undefined;
  const signIn = signInOf(settings, isInWindow ? identity.getRedirectURL() : settings.redirectUri);
  let begun: { url: string; pending: PendingSignIn };
  try {
    begun = await signIn.begin(isAnew ? { prompt: "login" } : {});
  } catch (cause) {
    throw new Problem("service-unreachable", { cause });
  }
  if (isInWindow) {
    try {
      const address = await identity.launchWebAuthFlow({ url: begun.url, interactive: true });
      await keep(await signIn.complete(address, begun.pending), settings.serviceUrl);
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
    await keep(session, settings.serviceUrl);
  } catch (cause) {
    // A new value each time, so that a second failure is told too.
    await browser.storage.session.set({ [problemKey]: crypto.randomUUID() });
    throw new Problem("sign-in-failed", { cause });
  }
  await browser.tabs.remove(tabId).catch(() => {
    // Closed by hand in the meantime.
  });
  return true;
}

export async function signOut(): Promise<void> {
  await browser.storage.session.remove([sessionKey, pendingKey]);
}

/** A token good for at least 30 seconds, refreshed when needed; undefined when the person must sign in. */
export async function validToken(now: number = Date.now()): Promise<(SignedIn & { token: string }) | undefined> {
  const stored = await readStored();
  if (stored === undefined) return undefined;
  const { session, ...who } = stored;
  if (session.expiresAt - now > 30_000) return { ...who, token: session.accessToken };
  if (session.refreshToken === undefined) {
    await signOut();
    return undefined;
  }
  const settings = await loadSettings();
  const renewed = await refreshOnce(settings, session);
  if (renewed === undefined) {
    await signOut();
    return undefined;
  }
  await keep(renewed, stored.serviceUrl);
  return { ...who, token: renewed.accessToken };
}

let refreshing: Promise<Session | undefined> | undefined;

/** Two callers at once must not spend the same refresh token: issuers take the second use for a theft. */
function refreshOnce(settings: Settings, session: Session): Promise<Session | undefined> {
  refreshing ??= signInOf(settings)
    .refresh(session)
    .catch(() => undefined)
    .finally(() => {
      refreshing = undefined;
    });
  return refreshing;
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

async function keep(session: Session, serviceUrl: string): Promise<void> {
  const { claims } = session;
  const sender = v.safeParse(senderSchema, claims.carnet ?? claimsOfToken(session.accessToken).carnet);
  const owner = claims.sub;
  if (!sender.success || typeof owner !== "string") throw new Problem("sign-in-failed");
  await browser.storage.session.set({ [sessionKey]: { session, owner, sender: sender.output, serviceUrl } });
}

async function readStored() {
  const stored = await browser.storage.session.get(sessionKey);
  const parsed = v.safeParse(storedSchema, stored[sessionKey]);
  return parsed.success ? parsed.output : undefined;
}

/** For display and for the author's place only: the service verifies the token itself at every call. */
function claimsOfToken(token: string): Record<string, unknown> {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(new TextDecoder().decode(fromBase64(payload))) as Record<string, unknown>;
  } catch {
    // An opaque token: the claims of the ID token are all there is.
    return {};
  }
}
