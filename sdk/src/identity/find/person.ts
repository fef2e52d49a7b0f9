import type { Reading } from "./facts.ts";
import { nameEnders, particles } from "./labels.ts";
import { isAllCapitals, isCapitalised, type Token } from "./tokens.ts";

/** The words of a name that follow each other on one line. */
export interface NameRun {
  readonly words: readonly Token[];
  /** Index of the first token after the run. */
  readonly next: number;
}

export interface RunOptions {
  /** Commas may stand between the words ("DUPONT, Marie"; "MARIE, LOUISE"). */
  readonly mayHaveCommas?: boolean;
  /** So may slashes: "Nom / Prénom : DUPONT / Marie". */
  readonly mayHaveSlashes?: boolean;
  /** The first word need not have a capital: a colon has announced it. */
  readonly isAnnounced?: boolean;
}

const maximumWords = 7;

export function readRun(tokens: readonly Token[], from: number, options: RunOptions = {}): NameRun {
  const words: Token[] = [];
  let at = from;
  while (words.length < maximumWords) {
    const token = tokens[at];
    if (!token) break;
    const next = tokens[at + 1];
    if (
      token.kind === "word" &&
      !nameEnders.has(token.folded) &&
      (isNameWord(token, words.length === 0 && options.isAnnounced) || isElidedName(token, words))
    ) {
      words.push(token);
      at++;
    } else if (opensName(tokens, at)) {
      words.push(token);
      at++;
    } else if (
      ((token.text === "," && options.mayHaveCommas) || (token.text === "/" && options.mayHaveSlashes)) &&
      words.length > 0 &&
      next &&
      isCapitalised(next) &&
      !nameEnders.has(next.folded)
    ) {
      at++;
    } else if (token.text === "." && words.at(-1)?.text.length === 1) {
      // An initial says too little to compare.
      words.pop();
      at++;
    } else break;
  }
  while (words.length > 0 && words.every((word) => particles.has(word.folded))) words.pop();
  return { words, next: at };
}

/** A small word that a name follows, other small words perhaps between: "de La Tour". */
function opensName(tokens: readonly Token[], from: number): boolean {
  let at = from;
  while (at < from + 3 && particles.has(tokens[at]?.folded ?? "")) at++;
  const name = tokens[at];
  return at > from && name !== undefined && isCapitalised(name) && !nameEnders.has(name.folded);
}

/** "Zoé d’Artagnan"; behind a name in capitals it is a place ("Jean DUPONT d’Angers"). */
function isElidedName(token: Token, before: readonly Token[]): boolean {
  return /^d['’ʼ]\p{Lu}/u.test(token.text) && !before.some(isAllCapitals);
}

function isNameWord(token: Token, isAnnounced: boolean | undefined): boolean {
  return isCapitalised(token) || (isAnnounced === true && token.kind === "word" && token.text.length > 1);
}

export interface PersonName {
  readonly family?: string;
  readonly given?: string;
}

/**
 * Tells family and given names apart: capitals are the family name beside words in lower case; without that sign the
 * order decides, and in capitals only ("DUPONT MARIE") the family name is taken first, as forms write it.
 */
export function splitPerson(words: readonly Token[], order: "given-first" | "family-first"): PersonName {
  if (words.length === 0) return {};
  const marks = words.map(
    (word, index) => isAllCapitals(word) || isElidedCapitals(word) || isParticleOfCapitals(words, index),
  );
  const family = words.filter((_, index) => marks[index]);
  const given = words.filter((_, index) => !marks[index]);
  if (family.length > 0 && given.length > 0) return name(family, given);
  if (words.length === 1) return name(words, []);
  // "M. El Amrani Youssef": no given name begins so.
  const isFamilyFirst = order === "family-first" || particles.has(words[0]?.folded ?? "");
  if (given.length === 0 || isFamilyFirst) {
    const cut = lengthWithParticles(words);
    return name(words.slice(0, cut), words.slice(cut));
  }
  let cut = words.length - 1;
  while (cut > 1 && particles.has(words[cut - 1]?.folded ?? "")) cut--;
  return name(words.slice(cut), words.slice(0, cut));
}

const isElidedCapitals = ({ text }: Token) => /^d['’ʼ]\p{Lu}{2}/u.test(text) && !/\p{Ll}/u.test(text.slice(2));

function isParticleOfCapitals(words: readonly Token[], index: number): boolean {
  const word = words[index];
  const next = words[index + 1];
  return word !== undefined && next !== undefined && particles.has(word.folded) && isAllCapitals(next);
}

/** "LE GOFF MARIE": the particle belongs to the word after it. */
function lengthWithParticles(words: readonly Token[]): number {
  let cut = 0;
  while (cut < words.length - 1 && particles.has(words[cut]?.folded ?? "")) cut++;
  return cut + 1;
}

function name(family: readonly Token[], given: readonly Token[]): PersonName {
  return {
    ...(family.length > 0 ? { family: textOf(family) } : {}),
    ...(given.length > 0 ? { given: textOf(given) } : {}),
  };
}

export function textOf(words: readonly Token[]): string {
  return words.map((word) => word.text).join(" ");
}

/** "F", "masculin". */
export function readSex(tokens: readonly Token[], from: number): Reading | undefined {
  const word = tokens[from]?.folded ?? "";
  if (/^(?:F|FEMININ|FEMME|FEMALE)$/.test(word)) return { traits: { sex: "female" }, next: from + 1 };
  if (/^(?:M|H|MASCULIN|HOMME|MALE)$/.test(word)) return { traits: { sex: "male" }, next: from + 1 };
  return undefined;
}
