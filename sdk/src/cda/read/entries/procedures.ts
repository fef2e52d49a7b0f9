import { dateInWords } from "../../../fhir/date-words.ts";
import type { CodeableConcept, Procedure, ProcedurePerformer, Reference } from "../../../fhir/index.ts";
import { actor, firstActor } from "../actors.ts";
import { absentTime, isAbsence, isDeniedInWords, maskedConcept, namedBy, orAbsence } from "../concept.ts";
import { type Conversion, narrativeExtensions, notes, type Place } from "../conversion.ts";
import { disagreements } from "../disagreements.ts";
import { filled } from "../filled.ts";
import { furtherAuthors } from "../participations.ts";
import { isFilling } from "../polarity.ts";
import { fr, isNegated, isPlanned, related, relatedTemplate, statusOf } from "../statements.ts";
import { participationTime, recordedTime } from "../times.ts";
import { at, attribute, child, children, hasTemplate, readEach, textOf, type XmlElement } from "../xml.ts";
import { reasonsOf } from "./medications.ts";
import { nestedFact } from "./observations.ts";
import { requestOf } from "./plans.ts";
import { problem } from "./problems.ts";
import { isProblem } from "./recognise.ts";
import { collection, isCollection } from "./specimens.ts";

export const planSections: ReadonlySet<string> = new Set(["18776-5", "61146-7", "69730-0"]);

const statuses: Readonly<Record<string, Procedure["status"]>> = {
  new: "preparation",
  held: "preparation",
  active: "in-progress",
  suspended: "on-hold",
  aborted: "stopped",
  cancelled: "not-done",
};

/** An act done, refused or planned (FR-Acte); the taking of a specimen becomes the specimen. */
export function procedure(conversion: Conversion, statement: XmlElement, place: Place): Reference[] {
  if (isCollection(statement)) return collection(conversion, statement);
  const text = conversion.reader.textOf(child(statement, "text"));
  const code = procedureCode(conversion, statement, text);
  const time = recordedTime(child(statement, "effectiveTime")) ?? place.groupTime;
  const state = statusOf(statement);
  // "Active" is said of an act under way and of one to come.
  const isAhead = planSections.has(place.sectionCode) || (time?.low ?? time?.value ?? "") > conversion.date;
  const isToCome = isPlanned(statement) || (state === "active" && isAhead && !isNegated(statement));
  if (code && isToCome) return [requestOf(conversion, statement, place, code, text)];
  const slot = code ? conversion.reserve("Procedure") : undefined;
  const label = code?.text ?? code?.coding?.find((each) => each.display)?.display;
  const within: Place = { ...place, ...filled({ groupTime: time, partOf: slot?.reference, within: label }) };
  const inner = related(statement)
    .filter((each) => each.type !== "RSON" && each.statement.name === "observation" && !isProblem(each.statement))
    .flatMap((each) => nestedFact(conversion, each.statement, within));
  // A problem that an act led to is a problem of the patient; the one it was done for is its reason.
  const complications = related(statement)
    .filter((each) => each.type !== "RSON" && each.statement.name === "observation" && isProblem(each.statement))
    .flatMap((each) => problem(conversion, each.statement, place))
    .filter((each) => each.type === "Condition");
  inner.push(...complications);
  if (!code || !slot) return inner;
  if (!code.text) code.text = text ?? conversion.reader.surroundings(child(statement, "text"));
  if (!code.text) delete code.text;
  const performers = readEach(statement, "performer", (each) => performerOf(conversion, each));
  const recorder = firstActor(conversion, statement, "author");
  const reasons = reasonsOf(conversion, statement);
  const sites = [...children(statement, "targetSiteCode"), ...children(statement, "approachSiteCode")].flatMap(
    (each) => conversion.concept(each) ?? [],
  );
  const method = readEach(statement, "methodCode", (each) => conversion.concept(each));
  const remarks = [
    ...(notes(conversion, statement).note ?? []),
    ...furtherAuthors(conversion, statement),
    ...devicesInWords(statement),
    ...samplesInWords(conversion, statement),
  ];
  for (const each of method) if (each.text) remarks.push({ text: `Méthode : ${each.text}` });
  const priority = conversion.concept(child(statement, "priorityCode"))?.text;
  if (priority) remarks.push({ text: `Priorité : ${priority}` });
  const performed = (time?.value ?? time?.low ?? time?.high)?.slice(0, 10);
  const received = recordedTime(child(relatedTemplate(statement, fr("107")), "effectiveTime"));
  const days = [
    ["Réalisé", participationTime(statement, "performer")],
    ["Consigné", participationTime(statement, "author")],
    ["Reçu", received?.value ?? received?.high ?? received?.low],
  ] as const;
  for (const [label, day] of days)
    if (day && day.slice(0, 10) !== performed) remarks.push({ text: `${label} le ${dateInWords(day, "fr")}` });
  for (const group of place.groupCodes ?? []) if (group.text) remarks.push({ text: `Groupe : ${group.text}` });
  const status = isAbsence(code)
    ? "unknown"
    : isNegated(statement) || isDeniedInWords(code)
      ? "not-done"
      : (statuses[state ?? ""] ?? "completed");
  const [why] = status === "not-done" ? reasons : [];
  const resource = filled<Procedure>({
    resourceType: "Procedure",
    ...narrativeExtensions(
      conversion,
      statement,
      disagreements(conversion, statement, { time, isAffirmed: !isNegated(statement) }),
    ),
    status,
    statusReason: why,
    category: place.section,
    code,
    subject: conversion.patient,
    ...(time?.value
      ? { performedDateTime: time.value }
      : time?.low || time?.high
        ? { performedPeriod: filled({ start: time.low, end: time.high }) }
        : { _performedDateTime: absentTime(statement) }),
    recorder,
    performer: performers,
    reasonCode: why ? reasons.slice(1) : reasons,
    bodySite: sites,
    note: remarks,
    complicationDetail: complications,
    ...usedDevices(conversion, statement),
  });
  slot.add(resource);
  return [slot.reference, ...inner];
}

/** Who did it, and as what. */
function performerOf(conversion: Conversion, performer: XmlElement): ProcedurePerformer | undefined {
  const who = actor(conversion, child(performer, "assignedEntity"));
  const role = conversion.concept(child(performer, "functionCode") ?? child(performer, "sdtc:functionCode"));
  return who && { ...(role ? { function: role } : {}), actor: who };
}

/** Nomenclatures of devices: EMDN, CLADIMED, LPP. */
const deviceSystems = new Set(["1.2.250.1.213.2.68", "1.2.250.1.213.2.65", "1.2.250.1.215.200.2.1"]);

/** Devices that the act refers to (FR-Reference-interne): used for it, which does not make them worn. */
function usedDevices(conversion: Conversion, statement: XmlElement): Pick<Procedure, "usedCode"> {
  const usedCode = related(statement, "REFR").flatMap((each) => {
    const code = child(each.statement, "code");
    if (!hasTemplate(each.statement, fr("36")) || !deviceSystems.has(attribute(code, "codeSystem") ?? "")) return [];
    return conversion.concept(code) ?? [];
  });
  for (const participant of children(statement, "participant")) {
    if (attribute(participant, "typeCode") !== "DEV") continue;
    const playing = at(participant, "participantRole", "playingDevice");
    const named =
      conversion.concept(child(playing, "code")) ?? conversion.concept(child(playing, "manufacturerModelName"));
    if (named?.coding || named?.text) usedCode.push(named);
  }
  return usedCode.length > 0 ? { usedCode } : {};
}

/** The model and the number of a device used, which its code does not tell. */
function devicesInWords(statement: XmlElement): { text: string }[] {
  return children(statement, "participant").flatMap((participant) => {
    const role = child(participant, "participantRole");
    const device = child(role, "playingDevice");
    if (!device || attribute(participant, "typeCode") !== "DEV") return [];
    const model = child(device, "code") ? textOf(child(device, "manufacturerModelName")) : undefined;
    const number = readEach(role, "id", (id) => attribute(id, "extension"))[0];
    const words = [model, number && `numéro ${number}`].filter(Boolean).join(", ");
    return words ? [{ text: `Dispositif : ${words}` }] : [];
  });
}

/** What was taken in the course of an act. */
function samplesInWords(conversion: Conversion, statement: XmlElement): { text: string }[] {
  return children(statement, "specimen").flatMap((each) => {
    const text = conversion.concept(at(each, "specimenRole", "specimenPlayingEntity", "code"))?.text;
    return text ? [{ text: `Prélèvement : ${text}` }] : [];
  });
}

/** A code, or the words of the narrative. A line of filler ("xxx", "-") without code is no act. */
function procedureCode(
  conversion: Conversion,
  statement: XmlElement,
  text: string | undefined,
): CodeableConcept | undefined {
  const code = conversion.concept(child(statement, "code"));
  if (code?.coding) return namedBy(orAbsence(code, "no-known-procedures"), text);
  const words = code?.text ?? text;
  if (words && !isFilling(words)) return orAbsence({ text: words }, "no-known-procedures");
  return maskedConcept(child(statement, "code"), statement);
}
