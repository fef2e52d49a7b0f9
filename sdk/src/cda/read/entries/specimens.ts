import type { CodeableConcept, Identifier, Reference, Specimen } from "../../../fhir/index.ts";
import { actor } from "../actors.ts";
import type { Conversion } from "../conversion.ts";
import { filled } from "../filled.ts";
import { identifiers } from "../names.ts";
import { fr, isCalledOff, related } from "../statements.ts";
import { type RecordedTime, recordedTime } from "../times.ts";
import { at, attribute, child, children, hasTemplate, type XmlElement } from "../xml.ts";

/** Collection of a specimen (FR-Prelevement): what, from where, when taken and received. */
export function collection(conversion: Conversion, procedure: XmlElement): Reference[] {
  // What was not taken is no sample.
  if (isCalledOff(procedure)) return [];
  const act = conversion.concept(child(procedure, "code"));
  const taken = takenAt(procedure)?.value;
  const site = conversion.concept(child(procedure, "targetSiteCode"));
  const reception = related(procedure).find(({ statement }) => isReception(statement))?.statement;
  const received = recordedTime(child(reception, "effectiveTime"));
  let type: CodeableConcept | undefined;
  for (const participant of children(procedure, "participant"))
    type ??= conversion.concept(at(participant, "participantRole", "playingEntity", "code"));
  const collector = actor(conversion, at(procedure, "performer", "assignedEntity"));
  const receivedAt = received?.value ?? received?.high ?? received?.low;
  if (!act && !type && !taken) return [];
  const ids = children(procedure, "participant").flatMap((each) => identifiers(child(each, "participantRole")));
  const resource = filled<Specimen>({
    resourceType: "Specimen",
    identifier: ids,
    type,
    subject: conversion.patient,
    receivedTime: receivedAt,
    collection: filled({
      collector,
      collectedDateTime: taken,
      method: act,
      bodySite: site,
    }),
  });
  const reference = conversion.add(resource);
  for (const each of ids)
    conversion.actors.set(idKey(each), type?.text ? { ...reference, display: type.text } : reference);
  return [reference];
}

/** The laboratory got the sample (FR-Reception-echantillon). */
const isReception = (statement: XmlElement) =>
  hasTemplate(statement, fr("107"), "1.3.6.1.4.1.19376.1.3.1.3") ||
  attribute(child(statement, "code"), "code") === "SPRECEIVE";

const idKey = ({ system, value }: Identifier) => `specimen ${system} ${value}`;

/** When what is examined was taken: the time of a collection, which may be told as the end of it alone. */
export function takenAt(collection: XmlElement | undefined): RecordedTime | undefined {
  const time = recordedTime(child(collection, "effectiveTime"));
  const value = time?.value ?? time?.low ?? time?.high;
  return value ? { value } : undefined;
}

/** By its template, else by its product: a procedure without a model has one when it takes a sample. */
export const isCollection = (statement: XmlElement) =>
  statement.name === "procedure" &&
  (hasTemplate(statement, fr("77"), "1.3.6.1.4.1.19376.1.3.1.2") ||
    (statement.templates.length === 0 &&
      children(statement, "participant").some((each) => attribute(each, "typeCode") === "PRD")));

/** Specimen named on a result or on an isolate: a sample, or the micro-organism grown from it. */
export function specimenOf(conversion: Conversion, statement: XmlElement): Reference | undefined {
  const role = at(statement, "specimen", "specimenRole");
  if (!role) return undefined;
  const type = conversion.concept(at(role, "specimenPlayingEntity", "code"));
  const ids = identifiers(role);
  // The result may only name the sample: its collection is told elsewhere.
  const taken = ids.map((each) => conversion.actors.get(idKey(each))).find(Boolean);
  const isOrganism = attribute(child(role, "specimenPlayingEntity"), "classCode") === "MIC";
  if (taken && !isOrganism) return taken;
  if (!type) return undefined;
  const key = `specimen:${JSON.stringify([type, ids])}`;
  const known = conversion.actors.get(key);
  if (known) return known;
  const reference = conversion.add(
    filled({
      resourceType: "Specimen",
      identifier: ids,
      type,
      subject: conversion.patient,
      ...(isOrganism ? { note: [{ text: "Isolat microbiologique" }] } : {}),
    }),
  );
  const named: Reference = type.text ? { ...reference, display: type.text } : reference;
  conversion.actors.set(key, named);
  return named;
}
