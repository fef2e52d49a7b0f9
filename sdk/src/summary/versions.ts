import { compareDates } from "./date-order.ts";
import type { SourceDocument } from "./source-document.ts";

/**
 * The documents that count: each once, withdrawn ones out, and of each set of versions only the newest
 * (relatesTo `replaces`, or a higher version number of the same set). Newest document first.
 */
export function currentDocuments(documents: readonly SourceDocument[]): SourceDocument[] {
  const newestOfSet = new Map<string, number>();
  for (const { setId, version } of documents) {
    if (setId !== undefined && version !== undefined)
      newestOfSet.set(setId, Math.max(version, newestOfSet.get(setId) ?? 0));
  }
  const replaced = replacedAmong(documents);
  const kept = documents.filter((document) => {
    if (replaced.has(document) || document.isWithdrawn) return false;
    if (document.setId === undefined || document.version === undefined) return true;
    return document.version === newestOfSet.get(document.setId);
  });
  kept.sort(newestFirst);
  return kept.filter((document, index) => {
    const previous = kept[index - 1];
    return previous === undefined || previous.id !== document.id || !isSameContent(previous, document);
  });
}

/** Those that another one replaces. Where some replace each other in a ring, nobody knows which is the last: all of them count. */
function replacedAmong(documents: readonly SourceDocument[]): ReadonlySet<SourceDocument> {
  const [byId, bySet] = [new Map<string, SourceDocument[]>(), new Map<string, SourceDocument[]>()];
  for (const document of documents) {
    add(byId, document.id, document);
    if (document.setId !== undefined) add(bySet, document.setId, document);
  }
  const targets = new Map<SourceDocument, readonly SourceDocument[]>();
  const replacers = new Map<SourceDocument, SourceDocument[]>();
  for (const document of documents) {
    const found = document.replaces.flatMap((name) => [
      ...(name === document.id ? [] : (byId.get(name) ?? [])),
      // Composition.identifier may name one version or all of them: never those that the document itself is one of.
      ...(name === document.setId ? [] : (bySet.get(name) ?? [])),
    ]);
    targets.set(document, found);
    for (const target of found) add(replacers, target, document);
  }
  const replaced = new Set<SourceDocument>();
  for (const [target, by] of replacers) {
    // It, what it replaces, what that replaces, and so on: a set grows while it is walked.
    const behind = new Set([target]);
    for (const one of behind) for (const next of targets.get(one) ?? []) behind.add(next);
    if (by.some((one) => !behind.has(one))) replaced.add(target);
  }
  return replaced;
}

function add<Key>(groups: Map<Key, SourceDocument[]>, key: Key, document: SourceDocument): void {
  const group = groups.get(key);
  if (group) group.push(document);
  else groups.set(key, [document]);
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
