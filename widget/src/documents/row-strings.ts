import { languageOf } from "../shared/languages.ts";
import type { Locale } from "../shared/locale.ts";
import type { rowFrench } from "./row-strings-fr.ts";

export type RowStrings = typeof rowFrench;

/** Words of a document's row. */
export const rowStrings = (locale: Locale): RowStrings => languageOf(locale).rows;
