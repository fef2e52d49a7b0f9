import { compareDates } from "./date-order.ts";
import type { SourceDocument } from "./source-document.ts";

/**
 * The documents that count: each once, withdrawn ones out, and of each set of versions only the newest
 * (relatesTo `replaces`, or a higher version number of the same set). Newest document first.
 */
export function currentDocuments(documents: readonly SourceDocument[]): SourceDocument[] {
  const replaced = new Set<string>();
  const replacedSets = new Set<string>();
  const newestOfSet = new Map<string, number>();
  for (const document of documents) {
    for (const name of document.replaces) {
      if (name !== document.id) replaced.add(name);
      // Composition.identifier may name one version or all of them: never those that the document itself is one of.
      if (name !== document.setId) replacedSets.add(name);
    }
    if (document.setId !== undefined && document.version !== undefined) {
      newestOfSet.set(document.setId, Math.max(document.version, newestOfSet.get(document.setId) ?? 0));
    }
  }
  const kept = documents.filter((document) => {
    if (replaced.has(document.id) || document.isWithdrawn) return false;
    if (document.setId !== undefined && replacedSets.has(document.setId)) return false;
    if (document.setId === undefined || document.version === undefined) return true;
    return document.version === newestOfSet.get(document.setId);
  });
  kept.sort(newestFirst);
  return kept.filter((document, index) => {
    const previous = kept[index - 1];
    return previous === undefined || previous.id !== document.id || !isSameContent(previous, document);
  });
}

/** The order depends on the documents alone, never on the order they came in. */
function newestFirst(a: SourceDocument, b: SourceDocument): number {
  const order = compareDates(b.date, a.date);
  if (order !== 0) return order;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  const [left, right] = [JSON.stringify(a.bundle), JSON.stringify(b.bundle)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function isSameContent(a: SourceDocument, b: SourceDocument): boolean {
  return a.bundle === b.bundle || JSON.stringify(a.bundle) === JSON.stringify(b.bundle);
}
