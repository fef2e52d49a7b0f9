/** What was read or composed and is kept between requests: in memory only, bounded in size. */

export interface ByteCache<Value> {
  get(key: string): Value | undefined;
  put(key: string, value: Value): void;
}

/** @param maxBytes total size of what is kept; the least recently used goes first */
export function createByteCache<Value>(maxBytes: number, sizeOf: (value: Value) => number): ByteCache<Value> {
  const kept = new Map<string, { readonly value: Value; readonly size: number }>();
  let total = 0;
  const drop = (key: string) => {
    total -= kept.get(key)?.size ?? 0;
    kept.delete(key);
  };
  return {
    get(key) {
      const entry = kept.get(key);
      if (entry === undefined) return undefined;
      kept.delete(key);
      kept.set(key, entry);
      return entry.value;
    },
    put(key, value) {
      const size = sizeOf(value);
      drop(key);
      kept.set(key, { value, size });
      total += size;
      for (const oldest of kept.keys()) {
        if (total <= maxBytes || oldest === key) break;
        drop(oldest);
      }
    },
  };
}
