import type { FamilyMemberHistory, Reference } from "../../../fhir/index.ts";
import { codeSystem } from "../../../fhir/systems.ts";
import { isDeniedInWords, maskedConcept } from "../concept.ts";
import { type Conversion, narrativeExtensions, notes } from "../conversion.ts";
import { filled } from "../filled.ts";
import { isFilling } from "../polarity.ts";
import { isNegated, related } from "../statements.ts";
import { dateOf, recordedTime } from "../times.ts";
import { booleanOf, quantity } from "../values.ts";
import { at, attribute, child, children, hasTemplate, textOf, type XmlElement } from "../xml.ts";

/** Illnesses of one relative: one resource for each, so that each is a fact with its own source. */
export function familyOrganizer(conversion: Conversion, organizer: XmlElement): Reference[] {
  return children(organizer, "component").flatMap((component) => {
    const observation = child(component, "observation");
    return observation ? familyHistory(conversion, observation, child(organizer, "subject")) : [];
  });
}

export function familyHistory(
  conversion: Conversion,
  observation: XmlElement,
  organizerSubject?: XmlElement,
): Reference[] {
  const subject = at(organizerSubject ?? child(observation, "subject"), "relatedSubject");
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
  if (!code) return [];
  const time = recordedTime(child(observation, "effectiveTime"));
  const age = quantity(
    child(
      related(observation).find((each) => hasTemplate(each.statement, "2.16.840.1.113883.10.20.1.38"))?.statement,
      "value",
    ),
  );
  const ageUnit = age && (age.unit ?? "a");
  const deceased = booleanOf(child(person, "sdtc:deceasedInd") ?? child(person, "deceasedInd"));
  const start = time?.low ?? time?.value;
  const isSaid = isDeniedInWords(code);
  const isDenied = isSaid || isNegated(observation) || booleanOf(value) === false;
  const remarks = [...(notes(conversion, observation).note ?? [])];
  const denied = code.text ?? code.coding?.[0]?.display ?? "";
  if (isDenied) remarks.push({ text: isSaid ? denied : `Absence de : ${denied}` });
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
    ...(deceased === undefined ? {} : { deceasedBoolean: deceased }),
    note: remarks,
    ...(isDenied
      ? {}
      : {
          condition: [
            {
              code,
              ...(age?.value !== undefined && ageUnit && /^(a|mo|wk|d)$/.test(ageUnit)
                ? { onsetAge: { value: age.value, unit: ageUnit, system: codeSystem.ucum, code: ageUnit } }
                : start
                  ? { onsetString: start }
                  : {}),
            },
          ],
        }),
  });
  return [conversion.add(resource)];
}
