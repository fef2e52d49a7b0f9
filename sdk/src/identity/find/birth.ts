import { type ReadDate, readDate } from "./dates.ts";
import type { Reading } from "./facts.ts";
import { newborns } from "./kin-words.ts";
import { civilities, doctorTitles, labelsByFirstWord, otherPeople } from "./labels.ts";
import { readRun, splitPerson, textOf } from "./person.ts";
import { isAllCapitals, isCapitalised, type Token } from "./tokens.ts";

/** "née DURAND le 12/03/1980", "né(e) le 12 mars 1980", "né à Paris le…". */
export function readBirth(tokens: readonly Token[], at: number): Reading | undefined {
  const token = tokens[at];
  if (!token || !isBirthWord(tokens, at)) return undefined;
  const sex = token.text.endsWith(")") ? undefined : token.folded === "NEE" ? "female" : "male";
  const { words, next } = readRun(tokens, tokens[at + 1]?.text === ":" ? at + 2 : at + 1);
  // In a sentence, capitals are the name, both of two ("née AIT OUALI"); in a line of capitals a given name may follow.
  const isName = words.length > 0 && words.every(isAllCapitals) && !isAllCapitals(token);
  const family = isName ? textOf(words) : splitPerson(words, "family-first").family;
  const date = readDateNear(tokens, next, 8);
  if (family === undefined && !date) return undefined;
  return {
    traits: {
      ...(family === undefined ? {} : { birthName: family }),
      ...(sex === undefined ? {} : { sex }),
      ...date?.traits,
    },
    next: date?.next ?? next,
  };
}

/** "née", "né(e)", and no newborn. */
export function isBirthWord(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  // "ne" without its accent is the negation, except in capitals.
  if (!token || !/^(?:n[ée]e?|n[ée]\(e\)|nee|NEE?|N[ÉE]\(E\))$/iu.test(token.text) || token.text === "ne") return false;
  return !newborns.has(`${tokens[at - 1]?.folded} ${token.folded}`);
}

/** The first date within reach, unless a sentence ends, or another label or person begins before it. */
export function readDateNear(tokens: readonly Token[], from: number, reach: number): Reading | undefined {
  const read = readNear(tokens, from, reach, (at) => readDate(tokens, at));
  return read && { traits: { birthDate: read.date }, next: read.next };
}

/** The same for a date of another writing. */
export function readNear(
  tokens: readonly Token[],
  from: number,
  reach: number,
  readAt: (at: number) => ReadDate | undefined,
): ReadDate | undefined {
  for (let at = from; at < from + reach && at < tokens.length; at++) {
    const read = readAt(at);
    if (read) return read;
    const token = tokens[at];
    if (!token || token.text === ";" || (token.text === "." && tokens[at - 1]?.text.length !== 1)) return undefined;
    if (token.kind !== "word") continue;
    if (isCapitalised(token) && civilities.has(token.folded)) return undefined;
    if (doctorTitles.has(token.folded) || otherPeople.has(token.folded) || labelsByFirstWord.has(token.folded))
      return undefined;
  }
  return undefined;
}
