import type { CodeableConcept, DiagnosticReport, Observation, Reference } from "../../../fhir/index.ts";
import { performersOf, validatorsOf } from "../actors.ts";
import { type Conversion, commentsOf, narrativeExtensions, notes, type Place } from "../conversion.ts";
import { filled } from "../filled.ts";
import { addresses } from "../names.ts";
import { isQualifying } from "../qualifiers.ts";
import {
  fr,
  isCalledOff,
  isNegated,
  isPlanned,
  isStatement,
  pcc,
  related,
  standsElsewhere,
  statusOf,
} from "../statements.ts";
import { participationTime, periodOf, recordedTime } from "../times.ts";
import { at, attribute, child, children, hasTemplate, textOf, type XmlElement } from "../xml.ts";
import { adverseEvent } from "./adverse-events.ts";
import { allergy, allergyConcern } from "./allergies.ts";
import { attachment } from "./attachments.ts";
import { device } from "./devices.ts";
import { directive } from "./directives.ts";
import { encounter } from "./encounters.ts";
import { familyHistory, familyOrganizer } from "./family.ts";
import { contrast, imagingStudy, isContrast, isStudy } from "./imaging.ts";
import { immunization } from "./immunizations.ts";
import { dispensation, isDispensation, treatment } from "./medications.ts";
import { effective, observation, observationStatus } from "./observations.ts";
import { problem, problemConcern } from "./problems.ts";
import { planSections, procedure } from "./procedures.ts";
import {
  concernOf,
  isAdverseEvent,
  isAllergy,
  isDirective,
  isFamilyHistory,
  isFamilyOrganizer,
  isImmunization,
  isProblem,
  isReport,
} from "./recognise.ts";
import { isCollection, specimenOf, takenAt } from "./specimens.ts";
import { aboutSubject, newbornOf } from "./subjects.ts";

/** Converts the statements of a section's entry; returns the resources that the section lists. */
export function convertEntry(conversion: Conversion, entry: XmlElement, place: Place): Reference[] {
  // The schema wants one; a second one is a fact all the same.
  return children(entry)
    .filter(isStatement)
    .flatMap((statement) =>
      statement.name === "act" && isReport(statement, entry)
        ? report(conversion, statement, withFocus(conversion, statement, place))
        : convertStatement(conversion, statement, place),
    );
}

/** Converts any statement by its template, else by its kind. */
export function convertStatement(conversion: Conversion, statement: XmlElement, around: Place): Reference[] {
  const place = withFocus(conversion, statement, around);
  // FHIR gives only observations a focus: an act or a treatment of somebody else would read as the patient's own.
  if (place.focus && !["act", "organizer", "observation", "observationMedia"].includes(statement.name)) return [];
  if (isDefinition(statement)) return [];
  return [
    ...statedFacts(conversion, statement, place),
    ...consequencesOf(conversion, statement, place),
    ...filesOf(conversion, statement, place),
  ];
}

/** What something is in general, which nobody did, has or plans: the narrative alone tells it. Acts hold facts of others. */
function isDefinition(statement: XmlElement): boolean {
  // "EVN.CRT" is the criterion that an event would meet.
  return (
    /^(DEF|.*\.CRT)$/.test(attribute(statement, "moodCode") ?? "") &&
    statement.name !== "act" &&
    statement.name !== "organizer"
  );
}

/** What a treatment or an act is the reason of: an observation gives those itself, with all that is in it. */
function consequencesOf(conversion: Conversion, statement: XmlElement, place: Place): Reference[] {
  if (["act", "organizer", "observation"].includes(statement.name)) return [];
  return related(statement, "RSON")
    .filter((each) => each.isInverted && !isQualifying(each.statement))
    .flatMap((each) => convertStatement(conversion, each.statement, place));
}

/** Acts and organizers give what they hold themselves; the files of any other statement stand beside it. */
function filesOf(conversion: Conversion, statement: XmlElement, place: Place): Reference[] {
  if (statement.name === "act" || statement.name === "organizer") return [];
  return related(statement)
    .filter((each) => each.statement.name === "observationMedia")
    .flatMap((each) => attachment(conversion, each.statement, place));
}

function statedFacts(conversion: Conversion, statement: XmlElement, place: Place): Reference[] {
  switch (statement.name) {
    case "act":
      return act(conversion, statement, place);
    case "organizer":
      return organizer(conversion, statement, place);
    case "observation":
      return anObservation(conversion, statement, place);
    case "substanceAdministration":
      if (isImmunization(statement, place)) return immunization(conversion, statement, place);
      if (isContrast(statement, place)) return contrast(conversion, statement, place);
      return [...treatment(conversion, statement, place), ...heldFacts(conversion, statement, place, heldByTreatments)];
    case "supply":
      return isDispensation(statement)
        ? dispensation(conversion, statement, place)
        : device(conversion, statement, place);
    case "procedure":
      return [...procedure(conversion, statement, place), ...heldFacts(conversion, statement, place)];
    case "encounter":
      return [...encounter(conversion, statement, place), ...heldFacts(conversion, statement, place)];
    case "observationMedia":
      return attachment(conversion, statement, place);
    default:
      return [];
  }
}

/** The person other than the patient whom a statement, or what it stands in, describes. Relatives' illnesses aside. */
function withFocus(conversion: Conversion, statement: XmlElement, place: Place): Place {
  if (isFamilyOrganizer(statement, place) || isFamilyHistory(statement, place)) return place;
  const named = aboutSubject(conversion, statement, place);
  if (named !== place || place.focus || !["act", "observation", "organizer"].includes(statement.name)) return named;
  // An act keeps no focus: one near a birth is told with the words of that section.
  const newborn = newbornOf(conversion, statement, place);
  return newborn ? { ...place, focus: newborn } : place;
}

function anObservation(conversion: Conversion, statement: XmlElement, place: Place): Reference[] {
  if (isAdverseEvent(statement, place)) return place.focus ? [] : adverseEvent(conversion, statement);
  if (isAllergy(statement, place)) return place.focus ? [] : allergy(conversion, statement);
  if (isFamilyHistory(statement, place)) return familyHistory(conversion, statement);
  if (isDirective(statement, place)) return place.focus ? [] : directive(conversion, statement, place);
  if (isProblem(statement))
    return [...problem(conversion, statement, place), ...heldFacts(conversion, statement, place)];
  return [...observation(conversion, statement, place), ...heldFacts(conversion, statement, place)];
}

/**
 * What an act, a meeting or a finding holds beside observations: treatments given, acts within it, a transport. What is
 * planned holds plans alone; a thing referred to that stands elsewhere is told there.
 */
function heldFacts(
  conversion: Conversion,
  statement: XmlElement,
  place: Place,
  names?: ReadonlySet<string>,
): Reference[] {
  if (isCalledOff(statement) || isCollection(statement)) return [];
  const isToCome = isPlanned(statement);
  const held = related(statement).filter(
    ({ type, statement: each }) =>
      type !== "RSON" && !isQualifying(each) && (!isToCome || isPlanned(each)) && (names?.has(each.name) ?? true),
  );
  if (held.length === 0) return [];
  const groupTime = recordedTime(child(statement, "effectiveTime")) ?? place.groupTime;
  const within = { ...place, ...filled({ groupTime }) };
  return held.flatMap(({ type, statement: each }) => {
    // Findings within are told with what they stand in; what they hold in turn is not.
    if (each.name === "observation")
      return isWhole(each, within) ? [] : heldFacts(conversion, each, aboutSubject(conversion, each, within));
    const isElsewhere = type === "CAUS" || (type === "REFR" && standsElsewhere(each));
    return isElsewhere || each.name === "observationMedia" || isCollection(each)
      ? []
      : convertStatement(conversion, each, within);
  });
}

/** What else stands in a treatment is told with it: its steps, what is supplied, what is found or said of it. */
const heldByTreatments: ReadonlySet<string> = new Set(["procedure", "encounter"]);

/** An allergy, an adverse effect or a relative's illness reads all that it holds itself: its medicine is no treatment. */
function isWhole(statement: XmlElement, place: Place): boolean {
  return (
    isAdverseEvent(statement, place) ||
    isAllergy(statement, place) ||
    isFamilyHistory(statement, place) ||
    isDirective(statement, place)
  );
}

function act(conversion: Conversion, statement: XmlElement, place: Place): Reference[] {
  const concern = concernOf(statement, place);
  if (concern === "allergy") return place.focus ? [] : allergyConcern(conversion, statement, place);
  if (concern === "problem")
    return [...problemConcern(conversion, statement, place), ...heldFacts(conversion, statement, place)];
  if (isStudy(statement)) return place.focus ? [] : imagingStudy(conversion, statement, place);
  if (isQualifying(statement)) return [];
  if (isPlainAct(statement, place) && place.focus) return [];
  if (isPlainAct(statement, place))
    return [...procedure(conversion, statement, place), ...heldFacts(conversion, statement, place)];
  const time = recordedTime(child(statement, "effectiveTime"));
  return [
    ...statedAct(conversion, statement, place),
    ...inner(conversion, statement, { ...place, ...filled({ groupTime: time }) }),
  ];
}

/** Sections of acts done, and of acts to come: a coded act is one of them; elsewhere, one that holds nothing and has no model. */
const actSections = new Set(["47519-4", "29554-3", "8724-7", ...planSections]);

function isPlainAct(statement: XmlElement, place: Place): boolean {
  const code = child(statement, "code");
  const isBare = statement.templates.length === 0;
  const isLeaf = related(statement).every((each) => isQualifying(each.statement) || each.type === "RSON");
  return (
    (isBare ? isLeaf || actSections.has(place.sectionCode) : isLeaf && actSections.has(place.sectionCode)) &&
    !hasTemplate(statement, ...statedActs) &&
    attribute(code, "code") !== undefined &&
    // Kinds of act (CONC…) name none.
    attribute(code, "codeSystem") !== "2.16.840.1.113883.5.6" &&
    components(statement).length === 0
  );
}

/** Acts that say something by themselves: where the patient goes, how the patient came (FR-Disposition, FR-Transfert…). */
const statedActs = [fr("24"), fr("28"), fr("97"), "1.3.6.1.4.1.19376.1.5.3.1.1.10.4.2", pcc("1.1.10.4.1")];

function statedAct(conversion: Conversion, statement: XmlElement, place: Place): Reference[] {
  if (!hasTemplate(statement, ...statedActs)) return [];
  const text = conversion.reader.textOf(child(statement, "text"));
  const code = conversion.concept(child(statement, "code")) ?? (text ? { text } : undefined);
  if (!code) return [];
  const names = children(statement, "participant").flatMap(
    (each) =>
      textOf(at(each, "participantRole", "playingEntity", "name")) ??
      conversion.concept(at(each, "participantRole", "code"))?.text ??
      [],
  );
  const value = [...new Set(names)].join(" ; ") || (text !== code.text ? text : undefined);
  const note = [...(notes(conversion, statement).note ?? []), ...placesInWords(conversion, statement)];
  const resource: Observation = {
    resourceType: "Observation",
    ...narrativeExtensions(conversion, statement),
    status: observationStatus(statusOf(statement)),
    code,
    subject: conversion.patient,
    ...(place.focus ? { focus: [place.focus] } : {}),
    ...effective(recordedTime(child(statement, "effectiveTime")) ?? place.groupTime),
    ...(isNegated(statement) ? { valueBoolean: false } : value ? { valueString: value } : { valueBoolean: true }),
    ...(note.length > 0 ? { note } : {}),
  };
  return [conversion.add(resource)];
}

/** What kind of place the patient goes to or comes from, and where it is. */
function placesInWords(conversion: Conversion, statement: XmlElement): { text: string }[] {
  const words = children(statement, "participant").flatMap((each) => {
    const role = child(each, "participantRole");
    const kind = textOf(at(role, "playingEntity", "name")) && conversion.concept(child(role, "code"))?.text;
    const [address] = addresses(role);
    const where = [address?.line?.join(", "), address?.postalCode, address?.city].filter(Boolean).join(" ");
    const text = [kind, where].filter(Boolean).join(", ");
    return text ? [`Lieu : ${text}`] : [];
  });
  return [...new Set(words)].map((text) => ({ text }));
}

/** Statements inside an act, and inside organizers: the facts a wrapper carries. */
function inner(conversion: Conversion, statement: XmlElement, place: Place, known?: XmlElement): Reference[] {
  const parts = [...related(statement).map((each) => each.statement), ...components(statement)];
  return parts
    .filter((each) => each !== known && !isQualifying(each))
    .flatMap((each) => convertStatement(conversion, each, place));
}

function components(statement: XmlElement): XmlElement[] {
  return children(statement, "component").flatMap((component) => children(component).filter(isStatement));
}

function organizer(conversion: Conversion, statement: XmlElement, place: Place): Reference[] {
  if (isFamilyOrganizer(statement, place)) return familyOrganizer(conversion, statement);
  if (isAttachedDocument(statement)) return attachedDocument(conversion, statement, place);
  const [collection, ...others] = components(statement).filter(isCollection);
  const sample = collection && others.length === 0 ? convertStatement(conversion, collection, place)[0] : undefined;
  const known = sample ? collection : undefined;
  const time = recordedTime(child(statement, "effectiveTime")) ?? place.groupTime ?? takenAt(known);
  const performers = performersOf(conversion, statement, "performer", "author");
  const specimen = specimenOf(conversion, statement) ?? sample ?? place.specimen;
  const { focus } = place;
  const groupStatus = statusOf(statement) ?? place.groupStatus;
  const groupRecorded = participationTime(statement, "author") ?? place.groupRecorded;
  const groupDone = participationTime(statement, "performer") ?? place.groupDone;
  const within: Place = {
    ...place,
    ...filled({ groupTime: time, performer: performers, specimen, focus, groupRecorded, groupDone, groupStatus }),
  };
  const isVitals = hasTemplate(statement, fr("49"), pcc("13.1"));
  const isBattery =
    hasTemplate(statement, fr("78"), "1.3.6.1.4.1.19376.1.3.1.4") || attribute(statement, "classCode") === "BATTERY";
  const code = conversion.concept(child(statement, "code"));
  const said = notes(conversion, statement).note;
  if ((!isBattery || !code) && !said) {
    const groupCodes = code?.text && !isVitals ? [...(place.groupCodes ?? []), code] : place.groupCodes;
    return inner(conversion, statement, { ...within, ...filled({ groupCodes }) }, known);
  }
  const members = inner(conversion, statement, within, known);
  if (members.length === 0 && !said) return [];
  const named = code ?? { text: place.sectionTitle || "Groupe" };
  return [panel(conversion, statement, within, named, members, isBattery), ...members];
}

const laboratory: CodeableConcept = {
  coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }],
};

/** A battery of results, or a group about which something is said: an Observation that only groups. */
function panel(
  conversion: Conversion,
  statement: XmlElement,
  place: Place,
  code: CodeableConcept,
  members: Reference[],
  isBattery: boolean,
): Reference {
  const grouped = members.filter((each) => each.type === "Observation");
  const resource = filled<Observation>({
    resourceType: "Observation",
    status: observationStatus(place.groupStatus),
    category: isBattery ? [laboratory] : place.section ? [place.section] : [],
    code,
    subject: conversion.patient,
    ...(place.focus ? { focus: [place.focus] } : {}),
    ...effective(place.groupTime),
    ...(place.performer && place.performer.length > 0 ? { performer: [...place.performer] } : {}),
    specimen: place.specimen,
    ...notes(conversion, statement),
    hasMember: grouped,
  });
  return conversion.add(resource);
}

/** A chapter of a laboratory report: its results, specimens, comments and those who validated it. */
function report(conversion: Conversion, statement: XmlElement, place: Place): Reference[] {
  const slot = conversion.reserve("DiagnosticReport");
  const time = recordedTime(child(statement, "effectiveTime"));
  const performers = performersOf(conversion, statement, "performer", "author");
  const groupStatus = statusOf(statement);
  const within: Place = { ...place, ...filled({ groupTime: time, performer: performers, groupStatus }) };
  const parts = related(statement).map((each) => each.statement);
  const acts = parts
    .filter((each) => each.name === "procedure")
    .flatMap((each) => convertStatement(conversion, each, within));
  const specimens = acts.filter((each) => each.type === "Specimen");
  const [specimen, ...otherSpecimens] = specimens;
  const isOne = specimen !== undefined && otherSpecimens.length === 0;
  const taken = isOne ? takenAt(parts.find(isCollection)) : undefined;
  // A result without date is as old as what it was found in.
  const resultsPlace: Place = isOne ? { ...within, specimen, ...(!time && taken ? { groupTime: taken } : {}) } : within;
  const results = parts
    .filter((each) => each.name !== "procedure" && !isQualifying(each))
    .flatMap((each) => convertStatement(conversion, each, resultsPlace));
  // FHIR reports on the patient alone: results of another (a relative, an animal) stand by themselves.
  if (place.focus) return results;
  const validators = validatorsOf(conversion, statement);
  const comments = commentsOf(conversion, statement).map((each) => each.text);
  slot.add(
    filled<DiagnosticReport>({
      resourceType: "DiagnosticReport",
      status: reportStatuses[statusOf(statement) ?? ""] ?? "final",
      category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0074", code: "LAB" }] }],
      code: conversion.concept(child(statement, "code")) ?? { text: place.sectionTitle || "Résultats" },
      subject: conversion.patient,
      ...effective(time ?? taken ?? (conversion.date ? { value: conversion.date } : undefined)),
      performer: performers,
      resultsInterpreter: validators,
      specimen: specimens,
      ...(results.length > 0 ? { result: results.filter((each) => each.type === "Observation") } : {}),
      ...(comments.length > 0 ? { conclusion: comments.join("\n") } : {}),
    }),
  );
  // A report lists results and specimens alone: images and other facts stand beside it.
  const others = [
    ...acts.filter((each) => each.type !== "Specimen"),
    ...results.filter((each) => each.type !== "Observation"),
  ];
  return [slot.reference, ...others];
}

const reportStatuses: Readonly<Record<string, DiagnosticReport["status"]>> = {
  new: "partial",
  active: "partial",
  held: "partial",
  suspended: "partial",
  aborted: "cancelled",
  cancelled: "cancelled",
};

/** By its template, else by what says of which type it is (LOINC 69764-9) beside its file. */
function isAttachedDocument(statement: XmlElement): boolean {
  const parts = components(statement);
  return (
    hasTemplate(statement, fr("18")) ||
    (parts.some((each) => each.name === "observationMedia") &&
      parts.some((each) => attribute(child(each, "code"), "code") === documentType))
  );
}

const documentType = "69764-9";

/** A file joined to the document, with what it is said to be (FR-Document-attache). */
function attachedDocument(conversion: Conversion, statement: XmlElement, place: Place): Reference[] {
  const parts = components(statement);
  const kind = parts.find((each) => each.name === "observation");
  const value = child(kind, "value");
  const type = conversion.concept(value);
  const title = conversion.reader.textOf(child(kind, "text")) ?? type?.text;
  const period = periodOf(recordedTime(child(kind, "effectiveTime")));
  return parts
    .filter((each) => each.name === "observationMedia")
    .flatMap((each) => attachment(conversion, each, place, { type, title, period }));
}
