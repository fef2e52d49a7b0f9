import { languageOf } from "./languages.ts";
import type { Locale, StringTable, Widen } from "./locale.ts";

/** Words of an element that is fetched when used, in the language asked for. */
export interface Strings<T> {
  (locale: Locale): Widen<T>;
  readonly tables: { readonly fr: Widen<T>; readonly en: Widen<T> };
}

/** French and English stand here, beside their element; other languages come with their file (`language-file.ts`). */
export function defineStrings<T extends StringTable>(
  name: string,
  given: { readonly fr: T; readonly en: Widen<T> },
): Strings<T> {
  const tables = given as { readonly fr: Widen<T>; readonly en: Widen<T> };
  const inLanguage = (locale: Locale): Widen<T> => {
    if (locale === "fr" || locale === "en") return tables[locale];
    // Made by `language-file.ts` with the keys and arguments of these very tables.
    return (languageOf(locale).elements?.[name] as Widen<T> | undefined) ?? tables.fr;
  };
  return Object.assign(inLanguage, { tables });
}
