import type { DocumentEntry } from "@carnet/sdk";
import { dateOrder } from "../shared/format-date.ts";
import { authorText, typeText } from "./document-row.ts";

/** What the reader asked of the list; empty strings ask nothing. */
export interface ListCriteria {
  readonly text: string;
  readonly category: string;
  readonly author: string;
  readonly year: string;
  readonly order: "newest" | "oldest";
}

export const noCriteria: ListCriteria = { text: "", category: "", author: "", year: "", order: "newest" };

/** Lower case without accents, so that "medecin" finds "Médecin". */
export function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();
}

export function categoryOf(entry: DocumentEntry): string {
  return entry.category.display ?? entry.category.code ?? "";
}

export function yearOf(entry: DocumentEntry): string {
  return /^\d{4}/.exec(entry.actStart ?? entry.date)?.[0] ?? "";
}

/** The documents that match every criterion, in the asked order. Each word of the text must be found somewhere. */
export function filterDocuments(documents: readonly DocumentEntry[], criteria: ListCriteria): DocumentEntry[] {
  const words = plain(criteria.text).split(/\s+/).filter(Boolean);
  const found = documents.filter((entry) => {
    if (criteria.category !== "" && categoryOf(entry) !== criteria.category) return false;
    if (criteria.author !== "" && entry.authors[0]?.name !== criteria.author) return false;
    if (criteria.year !== "" && yearOf(entry) !== criteria.year) return false;
    if (words.length === 0) return true;
    const text = plain(`${entry.title} ${typeText(entry)} ${categoryOf(entry)} ${authorText(entry)}`);
    return words.every((word) => text.includes(word));
  });
  const sign = criteria.order === "newest" ? -1 : 1;
  return found.sort((a, b) => sign * (dateOrder(a.actStart ?? a.date) - dateOrder(b.actStart ?? b.date)));
}

/** The values a criterion can take in these documents, in the reader's alphabetical order. */
export function choicesOf(
  documents: readonly DocumentEntry[],
  value: (entry: DocumentEntry) => string | undefined,
): string[] {
  const values = new Set(documents.map(value).filter((one): one is string => one !== undefined && one !== ""));
  return [...values].sort((a, b) => a.localeCompare(b, "fr"));
}
