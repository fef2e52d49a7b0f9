import type { DocumentEntry } from "@carnet/sdk";
import { dateOrder } from "../shared/format-date.ts";
import { authorText, typeText } from "./document-row.ts";

/** What the reader asked of the list; empty strings and `false` ask nothing. */
export interface ListCriteria {
  readonly text: string;
  readonly category: string;
  readonly type: string;
  readonly author: string;
  /** Not before, not after: ISO days, both included. */
  readonly from: string;
  readonly to: string;
  readonly isMine: boolean;
  readonly isNew: boolean;
  readonly grouping: "year" | "category";
  readonly order: "newest" | "oldest";
}

export const noCriteria: ListCriteria = {
  text: "",
  category: "",
  type: "",
  author: "",
  from: "",
  to: "",
  isMine: false,
  isNew: false,
  grouping: "year",
  order: "newest",
};

/** What is known beside the documents themselves. */
export interface ListKnowledge {
  /** National id of the reader: whose documents are "mine". */
  readonly reader: string | undefined;
  /** Not read since they came, as far as this list knows. */
  isNew(entry: DocumentEntry): boolean;
  /** The record found the words in the text of these documents, by id. */
  readonly inText: ReadonlySet<string>;
}

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

/** The day of the act, or of the document when the act has none. */
export function dayOf(entry: DocumentEntry): string {
  return (entry.actStart ?? entry.date).slice(0, 10);
}

export function yearOf(entry: DocumentEntry): string {
  return /^\d{4}/.exec(dayOf(entry))?.[0] ?? "";
}

export function isMine(entry: DocumentEntry, reader: string | undefined): boolean {
  return entry.isOwn === true || (reader !== undefined && entry.authors.some(({ rpps }) => rpps === reader));
}

const searchable = new WeakMap<DocumentEntry, string>();

/** Made once per document: ten thousand are searched at each key. */
function searchableOf(entry: DocumentEntry): string {
  const known = searchable.get(entry);
  if (known !== undefined) return known;
  const text = plain(`${entry.title} ${typeText(entry)} ${categoryOf(entry)} ${authorText(entry)}`);
  searchable.set(entry, text);
  return text;
}

/** The documents that match every criterion, in the asked order. Each word of the text must be found somewhere. */
export function filterDocuments(
  documents: readonly DocumentEntry[],
  criteria: ListCriteria,
  known: ListKnowledge,
): DocumentEntry[] {
  const words = plain(criteria.text).split(/\s+/).filter(Boolean);
  const found = documents.filter((entry) => {
    if (criteria.category !== "" && categoryOf(entry) !== criteria.category) return false;
    if (criteria.type !== "" && typeText(entry) !== criteria.type) return false;
    if (criteria.author !== "" && entry.authors[0]?.name !== criteria.author) return false;
    // A document without a day is in no period.
    const day = dayOf(entry);
    if (criteria.from !== "" && (day === "" || day < criteria.from.slice(0, day.length))) return false;
    if (criteria.to !== "" && (day === "" || day > criteria.to)) return false;
    if (criteria.isMine && !isMine(entry, known.reader)) return false;
    if (criteria.isNew && !known.isNew(entry)) return false;
    if (words.length === 0 || known.inText.has(entry.id)) return true;
    const text = searchableOf(entry);
    return words.every((word) => text.includes(word));
  });
  const sign = criteria.order === "newest" ? -1 : 1;
  const orders = new Map(found.map((entry) => [entry, dateOrder(entry.actStart ?? entry.date)]));
  const orderOf = (entry: DocumentEntry) => orders.get(entry) ?? Number.NEGATIVE_INFINITY;
  // Without a date comes last, whichever way the list runs; two such have no order of their own.
  return found.sort((a, b) => {
    const [first, second] = [orderOf(a), orderOf(b)];
    if (first === second) return 0;
    if (first === Number.NEGATIVE_INFINITY) return 1;
    if (second === Number.NEGATIVE_INFINITY) return -1;
    return sign * (first - second);
  });
}

/** The values a criterion can take in these documents, in the reader's alphabetical order. */
export function choicesOf(
  documents: readonly DocumentEntry[],
  value: (entry: DocumentEntry) => string | undefined,
): string[] {
  const values = new Set(documents.map(value).filter((one): one is string => one !== undefined && one !== ""));
  return [...values].sort((a, b) => a.localeCompare(b, "fr"));
}
