import type { DocumentEntry } from "@carnet/sdk";
import { categoryOf, yearOf } from "./filter.ts";

/** One line of the list: the head of a group, or a document with its place among all that were found. */
export type ListLine =
  | { readonly kind: "head"; readonly key: string; readonly group: string; readonly count: number }
  | { readonly kind: "document"; readonly key: string; readonly entry: DocumentEntry; readonly position: number };

/** Documents already in order, under the head of their year or of their category (R169). A group without a name comes last. */
export function linesOf(documents: readonly DocumentEntry[], grouping: "year" | "category"): readonly ListLine[] {
  const groups = new Map<string, DocumentEntry[]>();
  const nameOf = grouping === "year" ? yearOf : categoryOf;
  for (const entry of documents) {
    const name = nameOf(entry);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [entry]);
    else group.push(entry);
  }
  const names = [...groups.keys()];
  if (grouping === "category") names.sort((a, b) => a.localeCompare(b, "fr"));
  names.sort((a, b) => Number(a === "") - Number(b === ""));
  let position = 0;
  return names.flatMap((group): ListLine[] => {
    const entries = groups.get(group) ?? [];
    return [
      { kind: "head", key: `head ${group}`, group, count: entries.length },
      ...entries.map((entry): ListLine => ({ kind: "document", key: entry.id, entry, position: ++position })),
    ];
  });
}
