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
  const put: ContentCache["put"] = (url, content) => {
    entries.delete(url);
    if (content.bytes.length > maxBytes) return;
    entries.set(url, content);
    let held = 0;
    for (const { bytes } of entries.values()) held += bytes.length;
    for (const [oldest, { bytes }] of entries) {
      if (held <= maxBytes) return;
      held -= bytes.length;
      entries.delete(oldest);
    }
  };
  return {
    get(url) {
      const content = entries.get(url);
      if (content) put(url, content);
      return content;
    },
    put,
    clear: () => entries.clear(),
  };
}
