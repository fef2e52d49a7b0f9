import type { Age, FamilyMemberHistory, Reference } from "../../../fhir/index.ts";
import { codeSystem } from "../../../fhir/systems.ts";
import { isDeniedInWords, maskedConcept } from "../concept.ts";
import { type Conversion, narrativeExtensions, notes } from "../conversion.ts";
import { filled } from "../filled.ts";
import { isFilling } from "../polarity.ts";
import { isQualifying } from "../qualifiers.ts";
import { isNegated, isPlanned, isStatement, related, statusOf } from "../statements.ts";
import { dateOf, recordedTime } from "../times.ts";
import { booleanOf, deniedWords, inWords, observationValue, quantity } from "../values.ts";
import { at, attribute, child, children, hasTemplate, textOf, type XmlElement } from "../xml.ts";

/** Illnesses of relatives, in groups of any depth: one resource for each, so that each is a fact with its own source. */
export function familyOrganizer(conversion: Conversion, organizer: XmlElement, around?: XmlElement): Reference[] {
  const subject = child(organizer, "subject") ?? around;
  return children(organizer, "component").flatMap((component) =>
    children(component)
      .filter(isStatement)
      .flatMap((each) => member(conversion, each, subject)),
  );
}

function member(conversion: Conversion, statement: XmlElement, subject: XmlElement | undefined): Reference[] {
  if (isQualifying(statement)) return [];
  switch (statement.name) {
    case "observation":
      return familyHistory(conversion, statement, subject);
    case "organizer":
      return familyOrganizer(conversion, statement, subject);
    case "act":
      return related(statement).flatMap((each) => member(conversion, each.statement, subject));
    default:
      return [];
  }
}

export function familyHistory(
  conversion: Conversion,
  observation: XmlElement,
  organizerSubject?: XmlElement,
): Reference[] {
  // The relative whom an illness names itself, else that of the group around.
  const subject = at(child(observation, "subject"), "relatedSubject") ?? at(organizerSubject, "relatedSubject");
  const relationship = conversion.concept(child(subject, "code")) ?? { text: "Famille" };
  const person = child(subject, "subject");
  const sex = attribute(child(person, "administrativeGenderCode"), "code");
  const name = textOf(child(person, "name"));
  const bornDate = dateOf(attribute(child(person, "birthTime"), "value"));
  const text = conversion.reader.textOf(child(observation, "text"));
  const value = child(observation, "value");
  const isBoolean = attribute(value, "xsi:type") === "BL";
  const found = isBoolean ? conversion.concept(child(observation, "code")) : conversion.concept(value);
  const named = found?.coding || found?.text ? found : text && !isFilling(text) ? { text } : undefined;
  const code = named ?? maskedConcept(value, observation);
  // What was called off, is aimed at or only defined is no illness that somebody has: the narrative has it.
  if (isPlanned(observation) || /^(cancelled|aborted)$/.test(statusOf(observation) ?? "")) return [];
  const time = recordedTime(child(observation, "effectiveTime"));
  const age = ageOf(observation, isOnset);
  const deathAge = ageOf(observation, isDeath);
  const deceased =
    booleanOf(child(person, "sdtc:deceasedInd") ?? child(person, "deceasedInd")) ?? ledToDeath(observation);
  const deceasedDate = dateOf(attribute(child(person, "sdtc:deceasedTime"), "value"));
  const start = time?.low ?? time?.value;
  const isSaid = code !== undefined && isDeniedInWords(code);
  const isDenied = isSaid || isNegated(observation) || booleanOf(value) === false;
  const remarks = [...(notes(conversion, observation).note ?? []), ...describedIn(conversion, observation)];
  // Of whom no illness is told, something else may be.
  if (!code && remarks.length === 0 && !deathAge && !deceasedDate && deceased === undefined) return [];
  const denied = code?.text ?? code?.coding?.[0]?.display ?? "";
  if (isDenied && denied) remarks.push({ text: isSaid ? denied : `Absence de : ${denied}` });
  const resource = filled<FamilyMemberHistory>({
    resourceType: "FamilyMemberHistory",
    ...narrativeExtensions(conversion, observation),
    status: "completed",
    patient: conversion.patient,
    name,
    relationship,
    ...(sex === "M" || sex === "F"
      ? {
          sex: {
            coding: [{ system: "http://hl7.org/fhir/administrative-gender", code: sex === "M" ? "male" : "female" }],
          },
        }
      : {}),
    bornDate,
    ...(deathAge
      ? { deceasedAge: deathAge }
      : deceasedDate
        ? { deceasedDate }
        : deceased === undefined
          ? {}
          : { deceasedBoolean: deceased }),
    note: remarks,
    ...(isDenied || !code
      ? {}
      : {
          condition: [
            {
              code,
              ...(age ? { onsetAge: age } : start ? { onsetString: start } : {}),
            },
          ],
        }),
  });
  return [conversion.add(resource)];
}

const codeOf = (statement: XmlElement) => attribute(child(statement, "code"), "code") ?? "";

/** Age at onset: IHE PCC's template, SNOMED CT. */
const isOnset = (statement: XmlElement) =>
  hasTemplate(statement, "2.16.840.1.113883.10.20.1.38") || /^(397659008|445518008)$/.test(codeOf(statement));
/** Age at death: LOINC, SNOMED CT. */
const isDeath = (statement: XmlElement) => /^(39016-1|424137004)$/.test(codeOf(statement));

function ageOf(observation: XmlElement, isMeant: (statement: XmlElement) => boolean): Age | undefined {
  const { value, unit = "a" } =
    quantity(child(related(observation).find((each) => isMeant(each.statement))?.statement, "value")) ?? {};
  return value !== undefined && /^(a|mo|wk|d)$/.test(unit)
    ? { value, unit, system: codeSystem.ucum, code: unit }
    : undefined;
}

/** An illness that caused a death (SNOMED CT 419099009). */
function ledToDeath(observation: XmlElement): true | undefined {
  const isDead = related(observation, "CAUS").some(
    ({ statement }) => attribute(child(statement, "value"), "code") === "419099009" && !isNegated(statement),
  );
  return isDead || undefined;
}

/** What else is told of a relative's illness, in words. */
function describedIn(conversion: Conversion, observation: XmlElement): { text: string }[] {
  return related(observation).flatMap(({ statement }) => {
    if (statement.name !== "observation" || isQualifying(statement) || isOnset(statement) || isDeath(statement))
      return [];
    const value = inWords(observationValue(child(statement, "value"), conversion.reader));
    if (value === undefined) return [];
    const label = codeOf(statement) === "ASSERTION" ? undefined : conversion.concept(child(statement, "code"))?.text;
    const said = isNegated(statement) ? deniedWords(value) : value;
    return [{ text: label ? `${label} : ${said}` : said }];
  });
}
