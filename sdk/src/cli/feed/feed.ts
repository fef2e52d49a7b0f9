/**
 * Feeds a record from a folder until told to stop: look, check, write down, send, file away. What a kill interrupts, the
 * next start finishes; what the network interrupts is sent again, the same.
 */
import { type FSWatcher, watch } from "node:fs";
import { access, mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { isSignInError } from "../../auth/errors.ts";
import type { CarnetClient } from "../../client/connect.ts";
import { isCarnetError } from "../../fhir/http/index.ts";
import { awayCode, heldCode, isCode, isMissing } from "./durable.ts";
import { digestOf, type Job, type KnownDocument, ledgerFolder, openJournal } from "./journal.ts";
import { FolderInUse, lockFolder } from "./lock.ts";
import { createLook, type Found } from "./look.ts";
import { ownPause, pause, pauseAfter } from "./pauses.ts";
import { isWhole, type Prepared, prepare } from "./prepare.ts";
import { Refusal, type RefusalCode, type RefusalFacts } from "./refusal.ts";
import { findFormer, send } from "./send.ts";

/** What happens, for a log or a screen. Names of files, identifiers and codes; nothing out of a document. */
export type FeedEvent =
  | { readonly event: "started"; readonly unfinished: number }
  | {
      readonly event: "sent";
      readonly file: string;
      readonly id: string;
      readonly uniqueId: string;
      readonly receivedAt: string;
      readonly alreadyInRecord: boolean;
    }
  | ({ readonly event: "refused"; readonly file: string } & RefusalFacts)
  | { readonly event: "waiting"; readonly reason: string; readonly retryInMs: number }
  | { readonly event: "resumed" }
  | { readonly event: "stopped"; readonly sent: number; readonly refused: number };

export interface FeedOptions {
  readonly folder: string;
  readonly client: CarnetClient;
  /** Deposits under way at once. Default 4. */
  readonly parallel?: number;
  /** A file is taken when it has not changed for so long, in milliseconds. Default 2 000. */
  readonly settleMs?: number;
  /** Between two looks at the folder, in milliseconds. Default 1 000. */
  readonly intervalMs?: number;
  /** How long a PDF waits for its side file, a cut file for its end, a version for its former one, in milliseconds. Default 600 000. */
  readonly patienceMs?: number;
  /** Longest pause while the service does not answer, in milliseconds. Default 60 000. */
  readonly longestPauseMs?: number;
  /** End when the folder holds nothing more to do. */
  readonly isOnce?: boolean;
  /** Stop: what is under way is finished, nothing more is begun. */
  readonly signal: AbortSignal;
  /** Text of `refused/NAME.reason.txt`. */
  readonly explain: (facts: RefusalFacts) => string;
  readonly onEvent: (event: FeedEvent) => void;
  /** How much is done and known, for a progress bar. */
  readonly onProgress?: (done: number, known: number) => void;
}

/** A version whose former one is not there yet. */
interface Held {
  readonly job: Job;
  readonly since: number;
}

/** What was done since the start. */
interface Tally {
  sent: number;
  refused: number;
}

/**
 * A folder that goes away while it is watched (a share, most often) is waited for, and then taken up as the next start of a
 * process that was killed would.
 *
 * @throws FolderInUse at the start, or when another process took the folder over
 */
export async function feed(options: FeedOptions): Promise<Readonly<Tally>> {
  const { folder, signal, onEvent, isOnce, longestPauseMs = 60_000 } = options;
  await mkdir(join(folder, ".carnet"), { recursive: true, mode: 0o700 });
  const tally = { sent: 0, refused: 0 };
  let isStarted = false;
  for (let failures = 0; ; failures++) {
    const since = performance.now();
    try {
      // Never made anew: what lies where a share was is another folder, without what is known of this one.
      if (isStarted) await access(ledgerFolder(folder));
      await feedWhileThere(options, tally, (unfinished) => {
        onEvent(isStarted ? { event: "resumed" } : { event: "started", unfinished });
        isStarted = true;
      });
    } catch (error) {
      const code = awayCode(error);
      if (!isStarted || isOnce || code === undefined) throw error;
      if (performance.now() - since > longestPauseMs) failures = 0;
      const pauseMs = ownPause(failures, longestPauseMs);
      if (!signal.aborted) onEvent({ event: "waiting", reason: code, retryInMs: Math.round(pauseMs) });
      await pause(pauseMs, signal);
      if (!signal.aborted) continue;
    }
    onEvent({ event: "stopped", ...tally });
    return tally;
  }
}

/** @throws what ends the work on this folder: an error of its drive, FolderInUse, what nobody foresaw */
async function feedWhileThere(options: FeedOptions, tally: Tally, begun: (unfinished: number) => void): Promise<void> {
  const { folder, client, onEvent, explain } = options;
  const { parallel = 4, settleMs = 2_000, intervalMs = 1_000, patienceMs = 600_000, longestPauseMs = 60_000 } = options;
  const lock = await lockFolder(join(folder, ".carnet"));
  const wake = createBell();
  const watcher = openWatcher(folder, wake.ring);
  // One that fails for good ends the others' pauses.
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  signal.addEventListener("abort", wake.ring);
  try {
    const journal = await openJournal(folder);
    const look = createLook(folder, settleMs);
    /** Prints at the last look. */
    let prints: ReadonlyMap<string, string> = new Map();
    /** Refused, and held in the folder, with their prints: each is looked at again once it was changed. */
    const left = new Map<string, string | undefined>();
    /** Sent, and held in the folder: what moves them. */
    const unmoved = new Map<string, () => Promise<boolean>>();
    /** Names of files that are being checked or sent, or wait for their turn. */
    const busy = new Set<string>();
    const held = new Map<string, Held>();
    /** Jobs not filed yet, by uniqueId: a replacement waits for them. */
    const pending = new Map<string, Job>();
    const ready: (() => Promise<void>)[] = [];
    let [running, newcomers, failures] = [0, 0, 0];
    // Until the folder was looked at, anything may lie in it.
    let unsettled = Number.POSITIVE_INFINITY;
    let fatal: unknown;

    const refusedOne = (file: string, facts: RefusalFacts) => {
      tally.refused++;
      onEvent({ event: "refused", file, ...facts });
    };

    const refuse = async (files: Pick<Job, "name" | "sideName">, { facts }: Refusal, job?: Job) => {
      await lock.assertHeld();
      const isMoved = await journal.fileAsRefused(files, { facts, text: explain(facts) }, job);
      if (!isMoved) left.set(files.name, prints.get(files.name));
      refusedOne(files.name, facts);
    };

    const filed = async (job: Job, document: KnownDocument, alreadyInRecord: boolean) => {
      const { id, uniqueId, location, submissionSetId, receivedAt, sourceDigest } = document;
      const receipt = {
        job: job.key,
        id,
        uniqueId,
        location,
        submissionSetId,
        receivedAt,
        alreadyInRecord,
        sourceDigest,
      };
      const move = () => journal.fileAsSent(job, document, `${JSON.stringify(receipt, undefined, 2)}\n`);
      if (!(await move())) unmoved.set(job.name, move);
      tally.sent++;
      onEvent({ event: "sent", file: job.name, id, uniqueId, receivedAt, alreadyInRecord });
    };

    /** Sends the same until the record answers. False when told to stop before. */
    const persist = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
      for (;;) {
        if (signal.aborted) return undefined;
        try {
          await lock.assertHeld();
          const result = await work();
          if (failures > 0) onEvent({ event: "resumed" });
          failures = 0;
          return result;
        } catch (error) {
          if (error instanceof Refusal || error instanceof FolderInUse) throw error;
          const pauseMs = pauseAfter(error, failures++, longestPauseMs);
          // Told to stop meanwhile: the next start sends it again.
          if (signal.aborted) return undefined;
          onEvent({ event: "waiting", reason: codeOf(error), retryInMs: Math.round(pauseMs) });
          await pause(pauseMs, signal);
        }
      }
    };

    const formerOf = async (job: Job): Promise<string | "wait" | undefined> => {
      if (!job.replaces) return undefined;
      if (loops(job, pending)) throw new Refusal("former-loop", { place: "replaces" });
      if (pending.has(job.replaces)) return "wait";
      const known = await journal.known(job.replaces);
      return known?.id ?? (await findFormer(client.record(job.ins), job.replaces)) ?? "wait";
    };

    /** True when the job is filed, one way or the other; false when it waits for its former version or was stopped. */
    const tryToDeliver = async (job: Job, since: number): Promise<boolean> => {
      const done = await journal.wasSent(job);
      if (done) {
        await filed(job, done, true);
        return true;
      }
      const known = await journal.known(job.uniqueId);
      if (known) {
        // The same files dropped again: the receipt is there already.
        if (known.sourceDigest !== job.sourceDigest) throw new Refusal("already-sent-otherwise", { place: "uniqueId" });
        await filed(job, known, true);
        return true;
      }
      const former = job.replaces === undefined ? undefined : await persist(() => formerOf(job));
      if (former === "wait") {
        const mayCome = options.isOnce ? newcomers + unsettled > 0 : performance.now() - since < patienceMs;
        const replaces = job.replaces ?? "";
        // It may have been filed while the record was asked.
        const isThere = pending.has(replaces) || (await journal.known(replaces)) !== undefined;
        if (!mayCome && !isThere) throw new Refusal("former-unknown", { place: "replaces" });
        held.set(job.name, { job, since });
        return false;
      }
      if (job.replaces !== undefined && former === undefined) return false;
      const content = await journal.content(job);
      const receipt = await persist(() => send(client, job, content, former));
      if (receipt) await filed(job, receipt, receipt.alreadyInRecord);
      return receipt !== undefined;
    };

    const deliver = async (job: Job, since: number): Promise<void> => {
      try {
        if (!(await tryToDeliver(job, since))) return;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        await refuse(job, error, job);
      }
      // A version that waited for this one may go.
      pending.delete(job.uniqueId);
      if (held.size > 0) wake.ring();
    };

    const take = async (found: Found): Promise<void> => {
      let source: Awaited<ReturnType<typeof readBoth>>;
      let prepared: Prepared;
      // The side file stays where it is: filed with one of them, the other would leave without what it says (R140).
      if (found.isSideShared)
        return refuse({ name: found.name }, new Refusal("side-file-shared", { place: found.sideName }));
      try {
        source = await readBoth(folder, found);
        if (!source) return;
        if (!isWhole(source.document)) throw new Refusal("file-incomplete");
        prepared = prepare(source.document, source.side);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (mayYetCome.has(error.facts.code) && found.ageMs < patienceMs && !options.isOnce) return;
        return refuse(found, error);
      }
      const job = await journal.begin(found.name, found.sideName, source.digest, prepared);
      if (!pending.has(job.uniqueId)) pending.set(job.uniqueId, job);
      await deliver(job, performance.now());
    };

    /** Is it a file that could not be taken away, and that nobody has touched since? */
    const isLeft = ({ name, print }: Found) => {
      if (unmoved.has(name)) return true;
      if (!left.has(name)) return false;
      const isSame = (left.get(name) ?? print) === print;
      if (isSame) left.set(name, print);
      else left.delete(name);
      return isSame;
    };

    const run = (name: string, work: () => Promise<void>) => {
      if (busy.has(name)) return;
      busy.add(name);
      ready.push(async () => {
        try {
          if (!signal.aborted) await work();
        } finally {
          busy.delete(name);
        }
      });
    };

    const pump = () => {
      while (running < parallel) {
        const next = ready.shift();
        if (!next) return;
        running++;
        next()
          .catch((error: unknown) => {
            fatal ??= error;
            failed.abort();
          })
          .finally(() => {
            running--;
            const done = tally.sent + tally.refused;
            options.onProgress?.(done, done + busy.size + held.size);
            pump();
            if (running === 0) wake.ring();
          });
      }
    };

    const unfinished = await journal.unfinished();
    for (const job of unfinished.jobs) pending.set(job.uniqueId, job);
    begun(unfinished.jobs.length + unfinished.refusals.length);
    for (const { name, facts } of unfinished.refusals) refusedOne(name, facts);
    for (const job of unfinished.jobs) run(job.name, () => deliver(job, performance.now()));
    pump();

    while (!signal.aborted && fatal === undefined) {
      const now = await look();
      unsettled = now.unsettled;
      prints = new Map(now.settled.map(({ name, print }) => [name, print]));
      const settled = now.settled.filter((found) => !isLeft(found));
      const waiting = [...held.values()];
      held.clear();
      for (const { job, since } of waiting) run(job.name, () => deliver(job, since));
      for (const [name, move] of options.isOnce ? [] : unmoved)
        run(name, async () => {
          if (await move()) unmoved.delete(name);
        });
      for (const found of settled) {
        if (busy.has(found.name)) continue;
        newcomers++;
        run(found.name, () => take(found).finally(() => newcomers--));
      }
      pump();
      if (options.isOnce && busy.size + held.size + settled.length + unsettled === 0) break;
      await wake.heard(intervalMs);
    }
    ready.length = 0;
    while (running > 0) await wake.heard(intervalMs);
    if (fatal !== undefined) throw fatal;
  } finally {
    watcher?.close();
    signal.removeEventListener("abort", wake.ring);
    await lock.release();
  }
}

/** Would this version wait for itself? */
function loops(job: Job, pending: ReadonlyMap<string, Job>): boolean {
  const passed = new Set([job.uniqueId]);
  for (let next = job.replaces; next !== undefined; next = pending.get(next)?.replaces) {
    if (passed.has(next)) return true;
    passed.add(next);
  }
  return false;
}

/** What time may mend: the writer has not done yet, or holds the file. */
const mayYetCome: ReadonlySet<RefusalCode> = new Set(["side-file-missing", "file-incomplete", "file-unreadable"]);

/** A deposit holds its document twice in base64, one inside the other: a larger text no engine can make. */
const LARGEST_BYTES = 256 * 1024 * 1024;

/** @throws Refusal for what this one file is at fault for: the others go on */
async function readBoth(folder: string, { name, sideName }: Found) {
  try {
    for (const one of sideName ? [name, sideName] : [name]) {
      if ((await stat(join(folder, one))).size > LARGEST_BYTES) throw new Refusal("file-too-large");
    }
    const document = await readFile(join(folder, name));
    const side = sideName ? await readFile(join(folder, sideName)) : undefined;
    return { document, side, digest: digestOf(document, ...(side ? [side] : [])) };
  } catch (error) {
    // Taken away between the look and now: the next look tells.
    if (isMissing(error)) return undefined;
    const unreadable = heldCode(error) ?? (isCode(error, "EISDIR") ? "EISDIR" : undefined);
    throw unreadable ? new Refusal("file-unreadable", { error: unreadable }) : error;
  }
}

const codeOf = (error: unknown): string => (isCarnetError(error) || isSignInError(error) ? error.code : "unexpected");

/** Change events make the next look come sooner; where there are none, it comes all the same. */
function openWatcher(folder: string, ring: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, ring);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}

/** Wakes the loop early, but never more than five times a second: the folder's own moves ring too. */
function createBell() {
  let heardAt = 0;
  let wakeUp: (() => void) | undefined;
  let isRung = false;
  return {
    ring: () => {
      isRung = true;
      wakeUp?.();
    },
    async heard(timeoutMs: number): Promise<void> {
      const calm = Math.min(timeoutMs, 200) - (performance.now() - heardAt);
      if (calm > 0) await setTimeout(calm);
      if (!isRung) {
        const stop = new AbortController();
        const rung = new Promise<void>((resolve) => {
          wakeUp = resolve;
        });
        const late = setTimeout(timeoutMs, undefined, { signal: stop.signal }).catch(() => undefined);
        await Promise.race([rung, late]);
        stop.abort();
      }
      [isRung, wakeUp, heardAt] = [false, undefined, performance.now()];
    },
  };
}
