import {
  checkInsKey,
  foldName,
  type IdentityTraits,
  type Ins,
  matchTraits,
  type OtherSubject,
  type TraitOutcome,
} from "@carnet/sdk/identity";
import { isOfSomebodyElse } from "./mentioned.ts";
import type { PlacedMention, PlacedPerson } from "./places.ts";

/** Everything that was read about the person, by where it was read. Nothing here ever comes from a former capture. */
export interface Evidence {
  /** By the words of the document, or the header of a CDA. */
  readonly document: readonly IdentityTraits[];
  readonly page: readonly IdentityTraits[];
  /** Typed by the person in front of the panel, for this document. */
  readonly typed: Ins | undefined;
  /** Those of them whom its words call the patient: it counts when they are named by name alone. */
  readonly patients?: readonly IdentityTraits[];
  /** By words on its scanned pages alone: whoever scanned or printed them says in whose folder the paper lies, as a label does. */
  readonly stamped?: readonly IdentityTraits[];
  /** By the INS labels on its pages. */
  readonly labels?: readonly PlacedLabel[];
  /** Words of the document were left unread, or stand in a picture: they may name somebody else. */
  readonly isPartlyRead?: boolean;
  /** Read at its address once more, it bears another title than the document on screen. */
  readonly isTitledOtherwise?: boolean;
  /** Pictures stand under the header of a CDA, with no label, and nobody read whose they are. */
  readonly isHeaderAlone?: boolean;
  /** The document speaks of a child, a twin or a relative of the person that it names. */
  readonly others?: readonly OtherSubject[];
  /** Names, short birth dates and ages in it that may be anybody's. */
  readonly mentions?: readonly PlacedMention[];
  /** `YYYY-MM-DD`. */
  readonly today?: string;
}

/** A label says in whose folder a paper lies: the newborn's bears its mother's. */
export interface PlacedLabel {
  readonly traits: IdentityTraits;
  /** The paper under it is a picture: what it says of whom it is about was not read. */
  readonly isOnPicture: boolean;
}

export type InsSource = "document" | "page" | "typed";

/** Which record to ask for. */
export type RecordChoice =
  | { readonly kind: "ins"; readonly ins: Ins; readonly source: InsSource }
  | { readonly kind: "missing" }
  | { readonly kind: "refused"; readonly why: "several-patients" | "document-and-page-differ" };

export type JudgeReason =
  /** The document itself names nobody: a scan, an image. */
  | "document-silent"
  /** A label names the person, and nothing else does. */
  | "label-alone"
  /** The header of a CDA names the person, and nothing says whose picture it holds. */
  | "header-alone"
  | "partly-read"
  /** By its title, another document than the one on screen. */
  | "titled-otherwise"
  /** A second person stands in the document. */
  | "other-person"
  /** It may be about the child of the person that it names, whose label it bears. */
  | "about-child"
  | "about-twin"
  | "about-relative"
  | "page-differs"
  /** The page shows several patients and not this one. */
  | "page-shows-others"
  | "traits-differ"
  | "traits-incomplete";

export interface TraitRow {
  readonly trait: keyof IdentityTraits;
  readonly found: string;
  readonly expected: string;
  readonly outcome: TraitOutcome;
  /** A name in use that the record does not hold is the same as this one, which stands in a line of its own. */
  readonly comparedWith?: "birthName" | "firstGivenName";
}

export interface Judgement {
  readonly verdict: "certain" | "doubtful" | "wrong";
  readonly reasons: readonly JudgeReason[];
  /** Side by side, in the order a person reads an identity. */
  readonly rows: readonly TraitRow[];
  /** Where what is found in them was read: of a document that names nobody, on the page around it. */
  readonly readOn: "document" | "page";
  /** Where words of the document speak of somebody else than this person. */
  readonly mentions: readonly PlacedPerson[];
}

/** Whom the document names, by labels, by stamps and by its own words. */
const namedBy = ({ labels = [], stamped = [], document }: Evidence) => [
  ...labels.map(({ traits }) => traits),
  ...stamped,
  ...document,
];

/** A number whose key is wrong was misread: it names no record, but is still compared with the record's (R34). */
const distinctIns = (people: readonly IdentityTraits[]) => {
  const byValue = new Map<string, Ins>();
  for (const { ins } of people) {
    if (ins !== undefined && checkInsKey(ins.value) && !byValue.has(ins.value)) byValue.set(ins.value, ins);
  }
  return [...byValue.values()];
};

/** The INS to look up: the document's before the page's before the typed one; two different ones are never chosen between. */
export function chooseRecord(evidence: Evidence): RecordChoice {
  const inDocument = distinctIns(namedBy(evidence));
  const onPage = distinctIns(evidence.page);
  if (inDocument.length > 1) return { kind: "refused", why: "several-patients" };
  const [documentIns] = inDocument;
  const [pageIns] = onPage;
  if (documentIns !== undefined) {
    if (pageIns !== undefined && onPage.length === 1 && pageIns.value !== documentIns.value) {
      return { kind: "refused", why: "document-and-page-differ" };
    }
    return { kind: "ins", ins: documentIns, source: "document" };
  }
  // A page that lists several patients says nothing about this document.
  if (pageIns !== undefined && onPage.length === 1) return { kind: "ins", ins: pageIns, source: "page" };
  return evidence.typed === undefined ? { kind: "missing" } : { kind: "ins", ins: evidence.typed, source: "typed" };
}

/**
 * Is the document about the person of this record? (R40) Green only when the document itself says so and nothing
 * around it says otherwise.
 */
export function judge(evidence: Evidence, record: IdentityTraits): Judgement {
  const reasons = new Set<JudgeReason>();
  const named = namedBy(evidence);
  const main = mainPerson(named, record);
  const documentMatch = main === undefined ? undefined : matchTraits(main, record);
  const isWhole = main !== undefined && isNamedInUse(main, record, evidence.today);
  let verdict: Judgement["verdict"] = isWhole ? "certain" : (documentMatch?.verdict ?? "doubtful");
  if (documentMatch === undefined) reasons.add("document-silent");
  else if (verdict !== "certain") {
    const differs = documentMatch.reasons.some(({ outcome }) => outcome === "different" || outcome === "close");
    reasons.add(differs ? "traits-differ" : "traits-incomplete");
  }

  if (main !== undefined && verdict === "certain" && isCalledOtherwise(main, record, evidence.today)) {
    reasons.add("traits-differ");
    verdict = "doubtful";
  }

  const isOther = (other: IdentityTraits) =>
    main !== undefined &&
    other !== main &&
    (isSomebodyElse(other, main) || (evidence.patients?.includes(other) === true && isNamedElse(other, main, record)));
  if (named.some(isOther)) {
    reasons.add("other-person");
    verdict = worst(verdict, "doubtful");
  }

  const known = documentMatch?.verdict === "wrong" ? {} : (main ?? {});
  const mentions = (evidence.mentions ?? [])
    .filter(({ mention }) => isOfSomebodyElse(mention, record, known, evidence.today))
    .map(({ place }) => place);
  if (mentions.length > 0) {
    reasons.add("other-person");
    verdict = worst(verdict, "doubtful");
  }

  if (verdict !== "wrong" && isLabelAlone(evidence, record)) {
    reasons.add("label-alone");
    verdict = worst(verdict, "doubtful");
  }

  // The software that wrote the header knew its own folder: the page of the tool that shows the same person settles it.
  if (verdict !== "wrong" && evidence.isHeaderAlone === true && !isPageOf(evidence.page, record)) {
    reasons.add("header-alone");
    verdict = worst(verdict, "doubtful");
  }

  if (evidence.isPartlyRead === true && main !== undefined) {
    reasons.add("partly-read");
    verdict = worst(verdict, "doubtful");
  }

  if (evidence.isTitledOtherwise === true) {
    reasons.add("titled-otherwise");
    verdict = worst(verdict, "doubtful");
  }

  for (const other of evidence.others ?? []) {
    const reason = reasonOf(other, record, evidence.today);
    if (reason === undefined) continue;
    reasons.add(reason);
    verdict = worst(verdict, "doubtful");
  }

  const page = judgePage(evidence.page, record);
  if (page !== undefined) {
    reasons.add(page.reason);
    verdict = worst(verdict, page.verdict);
  }
  const ofPage = main === undefined && evidence.page.length === 1 ? evidence.page[0] : undefined;
  const readOn = ofPage === undefined ? "document" : "page";
  return { verdict, reasons: [...reasons], rows: rowsOf(main ?? ofPage ?? {}, record), readOn, mentions };
}

function judgePage(
  people: readonly IdentityTraits[],
  record: IdentityTraits,
): { verdict: "doubtful" | "wrong"; reason: JudgeReason } | undefined {
  const [only] = people;
  if (only === undefined) return undefined;
  const matches = people.map((person) => matchTraits(person, record).verdict);
  if (matches.includes("certain")) return undefined;
  if (people.length > 1)
    return matches.every((match) => match === "wrong")
      ? { verdict: "doubtful", reason: "page-shows-others" }
      : undefined;
  if (matches[0] !== "wrong") return undefined;
  // Another number on the page is another patient on screen. Other names alone may be the person who is signed in.
  return { verdict: only.ins !== undefined ? "wrong" : "doubtful", reason: "page-differs" };
}

/**
 * Whether a label is all that names the person. The page of the tool settles it when it shows them alone, but for a picture under
 * the label of a woman who may have given birth: her child's first papers bear her label and lie in her folder.
 */
function isLabelAlone({ document, labels = [], page, today }: Evidence, record: IdentityTraits): boolean {
  if (labels.length === 0) return false;
  if (document.some((person) => isNamedTwice(person, record))) return false;
  if (document.some((person) => matchTraits(person, record).verdict === "wrong")) return true;
  if (!isPageOf(page, record)) return true;
  return labels.some(({ isOnPicture }) => isOnPicture) && mayHaveGivenBirth(record, today);
}

/** Two traits that tell people apart are the record's, and none is against. */
function isNamedTwice(person: IdentityTraits, record: IdentityTraits): boolean {
  const { verdict, reasons } = matchTraits(person, record);
  const same = new Set(reasons.flatMap(({ trait, outcome }) => (outcome === "same" ? [trait] : [])));
  const hasFamilyName = same.has("birthName") || same.has("usedName");
  const traits = [hasFamilyName, same.has("firstGivenName"), same.has("birthDate"), same.has("ins")];
  return verdict !== "wrong" && traits.filter(Boolean).length > 1;
}

/** It names this person, by the number or by names and birth date, and no other patient. */
function isPageOf(page: readonly IdentityTraits[], record: IdentityTraits): boolean {
  const isTheirs = (person: IdentityTraits) => {
    const { verdict, reasons } = matchTraits(person, record);
    const hasNumber = reasons.some(({ trait, outcome }) => trait === "ins" && outcome === "same");
    return verdict === "certain" || (hasNumber && verdict !== "wrong");
  };
  return page.some(isTheirs) && !page.some((person) => isSomebodyElse(person, record));
}

/** Wide on purpose: donated eggs, and registers that do not say the sex. */
function mayHaveGivenBirth({ sex, birthDate }: IdentityTraits, today: string | undefined): boolean {
  const age = ageOf(birthDate, today);
  return sex !== "male" && (age === undefined || (age >= youngestParent && age < oldestMother));
}

/** Nobody this young is a parent: these words speak of the person of the record. */
const youngestParent = 12;
const oldestMother = 60;
/** The child of somebody is not of age. */
const adult = 18;

/** Whether these words may be about somebody else than the person of the record. */
function reasonOf(other: OtherSubject, record: IdentityTraits, today: string | undefined): JudgeReason | undefined {
  const isNamed = other.givenName !== undefined && isGivenNameOf(other.givenName, record);
  if (other.relation === "other") return isNamed ? undefined : "about-relative";
  if (other.relation === "twin") return isNamed ? undefined : "about-twin";
  const age = ageOf(record.birthDate, today);
  const isTheChild = age !== undefined && (age < youngestParent || (age < adult && isNamed));
  return isTheChild ? undefined : "about-child";
}

function isGivenNameOf(name: string, { firstGivenName, birthGivenNames, usedGivenName }: IdentityTraits): boolean {
  const known = [firstGivenName, birthGivenNames?.[0], usedGivenName].flatMap((given) => given ?? []);
  return known.some((given) => foldName(given) === foldName(name));
}

function ageOf(birthDate: string | undefined, today: string | undefined): number | undefined {
  if (birthDate === undefined || today === undefined) return undefined;
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/**
 * The person the document is about: the one with a number, else the one of whom most is said. Without a number, the record's
 * person goes before another of whom as much is said (a couple, a donor and who receives): both are named, and it is asked.
 */
function mainPerson(people: readonly IdentityTraits[], record: IdentityTraits): IdentityTraits | undefined {
  const weight = (person: IdentityTraits) => (person.ins === undefined ? 0 : 100) + Object.keys(person).length;
  const heaviest = people.reduce<IdentityTraits | undefined>(
    (best, person) => (best === undefined || weight(person) > weight(best) ? person : best),
    undefined,
  );
  if (heaviest === undefined || heaviest.ins !== undefined) return heaviest;
  if (matchTraits(heaviest, record).verdict !== "wrong") return heaviest;
  return people.find((person) => isNamedWhole(person, record)) ?? heaviest;
}

/**
 * "M. Jean DUPONT né le…": no label says that it is the birth name, and a man or a child whose record knows no other name has none.
 * A woman's may be her husband's, and another's birth name, unless the record knows both of hers: it is one of the two.
 */
function isNamedInUse(person: IdentityTraits, record: IdentityTraits, today: string | undefined): boolean {
  const age = ageOf(record.birthDate, today);
  const hasOneName = record.usedName === undefined || isSameName(record.usedName, record.birthName);
  if (hasOneName && !(record.sex === "male" || (age !== undefined && age < adult))) return false;
  const { reasons } = matchTraits(person, record);
  const isAgainst = reasons.some(({ outcome }) => outcome === "different" || outcome === "close");
  const name = person.usedName ?? person.birthName;
  const isTheirs = hasOneName ? isSameName(name, record.birthName) : true;
  return !isAgainst && isNamedWhole(person, record) && isTheirs;
}

const isSameName = (one = "", other = "") => foldName(one).replaceAll(" ", "") === foldName(other).replaceAll(" ", "");

/** Family name, first given name and birth date, all as in the record. */
function isNamedWhole(person: IdentityTraits, record: IdentityTraits): boolean {
  const { verdict, reasons } = matchTraits(person, record);
  const same = new Set(reasons.flatMap(({ trait, outcome }) => (outcome === "same" ? [trait] : [])));
  const hasFamilyName = same.has("birthName") || same.has("usedName");
  return verdict !== "wrong" && hasFamilyName && same.has("firstGivenName") && same.has("birthDate");
}

function isSomebodyElse(other: IdentityTraits, main: IdentityTraits): boolean {
  return (other.ins !== undefined || other.birthDate !== undefined) && matchTraits(other, main).verdict === "wrong";
}

/** By a family name that is neither of the record's, where no marriage explains it: "M. Paul X" under the form of M. Paul Y. */
function isCalledOtherwise(person: IdentityTraits, record: IdentityTraits, today: string | undefined): boolean {
  const { reasons } = matchTraits(person, record);
  const isDifferent = reasons.some(({ trait, outcome }) => trait === "usedName" && outcome === "different");
  const age = ageOf(record.birthDate, today);
  return isDifferent && (record.usedName !== undefined || record.sex === "male" || (age !== undefined && age < adult));
}

/** By name alone, and by none of the record's: a woman's other name beside her own given name may be her husband's. */
function isNamedElse(other: IdentityTraits, main: IdentityTraits, record: IdentityTraits): boolean {
  const { verdict, reasons } = matchTraits(other, record);
  const is = (trait: keyof IdentityTraits, outcome: TraitOutcome) =>
    reasons.some((reason) => reason.trait === trait && reason.outcome === outcome);
  // "Je vois ce jour M. X" under the form of Mme X.
  if (is("sex", "different") && !is("firstGivenName", "same")) return true;
  if (verdict !== "wrong" || matchTraits(other, main).verdict !== "wrong") return false;
  const mayBeMarried = other.birthName === undefined && record.usedName === undefined && record.sex !== "male";
  return !mayBeMarried || is("firstGivenName", "different");
}

const order = { certain: 0, doubtful: 1, wrong: 2 } as const;
const worst = (one: Judgement["verdict"], other: Judgement["verdict"]) => (order[one] >= order[other] ? one : other);

const traitOrder: readonly (keyof IdentityTraits)[] = [
  "birthName",
  "usedName",
  "firstGivenName",
  "birthGivenNames",
  "usedGivenName",
  "birthDate",
  "sex",
  "birthPlaceCode",
  "ins",
];

/** What a name in use is compared with where the record knows none. */
const usedFor: Partial<Record<keyof IdentityTraits, "birthName" | "firstGivenName">> = {
  usedName: "birthName",
  usedGivenName: "firstGivenName",
};

function rowsOf(found: IdentityTraits, expected: IdentityTraits): readonly TraitRow[] {
  const outcomes = new Map(matchTraits(found, expected).reasons.map(({ trait, outcome }) => [trait, outcome]));
  return traitOrder.flatMap((trait) => {
    const row = {
      trait,
      found: textOf(found, trait),
      expected: textOf(expected, trait),
      outcome: outcomes.get(trait) ?? "missing",
    };
    if (row.found === "" && row.expected === "") return [];
    const other = row.expected === "" && row.outcome === "same" ? usedFor[trait] : undefined;
    return [other === undefined ? row : { ...row, comparedWith: other }];
  });
}

function textOf(traits: IdentityTraits, trait: keyof IdentityTraits): string {
  const value = trait === "firstGivenName" ? (traits.firstGivenName ?? traits.birthGivenNames?.[0]) : traits[trait];
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  return "value" in value ? value.value : value.join(" ");
}
