import { call, type QueueCounts, serve } from "../shared/rpc.ts";
import { openDatabase } from "./database.ts";
import { deliver, tokenFor } from "./deliver.ts";
import { drain } from "./drain.ts";
import { countQueue } from "./outbox.ts";

const uploadTimeoutMs = 10 * 60_000;
/** What is due sooner than the alarm rings (every 30 seconds) is waited for here: a document called back for ten seconds leaves then. */
const soonMs = 31_000;

/**
 * The hidden page: one drain at a time for the whole browser, under a lock that dies with the page.
 * A bell that rings while a drain is under way makes it look once more before it ends.
 */
export function startSender(): void {
  const opened = openDatabase();
  let running: Promise<void> | undefined;
  let rangMeanwhile = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const access = () => call("background", "accessToken");
  const count = async () => countQueue(await opened, (await access())?.owner);

  const drainOnce = async (): Promise<void> => {
    const database = await opened;
    await navigator.locks.request("carnet-drain", { ifAvailable: true }, async (lock) => {
      if (lock === null) return;
      do {
        rangMeanwhile = false;
        await drain({
          database,
          owner: async () => (await access())?.owner,
          deliver: (parcel, row) =>
            deliver(parcel, {
              fhirUrl: `${row.serviceUrl}/fhir`,
              token: async () => tokenFor(row, await access()),
              isAcknowledged: row.isAcknowledged === true,
              signal: AbortSignal.timeout(uploadTimeoutMs),
            }),
          now: Date.now,
          random: Math.random,
          changed: async () => call("background", "queueChanged", await count()),
        });
      } while (rangMeanwhile);
    });
  };

  const ring = async (): Promise<QueueCounts> => {
    rangMeanwhile = true;
    running ??= drainOnce().finally(() => {
      running = undefined;
    });
    await running;
    const counts = await count();
    lookAgainSoon(counts.nextAttemptAt);
    return counts;
  };

  const lookAgainSoon = (at: number | undefined) => {
    clearTimeout(timer);
    if (at === undefined || at - Date.now() > soonMs) return;
    timer = setTimeout(() => void ring().catch(() => undefined), Math.max(at - Date.now(), 250));
  };

  serve("offscreen", { drain: ring });
  globalThis.addEventListener("online", () => void ring());
}
