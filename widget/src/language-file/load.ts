import { english } from "../shared/english.ts";
import { learn } from "../shared/languages.ts";
import type { WordsFlaw } from "./check.ts";
import { type MadeLanguage, makeLanguage, WordsUnusable } from "./language.ts";

/** Detail of the `carnet-error` that a language file causes. No health data: names of entries. */
export interface WordsProblem {
  readonly code: "words-incomplete" | "words-unusable";
  readonly flaws: readonly WordsFlaw[];
}

const longestWaitMs = 10_000;
const mostCharacters = 1_000_000;

/** Each file is fetched once, whoever asks; one that failed is asked again by the next page. */
const asked = new Map<string, Promise<MadeLanguage>>();

/**
 * Fetches a language file and makes it known under the `locale` asked for. Ends well in any case: unusable, English stands
 * in for it, the console says why, and the element says so by `carnet-error`.
 */
export async function fetchLanguage(element: HTMLElement, file: string, locale: string): Promise<void> {
  try {
    const { href } = new URL(file, document.baseURI);
    const isFirst = !asked.has(href);
    const reading = asked.get(href) ?? read(href);
    asked.set(href, reading);
    const { language, flaws } = await reading;
    const tag = language.tag.toLowerCase();
    if (locale !== tag && !locale.startsWith(`${tag}-`))
      throw new WordsUnusable(`The language file is in "${language.tag}" and the element's locale is "${locale}"`);
    learn(language);
    learn(language, locale);
    if (isFirst && flaws.length > 0) {
      warn(language.tag, flaws);
      tell(element, { code: "words-incomplete", flaws });
    }
  } catch (error) {
    learn(english);
    learn(english, locale);
    console.warn("carnet: the words could not be used, English stands in.", error);
    tell(element, { code: "words-unusable", flaws: [] });
  }
}

/**
 * Makes a language known to every element of the page, from a table that the host holds (the parsed JSON of a language
 * file); those in that `locale` say everything again.
 * @returns what the table does not say as it should; there its base language stands in
 * @throws WordsUnusable (`code` "words-unusable") when it is no language file
 */
export async function addLanguage(table: unknown): Promise<readonly WordsFlaw[]> {
  // A copy without getters, prototypes and functions: only what a file could have said.
  const { language, flaws } = makeLanguage(JSON.parse(JSON.stringify(table ?? null)));
  learn(language);
  if (flaws.length > 0) warn(language.tag, flaws);
  return flaws;
}

async function read(address: string): Promise<MadeLanguage> {
  const answer = await fetch(address, { credentials: "same-origin", signal: AbortSignal.timeout(longestWaitMs) });
  if (!answer.ok) throw new WordsUnusable(`The language file could not be fetched (${answer.status})`);
  const text = await answer.text();
  if (text.length > mostCharacters) throw new WordsUnusable("The language file is too long to be one");
  return makeLanguage(JSON.parse(text));
}

function warn(tag: string, flaws: readonly WordsFlaw[]): void {
  const lines = flaws.slice(0, 50).map(({ key, flaw }) => `${key}: ${flaw}`);
  const more = flaws.length > 50 ? [`and ${flaws.length - 50} more`] : [];
  console.warn(
    `carnet: the words of "${tag}" have flaws; the base language stands in.\n${[...lines, ...more].join("\n")}`,
  );
}

function tell(element: HTMLElement, detail: WordsProblem): void {
  element.dispatchEvent(new CustomEvent("carnet-error", { detail, bubbles: true, composed: true }));
}
