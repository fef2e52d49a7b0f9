import { browser } from "../platform/browser.ts";
import { isProblem, Problem, type ProblemCode } from "./problem.ts";

/**
 * Calls between the extension's own pages. One listener style everywhere: synchronous listener, `sendResponse`, `return true`.
 * An asynchronous listener would answer `undefined` to messages meant for another page and steal their reply.
 *
 * Nothing from a web page is accepted: there is no content script, no `externally_connectable`, and the sender must be
 * a page of this extension (a compromised renderer could otherwise speak through an injected function).
 */
export interface Calls {
  background: {
    /** A document waits in the outbox: have it sent. */
    ring(): Promise<void>;
    /** A valid access token, refreshed when needed; undefined when nobody is signed in. Fails when the issuer cannot be asked. */
    accessToken(asked: {
      readonly refused: string | undefined;
    }): Promise<{ token: string; owner: string; serviceUrl: string } | undefined>;
    signIn(): Promise<void>;
    signOut(): Promise<void>;
    /** The queue moved: redraw the badge, plan the next attempt. */
    queueChanged(counts: QueueCounts): Promise<void>;
  };
  offscreen: {
    drain(): Promise<QueueCounts>;
  };
}

/** Counts of the person who is signed in; of everybody while nobody is. */
export interface QueueCounts {
  /** Queued or being sent. */
  readonly waiting: number;
  /** What this browser can send now or soon: none while nobody is signed in. */
  readonly sendable: number;
  readonly refused: number;
  /** Waiting for the person to sign in again. */
  readonly needsSignIn: boolean;
  /** Milliseconds since the epoch of the next attempt, when something of the person signed in waits. */
  readonly nextAttemptAt: number | undefined;
}

type Address = keyof Calls;
type Handlers<A extends Address> = Calls[A];

interface CallMessage {
  readonly carnet: "call";
  readonly to: string;
  readonly method: string;
  readonly argument: unknown;
}

type Reply = { ok: true; value: unknown } | { ok: false; code: ProblemCode; detail?: string };

function isCall(message: unknown): message is CallMessage {
  return (
    typeof message === "object" &&
    message !== null &&
    (message as Record<string, unknown>).carnet === "call" &&
    typeof (message as Record<string, unknown>).method === "string"
  );
}

/** Only our own pages and worker: same id, and an address of the extension itself. */
export function isOwnSender(
  sender: { id?: string | undefined; url?: string | undefined },
  own: { id: string; origin: string },
): boolean {
  return sender.id === own.id && typeof sender.url === "string" && sender.url.startsWith(own.origin);
}

/** Answer calls to `address`. Register at the top level of the page or worker. */
export function serve<A extends Address>(address: A, handlers: Handlers<A>): void {
  const table = new Map(Object.entries(handlers)) as Map<string, (argument: unknown) => Promise<unknown>>;
  const own = { id: browser.runtime.id, origin: browser.runtime.getURL("") };
  browser.runtime.onMessage.addListener(((
    message: unknown,
    sender: { id?: string; url?: string },
    sendResponse: (reply: Reply) => void,
  ) => {
    if (!isCall(message) || message.to !== address) return undefined;
    const handler = table.get(message.method);
    if (handler === undefined || !isOwnSender(sender, own)) return undefined;
    handler(message.argument).then(
      (value) => sendResponse({ ok: true, value }),
      (error: unknown) =>
        sendResponse(
          isProblem(error)
            ? { ok: false, code: error.code, ...(error.detail === undefined ? {} : { detail: error.detail }) }
            : { ok: false, code: "unknown" },
        ),
    );
    return true;
  }) as never);
}

/** Call another of our pages; its Problem comes back as a Problem. */
export async function call<A extends Address, M extends keyof Calls[A] & string>(
  address: A,
  method: M,
  ...[argument]: Calls[A][M] extends (...args: infer P) => unknown ? P : never
): Promise<Calls[A][M] extends (...args: never[]) => Promise<infer R> ? R : never> {
  const message: CallMessage = { carnet: "call", to: address, method, argument };
  const reply = (await browser.runtime.sendMessage(message)) as Reply | undefined;
  if (reply === undefined) throw new Problem("unknown", { detail: `no answer from ${address}` });
  if (!reply.ok) throw new Problem(reply.code, reply.detail === undefined ? {} : { detail: reply.detail });
  return reply.value as never;
}

/** Tell every open page of the extension that something changed; nobody listening is fine. */
export function announce(topic: "outbox"): void {
  browser.runtime.sendMessage({ carnet: "event", topic }).catch(() => {
    // No page is open: there is nobody to tell.
  });
}

/** Listen to {@link announce}. Returns the function that stops it. */
export function onAnnounce(topic: "outbox", listener: () => void): () => void {
  const onMessage = ((message: unknown) => {
    if (typeof message === "object" && message !== null) {
      const record = message as Record<string, unknown>;
      if (record.carnet === "event" && record.topic === topic) listener();
    }
    return undefined;
  }) as never;
  browser.runtime.onMessage.addListener(onMessage);
  return () => browser.runtime.onMessage.removeListener(onMessage);
}
