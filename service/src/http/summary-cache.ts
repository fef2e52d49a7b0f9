/** Composed summaries, by record version and set of visible documents. Held in memory only, bounded in size. */

export interface SummaryCache {
  get(key: string): string | undefined;
  put(key: string, summary: string): void;
}

/** @param maxCharacters total length of what is kept; the least recently used goes first */
export function createSummaryCache(maxCharacters = 64 * 1024 * 1024): SummaryCache {
  const kept = new Map<string, string>();
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
        if (length <= maxCharacters || oldest === key) break;
        kept.delete(oldest);
        length -= value.length;
      }
    },
  };
}
