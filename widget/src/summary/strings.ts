import { languageOf } from "../shared/languages.ts";
import type { Locale } from "../shared/locale.ts";
import type { SummaryStrings } from "./strings-fr.ts";

export type { SummaryStrings } from "./strings-fr.ts";

/** Words of `<carnet-summary>`. */
export const summaryStrings = (locale: Locale): SummaryStrings => languageOf(locale).summary;
