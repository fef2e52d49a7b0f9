import { learnEnglishSummary } from "../summary/strings.ts";
import { learnEnglishDosage } from "./format-dosage.ts";
import type { Locale } from "./locale.ts";
import { learnEnglishShared } from "./strings.ts";

let isEnglishHere = false;

/** True once the words of this language are at hand. */
export function hasWords(locale: Locale): boolean {
  return locale === "fr" || isEnglishHere;
}

/** Fetches the words of a language: readers of French, nearly all, never pay for English. */
export async function loadWords(locale: Locale): Promise<void> {
  if (hasWords(locale)) return;
  const { dosageEnglish, sharedEnglish, summaryEnglish } = await import("./english.ts");
  learnEnglishDosage(dosageEnglish);
  learnEnglishShared(sharedEnglish);
  learnEnglishSummary(summaryEnglish);
  isEnglishHere = true;
}
