import { wordsOfName } from "../names.ts";
import type { IdentityTraits } from "../traits.ts";
import { readBirth, readDateNear } from "./birth.ts";
import { isCalledPatient } from "./called-patient.ts";
import type { Fact, Reading } from "./facts.ts";
import { endOfLabel, skipParenthesis } from "./label-words.ts";
import { civilities, doctorTitles, type LabelKind, labelsByFirstWord, occupations, otherPeople } from "./labels.ts";
import { readNameBefore } from "./name-before.ts";
import { readRun, readSex, splitPerson, textOf } from "./person.ts";
import { RelativesFields } from "./relatives-fields.ts";
import { readRow } from "./row.ts";
import { isProvisionalName, scanSubjects } from "./subjects.ts";
import { isAllCapitals, isCapitalised, type Token, tokenise } from "./tokens.ts";

/** Names of professionals met so far: the same name in the signature is not a patient's. */
class Professionals {
  readonly #names = new Set<string>();

  add(words: readonly Token[]): void {
    if (words.length > 0) this.#names.add(sortedWords(textOf(words)));
  }

  has({ usedName, firstGivenName, birthDate }: IdentityTraits): boolean {
    return (
      birthDate === undefined &&
      usedName !== undefined &&
      this.#names.has(sortedWords(`${firstGivenName ?? ""} ${usedName}`))
    );
  }
}

/** The words of a name, whatever their order. */
export const sortedWords = (name: string) => [...wordsOfName(name)].sort().join(" ");

/** What is said of the patient, and the places that speak of a relative: a number there is theirs. */
export interface Scan {
  readonly facts: readonly Fact[];
  readonly relatives: readonly { readonly start: number; readonly end: number }[];
}

/** Reads names, birth dates and sex in the order of the text. Professionals, relatives and contacts are left out. */
export function scanFacts(text: string): Scan {
  const tokens = tokenise(text);
  const facts: Fact[] = [];
  const kinships = scanSubjects(tokens).flatMap(({ of }) => (of === undefined ? [] : [of]));
  const fields = new RelativesFields(tokens);
  const professionals = new Professionals();
  /** Words before this index already belong to a fact, and say nothing about the next one. */
  let floor = 0;
  let at = 0;
  let kin = 0;
  while (at < tokens.length) {
    const token = tokens[at];
    fields.pass(at);
    while (kinships[kin] !== undefined && (kinships[kin]?.to ?? 0) <= at) kin++;
    const kinship = kinships[kin];
    if (kinship !== undefined && kinship.from <= at) {
      at = kinship.to;
      floor = at;
      continue;
    }
    if (token?.kind !== "word") {
      at++;
      continue;
    }
    if (doctorTitles.has(token.folded) && isCapitalised(token)) {
      const from = tokens[at + 1]?.text === "." ? at + 2 : at + 1;
      const { words, next } = readRun(tokens, from);
      professionals.add(words);
      at = Math.max(next, at + 1);
      floor = at;
      continue;
    }
    const row = at === 0 || tokens[at - 1]?.kind === "newline" ? readRow(tokens, at) : undefined;
    if (row !== undefined) {
      const isOfOthers = isAboutSomeoneElse(tokens, at, floor, 4, true) || fields.has("row", row.next);
      if (!isOfOthers)
        facts.push({
          start: token.start,
          end: tokens[row.next - 1]?.end ?? token.end,
          traits: row.traits,
          isField: true,
          isCalledPatient: true,
          isContinued: false,
        });
      at = row.next;
      floor = at;
      continue;
    }
    const label = findLabel(tokens, at, floor);
    const isOthers = isAboutSomeoneElse(tokens, at, floor, label ? 4 : 6, label !== undefined);
    const reading = label
      ? readLabelled(label.kind, tokens, label.next, label.hasColon)
      : (readBirth(tokens, at) ?? readCivility(tokens, at));
    const kind = label?.kind ?? (reading?.traits.birthDate === undefined ? "person" : "birthDate");
    if (reading && fields.has(kind, reading.next)) {
      at = reading.next;
      floor = at;
      continue;
    }
    if (!reading || isOthers) {
      at = label ? label.next : at + 1;
      continue;
    }
    if (!label && reading.traits.usedName !== undefined && hasOccupation(tokens, reading.next)) {
      professionals.add(tokens.slice(at + 1, reading.next).filter((one) => one.kind === "word"));
      at = reading.next;
      floor = at;
      continue;
    }
    const last = tokens[reading.next - 1] ?? token;
    const isNext = floor > 0 && (at === floor || (at === floor + 1 && /^[,(]$/.test(tokens[floor]?.text ?? "")));
    const named = label || !reading.traits.birthDate ? undefined : readNameBefore(tokens, at, floor);
    const isBirth = !label && (reading.traits.birthName !== undefined || reading.traits.birthDate !== undefined);
    facts.push({
      start: named?.start ?? token.start,
      end: last.end,
      traits: { ...named?.traits, ...reading.traits },
      isField: label !== undefined && label.kind !== "person",
      isCalledPatient: label !== undefined || isBirth || isCalledPatient(tokens, at, reading.next, floor),
      isContinued: isBirth && isNext,
    });
    at = Math.max(reading.next, at + 1);
    floor = at;
  }
  return {
    facts: facts.filter((fact) => fact.isField || !professionals.has(fact.traits)),
    relatives: fields.places(),
  };
}

const isShortTitle = (token: Token | undefined) =>
  token?.kind === "word" && isCapitalised(token) && (civilities.has(token.folded) || doctorTitles.has(token.folded));

interface FoundLabel {
  readonly kind: LabelKind;
  readonly next: number;
  readonly hasColon: boolean;
}

/** The label that begins at this token. */
export function findLabel(tokens: readonly Token[], at: number, floor: number): FoundLabel | undefined {
  const token = tokens[at];
  if (!token || (!isCapitalised(token) && !/^(?:nom|prénom|date|sexe|ddn|er|code|cog)/i.test(token.text)))
    return undefined;
  const first = token.folded.split(" ")[0] ?? "";
  for (const label of labelsByFirstWord.get(first) ?? []) {
    const end = endOfLabel(tokens, at, label.words);
    if (end === undefined) continue;
    const isShortened = label.words.at(-1) === "NAISS" && tokens[end]?.text === ".";
    const after = skipTranslation(tokens, skipParenthesis(tokens, isShortened ? end + 1 : end));
    const hasColon = tokens[after]?.text === ":" || tokens[after]?.text === "=";
    // "Nom de naissance DUPONT Prénom MARIE": the field before it had no colon either.
    const isNextField = floor > 0 && at === floor && isCapitalised(tokens[after] ?? token);
    if (label.needsColon && !hasColon && !isNextField && !isAloneOnLine(tokens, at, after)) continue;
    if (!hasColon && !isCapitalised(token)) continue;
    const value = hasColon ? after + 1 : after;
    return { kind: label.kind, next: tokens[value]?.kind === "newline" ? value + 1 : value, hasColon };
  }
  return undefined;
}

/** Forms printed in columns put the label on a line and the value under it. */
function isAloneOnLine(tokens: readonly Token[], at: number, after: number): boolean {
  return (at === 0 || tokens[at - 1]?.kind === "newline") && tokens[after]?.kind === "newline";
}

/** "Nom de naissance / Birth name :", on one line. */
function skipTranslation(tokens: readonly Token[], from: number): number {
  if (tokens[from]?.text !== "/") return from;
  for (let at = from + 1; at < from + 5; at++) {
    if (tokens[at]?.text === ":") return at;
    if (tokens[at]?.kind !== "word") return from;
  }
  return from;
}

/** Looks back for a word that says the name is somebody else's; a sentence or line end stops the look, a known fact too. */
export function isAboutSomeoneElse(
  tokens: readonly Token[],
  at: number,
  floor: number,
  reach: number,
  acrossLines: boolean,
): boolean {
  let seen = 0;
  for (let before = at - 1; before >= floor && seen < reach; before--) {
    const token = tokens[before];
    if (!token) return false;
    if (token.kind === "newline") {
      if (!acrossLines) return false;
    } else if (token.kind === "sign") {
      // "M. Paul" is one sentence.
      const isAbbreviation = token.text === "." && isShortTitle(tokens[before - 1]);
      if (/^[.;!?]$/.test(token.text) && !isAbbreviation) return false;
    } else if (token.kind === "word") {
      seen++;
      // "Demandé par Mme X": whoever acts is not the patient.
      if (seen === 1 && token.folded === "PAR") return true;
      if (token.folded === "CONTACT" && tokens[before + 1]?.text === ":") return true;
      // "Hôpital Femme Mère Enfant", "pôle mère-enfant": no mother, a place.
      if (token.folded === "MERE ENFANT" || (token.folded === "MERE" && tokens[before + 1]?.folded === "ENFANT"))
        continue;
      if (token.folded.split(" ").some((word) => otherPeople.has(word))) return true;
    }
  }
  return false;
}

/** "Prénom : NN", "Patient : nouveau-né de Mme X": a word in place of a name is none. */
const namesNobody: ReadonlySet<LabelKind> = new Set<LabelKind>([
  "birthName",
  "usedName",
  "name",
  "fullName",
  "person",
  "givenName",
  "usedGivenName",
  "birthGivenNames",
]);

function readLabelled(kind: LabelKind, tokens: readonly Token[], from: number, hasColon: boolean): Reading | undefined {
  const isFamily = kind === "birthName" || kind === "usedName" || kind === "name";
  if (namesNobody.has(kind) && isProvisionalName(tokens, from, isFamily)) return undefined;
  const run = () => readRun(tokens, from, { isAnnounced: hasColon });
  switch (kind) {
    case "birthName":
      return readFamily(run(), (name) => ({ birthName: name }));
    case "usedName":
      return readFamily(run(), (name) => ({ usedName: name }));
    case "name":
      return readPerson(tokens, from, "family-first", hasColon);
    case "fullName":
      return readPerson(tokens, from, "family-first", hasColon, true);
    case "person":
      return readCivility(tokens, from) ?? readPerson(tokens, from, "given-first", hasColon);
    case "birthGivenNames": {
      const { words, next } = readRun(tokens, from, { isAnnounced: hasColon, mayHaveCommas: true });
      return words.length > 0 ? { traits: { birthGivenNames: words.map((word) => word.text) }, next } : undefined;
    }
    case "givenName":
      return readFamily(run(), (name) => ({ firstGivenName: name }));
    case "usedGivenName":
      return readFamily(run(), (name) => ({ usedGivenName: name }));
    case "birthDate":
      return readDateNear(tokens, from, 8);
    case "sex":
      return readSex(tokens, from);
    case "birthPlaceCode":
      return readPlaceCode(tokens, from);
  }
}

function readFamily(
  run: { words: readonly Token[]; next: number },
  traits: (name: string) => IdentityTraits,
): Reading | undefined {
  if (run.words.length === 0) return undefined;
  // "DUPONT Marie" under a label of the family name: the capitals are the name.
  const capitals = run.words.filter(isAllCapitals);
  const isMixed = capitals.length < run.words.length && run.words[0] !== undefined && isAllCapitals(run.words[0]);
  const words = isMixed ? capitals : run.words;
  return { traits: traits(textOf(words)), next: run.next };
}

function readPerson(
  tokens: readonly Token[],
  from: number,
  order: "given-first" | "family-first",
  isAnnounced: boolean,
  mayHaveSlashes = false,
): Reading | undefined {
  const { words, next } = readRun(tokens, from, { mayHaveCommas: true, mayHaveSlashes, isAnnounced });
  const { family, given } = splitPerson(words, order);
  if (family === undefined) return undefined;
  return { traits: { usedName: family, ...(given === undefined ? {} : { firstGivenName: given }) }, next };
}

function readCivility(tokens: readonly Token[], at: number): Reading | undefined {
  const token = tokens[at];
  const sex = token && isCapitalised(token) ? civilities.get(token.folded) : undefined;
  if (!token || sex === undefined) return undefined;
  const from = tokens[at + 1]?.text === "." ? at + 2 : at + 1;
  const { words, next } = readRun(tokens, from);
  // "Monsieur le Directeur": an office, not a name.
  if (/^l[ea]$/.test(words[0]?.text ?? "")) return undefined;
  const { family, given } = splitPerson(words, "given-first");
  if (family === undefined) return undefined;
  const traits = {
    ...(given === undefined ? {} : { firstGivenName: given }),
    ...(sex === "unknown" ? {} : { sex }),
  } satisfies IdentityTraits;
  const married = readMarriedName(tokens, next);
  if (married === undefined) return { traits: { ...traits, usedName: family }, next };
  // "Mme DUPONT épouse MARTIN Marie": the given name stands behind both.
  const behind = given === undefined && married.given !== undefined ? { firstGivenName: married.given } : {};
  return { traits: { ...traits, ...behind, birthName: family, usedName: married.name }, next: married.next };
}

/** "Mme DUPONT épouse MARTIN": the first name is the birth name. */
function readMarriedName(
  tokens: readonly Token[],
  at: number,
): { name: string; given: string | undefined; next: number } | undefined {
  const token = tokens[at];
  if (!token || !/^(?:EPOUSE|EP|VEUVE)$/.test(token.folded)) return undefined;
  const { words, next } = readRun(tokens, tokens[at + 1]?.text === "." ? at + 2 : at + 1);
  const { family, given } = splitPerson(words, "family-first");
  return family === undefined ? undefined : { name: family, given, next };
}

/** An occupation after the name, on its line behind a sign or on the next one. */
export function hasOccupation(tokens: readonly Token[], at: number): boolean {
  if (tokens[at]?.kind !== "newline" && !/^[,(–—-]$/.test(tokens[at]?.text ?? "")) return false;
  return occupations.has(tokens[at + 1]?.folded.split(" ")[0] ?? "");
}

function readPlaceCode(tokens: readonly Token[], from: number): Reading | undefined {
  const pieces = tokens.slice(from, from + 3);
  const whole = /^(?:\d{5}|2[AB]\d{3})/.exec(pieces.map((token) => token.text).join(""))?.[0];
  if (whole === undefined) return undefined;
  return {
    traits: { birthPlaceCode: whole.toUpperCase() },
    next: from + (/^\d{5}$/.test(pieces[0]?.text ?? "") ? 1 : 3),
  };
}
