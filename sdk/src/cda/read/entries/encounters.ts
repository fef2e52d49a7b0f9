import type { Encounter, Reference } from "../../../fhir/index.ts";
import { calledInWords, performersOf } from "../actors.ts";
import { isAbsence } from "../concept.ts";
import { besideLine, type Conversion, narrativeExtensions, notes, type Place } from "../conversion.ts";
import { filled } from "../filled.ts";
import { addresses, identifiers, telecoms } from "../names.ts";
import { fr, isCalledOff, isPlanned, relatedTemplate, statusOf } from "../statements.ts";
import { isAhead, periodOf, type RecordedTime, recordedTime } from "../times.ts";
import { attribute, child, children, readEach, textOf, type XmlElement } from "../xml.ts";
import { reasonsOf } from "./medications.ts";
import { nestedFact, nestedFacts } from "./observations.ts";
import { plannedEncounter } from "./plans.ts";

/** Where a meeting took place (participant LOC), as recorded. */
function placeOf(conversion: Conversion, participant: XmlElement): Reference | undefined {
  if (attribute(participant, "typeCode") !== "LOC") return undefined;
  const role = child(participant, "participantRole");
  const entity = child(role, "playingEntity");
  const types = [child(entity, "code"), child(role, "code")].flatMap((each) => conversion.concept(each) ?? []);
  const name = textOf(child(entity, "name")) ?? types[0]?.text;
  if (!name) return undefined;
  const identifier = identifiers(role);
  const location = conversion.add(
    filled({
      resourceType: "Location",
      identifier,
      name,
      type: types,
      telecom: telecoms(role),
      address: addresses(role)[0],
    }),
  );
  return { ...location, display: name };
}

/** The status that the profession gives to an event (FR-Statut) says that it did not take place. */
function isAnnulled(conversion: Conversion, statement: XmlElement): boolean {
  const status = conversion.concept(child(relatedTemplate(statement, fr("217")), "value"));
  return /^(annul|non (réalis|effectu|venu|honor))/i.test(status?.text ?? "");
}

/** A meeting whose end is past is over, whatever its status says. */
function stateOf(conversion: Conversion, statement: XmlElement, time: RecordedTime | undefined): Encounter["status"] {
  if (isCalledOff(statement)) return "cancelled";
  const state = statusOf(statement) ?? "";
  const isPast = time?.high !== undefined && !isAhead(time.high, conversion.date);
  if (isPast || !/^(active|suspended|held)$/.test(state)) return "finished";
  return state === "active" ? "in-progress" : "onleave";
}

/** A meeting that took place; one planned or asked for is an appointment. */
export function encounter(conversion: Conversion, statement: XmlElement, place: Place): Reference[] {
  const locations = readEach(statement, "participant", (each) => placeOf(conversion, each));
  if (isPlanned(statement)) return plannedEncounter(conversion, statement, place, locations);
  const code = conversion.concept(child(statement, "code"));
  const text = conversion.reader.textOf(child(statement, "text"));
  const time = recordedTime(child(statement, "effectiveTime")) ?? place.groupTime;
  const period = periodOf(time);
  if (isAbsence(code) || (!code && !text && !period)) return [];
  const performers = performersOf(conversion, statement, "performer");
  const people = performers.filter((each) => each.type !== "Organization" && each.type !== "Device");
  const structure = performers.find((each) => each.type === "Organization");
  const reasons = reasonsOf(conversion, statement);
  const priority = conversion.concept(child(statement, "priorityCode"));
  // FHIR has no room for remarks about a meeting: they stand with its line.
  const remarks = (notes(conversion, statement).note ?? []).map((each) => each.text);
  for (const author of children(statement, "author")) {
    const name = calledInWords(conversion, child(author, "assignedAuthor"));
    if (name) remarks.push(`Consigné par ${name}`);
  }
  const extension = besideLine(narrativeExtensions(conversion, statement).extension, remarks);
  const classCode = attribute(child(statement, "code"), "code");
  const known = code?.coding?.find((each) => each.code === classCode);
  const resource = filled<Encounter>({
    resourceType: "Encounter",
    extension,
    status: isAnnulled(conversion, statement) ? "cancelled" : stateOf(conversion, statement, time),
    class: known ?? { display: code?.text ?? text ?? "non précisé" },
    ...(code || text ? { type: [{ ...code, ...((code?.text ?? text) ? { text: code?.text ?? text } : {}) }] } : {}),
    subject: conversion.patient,
    participant: people.map((each) => ({ individual: each })),
    priority,
    period,
    reasonCode: reasons,
    location: locations.map((location) => ({ location })),
    serviceProvider: structure,
  });
  const reference = conversion.add(resource);
  const label = code?.text ?? text;
  const within: Place = { ...place, ...filled({ groupTime: time, encounter: reference, within: label }) };
  return [reference, ...nestedFacts(statement).flatMap((each) => nestedFact(conversion, each, within))];
}
