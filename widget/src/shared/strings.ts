import { languageOf } from "./languages.ts";
import type { Locale } from "./locale.ts";
import type { SharedStrings } from "./strings-fr.ts";

export type { ProblemCode, SharedStrings } from "./strings-fr.ts";

/** Words that every element shares. */
export const sharedStrings = (locale: Locale): SharedStrings => languageOf(locale).shared;
