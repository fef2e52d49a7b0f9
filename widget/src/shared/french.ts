import { rowFrench } from "../documents/row-strings-fr.ts";
import { summaryFrench } from "../summary/strings-fr.ts";
import { dosageFrench } from "./dosage-words.ts";
import type { Language } from "./languages.ts";
import { sharedFrench } from "./strings-fr.ts";
import { writingFrench } from "./writing.ts";

/** All that a first paint says to a reader of French: it comes with the panel. */
export const french: Language = {
  tag: "fr",
  direction: "ltr",
  service: "fr",
  shared: sharedFrench,
  summary: summaryFrench,
  rows: rowFrench,
  dosage: dosageFrench,
  writing: writingFrench,
};
