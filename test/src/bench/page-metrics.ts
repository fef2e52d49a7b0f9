import type { CDPSession } from "playwright";

/** What Chromium counts of a page. */
export interface PageMetrics {
  /**
   * Processor time of the main thread since the page was made, milliseconds. On a busy machine, time on the clock would
   * count others' work as the page's.
   */
  cpuMs(): Promise<number>;
  heapBytes(): Promise<number>;
}

/** Counts from now on; call it before the page goes anywhere. */
export async function measurePage(session: CDPSession): Promise<PageMetrics> {
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const metric = async (name: string) => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find((one) => one.name === name)?.value ?? Number.NaN;
  };
  return {
    cpuMs: async () => (await metric("TaskDuration")) * 1000,
    heapBytes: () => metric("JSHeapUsedSize"),
  };
}
