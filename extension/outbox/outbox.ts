import { Problem } from "../shared/problem.ts";
import type { QueueCounts } from "../shared/rpc.ts";
import { longest } from "./backoff.ts";
import { type Database, strict } from "./database.ts";
import { isQuotaExceeded, measureRoom } from "./room.ts";
import type { Label, OutboxRow, Parcel, Sealed, StoredReceipt, Trace } from "./row.ts";
import { outboxKey, seal, unseal } from "./seal.ts";

/** Receipts kept on this workstation; older ones leave, the record itself remembers. */
const historyLength = 200;

/**
 * Put a document in the queue. When this resolves it is on disk, and will be sent even if everything dies now.
 * `entry.instead` is the refused document that this one repairs: it leaves the queue in the same transaction.
 * Throws the problem `outbox-full` when the workstation has no room for it; what waits already stays as it is.
 * @param graceMs how long it waits before it leaves: the time to call it back. It counts with the panel closed too.
 */
export async function enqueue(
  database: Database,
  entry: {
    owner: string;
    serviceUrl: string;
    uniqueId: string;
    parcel: Parcel;
    label: Label;
    trace?: Trace;
    instead?: string;
  },
  now: number,
  graceMs = 0,
): Promise<string> {
  const { freeBytes } = await measureRoom();
  if (freeBytes !== undefined && freeBytes < entry.parcel.xml.length * 2) throw new Problem("outbox-full");
  const key = await outboxKey(database);
  const id = crypto.randomUUID();
  const parcel = await seal(key, entry.parcel, id, entry.owner);
  const row: OutboxRow = {
    id,
    owner: entry.owner,
    serviceUrl: entry.serviceUrl,
    state: "queued",
    uniqueId: entry.uniqueId,
    createdAt: now,
    tries: 0,
    nextAttemptAt: now + graceMs,
    ...(graceMs > 0 ? { graceUntil: now + graceMs } : {}),
    needsSignIn: false,
    lastError: undefined,
    rule: undefined,
    label: await seal(key, entry.label, id, entry.owner),
    receipt: undefined,
    ...(entry.trace === undefined ? {} : { trace: await seal(key, entry.trace, id, entry.owner) }),
  };
  try {
    await add(database, row, parcel, entry.instead);
  } catch (cause) {
    // The browser's estimate is one: the disk has the last word. Nothing was written, and nothing that waits was touched.
    throw isQuotaExceeded(cause) ? new Problem("outbox-full", { cause }) : cause;
  }
  return id;
}

const both = ["outbox", "parcels"] as const;

/** The new row enters with its content, and the one that it repairs leaves: all, or nothing. */
async function add(database: Database, row: OutboxRow, parcel: Sealed, instead: string | undefined): Promise<void> {
  const transaction = database.transaction(both, "readwrite", strict);
  const [rows, parcels] = [transaction.objectStore("outbox"), transaction.objectStore("parcels")];
  const steps = async () => {
    await rows.add(row);
    await parcels.add(parcel, row.id);
    const repaired = instead === undefined ? undefined : await rows.get(instead);
    if (repaired?.state !== "refused" || repaired.owner !== row.owner) return;
    await rows.delete(repaired.id);
    await parcels.delete(repaired.id);
  };
  await Promise.all([steps(), transaction.done]);
}

/** Change one row in one transaction, if it still is in one of the states that the change is for. */
export async function transition(
  database: Database,
  id: string,
  from: readonly OutboxRow["state"][],
  change: (row: OutboxRow) => OutboxRow,
): Promise<OutboxRow | undefined> {
  const transaction = database.transaction("outbox", "readwrite", strict);
  const row = await transaction.store.get(id);
  const next = row !== undefined && from.includes(row.state) ? change(row) : undefined;
  if (next !== undefined) await transaction.store.put(next);
  await transaction.done;
  return next;
}

/** Rows that an interrupted sender left `sending`. Only the holder of the lock may call this. */
export async function recoverInterrupted(database: Database): Promise<number> {
  const transaction = database.transaction("outbox", "readwrite", strict);
  let recovered = 0;
  for await (const cursor of transaction.store) {
    if (cursor.value.state !== "sending") continue;
    await cursor.update({ ...cursor.value, state: "queued", mayBeThere: true });
    recovered += 1;
  }
  await transaction.done;
  return recovered;
}

/**
 * What waited for this person to sign in is due now that they have: their attempt before may have put the next one half an
 * hour away. The time to call a document back still counts. Returns how many were waiting so.
 */
export async function resumeSignedIn(database: Database, owner: string, now: number): Promise<number> {
  const transaction = database.transaction("outbox", "readwrite", strict);
  let resumed = 0;
  for await (const cursor of transaction.store) {
    const row = cursor.value;
    if (row.state !== "queued" || !row.needsSignIn || row.owner !== owner) continue;
    await cursor.update({ ...row, needsSignIn: false, nextAttemptAt: Math.max(now, row.graceUntil ?? 0) });
    resumed += 1;
  }
  await transaction.done;
  return resumed;
}

/**
 * The oldest row of this person that is due. One put off for longer than any ever is was so by a clock that ran ahead and has
 * been set right since: it does not wait for that day.
 */
export async function nextDue(database: Database, owner: string, now: number): Promise<OutboxRow | undefined> {
  const rows = await database.getAll("outbox");
  return rows
    .filter((row) => row.state === "queued" && row.owner === owner && isDue(row, now))
    .sort((one, other) => one.createdAt - other.createdAt)[0];
}

const isDue = ({ nextAttemptAt }: OutboxRow, now: number) => nextAttemptAt <= now || nextAttemptAt > now + longest;

/** The receipt is kept and the content destroyed in the same transaction. */
export async function markSent(database: Database, id: string, receipt: StoredReceipt): Promise<void> {
  const transaction = database.transaction(both, "readwrite", strict);
  const rows = transaction.objectStore("outbox");
  const row = await rows.get(id);
  if (row?.state === "sending") {
    await rows.put({
      ...row,
      state: "sent",
      receipt,
      label: undefined,
      lastError: undefined,
      rule: undefined,
      needsSignIn: false,
    });
    await transaction.objectStore("parcels").delete(id);
  }
  await transaction.done;
}

/** Sealed content of a row; undefined once the record has it. */
export function parcelOf(database: Database, id: string): Promise<Sealed | undefined> {
  return database.get("parcels", id);
}

/** A refused document that the person tries again, after having repaired what was in the way. */
export function retryNow(database: Database, id: string, now: number): Promise<OutboxRow | undefined> {
  return transition(database, id, ["refused", "queued"], (row) => ({
    ...row,
    state: "queued",
    nextAttemptAt: now,
    lastError: undefined,
    rule: undefined,
    needsSignIn: false,
  }));
}

/** A document that the record calls sensitive, and that the person confirms: the same parcel leaves, once, with their word. */
export function acknowledge(database: Database, id: string, now: number): Promise<OutboxRow | undefined> {
  return transition(database, id, ["refused"], (row) => ({
    ...row,
    state: "queued",
    nextAttemptAt: now,
    lastError: undefined,
    rule: undefined,
    isAcknowledged: true,
  }));
}

/** Give up a document that is not on its way. A row being sent cannot be called back: it may already be in the record. */
export async function discard(database: Database, id: string): Promise<boolean> {
  const transaction = database.transaction(both, "readwrite", strict);
  const row = await transaction.objectStore("outbox").get(id);
  const isAllowed = row !== undefined && row.state !== "sending";
  if (isAllowed) {
    await transaction.objectStore("outbox").delete(id);
    await transaction.objectStore("parcels").delete(id);
  }
  await transaction.done;
  return isAllowed;
}

/** The sealed content of a refused document, to its owner only: what is needed to repair it. */
export async function openRefused(database: Database, id: string, owner: string): Promise<Parcel | undefined> {
  const row = await database.get("outbox", id);
  const parcel = await parcelOf(database, id);
  if (row?.state !== "refused" || row.owner !== owner || parcel === undefined) return undefined;
  return (await unseal(await outboxKey(database), parcel, row.id, row.owner)) as Parcel;
}

/**
 * Everything of a person leaves this workstation: receipts, traces, and what was not sent yet, which is lost.
 * Returns false, and wipes nothing, while one is on its way: it may already be in the record, and its receipt would be missing.
 */
export async function wipeOwner(database: Database, owner: string): Promise<boolean> {
  const transaction = database.transaction(both, "readwrite", strict);
  const [rows, parcels] = [transaction.objectStore("outbox"), transaction.objectStore("parcels")];
  const own = (await rows.getAll()).filter((row) => row.owner === owner);
  const isAllowed = own.every((row) => row.state !== "sending");
  if (isAllowed) await Promise.all(own.flatMap(({ id }) => [rows.delete(id), parcels.delete(id)]));
  await transaction.done;
  return isAllowed;
}

/** Forget the oldest receipts. */
export async function trimHistory(database: Database): Promise<void> {
  const rows = await database.getAll("outbox");
  const old = rows
    .filter((row) => row.state === "sent")
    .sort((one, other) => other.createdAt - one.createdAt)
    .slice(historyLength);
  const transaction = database.transaction("outbox", "readwrite", strict);
  await Promise.all(old.map((row) => transaction.store.delete(row.id)));
  await transaction.done;
}

/** Of the person signed in: of a colleague's documents they see nothing, and can do nothing. Everybody's while nobody is. */
export async function countQueue(database: Database, owner: string | undefined): Promise<QueueCounts> {
  const all = await database.getAll("outbox");
  const rows = owner === undefined ? all : all.filter((row) => row.owner === owner);
  const waiting = rows.filter((row) => row.state === "queued" || row.state === "sending");
  return {
    waiting: waiting.length,
    sendable: waiting.filter((row) => row.owner === owner).length,
    refused: rows.filter((row) => row.state === "refused").length,
    needsSignIn: waiting.some((row) => row.needsSignIn),
    nextAttemptAt: earliest(waiting.filter((row) => row.owner === owner)),
  };
}

function earliest(rows: readonly OutboxRow[]): number | undefined {
  return rows.length === 0 ? undefined : Math.min(...rows.map((row) => row.nextAttemptAt));
}

/** A row as the panel shows it, to its owner only: nobody else's label is ever opened. */
export interface ListedRow extends Omit<OutboxRow, "label" | "trace"> {
  /** Gone once it was sent; undefined too when it was altered on disk, which takes no other row with it. */
  readonly opened: Label | undefined;
}

export async function listFor(database: Database, owner: string): Promise<readonly ListedRow[]> {
  const key = await outboxKey(database);
  const rows = (await database.getAll("outbox")).filter((row) => row.owner === owner);
  const listed = rows.map(
    async ({ trace: _trace, label, ...row }): Promise<ListedRow> => ({
      ...row,
      opened:
        label === undefined
          ? undefined
          : ((await unseal(key, label, row.id, row.owner).catch((): undefined => undefined)) as Label | undefined),
    }),
  );
  return (await Promise.all(listed)).sort((one, other) => other.createdAt - one.createdAt);
}
