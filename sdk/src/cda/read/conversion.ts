import { dateInWords } from "../../fhir/date-words.ts";
import type { Annotation, BundleEntry, CodeableConcept, Extension, FhirResource, Reference } from "../../fhir/index.ts";
import { extensionUrl } from "../../fhir/systems.ts";
import { concept } from "./concept.ts";
import { isoLength, lengthOf } from "./entries/time-lengths.ts";
import { filled } from "./filled.ts";
import { authorInWords, peopleInWords } from "./participations.ts";
import { isQualifier } from "./qualifiers.ts";
import { type NarrativeReader, narrativeReader } from "./references.ts";
import { related } from "./statements.ts";
import {
  dateOf,
  dateTimeOf,
  lengthLeft,
  participationTime,
  type RecordedTime,
  recordedTime,
  unzonedTimes,
} from "./times.ts";
import { at, attribute, child, children, type ParsedCda, type XmlElement } from "./xml.ts";

/** Where an entry stands. */
export interface Place {
  /** LOINC (or national) code of the nearest coded section. */
  readonly sectionCode: string;
  readonly sectionTitle: string;
  /** Code and title of the section, as category of what it holds. */
  readonly section?: CodeableConcept;
  /** Act within which an observation was made. */
  readonly partOf?: Reference;
  /** Meeting during which an observation was made. */
  readonly encounter?: Reference;
  /** Date that a group gives to members without one. */
  readonly groupTime?: RecordedTime;
  /** Codes of the groups around a result, outermost first. */
  readonly groupCodes?: readonly CodeableConcept[];
  /** Authors of the section, when it has its own. */
  readonly authors?: readonly Reference[];
  readonly specimen?: Reference;
  readonly performer?: readonly Reference[];
  /** When a group was recorded, and when it was done, for members that name nobody of their own. */
  readonly groupRecorded?: string;
  readonly groupDone?: string;
  /** State of the group around, for members that tell none. */
  readonly groupStatus?: string;
  /** Person other than the patient whom the entry describes. */
  readonly focus?: Reference;
  /** What an observation makes precise: the finding, act or meeting that it stands in, in words. */
  readonly within?: string;
  /** The section about a birth around an entry: what it says undated was so then. */
  readonly birth?: CodeableConcept;
}

/** The work of turning one document into resources: collects them, names them, reads the narrative for them. */
export interface Conversion {
  readonly reader: NarrativeReader;
  readonly uniqueId: string;
  /** ISO 8601 date of the document. */
  readonly date: string;
  readonly patient: Reference;
  /** ISO date, at the precision recorded. */
  readonly patientBirth: string | undefined;
  /** Under ten at the document's date: what is told of a pregnancy is told of the mother. */
  readonly isChild: boolean;
  readonly entries: BundleEntry[];
  /** Actors already converted, by their identity. */
  readonly actors: Map<string, Reference>;
  /** Adds a resource and returns the reference to it. */
  add(resource: FhirResource): Reference;
  /** Keeps the address of a resource for one that is built later. */
  reserve(type: FhirResource["resourceType"]): { reference: Reference; add(resource: FhirResource): void };
  concept(element: XmlElement | undefined): CodeableConcept | undefined;
}

/** Starts the conversion of a parsed document. Addresses are derived from its identity: the same each time. */
export function startConversion(parsed: ParsedCda, uniqueId: string, date: string): Conversion {
  const reader = narrativeReader(parsed);
  const entries: BundleEntry[] = [];
  const nextId = uuidsOf(uniqueId);
  const reserve = (type: FhirResource["resourceType"]) => {
    const id = nextId();
    const fullUrl = `urn:uuid:${id}`;
    const entry: BundleEntry = { fullUrl };
    entries.push(entry);
    return {
      reference: { reference: fullUrl, type } as Reference,
      add(resource: FhirResource) {
        entry.resource = Object.assign(
          { resourceType: resource.resourceType, id, meta: { source: uniqueId } },
          resource,
        );
      },
    };
  };
  const patient = reserve("Patient");
  const person = at(parsed.root, "recordTarget", "patientRole", "patient");
  const patientBirth = dateOf(attribute(child(person, "birthTime"), "value"));
  return {
    reader,
    uniqueId,
    date,
    patient: patient.reference,
    patientBirth,
    isChild:
      patientBirth !== undefined && date !== "" && Number(date.slice(0, 4)) - Number(patientBirth.slice(0, 4)) < 10,
    entries,
    actors: new Map(),
    reserve,
    add(resource) {
      if (resource.resourceType === "Patient") {
        patient.add(resource);
        return patient.reference;
      }
      const slot = reserve(resource.resourceType);
      slot.add(resource);
      return slot.reference;
    },
    concept: (element) => concept(element, reader),
  };
}

/** Comments attached to a statement, and those who told it or answer for it, as FHIR notes. */
export function notes(conversion: Conversion, statement: XmlElement): { note?: Annotation[] } {
  const note = [...commentsOf(conversion, statement), ...peopleInWords(conversion, statement)];
  return note.length > 0 ? { note } : {};
}

/** Comments attached to a statement, or standing among the members of a group. */
export function commentsOf(conversion: Conversion, statement: XmlElement): Annotation[] {
  const all = related(statement).map((each) => each.statement);
  if (statement.name === "organizer")
    for (const component of children(statement, "component")) all.push(...children(component, "act"));
  const said: Annotation[] = [];
  for (const each of all) {
    const text = isQualifier(each, "comment") ? conversion.reader.textOf(child(each, "text")) : undefined;
    const time =
      text && (participationTime(each, "author") ?? dateTimeOf(attribute(child(each, "effectiveTime"), "value")));
    if (text) said.push(filled({ authorString: authorInWords(conversion, each), time, text }));
  }
  return said;
}

/** Time of a statement, else that of its group. */
export function timeOf(statement: XmlElement, place: Place): RecordedTime | undefined {
  return recordedTime(child(statement, "effectiveTime")) ?? place.groupTime;
}

/** What leads from a statement to its line in the narrative: its text, else the words of its code or of its value. */
export function pointerOf(reader: NarrativeReader, statement: XmlElement): XmlElement | undefined {
  const text = child(statement, "text");
  if (text && reader.surroundings(text) !== undefined) return text;
  for (const name of ["code", "value"]) {
    const words = child(child(statement, name), "originalText");
    if (words && reader.surroundings(words) !== undefined) return words;
  }
  return text;
}

/**
 * Extensions that keep the narrative beside the coded entry, and say where both disagree; and what FHIR has no room for.
 *
 * @param isLengthTold - how long it lasts has a place of its own (the dosage of a treatment)
 */
export function narrativeExtensions(
  conversion: Conversion,
  statement: XmlElement,
  disagreements: readonly string[] = [],
  isLengthTold = false,
): { extension?: Extension[] } {
  const pointer = pointerOf(conversion.reader, statement);
  const narrative = conversion.reader.surroundings(pointer) ?? ownWords(conversion, child(statement, "text"));
  const extension: Extension[] = [];
  if (narrative) extension.push({ url: extensionUrl.narrativeText, valueString: narrative });
  const times = children(statement, "effectiveTime");
  for (const disagreement of [...disagreements, ...times.flatMap(impossibleTime)])
    extension.push({ url: extensionUrl.disagreement, valueString: disagreement });
  const inWords = [...times, child(statement, "value")].flatMap((each) => timesInWords(each, isLengthTold));
  if (inWords.length > 0)
    for (const words of new Set(inWords)) extension.push({ url: extensionUrl.recordedForm, valueString: words });
  return extension.length > 0 ? { extension } : {};
}

/** Remarks about what FHIR gives no notes: they stand with its line. */
export function besideLine(extension: readonly Extension[] = [], remarks: readonly string[]): Extension[] {
  if (remarks.length === 0) return [...extension];
  const line = extension.find((each) => each.url === extensionUrl.narrativeText);
  const valueString = [line?.valueString, ...remarks].filter(Boolean).join(" | ");
  return [{ url: extensionUrl.narrativeText, valueString }, ...extension.filter((each) => each !== line)];
}

/** A text that holds its words itself points nowhere, and is narrative all the same. */
function ownWords(conversion: Conversion, text: XmlElement | undefined): string | undefined {
  return text && !child(text, "reference") ? conversion.reader.textOf(text) : undefined;
}

/** Times of day and lengths that FHIR has no room for. A value of another type has none: only dates are written in so many digits. */
function timesInWords(element: XmlElement | undefined, isLengthTold: boolean): string[] {
  if (!element || (element.name === "value" && !/^(IVL_)?TS$/.test(attribute(element, "xsi:type") ?? ""))) return [];
  const found = unzonedTimes(element).map(([date, time]) => `${date}T${time}`);
  const length = isLengthTold ? undefined : lengthLeft(element);
  // A value that is a length alone is one.
  if (length && (element.name !== "value" || recordedTime(element))) found.push(isoLength(length));
  return found;
}

/** What a document records as time that cannot be one: kept in words, since no date may stand for it. */
function impossibleTime(element: XmlElement): string[] {
  const time = recordedTime(element);
  const told = time?.unreadable ? [`Le codage porte une date illisible : « ${time.unreadable} ».`] : [];
  const width = child(element, "width");
  const length = attribute(width, "value");
  if (length && !lengthOf(width))
    told.push(
      `Le codage porte une durée illisible : « ${[length, attribute(width, "unit")].filter(Boolean).join(" ")} ».`,
    );
  if (time?.impossibleEnd)
    told.push(
      `Le codage finit (${dateInWords(time.impossibleEnd, "fr")}) avant de commencer (${dateInWords(time.low ?? "", "fr")}).`,
    );
  return told;
}

/** 64 bits of the document's identity: enough to keep addresses of different documents apart. */
function hash(text: string): [number, number] {
  let a = 0x811c9dc5;
  let b = 0xdeadbeef;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995) + ((b >>> 13) ^ a);
  }
  return [a >>> 0, b >>> 0];
}

/** UUIDs derived from the document's identity, one after the other. */
function uuidsOf(uniqueId: string): () => string {
  const [a, b] = hash(uniqueId);
  const hex = (value: number, length: number) => (value >>> 0).toString(16).padStart(8, "0").slice(-length);
  const seed = `${hex(a, 8)}-${hex(b >>> 16, 4)}-8${hex(b, 3)}-a`;
  let count = 0;
  return () => {
    count += 1;
    const mixed = Math.imul(a ^ count, 0x9e3779b1) ^ b;
    return `${seed}${hex(mixed, 3)}-${hex(mixed >>> 12, 4)}${hex(count, 8)}`;
  };
}
