/** Lets `limit` pieces of work run at once; the others wait their turn, or leave when their signal is aborted. */
export function createGate(limit: number) {
  let waiting: (() => void)[] = [];
  let free = limit;
  return async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    while (free < 1) {
      await new Promise<void>((wake) => {
        waiting.push(wake);
        signal.addEventListener("abort", () => wake(), { once: true });
      });
      signal.throwIfAborted();
    }
    free--;
    try {
      return await work();
    } finally {
      free++;
      // All look again: one of them may have left meanwhile.
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    }
  };
}
