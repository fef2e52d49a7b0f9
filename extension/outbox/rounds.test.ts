import { describe, expect, it } from "vitest";
import { inRounds } from "./rounds.ts";

/** Rounds that end when the test says so. */
function heldRounds() {
  const begun: { end: () => void; fail: (cause: Error) => void }[] = [];
  const ask = inRounds(() => new Promise<void>((end, fail) => begun.push({ end, fail })));
  return { begun, ask };
}

const oneTurn = () => new Promise((resolve) => setImmediate(resolve));

describe("work in rounds", () => {
  it("gives who asks during a round another one after it, and one only however many ask", async () => {
    const { begun, ask } = heldRounds();
    const first = ask();
    const others = [ask(), ask()];
    expect(begun.length).toBe(1);
    begun[0]?.end();
    await oneTurn();
    expect(begun.length).toBe(2);
    begun[1]?.end();
    await Promise.all([first, ...others]);
    expect(begun.length).toBe(2);
  });

  it("forgets nobody who asks in any turn of a round's ending", async () => {
    for (let turns = 0; turns < 6; turns += 1) {
      const { begun, ask } = heldRounds();
      void ask();
      begun[0]?.end();
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      void ask();
      await oneTurn();
      expect(begun.length).toBe(2);
      begun[1]?.end();
    }
  });

  it("starts again after a round that failed", async () => {
    const { begun, ask } = heldRounds();
    const failed = ask();
    begun[0]?.fail(new Error("the database could not be opened"));
    await expect(failed).rejects.toThrow("the database could not be opened");
    const next = ask();
    expect(begun.length).toBe(2);
    begun[1]?.end();
    await next;
  });
});
