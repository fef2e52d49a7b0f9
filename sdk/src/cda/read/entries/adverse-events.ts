import type { AdverseEvent, Reference } from "../../../fhir/index.ts";
import { firstActor } from "../actors.ts";
import { isAbsence } from "../concept.ts";
import { besideLine, type Conversion, narrativeExtensions, notes } from "../conversion.ts";
import { disagreements } from "../disagreements.ts";
import { filled } from "../filled.ts";
import { qualifierOf } from "../qualifiers.ts";
import { isNegated, related } from "../statements.ts";
import { participationTime, recordedTime } from "../times.ts";
import { child, type XmlElement } from "../xml.ts";
import { product } from "./products.ts";
import { severityCode, severityOf } from "./states.ts";

const severitySystem = "http://terminology.hl7.org/CodeSystem/adverse-event-severity";

/** An adverse effect (FR-Effet-indesirable): what happened, the medicine suspected, how certain and how serious. */
export function adverseEvent(conversion: Conversion, observation: XmlElement): Reference[] {
  const own = conversion.concept(child(observation, "value"));
  if (isNegated(observation) || isAbsence(own)) return [];
  const kind = conversion.concept(child(observation, "code"));
  const time = recordedTime(child(observation, "effectiveTime"));
  const causality = conversion.concept(child(qualifierOf(observation, "causality"), "value"));
  const seriousness = conversion.concept(child(qualifierOf(observation, "seriousness"), "value"));
  const severity = severityCode(severityOf(conversion, observation));
  const outcome = conversion.concept(child(qualifierOf(observation, "outcome"), "value"));
  const manifestations = related(observation, "MFST").flatMap(({ statement }) => {
    const text = conversion.reader.textOf(child(statement, "text"));
    const found = conversion.concept(child(statement, "value")) ?? (text ? { text } : undefined);
    return found && !isNegated(statement) ? [found] : [];
  });
  if (own?.coding && manifestations.length === 0) manifestations.push(own);
  const suspects = related(observation)
    .filter((each) => each.statement.name === "substanceAdministration")
    .flatMap(({ statement }) => {
      // Class and substances come along: they tell what else the patient may not bear.
      const { code, medication } = product(conversion, statement);
      if (!code) return [];
      const instance =
        "medicationReference" in medication
          ? medication.medicationReference
          : conversion.add({ resourceType: "Medication", code });
      return [
        {
          instance: code.text ? { ...instance, display: code.text } : instance,
          ...(causality ? { causality: [{ assessment: causality }] } : {}),
        },
      ];
    });
  const event = manifestations[0] ?? kind;
  if (!event) return [];
  const date = time?.low ?? time?.value;
  const codes = [...(kind?.coding ?? []), ...manifestations.flatMap((each) => each.coding ?? [])];
  const effect = [kind?.text, ...manifestations.map((each) => each.text)].filter(Boolean).join(" : ");
  // FHIR closes its list of outcomes: the recorded one is kept in words.
  const words = outcome?.text ? `${effect} (évolution : ${outcome.text})` : effect;
  const remarks = notes(conversion, observation).note?.map((each) => each.text) ?? [];
  const { extension } = narrativeExtensions(
    conversion,
    observation,
    disagreements(conversion, observation, { time, degree: causality?.text }),
  );
  const resource = filled<AdverseEvent>({
    resourceType: "AdverseEvent",
    extension: besideLine(extension, remarks),
    actuality: "actual",
    event: filled({ coding: codes, text: words }),
    subject: conversion.patient,
    date,
    seriousness,
    severity: severity && { coding: [{ system: severitySystem, code: severity }] },
    recordedDate: participationTime(observation, "author"),
    recorder: firstActor(conversion, observation, "author"),
    suspectEntity: suspects,
  });
  return [conversion.add(resource)];
}
