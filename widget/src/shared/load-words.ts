import { isKnown, known, learn } from "./languages.ts";

/**
 * Fetches the words of a language: readers of French, nearly all, never pay for another.
 * @param file address of a language file, for what is neither French nor English
 * @returns `undefined` when the words are at hand, or when nothing says where they are (French stands in)
 */
export function missingWords(
  element: HTMLElement,
  locale: string | null | undefined,
  file?: string,
): Promise<unknown> | undefined {
  const tag = locale?.toLowerCase() ?? "fr";
  if (isKnown(tag)) return undefined;
  // A file may hold a variant too: French of Québec.
  if (file !== undefined && tag !== "en")
    return import("../language-file/load.ts").then(({ fetchLanguage }) => fetchLanguage(element, file, tag));
  if (known(tag) !== undefined || !/^en\b/.test(tag)) return undefined;
  return import("./english.ts").then(({ english }) => learn(english));
}
