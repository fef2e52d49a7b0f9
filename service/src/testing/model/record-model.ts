/**
 * The rules once more, small and apart: what a reader of rules.md would expect of one record, written without a look at
 * `rules/`. The model-based test lets random people act on the real service and asks this model what each may learn.
 */

/** Who acts. Ids are those of the test accounts. */
export interface Person {
  readonly id: string;
  readonly kind: "holder" | "representative" | "minor" | "stranger" | "professional" | "establishment";
  /** Row of {@link readers}; professionals only. */
  readonly column?: keyof typeof readers | "none" | "occupational";
  readonly isDispatcher?: boolean;
  readonly structure?: string;
}

export type Mode = "TREAT" | "BTG" | "ETREAT";

/** Types that each profession reads, copied by hand from the table of the health insurance (R80). */
export const readers = {
  doctor: ["60591-5", "11502-2", "EXPPAT_3"],
  nurse: ["60591-5", "11502-2", "EXPPAT_3"],
  pharmacist: ["60591-5", "11502-2"],
  optician: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export interface ModelDocument {
  /** Words that stand in this document only: its title, a substance, its uniqueId. */
  readonly title: string;
  readonly substance: string;
  readonly uniqueId: string;
  readonly id: string;
  readonly type: string;
  /** Who wrote it and who filed it. */
  readonly authors: readonly Person[];
  readonly receivedAt: number;
  /** When it, or the version before it that bore the label already, began to wait for the announcement (R148). */
  readonly awaitsSince: number;
  readonly earlier: ModelDocument | undefined;
  isMasked: boolean;
  isInvisibleToPatient: boolean;
  isInvisibleToRepresentatives: boolean;
  isArchived: boolean;
  status: "current" | "superseded" | "entered-in-error";
}

/** What the patient keeps of one document and of all its versions. */
export interface Choices {
  /** Ids of people and of structures. */
  readonly withheldFrom: Set<string>;
  isNeverInEmergency: boolean;
}

export interface ModelRecord {
  readonly isMinors: boolean;
  isOpen: boolean;
  allowsBreakGlass: boolean;
  allowsDispatch: boolean;
  allowsMaskedInEmergency: boolean;
  /** R146. */
  hidesNewDocuments: boolean;
  /** By the first version of the document. */
  readonly choices: Map<ModelDocument, Choices>;
  /** R54, R56: person → end of the authorisation, in milliseconds. */
  readonly authorised: Map<string, number>;
  readonly blocked: Set<string>;
  readonly referring: Set<string>;
  readonly documents: ModelDocument[];
}

const DAY_MS = 86_400_000;
/** R148: a month. */
const ANNOUNCEMENT_DAYS = 30;

/** R51 to R77: may this person look into the record at all, in this mode, now? */
export function mayConsult(record: ModelRecord, person: Person, mode: Mode, now: number): boolean {
  if (!record.isOpen) return false;
  switch (person.kind) {
    case "holder":
      return !record.isMinors;
    case "representative":
      return record.isMinors;
    case "minor":
    case "stranger":
    case "establishment":
      return false;
    case "professional":
      if (person.column === "none" || person.column === "occupational") return false;
      if (record.blocked.has(person.id)) return false;
      if (mode === "BTG") return record.allowsBreakGlass;
      if (mode === "ETREAT") return record.allowsDispatch && person.isDispatcher === true;
      return (record.authorised.get(person.id) ?? 0) > now || record.referring.has(person.id);
  }
}

/** R148: hidden from the patient until its day comes, whether or not a job has taken its label away since. */
export function isAwaiting(document: ModelDocument, now: number): boolean {
  return document.isInvisibleToPatient && now < document.awaitsSince + ANNOUNCEMENT_DAYS * DAY_MS;
}

/** R62: the role authorises whoever the patient gives it to; more than that it grants to doctors alone. */
export function isReferringDoctor(record: ModelRecord, person: Person): boolean {
  return person.column === "doctor" && record.referring.has(person.id);
}

/** R85, R144, R148, R152: may this person, who may consult, see this document? */
export function maySee(record: ModelRecord, person: Person, mode: Mode, document: ModelDocument, now: number): boolean {
  if (document.status === "entered-in-error") return false;
  if (person.kind === "holder" || person.kind === "representative") {
    return !isAwaiting(document, now) && !(person.kind === "representative" && document.isInvisibleToRepresentatives);
  }
  const choices = record.choices.get(firstVersion(document));
  if (mode !== "TREAT" && choices?.isNeverInEmergency) return false;
  if (isAuthor(person, document)) return true;
  if (choices?.withheldFrom.has(person.id) || choices?.withheldFrom.has(person.structure ?? "")) return false;
  const types: readonly string[] = readers[person.column as keyof typeof readers] ?? [];
  if (!types.includes(document.type)) return false;
  if (!document.isMasked) return true;
  return mode === "TREAT" ? isReferringDoctor(record, person) : record.allowsMaskedInEmergency;
}

export function firstVersion(document: ModelDocument): ModelDocument {
  return document.earlier ? firstVersion(document.earlier) : document;
}

/** The document and the versions before it. */
export function versions(document: ModelDocument): readonly ModelDocument[] {
  return [document, ...(document.earlier ? versions(document.earlier) : [])];
}

export function isAuthor(person: Person, document: ModelDocument): boolean {
  return document.authors.some(({ id }) => id === person.id);
}

export function isOfStructure(person: Person, document: ModelDocument): boolean {
  return person.structure !== undefined && document.authors.some(({ structure }) => structure === person.structure);
}

/** Everything that may reach this person by any answer: what they may see, and what they wrote (R85, R120). */
export function mayKnow(
  record: ModelRecord,
  person: Person,
  mode: Mode,
  document: ModelDocument,
  now: number,
): boolean {
  if (isAuthor(person, document)) return true;
  // R79: a structure finds again and deletes what was written in its name.
  if (person.kind === "establishment") return document.status !== "entered-in-error" && isOfStructure(person, document);
  return mayConsult(record, person, mode, now) && maySee(record, person, mode, document, now);
}

/**
 * R181: those who read the whole log find there what was done to a deleted document, and the holder that of a closed
 * record; what is kept from them is kept from them there too (R144, R148).
 */
export function mayReadInLog(
  record: ModelRecord,
  person: Person,
  mode: Mode,
  document: ModelDocument,
  now: number,
): boolean {
  const isHolders = person.kind === "holder" || person.kind === "representative";
  if (!isHolders && !isReferringDoctor(record, person)) return false;
  return mayKnow(
    { ...record, isOpen: isHolders || record.isOpen },
    person,
    mode,
    { ...document, status: "current" },
    now,
  );
}

/** What a search with every status and the archived ones would give. */
export function visibleDocuments(record: ModelRecord, person: Person, mode: Mode, now: number): ModelDocument[] {
  if (!mayConsult(record, person, mode, now)) return [];
  return record.documents.filter((document) => maySee(record, person, mode, document, now));
}
