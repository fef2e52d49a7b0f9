import type { DocumentEntry } from "@carnet/sdk";
import type { FactSource } from "../facts/fact.ts";
import type { Locale } from "../shared/locale.ts";
import type { Problem } from "../shared/problem.ts";
import type { SharedStrings } from "../shared/strings.ts";
import type { SummaryStrings } from "./strings.ts";

/** Part of the panel that loads, fails and comes back on its own. */
export type Loadable<T> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly problem: Problem }
  | { readonly state: "ready"; readonly value: T; readonly at: Date };

export type SectionName = keyof SummaryStrings["sections"];

/** What a section's template needs from the panel. Templates are functions of this and of the facts, nothing else. */
export interface SectionContext {
  readonly say: SummaryStrings;
  readonly shared: SharedStrings;
  readonly locale: Locale;
  /** Level of the section headings; the panel's own is one above. */
  readonly headingLevel: number;
  /** How many rows of this section are shown; five at first (STYLE, section 3). */
  limit(section: string): number;
  setLimit(section: string, rows: number): void;
  /** False when the panel shows a Bundle without a record behind it: there is nothing to open. */
  readonly canOpen: boolean;
  open(source: FactSource): void;
  /** The document behind a uniqueId, once known. */
  documentOf(uniqueId: string): DocumentEntry | undefined;
  /** Asks for the documents behind these sources, so that their author and date can be shown. */
  describe(sources: readonly FactSource[]): void;
  /** Came after the reader's last look and was not opened since. */
  isNew(document: DocumentEntry): boolean;
  retry(section: "summary" | "documents"): void;
}
