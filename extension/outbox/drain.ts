import { delayBefore } from "./backoff.ts";
import type { Database } from "./database.ts";
import { markSent, nextDue, parcelOf, recoverInterrupted, resumeSignedIn, transition, trimHistory } from "./outbox.ts";
import type { OutboxRow, Parcel, StoredReceipt } from "./row.ts";
import { outboxKey, unseal } from "./seal.ts";

/** What became of one attempt. */
export type Delivery =
  | { readonly kind: "receipt"; readonly receipt: StoredReceipt }
  | { readonly kind: "refused"; readonly code: string; readonly rule?: string }
  | { readonly kind: "later"; readonly code: string; readonly retryAfterMs?: number }
  | { readonly kind: "sign-in" };

export interface DrainContext {
  readonly database: Database;
  /** Whose documents may leave now; undefined when nobody is signed in. */
  readonly owner: () => Promise<string | undefined>;
  readonly deliver: (
    parcel: Parcel,
    row: Pick<OutboxRow, "owner" | "serviceUrl" | "uniqueId" | "isAcknowledged">,
  ) => Promise<Delivery>;
  readonly now: () => number;
  readonly random: () => number;
  /** Called after each change of a row. */
  readonly changed: () => Promise<void>;
}

/**
 * Send everything that is due, one at a time. The caller holds the lock: there is never a second drain.
 * Each step is on disk before the next begins; the process may die between any two.
 */
export async function drain(context: DrainContext): Promise<void> {
  const { database } = context;
  if ((await recoverInterrupted(database)) > 0) await context.changed();
  // Once, and not in the loop: a service that refuses the token of somebody signed in would be asked without a pause.
  const signedIn = await context.owner();
  if (signedIn !== undefined && (await resumeSignedIn(database, signedIn, context.now())) > 0) await context.changed();
  const key = await outboxKey(database);
  for (;;) {
    const owner = await context.owner();
    if (owner === undefined) {
      await markAllNeedingSignIn(context);
      return;
    }
    const due = await nextDue(database, owner, context.now());
    if (due === undefined) break;
    const row = await transition(database, due.id, ["queued"], (found) => ({
      ...found,
      state: "sending",
      tries: found.tries + 1,
      needsSignIn: false,
    }));
    if (row === undefined) continue;
    await context.changed();
    await settle(context, row, await attempt(context, key, row));
    await context.changed();
  }
  await trimHistory(database);
}

async function attempt(context: DrainContext, key: CryptoKey, row: OutboxRow): Promise<Delivery> {
  const sealed = await parcelOf(context.database, row.id);
  if (sealed === undefined) return { kind: "refused", code: "content-lost" };
  let parcel: Parcel;
  try {
    parcel = (await unseal(key, sealed, row.id, row.owner)) as Parcel;
  } catch {
    // Altered on disk, or sealed by a key that is gone: sending it is impossible, saying so is not.
    return { kind: "refused", code: "content-unreadable" };
  }
  try {
    return await context.deliver(parcel, row);
  } catch {
    // What we did not foresee is tried again: a document is never dropped because of a fault of ours.
    return { kind: "later", code: "unknown" };
  }
}

async function settle(context: DrainContext, row: OutboxRow, delivery: Delivery): Promise<void> {
  switch (delivery.kind) {
    case "receipt":
      await markSent(context.database, row.id, delivery.receipt);
      return;
    case "refused":
      await transition(context.database, row.id, ["sending"], (found) => ({
        ...found,
        state: "refused",
        lastError: delivery.code,
        rule: delivery.rule,
      }));
      return;
    case "sign-in":
      await transition(context.database, row.id, ["sending"], (found) => ({
        ...found,
        state: "queued",
        needsSignIn: true,
        nextAttemptAt: context.now() + delayBefore(1, undefined, context.random),
      }));
      return;
    case "later":
      await transition(context.database, row.id, ["sending"], (found) => ({
        ...found,
        state: "queued",
        lastError: delivery.code,
        // Too many requests is an answer: nothing was kept.
        ...(delivery.code === "too-many-requests" ? {} : { mayBeThere: true }),
        nextAttemptAt: context.now() + delayBefore(found.tries, delivery.retryAfterMs, context.random),
      }));
  }
}

async function markAllNeedingSignIn(context: DrainContext): Promise<void> {
  const rows = await context.database.getAll("outbox");
  for (const row of rows) {
    if (row.state !== "queued" || row.needsSignIn) continue;
    await transition(context.database, row.id, ["queued"], (found) => ({ ...found, needsSignIn: true }));
  }
  await context.changed();
}
