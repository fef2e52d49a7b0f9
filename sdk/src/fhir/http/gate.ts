/** Lets `free` pieces of work run at once; the others wait their turn, or leave when their signal is aborted. */
export function createGate(free: number) {
  const waiting = new Set<() => void>();
  return async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    if (free > 0) free--;
    else {
      await new Promise<void>((enter, leave) => {
        waiting.add(enter);
        const stop = () => waiting.delete(enter) && leave(signal.reason);
        signal.addEventListener("abort", stop);
      });
    }
    try {
      return await work();
    } finally {
      // The place is handed over, so that nobody slips in between.
      const [next] = waiting;
      if (next) {
        waiting.delete(next);
        next();
      } else free++;
    }
  };
}
