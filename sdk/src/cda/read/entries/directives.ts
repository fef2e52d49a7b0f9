import type { Consent, Reference } from "../../../fhir/index.ts";
import { performersOf } from "../actors.ts";
import { type Conversion, narrativeExtensions, notes, type Place } from "../conversion.ts";
import { disagreements } from "../disagreements.ts";
import { filled } from "../filled.ts";
import { isNegated, statusOf } from "../statements.ts";
import { participationTime, periodOf, recordedTime } from "../times.ts";
import { booleanOf } from "../values.ts";
import { child, type XmlElement } from "../xml.ts";

/** An advance directive (directives anticipées): `true` authorises the care named, `false` refuses it. */
export function directive(conversion: Conversion, observation: XmlElement, place: Place): Reference[] {
  const code = conversion.concept(child(observation, "code"));
  const text = conversion.reader.textOf(child(observation, "text"));
  const found = code?.coding || code?.text ? code : text ? { text } : undefined;
  if (!found) return [];
  const value = child(observation, "value");
  const decision = booleanOf(value);
  const time = recordedTime(child(observation, "effectiveTime")) ?? place.groupTime;
  const period = periodOf(time);
  const performers = performersOf(conversion, observation, "author", "performer");
  const recordedOn = participationTime(observation, "author");
  const isRefused = decision === false || isNegated(observation);
  const isDecision = decision !== undefined;
  // What is wished for may be a code or words rather than a yes or no.
  const wish = isDecision ? undefined : conversion.concept(value);
  const wishes = wish?.coding || wish?.text ? [wish] : [];
  const comments = notes(conversion, observation).note?.map((each) => each.text) ?? [];
  const said = isDecision || isRefused ? { isAffirmed: !isRefused } : {};
  const extension =
    narrativeExtensions(conversion, observation, disagreements(conversion, observation, { time, ...said })).extension ??
    [];
  const resource = filled<Consent>({
    resourceType: "Consent",
    extension,
    // Called off, or withdrawn: it holds no more.
    status: /^(cancelled|aborted)$/.test(statusOf(observation) ?? "") ? "inactive" : "active",
    scope: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/consentscope", code: "adr" }] },
    category: [
      { coding: [{ system: "http://terminology.hl7.org/CodeSystem/consentcategorycodes", code: "acd" }] },
      found,
    ],
    patient: conversion.patient,
    dateTime: recordedOn,
    performer: performers,
    policyRule: {
      text: [
        place.sectionTitle || "Directives anticipées",
        ...wishes.flatMap((each) => each.text ?? []),
        ...comments,
      ].join(" — "),
    },
    provision: filled<NonNullable<Consent["provision"]>>({
      ...(isDecision || isRefused ? { type: isRefused ? "deny" : "permit" } : {}),
      period,
      code: [found, ...wishes],
    }),
  });
  return [conversion.add(resource)];
}
