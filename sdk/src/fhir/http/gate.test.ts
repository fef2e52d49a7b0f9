import fc from "fast-check";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";

const tick = () => new Promise((resolve) => setTimeout(resolve));

test("never more than the limit at once, in order, and everything is done", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(3), { maxLength: 20 }), async (limit, lengths) => {
      const inTurn = createGate(limit);
      const begun: number[] = [];
      let running = 0;
      const done = lengths.map((length, at) =>
        inTurn(new AbortController().signal, async () => {
          begun.push(at);
          expect(++running).toBeLessThanOrEqual(limit);
          for (let step = 0; step < length; step++) await tick();
          running--;
          if (at % 3 === 0) throw new Error("failed");
          return at;
        }).catch(() => at),
      );
      expect(await Promise.all(done)).toEqual(lengths.map((_, at) => at));
      expect(begun).toEqual(lengths.map((_, at) => at));
    }),
  );
});

test("who gives up while waiting leaves at once with the reason, and keeps nobody from entering", async () => {
  const inTurn = createGate(1);
  const stop = new AbortController();
  let open = () => {};
  const first = inTurn(
    new AbortController().signal,
    () =>
      new Promise<void>((resolve) => {
        open = resolve;
      }),
  );
  const second = inTurn(stop.signal, async () => "entered");
  const third = inTurn(new AbortController().signal, async () => "third");
  stop.abort(new Error("patient changed"));
  await expect(second).rejects.toThrow("patient changed");
  open();
  await first;
  expect(await third).toBe("third");
});
