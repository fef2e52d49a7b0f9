import { call, type QueueCounts, serve } from "../shared/rpc.ts";
import { keepDatabaseOpen } from "./database.ts";
import { deliver, tokenFor } from "./deliver.ts";
import { drain } from "./drain.ts";
import { countQueue } from "./outbox.ts";
import { inRounds } from "./rounds.ts";

const uploadTimeoutMs = 10 * 60_000;
/** What is due sooner than the alarm rings (every 30 seconds) is waited for here: a document called back for ten seconds leaves then. */
const soonMs = 31_000;

/**
 * The hidden page: one drain at a time for the whole browser, under a lock that dies with the page.
 * A bell that rings while a drain is under way makes it look once more before it ends.
 */
export function startSender(): void {
  const open = keepDatabaseOpen();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const access = (refused?: string) => call("background", "accessToken", { refused });
  const count = async () => countQueue(await open(), (await access())?.owner);

  const drainInRounds = inRounds(async () => {
    const database = await open();
    await navigator.locks.request("carnet-drain", { ifAvailable: true }, async (lock) => {
      if (lock === null) return;
      await drain({
        database,
        owner: async () => (await access())?.owner,
        deliver: (parcel, row) =>
          deliver(parcel, {
            fhirUrl: `${row.serviceUrl}/fhir`,
            token: async (refused) => tokenFor(row, await access(refused)),
            isAcknowledged: row.isAcknowledged === true,
            signal: AbortSignal.timeout(uploadTimeoutMs),
          }),
        now: Date.now,
        random: Math.random,
        changed: async () => call("background", "queueChanged", await count()),
      });
    });
  });

  const ring = async (): Promise<QueueCounts> => {
    await drainInRounds();
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
  globalThis.addEventListener("online", () => void ring().catch(() => undefined));
}
