import {
  checkInsKey,
  type FoundIdentity,
  type IdentityTraits,
  type NameMention,
  type OtherSubject,
} from "@carnet/sdk/identity";

/** Where a document speaks of one of its patients, or of somebody by one of them. */
export interface PlacedPerson {
  /** Page that says it first, from 1. */
  readonly page: number;
  /** The file within the document that says it, when it is not the document itself. */
  readonly file?: string;
  /** The document's own words, on one line. */
  readonly words: string;
}

/** Words that may speak of somebody else, with the place where they stand. */
export interface PlacedMention {
  readonly mention: NameMention;
  readonly place: PlacedPerson;
}

const longest = 120;

/**
 * The places of a document that names several patients, to be shown to the person who must separate it: one per
 * patient with a number, or, when numbers do not tell them apart, with a birth date or called the patient.
 * @param text pages joined by form feeds.
 */
export function placesOf(text: string, people: readonly FoundIdentity[]): readonly PlacedPerson[] {
  const numbered = people.filter(({ traits }) => traits.ins !== undefined && checkInsKey(traits.ins.value));
  const told =
    numbered.length > 1
      ? numbered
      : people.filter(({ traits, isCalledPatient }) => traits.birthDate !== undefined || isCalledPatient);
  return told.flatMap(({ where }) => {
    const [first] = where;
    if (first === undefined) return [];
    const last = where.filter(({ end }) => end - first.start <= longest).at(-1) ?? first;
    return [placeOf(text, first.start, last.end)];
  });
}

/** Whom a text calls its patients: others whom it names may be anybody in a letter. */
export function patientsIn(people: readonly FoundIdentity[]): readonly IdentityTraits[] {
  return people.flatMap(({ traits, isCalledPatient }) => (isCalledPatient ? [traits] : []));
}

/** Where a document speaks of a child, a twin or a relative of whom it names: the first places only. */
export function placesOfOthers(text: string, others: readonly OtherSubject[]): readonly PlacedPerson[] {
  return others.slice(0, mostOthers).map(({ start, end }) => placeOf(text, start, end));
}

/** Names, dates and ages that may be somebody else's, each with its place. */
export function placedMentions(text: string, mentions: readonly NameMention[]): readonly PlacedMention[] {
  return mentions.map((mention) => ({ mention, place: placeOf(text, mention.start, mention.end) }));
}

const mostOthers = 5;

const pageAt = (text: string, offset: number) => text.slice(0, offset).split("\f").length;

/** Whether a person is named on these pages alone (from 1), and nowhere else. */
export function isNamedOnlyOn(pages: readonly number[], text: string, { where }: FoundIdentity): boolean {
  return where.length > 0 && where.every(({ start }) => pages.includes(pageAt(text, start)));
}

function placeOf(text: string, start: number, end: number): PlacedPerson {
  const page = pageAt(text, start);
  const words = text
    .slice(start, Math.min(end, start + longest))
    .replace(/\s+/g, " ")
    .trim();
  return { page, words };
}
