import type { QueueCounts } from "../shared/rpc.ts";

/** What a bell sets going. */
export interface BellPorts {
  readonly setAlarm: () => Promise<unknown>;
  readonly clearAlarm: () => Promise<unknown>;
  readonly openSender: () => Promise<void>;
  readonly closeSender: () => Promise<void>;
  readonly drain: () => Promise<QueueCounts>;
  readonly showCounts: (counts: QueueCounts) => Promise<void>;
}

/**
 * The bell of the queue: each call has the outbox drained, keeps an alarm while something still waits, and puts the sender away
 * when nothing does. Two may ring at once: the sender is not put away under the other, and a bell that rings while it is being
 * put away opens it again afterwards. Otherwise its document would wait for the next occasion.
 */
export function hangBell(ports: BellPorts): () => Promise<void> {
  let ringing = 0;
  let puttingAway: Promise<unknown> = Promise.resolve();

  const putAway = () => Promise.allSettled([ports.clearAlarm(), ports.closeSender()]);

  const drainNow = async () => {
    // The safety net first: if this worker dies now, the alarm finds the queue again.
    await ports.setAlarm();
    await puttingAway;
    await ports.openSender();
    const counts = await ports.drain();
    await ports.showCounts(counts);
    // What waits for another person, or for nobody signed in, starts again with their sign-in.
    if (counts.sendable > 0 || ringing > 1) return;
    puttingAway = putAway();
    await puttingAway;
  };

  return async () => {
    ringing += 1;
    try {
      await drainNow();
    } finally {
      ringing -= 1;
    }
  };
}
