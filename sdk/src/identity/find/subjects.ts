import { readBirth } from "./birth.ts";
import { isSeenAtAge } from "./called-patient.ts";
import {
  besideNewborn,
  children,
  determiners,
  givers,
  kin,
  newborns,
  ordinals,
  places,
  seen,
  twins,
} from "./kin-words.ts";
import { civilities } from "./labels.ts";
import { readRun, splitPerson } from "./person.ts";
import { isAllCapitals, isCapitalised, maximumLength, type Token, tokenise } from "./tokens.ts";

/**
 * Words that say the text is about somebody else than the person whose identity it bears: "Nouveau-né de Mme X", "NN DUPONT",
 * "Jumeau 2", "Conjoint de M. Y", "Donneur : …".
 */
export interface OtherSubject {
  /** Whom they name: the child of that person, one of twins, or another relative, a donor, a contact. */
  readonly relation: "child" | "twin" | "other";
  /** Given name of that somebody, when the words say it. */
  readonly givenName?: string;
  /** Where: offsets in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/**
 * Reads whether a French text speaks of the child, a twin, a relative or a donor of the person that it names. Such a document
 * often bears the label of the mother, with her number: `findIdentities` reads her, and nothing but these words says that it is
 * about her child. Ask a person. Only the first 200 000 characters (`longestIdentityText`) are read. A foetus is none: its
 * reports are its mother's.
 *
 * @example
 * findOtherSubjects("Nouveau-né de Mme Marie DUPONT") // [{ relation: "child", start: 0, end: 30 }]
 */
export function findOtherSubjects(text: string): readonly OtherSubject[] {
  const tokens = tokenise(text.slice(0, maximumLength));
  const found = scanSubjects(tokens).flatMap(({ isSubject, relation, from, to, givenName }) => {
    const [first, last] = [tokens[from], tokens[to - 1]];
    if (!isSubject || first === undefined || last === undefined) return [];
    return [{ relation, ...(givenName === undefined ? {} : { givenName }), start: first.start, end: last.end }];
  });
  return found.slice(0, mostSubjects);
}

/** No letter is about more: the rest is a list. */
const mostSubjects = 100;

/** The person of "the child OF": nobody that the text describes as its patient. Indexes of tokens. */
export interface Kinship {
  readonly relation: OtherSubject["relation"];
  readonly from: number;
  readonly to: number;
  /** False when it may be said in passing ("la fille de Mme X nous dit que"). */
  readonly isSubject: boolean;
  readonly givenName?: string;
  readonly of?: { readonly from: number; readonly to: number; readonly sex: "male" | "female" | "unknown" };
}

interface Kin {
  readonly relation: OtherSubject["relation"];
  /** Who is just born has no name yet, and the label of the mother: more words may stand before "de". */
  readonly isNewborn: boolean;
  readonly next: number;
}

/** A title stands in the first lines. */
const titleWithin = 600;
const mostWordsOfTitle = 8;
const mostFiller = 8;

export function scanSubjects(tokens: readonly Token[]): readonly Kinship[] {
  const found: Kinship[] = [];
  let at = 0;
  while (at < tokens.length) {
    const one = readKin(tokens, at);
    const kinship = one && (readOf(tokens, at, one) ?? readNamed(tokens, at, one));
    if (kinship) found.push(kinship);
    at = kinship ? Math.max(kinship.to, at + 1) : (one?.next ?? at + 1);
  }
  return found;
}

/** Whether a word stands in place of a name for whoever has none yet; Jumeau and Jumelle are family names too. */
export function isProvisionalName(tokens: readonly Token[], at: number, isFamily: boolean): boolean {
  const kin = readKin(tokens, at);
  if (kin?.isNewborn !== true || /ENFANT/.test(tokens[at]?.folded ?? "")) return false;
  return kin.relation === "child" || !isFamily;
}

function readKin(tokens: readonly Token[], at: number): Kin | undefined {
  const token = tokens[at];
  if (token?.kind !== "word") return undefined;
  const bare = token.folded.replace(/^[LD] /, "");
  const two = `${bare} ${tokens[at + 1]?.folded ?? ""}`;
  if (newborns.has(bare) || token.text === "NN" || token.text === "BB")
    return { relation: "child", isNewborn: true, next: at + 1 };
  if (newborns.has(two)) return { relation: "child", isNewborn: true, next: at + 2 };
  if (twins.has(bare)) return { relation: "twin", isNewborn: true, next: at + 1 };
  if (bare === "ENFANT" || bare === "ENFANTS") return { relation: "child", isNewborn: true, next: at + 1 };
  if (children.has(bare)) return { relation: "child", isNewborn: false, next: at + 1 };
  if (isLittle(tokens, at)) return { relation: "child", isNewborn: false, next: at + 1 };
  const isContact = token.folded === "CAS CONTACT" || (bare === "CONTACT" && tokens[at - 1]?.folded === "CAS");
  return kin.has(bare) || isContact ? { relation: "other", isNewborn: false, next: at + 1 } : undefined;
}

/** "la petite Lucie": nobody calls a grown-up so. */
function isLittle(tokens: readonly Token[], at: number): boolean {
  const [before, token, name] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  return (
    /^petite?$/.test(token?.text ?? "") &&
    determiners.has(before?.folded ?? "") &&
    name !== undefined &&
    isCapitalised(name) &&
    !isAllCapitals(name)
  );
}

/** "Nouveau-né de sexe masculin de Mme Marie DUPONT, née le…": up to the end of the person that it is said of. */
function readOf(tokens: readonly Token[], from: number, { relation, isNewborn, next }: Kin): Kinship | undefined {
  let filler = 0;
  for (let at = next; filler <= (isNewborn ? mostFiller : 0); at++) {
    const token = tokens[at];
    if (token?.kind !== "sign") filler++;
    if (!token || (token.kind === "sign" && /^[.;!?]$/.test(token.text))) return undefined;
    // Another label: what follows is said of somebody else.
    if (token.kind === "newline" && !isOf(tokens[at + 1])) return undefined;
    if (!isOf(token)) continue;
    const isNext = tokens.slice(next, at).every(({ folded }) => besideNewborn.has(folded));
    const of = readParent(tokens, at, isNewborn && isNext);
    if (!of) continue;
    // "Veuve de M. X.": what the patient is, and nobody else.
    const isLeft = /^VEU(?:F|VE)$/.test(tokens[from]?.folded ?? "");
    const isSubject = isNewborn || (!isLeft && isToldAsSubject(tokens, from, { relation, isBorn: of.isBorn }));
    return { relation, from, to: of.to, isSubject, of: { from: at, to: of.to, sex: of.sex } };
  }
  return undefined;
}

const isOf = (token: Token | undefined) =>
  token?.kind === "word" && (token.folded === "DE" || /^d['’ʼ`]\p{Lu}/iu.test(token.text));

interface Parent {
  readonly to: number;
  readonly sex: "male" | "female" | "unknown";
  /** Their birth is told: somebody is identified here, and not only mentioned. */
  readonly isBorn: boolean;
}

/**
 * The person after "de": "Mme DUPONT", "M. et Mme DUPONT", "DUPONT Marie", "l'enfant Léo DUPONT", with their birth.
 * @param isTold one word in capitals is a person here; elsewhere it is a town ("suivi à l'hôpital de LENS")
 */
function readParent(tokens: readonly Token[], of: number, isTold: boolean): Parent | undefined {
  let at = of + 1;
  while (tokens[at]?.kind === "newline" || tokens[at]?.text === ":") at++;
  let sex: Parent["sex"] = "unknown";
  let hasCivility = false;
  for (let known = civilityAt(tokens, at); known; known = civilityAt(tokens, at)) {
    sex = hasCivility ? "unknown" : known.sex;
    hasCivility = true;
    at = tokens[known.next]?.folded === "ET" ? known.next + 1 : known.next;
  }
  const isElided = tokens[of]?.folded !== "DE";
  const { words, next } = readRun(tokens, isElided ? of : at);
  if (words.length === 0 || !(hasCivility || (words.some(isAllCapitals) && (isTold || words.length > 1))))
    return undefined;
  const born = readBirthOf(tokens, next, sex);
  return { to: born ?? next, sex, isBorn: born !== undefined };
}

function civilityAt(tokens: readonly Token[], at: number): { sex: Parent["sex"]; next: number } | undefined {
  const token = tokens[at];
  const sex = token?.kind === "word" ? civilities.get(token.folded) : undefined;
  if (!token || sex === undefined || (!isCapitalised(token) && sex !== "unknown")) return undefined;
  return { sex, next: tokens[at + 1]?.text === "." ? at + 2 : at + 1 };
}

/** A birth right behind a name: theirs, unless its gender says that it is the child's. */
function readBirthOf(tokens: readonly Token[], from: number, sex: Parent["sex"]): number | undefined {
  let at = from;
  while (/^[,(]$/.test(tokens[at]?.text ?? "") || tokens[at]?.kind === "newline") at++;
  const birth = readBirth(tokens, at);
  const isTheChilds = sex !== "unknown" && birth?.traits.sex !== undefined && birth.traits.sex !== sex;
  return isTheChilds ? undefined : birth?.next;
}

/** A relative of somebody identified, or who opens a line, follows a label, is seen, or is a child told by its parent. */
function isToldAsSubject(
  tokens: readonly Token[],
  from: number,
  { relation, isBorn }: { readonly relation: OtherSubject["relation"]; readonly isBorn: boolean },
): boolean {
  // "Mme X, fille de M. Y né le…": she stands before, under her own name.
  if (isApposed(tokens, from)) return false;
  const before = tokens.slice(Math.max(0, from - 6), from);
  const lastSeen = before.findLastIndex((token) => seen.has(token.folded));
  const isSeen = lastSeen >= 0 && !before.slice(lastSeen + 1).some(isCapitalised);
  if (isBorn || isSeen) return true;
  const previous = before.at(-1);
  const token = tokens[from];
  if (token === undefined || previous === undefined || previous.kind === "newline")
    return token !== undefined && isCapitalised(token);
  if (previous.text === ":") return true;
  // "Léo, fils de Mme X": a child has no label of its own.
  return relation !== "other" && !determiners.has(previous.folded);
}

/** A civility and a name stand before in the sentence. */
function isApposed(tokens: readonly Token[], from: number): boolean {
  for (let at = from - 1; at >= Math.max(0, from - 8); at--) {
    const token = tokens[at];
    if (token?.kind === "newline" || /^[;:!?]$/.test(token?.text ?? "")) return false;
    const known = civilityAt(tokens, at);
    const name = known === undefined ? undefined : tokens[known.next];
    if (known !== undefined && known.sex !== "unknown") return name?.kind === "word" && isCapitalised(name);
    if (token?.text === "." && !civilityAt(tokens, at - 1)) return false;
  }
  return false;
}

/** Without "de": "NN DUPONT", "Nouveau-né : DUPONT Léo", "Jumeau 2", "Prénom : NN", "Donneur : Paul DURAND", a title. */
function readNamed(tokens: readonly Token[], from: number, { relation, isNewborn, next }: Kin): Kinship | undefined {
  const token = tokens[from];
  if (!token) return undefined;
  const hasColon = tokens[next]?.text === ":";
  const after = hasColon ? next + 1 : next;
  const { words, next: end } = readRun(tokens, civilityAt(tokens, after)?.next ?? after);
  const subject = (to: number): Kinship => {
    const { given } = splitPerson(words, "family-first");
    return { relation, from, to, isSubject: true, ...(given === undefined ? {} : { givenName: given }) };
  };
  if (relation === "twin") {
    const mark = /^(?:n|no|numero|°|º|:)$/i;
    let at = next;
    while (mark.test(tokens[at]?.text ?? "")) at++;
    if (/^(?:[1-4]|[A-D]|I{1,3})$/.test(tokens[at]?.text ?? "")) return subjectOfTwin(tokens, from, at + 1);
    if (ordinals.test(tokens[from - 1]?.folded ?? "")) return { relation, from: from - 1, to: next, isSubject: true };
    return isCapitalised(token) && words.some(isAllCapitals) ? subject(end) : undefined;
  }
  // A letter to the parents, with their label: "j’ai vu votre fils Lucas".
  const isOfReader = (children.has(token.folded) || token.folded === "ENFANT") && tokens[from - 1]?.folded === "VOTRE";
  if (
    isLittle(tokens, from) ||
    isSeenChild(tokens, from) ||
    (isOfReader && isToldAsSubject(tokens, from, { relation, isBorn: false }))
  ) {
    const name = tokens[next];
    const isNamed = name !== undefined && isCapitalised(name);
    return {
      relation,
      from,
      to: isNamed ? next + 1 : next,
      isSubject: true,
      ...(isNamed ? { givenName: name.text } : {}),
    };
  }
  if (isSeenInfant(tokens, from, next)) return { relation, from, to: next, isSubject: true };
  if (!isNewborn) {
    const isLabel = givers.has(token.folded) && hasColon && words.length > 0;
    return isLabel ? subject(end) : undefined;
  }
  const isChild = /^(?:L )?ENFANTS?$/.test(token.folded);
  if (words.some(isAllCapitals) && (isCapitalised(token) || !isChild)) return subject(end);
  if (token.folded === "ENFANT" && hasColon && words.length > 0 && isTitle(tokens, from)) return subject(end);
  // In place of a name: "Prénom : NN".
  if (!isChild && tokens[from - 1]?.text === ":" && (tokens[next]?.kind ?? "newline") === "newline")
    return subject(next);
  return !isChild && isTitle(tokens, from) ? { relation, from, to: next, isSubject: true } : undefined;
}

/** "Sa fille Lucie est vue": said in passing of a child, it would be another verb. */
function isSeenChild(tokens: readonly Token[], from: number): boolean {
  const [before, token, name, is, verb] = [-1, 0, 1, 2, 3].map((step) => tokens[from + step]);
  return (
    /^(?:SA|SON|LEUR)$/.test(before?.folded ?? "") &&
    (children.has(token?.folded ?? "") || token?.folded === "ENFANT") &&
    name !== undefined &&
    isCapitalised(name) &&
    is?.folded === "EST" &&
    /^(?:RE)?VUE?$|^EXAMINEE?$|^AMENEE?$|^RECUE?$/.test(verb?.folded ?? "")
  );
}

/** "Nourrisson de 8 mois amené par sa mère": a sentence begins so. In years it may be a boy or a girl of any age. */
function isSeenInfant(tokens: readonly Token[], from: number, next: number): boolean {
  const before = tokens[from - 1];
  const isFirst = before === undefined || before.kind === "newline" || before.text === ".";
  const age = tokens[next]?.folded === "DE" ? next + 1 : next;
  const isInMonths = tokens.slice(age, age + 4).some(({ folded }) => /^(?:MOIS|JOURS?|SEMAINES?)$/.test(folded));
  return isFirst && isInMonths && isSeenAtAge(tokens, age);
}

/** "Jumeau 2 : DUPONT Léo". */
function subjectOfTwin(tokens: readonly Token[], from: number, next: number): Kinship {
  const { words, next: end } = readRun(tokens, /^[:,–—-]$/.test(tokens[next]?.text ?? "") ? next + 1 : next);
  const { given } = splitPerson(words, "family-first");
  const isNamed = words.some(isAllCapitals);
  return {
    relation: "twin",
    from,
    to: isNamed ? end : next,
    isSubject: true,
    ...(isNamed && given !== undefined ? { givenName: given } : {}),
  };
}

/** A short line among the first, that is no service's name nor a label before its value. */
function isTitle(tokens: readonly Token[], at: number): boolean {
  if ((tokens[at]?.start ?? titleWithin) >= titleWithin) return false;
  let from = at;
  while (from > 0 && tokens[from - 1]?.kind !== "newline") from--;
  let to = at;
  while (to < at + 40 && to < tokens.length && tokens[to]?.kind !== "newline") to++;
  const line = tokens.slice(from, to);
  const words = line.filter(({ kind }) => kind === "word");
  if (words.length > mostWordsOfTitle || line.some(({ text }) => /^[.,;!?]$/.test(text))) return false;
  const [first] = words;
  if (first === undefined || !isCapitalised(first)) return false;
  return !words.some(({ folded }) => folded.split(" ").some((word) => places.has(word)));
}
