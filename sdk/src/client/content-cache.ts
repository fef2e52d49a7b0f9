import type { DocumentContent } from "./types.ts";

/** Contents already read, in memory only, dropped with the client; the service is asked each time whether they still hold. */
export interface ContentCache {
  /** What was read before, and `keep` for what comes now: it keeps nothing when `clear` was called meanwhile. */
  look(key: string): { readonly known: DocumentContent | undefined; keep(content: DocumentContent): void };
  clear(): void;
}

/** Least recently used contents leave first. @param maxBytes default 16 MiB */
export function createContentCache(maxBytes = 16 * 1024 * 1024): ContentCache {
  let current = new Map<string, DocumentContent>();
  return {
    look(key) {
      // A read that began before `clear` goes on with the entries of then, which nobody else holds.
      const entries = current;
      const known = entries.get(key);
      const keep = (content: DocumentContent) => {
        entries.delete(key);
        if (content.bytes.length > maxBytes) return;
        entries.set(key, content);
        let held = 0;
        for (const [one, { bytes }] of [...entries].reverse()) {
          held += bytes.length;
          if (held > maxBytes) entries.delete(one);
        }
      };
      if (known) keep(known);
      return { known, keep };
    },
    clear() {
      current = new Map();
    },
  };
}
