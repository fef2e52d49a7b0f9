import type { DocumentContent } from "./types.ts";

/** Contents already read, in memory only, dropped with the client; the service is asked each time whether they still hold. */
export interface ContentCache {
  get(url: string): DocumentContent | undefined;
  put(url: string, content: DocumentContent): void;
  clear(): void;
}

/** Least recently used contents leave first. @param maxBytes default 16 MiB */
export function createContentCache(maxBytes = 16 * 1024 * 1024): ContentCache {
  const entries = new Map<string, DocumentContent>();
  let held = 0;
  const drop = (url: string) => {
    held -= entries.get(url)?.bytes.length ?? 0;
    entries.delete(url);
  };
  return {
    get(url) {
      const content = entries.get(url);
      if (content) {
        entries.delete(url);
        entries.set(url, content);
      }
      return content;
    },
    put(url, content) {
      drop(url);
      if (content.bytes.length > maxBytes) return;
      entries.set(url, content);
      held += content.bytes.length;
      for (const oldest of entries.keys()) {
        if (held <= maxBytes) return;
        drop(oldest);
      }
    },
    clear() {
      entries.clear();
      held = 0;
    },
  };
}
