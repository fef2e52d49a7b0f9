import { describe, expect, it } from "vitest";
import { hangBell } from "./bell.ts";

/** A sender and an alarm as the browser keeps them, whose closing ends when the test says so. */
function browserOf(sendable: () => number) {
  const seen = { alarm: false, sender: false, drained: 0, heard: 0 };
  let close: () => void = () => {};
  const ring = hangBell({
    setAlarm: async () => {
      seen.alarm = true;
    },
    clearAlarm: async () => {
      seen.alarm = false;
    },
    openSender: async () => {
      seen.sender = true;
    },
    closeSender: () =>
      new Promise((resolve) => {
        close = () => {
          seen.sender = false;
          resolve();
        };
      }),
    drain: async () => {
      seen.drained += 1;
      await Promise.resolve();
      // A message to a page that is being closed is heard by nobody.
      if (!seen.sender) throw new Error("Receiving end does not exist.");
      seen.heard += 1;
      return { waiting: sendable(), refused: 0, sendable: sendable(), needsSignIn: false, nextAttemptAt: undefined };
    },
    showCounts: async () => undefined,
  });
  return { seen, ring, close: () => close() };
}

describe("the bell of the queue", () => {
  it("puts the sender and the alarm away when nothing waits", async () => {
    const { seen, ring, close } = browserOf(() => 0);
    const rung = ring();
    await expect.poll(() => seen.heard).toBe(1);
    await expect.poll(() => seen.alarm).toBe(false);
    close();
    await rung;
    expect(seen.sender).toBe(false);
  });

  it("keeps both while something can still leave", async () => {
    const { seen, ring } = browserOf(() => 1);
    await ring();
    expect(seen).toMatchObject({ alarm: true, sender: true });
  });

  it("is heard though it rings while the sender is being put away, with its alarm behind it", async () => {
    let waiting = 0;
    const { seen, ring, close } = browserOf(() => waiting);
    const first = ring();
    // The first has nothing more to send and puts the sender away; a document enters the queue meanwhile.
    await expect.poll(() => seen.heard === 1 && !seen.alarm).toBe(true);
    waiting = 1;
    const second = ring();
    // As far as it goes by itself, before the closing ends.
    await new Promise((resolve) => setImmediate(resolve));
    close();
    await Promise.all([first, second]);
    expect(seen).toEqual({ alarm: true, sender: true, drained: 2, heard: 2 });
  });
});
