import type { IdentityTraits } from "../traits.ts";
import { isBirthWord } from "./birth.ts";
import { readDate } from "./dates.ts";
import type { Reading } from "./facts.ts";
import { endOfLabel, skipParenthesis } from "./label-words.ts";
import { type LabelKind, labelsByFirstWord } from "./labels.ts";
import { readRun, readSex, splitPerson, textOf } from "./person.ts";
import { isAllCapitals, type Token } from "./tokens.ts";

/** Columns whose values say nothing here, or are read by themselves: they may stand behind those of the identity. */
const besides: ReadonlySet<string> = new Set("INS MATRICULE IPP NIP NDA IEP N NO AGE".split(" "));
const families: ReadonlySet<LabelKind> = new Set<LabelKind>(["birthName", "usedName", "name", "fullName"]);
const givens: ReadonlySet<LabelKind> = new Set<LabelKind>(["givenName", "birthGivenNames"]);

/**
 * A form whose labels stand in one line, and their values in the next in the same order: "Nom de naissance Prénom Date de naissance"
 * over "DUPONT Marie 12/03/1980". Read whole or not at all: where the words do not tell which column is theirs, a name would be made up.
 */
export function readRow(tokens: readonly Token[], at: number): Reading | undefined {
  const head = readHead(tokens, at);
  if (head === undefined) return undefined;
  let value = head.next;
  let traits: IdentityTraits = {};
  for (let column = 0; column < head.columns.length; ) {
    while (isBetween(tokens[value])) value++;
    const kind = head.columns[column];
    const names = head.columns.slice(column).findIndex((one) => !families.has(one) && !givens.has(one));
    const width = names === -1 ? head.columns.length - column : names;
    const read =
      width > 0
        ? readNames(tokens, value, head.columns.slice(column, column + width))
        : kind === "sex"
          ? readSex(tokens, value)
          : readBirthDate(tokens, value);
    if (read === undefined) return undefined;
    traits = { ...traits, ...read.traits };
    value = read.next;
    column += Math.max(width, 1);
  }
  return { traits, next: value };
}

/** Between two columns, in the line of labels and in that of values. */
const isBetween = (token: Token | undefined) => token?.kind === "sign" && /^[|;/:]$/.test(token.text);

/** The labels of a line that holds nothing else: a family name, a given name, and a birth date perhaps. */
function readHead(tokens: readonly Token[], from: number) {
  const columns: LabelKind[] = [];
  let at = from;
  while (tokens[at] !== undefined && tokens[at]?.kind !== "newline") {
    if (isBetween(tokens[at])) {
      at++;
      continue;
    }
    const label = readLabel(tokens, at);
    if (label === undefined) break;
    columns.push(label.kind);
    at = label.next;
  }
  if (columns.length < 2 || !columns.some((kind) => families.has(kind)) || !columns.includes("birthDate"))
    return undefined;
  while (tokens[at]?.kind === "sign" || tokens[at]?.folded.split(" ").every((word) => besides.has(word))) at++;
  if (tokens[at]?.kind !== "newline") return undefined;
  while (tokens[at]?.kind === "newline") at++;
  return { columns, next: at };
}

function readLabel(tokens: readonly Token[], at: number): { kind: LabelKind; next: number } | undefined {
  if (isBirthWord(tokens, at) && tokens[at + 1]?.folded === "LE") return { kind: "birthDate", next: at + 2 };
  for (const { kind, words } of labelsByFirstWord.get(tokens[at]?.folded.split(" ")[0] ?? "") ?? []) {
    const end = endOfLabel(tokens, at, words);
    const isRead = families.has(kind) || givens.has(kind) || kind === "birthDate" || kind === "sex";
    if (end !== undefined && isRead) return { kind, next: skipParenthesis(tokens, end) };
  }
  return undefined;
}

function readBirthDate(tokens: readonly Token[], at: number): Reading | undefined {
  const read = readDate(tokens, at);
  return read && { traits: { birthDate: read.date }, next: read.next };
}

/** Family names, then given names: capitals tell them apart, or one word each. */
function readNames(tokens: readonly Token[], from: number, columns: readonly LabelKind[]): Reading | undefined {
  const [first, second, ...more] = columns;
  const isWhole = columns.length === 1 && first === "fullName";
  const given = isWhole ? "givenName" : columns.at(-1);
  const other = columns.length === 3 ? second : undefined;
  if (first === undefined || given === undefined || !families.has(first) || !givens.has(given) || more.length > 1)
    return undefined;
  if (other !== undefined && !families.has(other)) return undefined;
  const { words, next } = readCells(tokens, from);
  const name = splitPerson(words, "family-first");
  if (name.family === undefined || name.given === undefined) return undefined;
  // "DUPONT MARTIN JEAN": nobody knows which column the second one is of.
  const isTold = (words.some(isAllCapitals) && !words.every(isAllCapitals)) || !name.given.includes(" ");
  if (!isTold || `${name.family} ${name.given}` !== textOf(words)) return undefined;
  const givenNames = name.given.split(" ");
  const ofGiven = given === "birthGivenNames" ? { birthGivenNames: givenNames } : { firstGivenName: name.given };
  const family = other === undefined ? { [keyOf(first)]: name.family } : readTwo(name.family, [first, other]);
  return family && { traits: { ...family, ...ofGiven }, next };
}

/** The names of some columns, bars perhaps between them. */
function readCells(tokens: readonly Token[], from: number) {
  const words: Token[] = [];
  let next = from;
  for (;;) {
    const run = readRun(tokens, next);
    words.push(...run.words);
    next = run.next;
    if (run.words.length === 0 || !isBetween(tokens[next])) return { words, next };
    next++;
  }
}

/** A birth name and a name in use: a word each, or the same twice. */
function readTwo(name: string, kinds: readonly [LabelKind, LabelKind]): IdentityTraits | undefined {
  const words = name.split(" ");
  const half = words.length / 2;
  const [one, other] = [words.slice(0, half).join(" "), words.slice(half).join(" ")];
  if (!Number.isInteger(half) || (half > 1 && one !== other)) return undefined;
  return { [keyOf(kinds[0])]: one, [keyOf(kinds[1])]: other };
}

const keyOf = (kind: LabelKind) => (kind === "birthName" ? "birthName" : "usedName");
