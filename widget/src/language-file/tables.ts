import { accessStrings } from "../access/strings.ts";
import { actingStrings } from "../acting/strings.ts";
import { comparisonStrings } from "../comparison/strings.ts";
import { depositStrings } from "../deposit/strings.ts";
import { documentsStrings } from "../documents/strings.ts";
import { messagesStrings } from "../messages/strings.ts";
import { sessionStrings } from "../session/strings.ts";
import type { DosageWords } from "../shared/dosage-words.ts";
import { english } from "../shared/english.ts";
import { french } from "../shared/french.ts";
import type { Language } from "../shared/languages.ts";
import { refusalStrings } from "../shared/refusals.ts";
import type { UnitCode, Writing } from "../shared/writing.ts";
import { disagreementStrings } from "../summary/disagreement-strings.ts";
import { entryStrings } from "../summary/further-entry-strings.ts";
import { factStrings } from "../summary/further-fact-strings.ts";
import { furtherStrings } from "../summary/further-strings.ts";
import { viewerStrings } from "../viewer/strings.ts";

/** Elements that are fetched when used, by the name under which `define-strings.ts` finds their words. */
const elements = {
  documents: documentsStrings,
  viewer: viewerStrings,
  comparison: comparisonStrings,
  deposit: depositStrings,
  access: accessStrings,
  acting: actingStrings,
  messages: messagesStrings,
  session: sessionStrings,
  refusals: refusalStrings,
  entries: entryStrings,
  facts: factStrings,
  further: furtherStrings,
  disagreements: disagreementStrings,
};

type Counted = (count: string, n: number) => string;

/** A dosage as a file says it: one message for each unit of time, since languages agree with them differently. */
function dosageTable(words: DosageWords) {
  const per =
    (unit: string): Counted =>
    (count, n) =>
      words.timesPer(count, n, unit) ?? words.times(count, n);
  const every =
    (unit: string): Counted =>
    (number, n) =>
      words.every(number, n, unit) ?? "";
  const { range, times, perPeriod, during, asNeeded, asNeededFor, at, until, and, codes, when, days } = words;
  return {
    range,
    times,
    timesPer: { min: per("min"), h: per("h"), d: per("d"), wk: per("wk"), mo: per("mo"), a: per("a") },
    every: {
      s: every("s"),
      min: every("min"),
      h: every("h"),
      d: every("d"),
      wk: every("wk"),
      mo: every("mo"),
      a: every("a"),
    },
    perPeriod,
    during,
    asNeeded,
    asNeededFor,
    at,
    until,
    and,
    codes,
    when,
    days,
  };
}

export const unitCodes = [
  "ug",
  "iu",
  "u",
  "ng",
  "miu",
  "drop",
  "tablet",
  "capsule",
  "puff",
  "pack",
  "drink",
  "sachet",
  "patch",
  "s",
  "min",
  "h",
  "d",
  "wk",
  "mo",
  "a",
] as const satisfies readonly UnitCode[];

/** Units and comparators; dates, times and the decimal sign are the browser's for that language. */
function writingTable(writing: Writing, moment: (date: string, time: string) => string) {
  const units = Object.fromEntries(
    unitCodes.map((code) => [code, (n: number) => writing.unit(code, n) ?? code] as const),
  ) as Readonly<Record<UnitCode, (n: number) => string>>;
  const { "<": less, "<=": atMost, ">": more, ">=": atLeast } = writing.comparators;
  return {
    moment,
    units,
    comparators: { less, atMost, more, atLeast },
    per: writing.per,
    internationalUnit: writing.internationalUnit,
  };
}

function tablesOf<const Tag extends "fr" | "en">(
  tag: Tag,
  language: Language,
  moment: (date: string, time: string) => string,
) {
  const { shared, summary, rows } = language;
  return {
    shared,
    summary,
    rows,
    documents: elements.documents.tables[tag],
    viewer: elements.viewer.tables[tag],
    comparison: elements.comparison.tables[tag],
    deposit: elements.deposit.tables[tag],
    access: elements.access.tables[tag],
    acting: elements.acting.tables[tag],
    messages: elements.messages.tables[tag],
    session: elements.session.tables[tag],
    refusals: elements.refusals.tables[tag],
    entries: elements.entries.tables[tag],
    facts: elements.facts.tables[tag],
    further: elements.further.tables[tag],
    disagreements: elements.disagreements.tables[tag],
    dosage: dosageTable(language.dosage),
    writing: writingTable(language.writing, moment),
  };
}

/** Every word of the widget in the two languages it speaks by itself, in the shape of a language file. */
export const baseTables = {
  fr: tablesOf("fr", french, (date, time) => `${date} à\u00a0${time}`),
  en: tablesOf("en", english, (date, time) => `${date} at\u00a0${time}`),
};

export type FileTables = (typeof baseTables)["fr"];
export const elementNames = Object.keys(elements) as readonly (keyof typeof elements)[];
