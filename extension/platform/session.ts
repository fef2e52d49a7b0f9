import type { Session } from "@carnet/sdk/auth";
import * as v from "valibot";
import { fromBase64 } from "../shared/bytes.ts";
import { Problem } from "../shared/problem.ts";
import { browser } from "./browser.ts";

/**
 * Who is signed in. Tokens live in `storage.session` (memory, gone with the browser) and nowhere else. The panel reads it before
 * anything is shown: what signs in (`sign-in.ts`) is not loaded with it.
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
const problemKey = "sign-in-problem";
const startedKey = "started";

/** Who is signed in at this service, without the token: what pages may know. */
export async function readSignedIn(serviceUrl: string): Promise<SignedIn | undefined> {
  const stored = await readSession(serviceUrl);
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

/** Somebody else is signed in, or nobody any more: told once, and not each time that a token is renewed. */
export function onChangeOfPerson(listener: () => void): void {
  browser.storage.onChanged.addListener((changes: Record<string, StorageChange>, area: string) => {
    const change = area === "session" ? changes[sessionKey] : undefined;
    if (change !== undefined && ownerIn(change.newValue) !== ownerIn(change.oldValue)) listener();
  });
}

interface StorageChange {
  readonly oldValue?: unknown;
  readonly newValue?: unknown;
}

function ownerIn(stored: unknown): string | undefined {
  const parsed = v.safeParse(storedSchema, stored);
  return parsed.success ? parsed.output.owner : undefined;
}

/** A sign-in that came back and did not succeed. */
export function onSignInProblem(listener: (problem: Problem) => void): () => void {
  const onChanged = (changes: Record<string, { newValue?: unknown }>, area: string) => {
    if (area === "session" && changes[problemKey]?.newValue !== undefined) listener(new Problem("sign-in-failed"));
  };
  browser.storage.onChanged.addListener(onChanged);
  return () => browser.storage.onChanged.removeListener(onChanged);
}

/** A new value each time, so that a second failure is told too. */
export async function tellSignInProblem(): Promise<void> {
  await browser.storage.session.set({ [problemKey]: crypto.randomUUID() });
}

/** Whether nothing of this extension has run since the browser started it, or enabled it again: its session memory is empty then. */
export async function isFirstStartOfSession(): Promise<boolean> {
  const stored = await browser.storage.session.get(startedKey);
  await browser.storage.session.set({ [startedKey]: true });
  return stored[startedKey] === undefined;
}

export async function forgetSession(): Promise<void> {
  await browser.storage.session.remove(sessionKey);
}

export async function keepSession(session: Session, serviceUrl: string): Promise<void> {
  const { claims } = session;
  const sender = v.safeParse(senderSchema, claims.carnet ?? claimsOfToken(session.accessToken).carnet);
  const owner = claims.sub;
  if (!sender.success || typeof owner !== "string") throw new Problem("sign-in-failed");
  await browser.storage.session.set({ [sessionKey]: { session, owner, sender: sender.output, serviceUrl } });
}

/**
 * With its tokens: for who asks the service. Of another service than this one, which the settings named when they signed in,
 * there is none: neither it nor its issuer is shown those tokens.
 */
export async function readSession(serviceUrl: string) {
  const stored = await browser.storage.session.get(sessionKey);
  const parsed = v.safeParse(storedSchema, stored[sessionKey]);
  return parsed.success && parsed.output.serviceUrl === serviceUrl ? parsed.output : undefined;
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
