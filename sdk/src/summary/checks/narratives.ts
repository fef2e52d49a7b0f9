import type { Bundle, DetectedIssue, Narrative } from "fhir/r4.js";
import { dateInWords } from "../../fhir/date-words.ts";
import type { CareGap } from "../care/care-gaps.ts";
import type { VaccinationDue } from "../care/vaccinations-due.ts";
import { escapeText } from "../narrative.ts";
import type { DrugData } from "../safety/drug-data.ts";
import { SummaryFacts } from "../safety/summary-facts.ts";
import { currentTreatments, saidToTakeNone } from "../safety/treatments.ts";
import { words as safetyWords } from "../safety/words.ts";
import { isUnheard } from "./unheard.ts";
import { checkWords } from "./words.ts";

/** What was found and what was not checked, the gravest first; never an empty text that could read as "no danger". */
export function safetyNarrative(
  issues: readonly DetectedIssue[],
  summary: Bundle,
  { now, locale, drugData }: { readonly now: string; readonly locale: "fr" | "en"; readonly drugData?: DrugData },
): Narrative {
  const told = issues.map(({ detail = "" }) => detail);
  // What nobody could compare stands beside "nothing found", not in its place.
  if (!issues.every(isUnheard)) return paragraphs(told);
  const text = checkWords[locale];
  const facts = new SummaryFacts(summary);
  const count = currentTreatments(facts, now).length;
  if (count === 0) return paragraphs([text.nothingTaken(dateInWords(saidToTakeNone(facts) ?? "", locale)), ...told]);
  const sources = (drugData?.sources ?? []).map(({ title, date }) => safetyWords[locale].source(title, date));
  return paragraphs([`${text.nothingFound(count)} ${text.noProof} ${sources.join(" ")}`, ...told]);
}

/** What the list rests on comes first: nobody may read it as the whole truth. */
export function gapNarrative(
  gaps: readonly CareGap[],
  vaccinations: readonly VaccinationDue[],
  locale: "fr" | "en",
  hasDied: boolean,
): Narrative {
  const text = checkWords[locale];
  if (hasDied) return paragraphs([text.deceased]);
  const lines = [...gaps, ...vaccinations].map(
    ({ text: line, source }) => `${line} ${text.source(source.title, source.publisher, source.date)}`,
  );
  return paragraphs([text.basis, ...(lines.length > 0 ? lines : [text.noGap])]);
}

/** The plan of the documents, then the vaccinations that are due. */
export function planNarrative(
  due: readonly VaccinationDue[],
  given: Narrative | undefined,
  locale: "fr" | "en",
): Narrative {
  const own = inner(
    paragraphs(due.map(({ text, source }) => `${text} ${source.title} (${dateInWords(source.date, locale)}).`)),
  );
  return given ? { ...given, div: wrap(`${inner(given)}${own}`) } : { status: "generated", div: wrap(own) };
}

function paragraphs(lines: readonly string[]): Narrative {
  return { status: "generated", div: wrap(lines.map((line) => `<p>${escapeText(line)}</p>`).join("")) };
}

const wrap = (content: string) => `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>`;

/** The content of a narrative that this library wrote. */
function inner({ div }: Narrative): string {
  return div.replace(/^<div[^>]*>/, "").replace(/<\/div>$/, "");
}
