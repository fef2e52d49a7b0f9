import { isBirthWord, readNear } from "./birth.ts";
import { isAnnounced, isBeforePatient, isSeenAtAge, isTreated } from "./called-patient.ts";
import { readDate, readShortDate } from "./dates.ts";
import { places } from "./kin-words.ts";
import { civilities, doctorTitles, nameEnders, occupations, otherPeople } from "./labels.ts";
import { isNoPerson } from "./not-persons.ts";
import { readRun, textOf } from "./person.ts";
import { RelativesFields } from "./relatives-fields.ts";
import { findLabel, hasOccupation, isAboutSomeoneElse, sortedWords } from "./scan.ts";
import { scanSubjects } from "./subjects.ts";
import { isAllCapitals, isCapitalised, maximumLength, type Token, tokenise } from "./tokens.ts";

/**
 * Words that may name somebody, and are no identity by themselves: a name without label or civility ("Réf. : DURAND Paul –
 * 12/03/1980"), a birth date whose century is not told, an age.
 */
export interface NameMention {
  /** In the order of the text: which word is the family name is not always told. */
  readonly name?: string;
  /** `told`: its capitals tell the family name from the given one, or a civility stands before it. `given`: a given name alone. */
  readonly shape?: "told" | "capitals" | "given";
  /** `YYYY-MM-DD`: the date right behind the name, of a birth or of anything else. */
  readonly date?: string;
  /** `YY-MM-DD`, of a birth. */
  readonly shortBirthDate?: string;
  /** In years, right behind the name. */
  readonly age?: number;
  /** The words around call them the patient, or a number of the hospital stands behind. */
  readonly isCalledPatient: boolean;
  /** Where: offsets in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** In tokens: words farther before a name say nothing of it. */
const longestLine = 60;
/** No letter has more: the rest is a list. */
const mostMentions = 200;

/**
 * Reads the names, short birth dates and ages that `findIdentities` leaves, since they may be anybody's. Compared with the person of
 * a record they tell a letter about somebody else under that person's label: ask a person, and never take one for a proof. Only the first
 * 200 000 characters (`longestIdentityText`) are read.
 *
 * @example
 * findMentions("Réf. : DURAND Paul – 12/03/1980")
 * // [{ name: "DURAND Paul", shape: "told", date: "1980-03-12", isCalledPatient: true, start: 7, end: 31 }]
 */
export function findMentions(text: string): readonly NameMention[] {
  const tokens = tokenise(text.slice(0, maximumLength));
  const kinships = scanSubjects(tokens).flatMap(({ of }) => (of === undefined ? [] : [of]));
  const fields = new RelativesFields(tokens);
  const professionals = professionalsIn(tokens);
  const found: NameMention[] = [];
  let floor = 0;
  let kin = 0;
  for (let at = 0; at < tokens.length && found.length < mostMentions; ) {
    fields.pass(at);
    while (kinships[kin] !== undefined && (kinships[kin]?.to ?? 0) <= at) kin++;
    const isKin = (kinships[kin]?.from ?? at + 1) <= at;
    const read = isKin ? undefined : (readShortBirth(tokens, at, floor, fields) ?? readName(tokens, at, floor));
    if (read === undefined) {
      at++;
      continue;
    }
    const { mention, next } = read;
    if (mention !== undefined && !professionals.has(sortedWords(mention.name ?? ""))) found.push(mention);
    if (mention !== undefined) floor = next;
    at = Math.max(next, at + 1);
  }
  return found;
}

interface Read {
  /** Nothing for words that name nobody, or a professional. */
  readonly mention?: NameMention;
  readonly next: number;
}

/** "née le 12/03/52", "DDN : 12/03/52". */
function readShortBirth(
  tokens: readonly Token[],
  at: number,
  floor: number,
  fields: RelativesFields,
): Read | undefined {
  const token = tokens[at];
  if (token?.kind !== "word") return undefined;
  const label = findLabel(tokens, at, floor);
  const isLabel = label?.kind === "birthDate";
  if (!isLabel && !isBirthWord(tokens, at)) return undefined;
  const after = isLabel ? label.next : readRun(tokens, tokens[at + 1]?.text === ":" ? at + 2 : at + 1).next;
  const read = readNear(tokens, after, 8, (from) =>
    readDate(tokens, from) === undefined ? readShortDate(tokens, from) : undefined,
  );
  if (read === undefined) return undefined;
  if (isAboutSomeoneElse(tokens, at, floor, isLabel ? 4 : 6, isLabel)) return { next: read.next };
  if (fields.has("birthDate", read.next)) return { next: read.next };
  const end = tokens[read.next - 1]?.end ?? token.end;
  const mention = { shortBirthDate: read.date, isCalledPatient: true, start: token.start, end };
  return { mention, next: read.next };
}

/** Names of doctors met in the text: the same name in a reference is no patient's. */
function professionalsIn(tokens: readonly Token[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [at, token] of tokens.entries()) {
    if (!doctorTitles.has(token.folded) || !isCapitalised(token)) continue;
    const { words } = readRun(tokens, tokens[at + 1]?.text === "." ? at + 2 : at + 1);
    if (words.length > 0) names.add(sortedWords(textOf(words)));
  }
  return names;
}

function readName(tokens: readonly Token[], at: number, floor: number): Read | undefined {
  const token = tokens[at];
  if (token === undefined || !isCapitalised(token) || isBeforePatient(token)) return undefined;
  const hasCivility = civilities.has(token.folded);
  const from = hasCivility ? at + (tokens[at + 1]?.text === "." ? 2 : 1) : at;
  const { words: run, next, isMachines } = readNames(tokens, from);
  const words = run.filter(({ text }) => text.length > 1);
  if (words.length === 0) return undefined;
  const shape = hasCivility || isMachines ? "told" : shapeOf(tokens, at, words);
  const isNobodys =
    shape === undefined ||
    (!hasCivility && words.some(isNoPerson)) ||
    isOthers(tokens, at) ||
    hasOccupation(tokens, next) ||
    isAboutSomeoneElse(tokens, at, floor, 6, false);
  if (isNobodys) return { next };
  const behind = readBehind(tokens, next);
  const isCalled =
    shape === "given" ||
    behind.isNumbered ||
    isSeenAtAge(tokens, next) ||
    (!hasCivility && (isAnnounced(tokens, at, Math.max(floor, lineStart(tokens, at))) || isTreated(tokens, next)));
  const last = tokens[behind.next - 1] ?? token;
  const { date, age } = behind;
  if (date === undefined && age === undefined && !isCalled) return { next };
  const mention: NameMention = {
    name: textOf(words),
    shape,
    ...(date === undefined ? {} : { date }),
    ...(age === undefined ? {} : { age }),
    isCalledPatient: isCalled,
    start: token.start,
    end: last.end,
  };
  return { mention, next: behind.next };
}

/** A name that nothing but its form tells goes with its own line. */
const lineStart = (tokens: readonly Token[], at: number) => {
  let from = at;
  while (from > 0 && from > at - longestLine && tokens[from - 1]?.kind !== "newline") from--;
  return from;
};

/** "DURAND^PAUL" is a name as machines write it. */
function readNames(tokens: readonly Token[], from: number) {
  const first = readRun(tokens, from, { mayHaveCommas: true });
  if (tokens[first.next]?.text !== "^") return { ...first, isMachines: false };
  const second = readRun(tokens, first.next + 1);
  return { words: [...first.words, ...second.words], next: second.next, isMachines: true };
}

/** Words with a capital are a name by their form, or by the verb right before a given name ("je vois Léo"). */
function shapeOf(tokens: readonly Token[], at: number, words: readonly Token[]): NameMention["shape"] {
  const capitals = words.filter(isAllCapitals);
  const others = words.filter((word) => !isAllCapitals(word));
  const isAtAnEnd = others[0] === words[0] || others.at(-1) === words.at(-1);
  if (capitals.length > 0 && others.length > 0)
    return capitals.length <= 3 && others.length <= 2 && isAtAnEnd ? "told" : undefined;
  if (capitals.length > 0) return capitals.length > 1 && capitals.length <= 4 ? "capitals" : undefined;
  if (others.length === 1) return isSeenByGivenName(tokens, at) || isSeenChild(tokens, at) ? "given" : undefined;
  return undefined;
}

/** "Je vois Léo ce jour", "j’ai examiné Léo". */
function isSeenByGivenName(tokens: readonly Token[], at: number): boolean {
  const [who, verb, name] = [tokens[at - 2], tokens[at - 1], tokens[at]];
  return (
    /^(?:JE|J AI|NOUS|AVONS)$/.test(who?.folded ?? "") &&
    /^(?:VOIS|REVOIS|RECOIS|VU|REVU|RECU|VUE|REVUE|RECUE|EXAMINE|EXAMINEE|VOYONS|RECEVONS)$/.test(verb?.folded ?? "") &&
    name !== undefined &&
    name.text.length > 2 &&
    isNameOfSomebody(name)
  );
}

/** "Hugo, 8 mois, amené par sa mère": a sentence begins with the given name. */
function isSeenChild(tokens: readonly Token[], at: number): boolean {
  const [before, name] = [tokens[at - 1], tokens[at]];
  const isFirst = before === undefined || before.kind === "newline" || before.text === ".";
  return isFirst && name !== undefined && name.text.length > 2 && isNameOfSomebody(name) && isSeenAtAge(tokens, at + 1);
}

const isNameOfSomebody = ({ folded }: Token) =>
  ![occupations, otherPeople, nameEnders, doctorTitles].some((set) => set.has(folded));

/** A doctor's title or a place before it, on its line: "Hôpital LYON Sud". */
function isOthers(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]?.text === "." ? tokens[at - 2] : tokens[at - 1];
  if (before?.kind !== "word") return false;
  const words = before.folded.split(" ");
  return words.some((word) => doctorTitles.has(word) || places.has(word) || addresses.has(word));
}

const addresses: ReadonlySet<string> = new Set(
  "RUE AVENUE BOULEVARD PLACE ALLEE QUAI CLINIQUE CABINET LABORATOIRE PHARMACIE INSTITUT FONDATION".split(" "),
);

interface Behind {
  readonly date?: string;
  readonly age?: number;
  readonly isNumbered: boolean;
  readonly next: number;
}

/** What stands right behind a name: a date, a birth, an age, a number of the hospital. */
function readBehind(tokens: readonly Token[], next: number): Behind {
  let at = next;
  const skip = () => {
    for (let signs = 0; signs < 3; signs++, at++)
      if (!/^(?:[,(–—:/^-]|[FMH])$/.test(tokens[at]?.text ?? "") && tokens[at]?.kind !== "newline") return;
  };
  skip();
  const label = tokens[at]?.kind === "word" ? findLabel(tokens, at, 0) : undefined;
  const isBirth = label?.kind === "birthDate" || isBirthWord(tokens, at);
  const read = isBirth ? readNear(tokens, at + 1, 6, (from) => readDate(tokens, from)) : readDate(tokens, at);
  if (read !== undefined) return { date: read.date, isNumbered: false, next: read.next };
  if (/^(?:IPP|IEP|NDA|NIP)$/.test(tokens[at]?.folded ?? "")) return { isNumbered: true, next: at + 1 };
  if (/^AGEE?$/.test(tokens[at]?.folded ?? "") && tokens[at + 1]?.folded === "DE") at += 2;
  const years = tokens[at];
  if (years?.kind === "number" && years.text.length < 4 && /^ANS?$/.test(tokens[at + 1]?.folded ?? ""))
    return { age: Number(years.text), isNumbered: false, next: at + 2 };
  return { isNumbered: false, next };
}
