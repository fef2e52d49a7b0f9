/** Composed summaries, by record version and set of visible documents. Held in memory only, bounded in size. */

export interface SummaryCache {
  get(key: string): Buffer | undefined;
  put(key: string, summary: Buffer): void;
}

/** @param maxBytes total size of what is kept; the least recently used goes first */
export function createSummaryCache(maxBytes = 128 * 1024 * 1024): SummaryCache {
  const kept = new Map<string, Buffer>();
  let length = 0;
  return {
    get(key) {
      const summary = kept.get(key);
      if (summary === undefined) return undefined;
      kept.delete(key);
      kept.set(key, summary);
      return summary;
    },
    put(key, summary) {
      length += summary.length - (kept.get(key)?.length ?? 0);
      kept.delete(key);
      kept.set(key, summary);
      for (const [oldest, value] of kept) {
        if (length <= maxBytes || oldest === key) break;
        kept.delete(oldest);
        length -= value.length;
      }
    },
  };
}
