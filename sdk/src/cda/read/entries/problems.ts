import { dateInWords } from "../../../fhir/date-words.ts";
import type { CodeableConcept, Condition, Reference } from "../../../fhir/index.ts";
import { firstActor, relatedPerson } from "../actors.ts";
import { absentTime, isAbsence, isDeniedInWords, isTimeMasked, maskedConcept, namedBy, orAbsence } from "../concept.ts";
import { type Conversion, narrativeExtensions, notes, type Place } from "../conversion.ts";
import { disagreements } from "../disagreements.ts";
import { filled } from "../filled.ts";
import { doersInWords, furtherAuthors } from "../participations.ts";
import { isQualifying, qualifierOf } from "../qualifiers.ts";
import { isNegated, related, statusOf } from "../statements.ts";
import { isAhead, participationTime, type RecordedTime, recordedTime } from "../times.ts";
import { booleanOf, inWords, observationValue } from "../values.ts";
import { attribute, child, children, type XmlElement } from "../xml.ts";
import { familyHistory } from "./family.ts";
import { buildObservation, nestedFact, nestedFacts } from "./observations.ts";
import { product } from "./products.ts";
import { isFamilyHistory, isProblem } from "./recognise.ts";
import { certainty, otherStates, otherSubject, severityOf, statedStatus } from "./states.ts";
import { aboutSubject } from "./subjects.ts";

const clinicalSystem = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const verificationSystem = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
const categorySystem = "http://terminology.hl7.org/CodeSystem/condition-category";
/** Problem lists: active problems, past illness, surgeries as problems, allergies lists aside. */
const problemLists = new Set(["11450-4", "11348-0", "8648-8"]);

/** The concern act (Liste des problèmes) around one or several problems. */
export function problemConcern(conversion: Conversion, act: XmlElement, place: Place): Reference[] {
  return related(act)
    .filter((each) => each.statement.name === "observation" && !isQualifying(each.statement))
    .flatMap((each) =>
      isProblem(each.statement)
        ? problem(conversion, each.statement, place, act)
        : nestedFact(conversion, each.statement, place),
    );
}

/** A problem (FR-Probleme): its value is the condition, its code says what kind of statement it is. */
export function problem(
  conversion: Conversion,
  observation: XmlElement,
  around: Place,
  concern?: XmlElement,
): Reference[] {
  if (isFamilyHistory(observation, around)) return familyHistory(conversion, observation);
  // An illness of the child in its mother's file, or of the mother in her child's, is no condition of the patient.
  const place = aboutSubject(conversion, observation, around);
  if (place.focus) return nestedFact(conversion, observation, around);
  const other = otherSubject(observation);
  const focus = other && relatedPerson(conversion, { owner: undefined, fallback: other });
  if (focus) return nestedFact(conversion, observation, { ...around, focus });
  const value = child(observation, "value");
  const text = conversion.reader.textOf(child(observation, "text"));
  const isFalse = booleanOf(value) === false;
  const valueConcept = attribute(value, "xsi:type") === "BL" ? undefined : conversion.concept(value);
  const found: CodeableConcept | undefined =
    valueConcept && (valueConcept.coding || valueConcept.text)
      ? valueConcept
      : attribute(value, "xsi:type") === "BL"
        ? conversion.concept(child(observation, "code"))
        : text
          ? { text }
          : valueConcept;
  const withheld = maskedConcept(value, observation);
  const named = found?.coding || found?.text ? found : (withheld ?? found);
  if (!named) return [];
  const code = namedBy(orAbsence(named, "no-known-problems"), text);
  // "Oui (sévère)" answers: the label names what is answered.
  if (/^(oui|non)\b/i.test(code.text ?? ""))
    code.text = code.coding?.find((each) => each.display)?.display ?? code.text;
  if (!code.text) code.text = text ?? conversion.reader.surroundings(child(observation, "text"));
  if (!code.text) delete code.text;
  const recorded = recordedTime(child(observation, "effectiveTime"));
  // An end that is still ahead of the document ends nothing yet: FHIR gives an end to what is over alone.
  const expected = recorded?.high && isAhead(recorded.high, conversion.date) ? recorded.high : undefined;
  const time = expected && recorded ? withoutEnd(recorded) : recorded;
  // "No known problem" stays itself, whatever the negation around it.
  const isAbsent = isAbsence(code);
  const isRefuted = !isAbsent && (isNegated(observation) || isFalse || isDeniedInWords(code));
  const isList = problemLists.has(place.sectionCode);
  const clinical = clinicalStatus(conversion, observation, concern, time, isList);
  const verification = isRefuted ? "refuted" : certainty(conversion, observation);
  const severity = severityOf(conversion, observation);
  const kind = kindOf(conversion, observation);
  const asserter = firstActor(conversion, observation, "author", "performer");
  const recordedOn = participationTime(observation, "author") ?? participationTime(concern, "author");
  const sites = children(observation, "targetSiteCode").flatMap((each) => {
    const site = conversion.concept(each);
    return site ? [site] : [];
  });
  const condition = filled<Condition>({
    resourceType: "Condition",
    ...narrativeExtensions(
      conversion,
      observation,
      disagreements(conversion, observation, {
        time: recorded,
        isAffirmed: !isRefuted && !isAbsent,
        words: code,
        degree: severity?.text,
      }),
    ),
    ...(clinical && verification !== "entered-in-error"
      ? { clinicalStatus: { coding: [{ system: clinicalSystem, code: clinical }] } }
      : {}),
    ...(verification ? { verificationStatus: { coding: [{ system: verificationSystem, code: verification }] } } : {}),
    category: [
      { coding: [{ system: categorySystem, code: isList ? "problem-list-item" : "encounter-diagnosis" }] },
      ...(place.section ? [place.section] : []),
      ...(kind ? [kind] : []),
    ],
    ...details(conversion, observation, place),
    severity,
    code,
    bodySite: sites,
    subject: conversion.patient,
    ...(time || !isTimeMasked(observation) ? onset(time) : { _onsetDateTime: absentTime(observation) }),
    recordedDate: recordedOn,
    asserter,
    ...remarks(conversion, observation, [
      ...(expected ? [`Fin prévue : ${dateInWords(expected, "fr")}`] : []),
      ...followUp(concern, recorded),
    ]),
  });
  return [conversion.add(condition)];
}

/** What kind of statement it is (symptom, diagnosis, complaint…): its code, unless that names the problem itself. */
function kindOf(conversion: Conversion, observation: XmlElement): CodeableConcept | undefined {
  if (attribute(child(observation, "value"), "xsi:type") === "BL") return undefined;
  const kind = conversion.concept(child(observation, "code"));
  return kind?.coding ? kind : undefined;
}

/**
 * What a problem is described with (stage, cause, age at diagnosis): part of the condition, not facts beside it, so that
 * "burn: no" under an accident is never read as a burn.
 */
function details(
  conversion: Conversion,
  statement: XmlElement,
  place: Place,
): Pick<Condition, "contained" | "evidence"> {
  const { groupTime: _, ...timeless } = place;
  const contained = detailsOf(statement).flatMap((each, index) => {
    const built = buildObservation(conversion, each, timeless);
    return built ? [{ ...built, id: `detail-${index + 1}` }] : [];
  });
  if (contained.length === 0) return {};
  return { contained, evidence: [{ detail: contained.map((each) => ({ reference: `#${each.id}` })) }] };
}

function detailsOf(statement: XmlElement): XmlElement[] {
  return nestedFacts(statement).flatMap((each) => [each, ...detailsOf(each)]);
}

/** Comments, then how the patient does with it (FR-Statut-clinique-du-patient: in good shape, dead…), which FHIR has no place for. */
function remarks(
  conversion: Conversion,
  observation: XmlElement,
  times: readonly string[],
): { note?: { text: string }[] } {
  const status = qualifierOf(observation, "patientStatus");
  const state = conversion.concept(child(status, "value"))?.text;
  const words = conversion.reader.textOf(child(status, "text"));
  const said = [...new Set([state, words])].filter((each) => each !== undefined);
  const note = [
    ...(notes(conversion, observation).note ?? []),
    ...furtherAuthors(conversion, observation),
    ...doersInWords(conversion, observation),
    ...(said.length > 0 ? [{ text: `Statut clinique du patient : ${said.join(" ; ")}` }] : []),
    ...otherStates(conversion, observation),
    ...otherValues(conversion, observation),
    ...times.map((text) => ({ text })),
    ...related(observation, "CAUS").flatMap((each) => {
      if (each.statement.name !== "substanceAdministration") return [];
      const named = product(conversion, each.statement).code?.text;
      return named ? [{ text: `${each.isInverted ? "Cause" : "Conséquence"} : ${named}` }] : [];
    }),
  ];
  return note.length > 0 ? { note } : {};
}

/** A condition has one code: what further values name is told beside it, never as an illness of its own. */
function otherValues(conversion: Conversion, observation: XmlElement): { text: string }[] {
  return children(observation, "value")
    .slice(1)
    .flatMap((each) => {
      const value = observationValue(each, conversion.reader);
      const said = inWords(value) ?? value.valueCodeableConcept?.coding?.[0]?.code;
      return said === undefined ? [] : [{ text: `Autre valeur : ${said}` }];
    });
}

/** A concern is followed over a period of its own, which is not that of the problem. */
function followUp(concern: XmlElement | undefined, own: RecordedTime | undefined): string[] {
  const time = recordedTime(child(concern, "effectiveTime"));
  const start = time?.low ?? time?.value;
  const isOwn = start === (own?.low ?? own?.value) && time?.high === own?.high;
  if (isOwn || (!start && !time?.high)) return [];
  const said = [start && `début ${dateInWords(start, "fr")}`, time?.high && `fin ${dateInWords(time.high, "fr")}`];
  return [`Suivi : ${said.filter(Boolean).join(", ")}`];
}

function withoutEnd({ high: _, ...rest }: RecordedTime): RecordedTime {
  return rest;
}

function onset(time: RecordedTime | undefined): Pick<Condition, "onsetDateTime" | "abatementDateTime"> {
  const start = time?.low ?? time?.value;
  return filled({ onsetDateTime: start, ...(time?.high ? { abatementDateTime: time.high } : {}) });
}

function clinicalStatus(
  conversion: Conversion,
  observation: XmlElement,
  concern: XmlElement | undefined,
  time: RecordedTime | undefined,
  isList: boolean,
): string | undefined {
  const stated = statedStatus(conversion, observation);
  if (stated) return time?.high && stated === "active" ? "inactive" : stated;
  if (time?.high) return "resolved";
  // What was begun and given up, or never taken up, is not under way.
  if (/^(aborted|cancelled)$/.test(statusOf(observation) ?? "")) return "inactive";
  const concernStatus = statusOf(concern);
  if (concernStatus === "active") return "active";
  if (/^(completed|aborted|suspended|cancelled|held)$/.test(concernStatus ?? "")) return "inactive";
  return isList ? "active" : undefined;
}
