import { rowEnglish } from "../documents/row-strings-en.ts";
import { summaryEnglish } from "../summary/strings-en.ts";
import { dosageEnglish } from "./dosage-words-en.ts";
import type { Language } from "./languages.ts";
import { sharedEnglish } from "./strings-en.ts";
import { writingEnglish } from "./writing-en.ts";

/** All that a first paint says to a reader of English, in one file. */
export const english: Language = {
  tag: "en",
  direction: "ltr",
  service: "en",
  shared: sharedEnglish,
  summary: summaryEnglish,
  rows: rowEnglish,
  dosage: dosageEnglish,
  writing: writingEnglish,
};
