import type { DocumentEntry, RecordHandle } from "@carnet/sdk";
import type { FactSource } from "../facts/fact.ts";

/** The documents behind the facts, as far as they are known; asked for when somebody wants to see them, once each. */
export interface SourceIndex {
  get(uniqueId: string): DocumentEntry | undefined;
  learn(documents: readonly DocumentEntry[]): void;
  describe(record: RecordHandle, sources: readonly FactSource[], signal: AbortSignal): void;
  touch(): void;
  clear(): void;
}

/** At most this many questions for one disclosure: a fact of fifty documents must not become fifty requests. */
const maximumQuestions = 10;

export function sourceIndex(changed: () => void): SourceIndex {
  let known = new Map<string, DocumentEntry>();
  let asked = new Set<string>();
  return {
    get: (uniqueId) => known.get(uniqueId),
    learn(documents) {
      for (const document of documents) known.set(document.uniqueId, document);
    },
    describe(record, sources, signal) {
      for (const { uniqueId } of sources.slice(0, maximumQuestions)) {
        if (known.has(uniqueId) || asked.has(uniqueId)) continue;
        asked.add(uniqueId);
        record
          .documents({ uniqueId, status: "all" }, { signal })
          .toArray({ limit: 1 })
          .then(
            ([document]) => {
              if (signal.aborted || document === undefined) return;
              known.set(uniqueId, document);
              changed();
            },
            // The button keeps its neutral name; opening it will say what is wrong.
            () => asked.delete(uniqueId),
          );
      }
    },
    touch: changed,
    clear() {
      known = new Map();
      asked = new Set();
    },
  };
}
