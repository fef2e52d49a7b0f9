import type { RowStrings } from "../documents/row-strings.ts";
import type { SummaryStrings } from "../summary/strings-fr.ts";
import type { DosageWords } from "./dosage-words.ts";
import { french } from "./french.ts";
import type { Locale, StringTable } from "./locale.ts";
import type { SharedStrings } from "./strings-fr.ts";
import type { Writing } from "./writing.ts";

/** All that a first paint says in one language, and how that language writes numbers and dates. */
export interface Language {
  /** BCP 47. */
  readonly tag: Locale;
  readonly direction: "ltr" | "rtl";
  /** Language of what the service, or the SDK, says by itself. */
  readonly service: "fr" | "en";
  readonly shared: SharedStrings;
  readonly summary: SummaryStrings;
  readonly rows: RowStrings;
  readonly dosage: DosageWords;
  readonly writing: Writing;
  /** Words of the elements that are fetched when used, by the name of their table; French and English stand with them. */
  readonly elements?: Readonly<Record<string, StringTable>>;
}

const languages = new Map<string, Language>([["fr", french]]);

interface Speaker {
  requestUpdate(): void;
}

/** Elements in the page: they say everything again when a language comes. */
export const speakers = new Set<Speaker>();

/** Makes a language known under a tag (its own, or that of one it stands in for) to every element of the page. */
export function learn(language: Language, tag = language.tag): void {
  languages.set(tag, language).set(tag.toLowerCase(), language);
  for (const speaker of speakers) speaker.requestUpdate();
}

/** True when a language is at hand under this very tag, in lower case. */
export const isKnown = (tag: string): boolean => languages.has(tag);

/** The language at hand for a `locale` attribute, `nl-BE` being answered by `nl`. */
export function known(value: string | null | undefined): Language | undefined {
  // Asked for each number and date that is written: the usual answer comes at once.
  const exact = languages.get(value ?? "");
  if (exact !== undefined) return exact;
  const parts = (value ?? "").toLowerCase().split(/[-_]/);
  for (; parts.length > 0; parts.pop()) {
    const language = languages.get(parts.join("-"));
    if (language !== undefined) return language;
  }
  return undefined;
}

/** A language by its tag; French (contract.md, "Widget") where its words are not here. */
export const languageOf = (locale: string | null | undefined): Language => known(locale) ?? french;

/** The tag of the language shown for a `locale` attribute. */
export const toLocale = (value: string | null | undefined): Locale => languageOf(value).tag;
