import type {
  CodeableConcept,
  Immunization,
  ImmunizationRecommendation,
  Observation,
  Reference,
} from "../../../fhir/index.ts";
import { performersOf } from "../actors.ts";
import { absentTime, isAbsence, isDeniedInWords, isTimeMasked, maskedConcept } from "../concept.ts";
import { type Conversion, narrativeExtensions, notes, type Place } from "../conversion.ts";
import { decimal } from "../decimal.ts";
import { disagreements } from "../disagreements.ts";
import { filled } from "../filled.ts";
import { furtherAuthors } from "../participations.ts";
import { saysNo } from "../polarity.ts";
import { qualifierOf } from "../qualifiers.ts";
import { isCalledOff, isNegated, isPlanned, related, statusOf } from "../statements.ts";
import { dateTimeOf, participationTime, recordedTime } from "../times.ts";
import { inWords, quantity } from "../values.ts";
import { attribute, child, textOf, type XmlElement } from "../xml.ts";
import { doses, reasonsOf } from "./medications.ts";
import { makerOf, materialOf, nameRemark, productCode } from "./products.ts";
import { findingsIn, suppliedIn } from "./treatment-words.ts";

/** A vaccination given, refused or recommended (FR-Vaccination, FR-Vaccin-recommande). */
export function immunization(conversion: Conversion, statement: XmlElement, place: Place): Reference[] {
  const material = materialOf(statement);
  const text = conversion.reader.textOf(child(statement, "text"));
  const kind = conversion.concept(child(statement, "code"));
  const vaccine = isAbsence(kind)
    ? (kind as CodeableConcept)
    : (named(productCode(conversion, material, text, "no-known-immunizations"), textOf(child(material, "name"))) ??
      maskedConcept(child(material, "code"), statement) ?? { text: "Vaccin non précisé" });
  if (isPlanned(statement)) return [recommended(conversion, statement, vaccine, place)];
  const time =
    recordedTime(child(statement, "effectiveTime")) ?? (isTimeMasked(statement) ? undefined : place.groupTime);
  const when = time?.value ?? time?.low ?? time?.high;
  const recordedOn = participationTime(statement, "author");
  const dose = doses(statement);
  const maker = makerOf(statement);
  const lot = conversion.reader.textOf(child(material, "lotNumberText"));
  const expiration = dateTimeOf(attribute(child(material, "pharm:expirationTime"), "value"))?.slice(0, 10);
  const route = conversion.concept(child(statement, "routeCode"));
  const site = conversion.concept(child(statement, "approachSiteCode"));
  const performers = performersOf(conversion, statement, "performer");
  const reasons = reasonsOf(conversion, statement);
  const protocol = protocolOf(conversion, statement);
  const isRefused = isNegated(statement) || isAbsence(vaccine) || isDeniedInWords(vaccine);
  const [why, ...others] = isRefused ? reasons : [];
  const given = isRefused ? others : reasons;
  const supply = related(statement).find((each) => each.statement.name === "supply")?.statement;
  const remarks = [
    ...(notes(conversion, statement).note ?? []),
    ...furtherAuthors(conversion, statement, 0),
    ...nameRemark(material, vaccine),
    ...(supply ? suppliedIn(supply) : []),
    ...antigens(conversion, statement),
    ...findingsIn(conversion, statement, (type) => type !== "CAUS"),
  ];
  const state = statusOf(statement) ?? "";
  // "A vaccination, no more said" is no remark.
  if (kind?.text && kind.coding?.[0]?.code !== "IMMUNIZ") remarks.push({ text: kind.text });
  const resource = filled<Immunization>({
    resourceType: "Immunization",
    ...reactionsOf(conversion, statement),
    ...narrativeExtensions(conversion, statement, [
      ...disagreements(conversion, statement, { time, isAffirmed: !isRefused }),
      ...whyNotInstead(given, isRefused),
    ]),
    status: isRefused ? "not-done" : Object.hasOwn(notGiven, state) ? "not-done" : "completed",
    statusReason: why ?? notGiven[state],
    vaccineCode: vaccine,
    patient: conversion.patient,
    ...(when ? { occurrenceDateTime: when } : { _occurrenceDateTime: absentTime(statement) }),
    recorded: recordedOn,
    ...(maker ? { manufacturer: { display: maker } } : {}),
    lotNumber: lot,
    expirationDate: expiration,
    site,
    route,
    doseQuantity: dose,
    performer: performers.map((each) => ({ actor: each })),
    note: remarks,
    reasonCode: given,
    ...(protocol ? { protocolApplied: [protocol] } : {}),
  });
  return [conversion.add(resource)];
}

/** A reason why a vaccine is not given (HL7 v3: refusal, precaution, immunity, no stock), beside one that is said to be given. */
function whyNotInstead(reasons: readonly CodeableConcept[], isRefused: boolean): string[] {
  const against = reasons.find(({ coding }) => coding?.some(({ code }) => notGivenFor.test(code ?? "")));
  return against?.text && !isRefused ? [`Le codage affirme, le motif dit « ${against.text} ».`] : [];
}

const notGivenFor = /^(PATOBJ|FAMOBJ|RELIG|PHILISOP|IMMUNE|MEDPREC|OSTOCK|VACEFF|VACSAF)$/;

/** Statuses of an injection that did not take place, and why, where the status tells it. */
const notGiven: Readonly<Record<string, CodeableConcept | undefined>> = {
  aborted: undefined,
  cancelled: { text: "Annulée" },
  suspended: { text: "Suspendue" },
  held: { text: "Suspendue" },
};

/** A narrative of "Oui" or a date names no vaccine: its display or name does. */
function named(code: CodeableConcept | undefined, name: string | undefined): CodeableConcept | undefined {
  const text = code?.text;
  if (!text || !(/^(oui|non|[\d/ ]+)$/i.test(text) || saysNo(text))) return code;
  const better = name ?? code?.coding?.find((each) => each.display)?.display;
  return better ? { ...code, text: better } : code;
}

function recommended(conversion: Conversion, statement: XmlElement, vaccine: CodeableConcept, place: Place): Reference {
  const time = recordedTime(child(statement, "effectiveTime"));
  const criteria = [
    ...((time?.low ?? time?.value)
      ? [{ code: criterion("30981-5", "Earliest date to give"), value: time?.low ?? time?.value ?? "" }]
      : []),
    ...(time?.high ? [{ code: criterion("59777-3", "Latest date to give immunization"), value: time.high }] : []),
  ];
  const state = notGiven[statusOf(statement) ?? ""] ?? (isCalledOff(statement) ? { text: "Annulée" } : undefined);
  const resource: ImmunizationRecommendation = {
    resourceType: "ImmunizationRecommendation",
    ...narrativeExtensions(conversion, statement),
    patient: conversion.patient,
    date: conversion.date,
    recommendation: [
      filled({
        vaccineCode: [vaccine],
        forecastStatus: isNegated(statement) ? forecast("contraindicated") : (state ?? forecast("due")),
        dateCriterion: criteria,
        forecastReason: reasonsOf(conversion, statement),
        ...protocolOf(conversion, statement),
        description: recommendedInWords(conversion, statement, vaccine, place).join("\n") || undefined,
      }),
    ],
  };
  return conversion.add(resource);
}

const forecast = (code: string): CodeableConcept => ({
  coding: [{ system: "http://terminology.hl7.org/CodeSystem/immunization-recommendation-status", code }],
});

/** How, how much, where and by whom: FHIR's recommendation has no room for it. */
function recommendedInWords(
  conversion: Conversion,
  statement: XmlElement,
  vaccine: CodeableConcept,
  place: Place,
): string[] {
  const labelled = (label: string, name: string) => {
    const words = conversion.concept(child(statement, name))?.text;
    return words ? [`${label} : ${words}`] : [];
  };
  const dose = doses(statement);
  const kind = conversion.concept(child(statement, "code"));
  return [
    ...(notes(conversion, statement).note?.map(({ text }) => text) ?? []),
    ...(kind?.text && kind.coding?.[0]?.code !== "IMMUNIZ" && !isAbsence(kind) ? [kind.text] : []),
    ...labelled("Priorité", "priorityCode"),
    ...labelled("Voie", "routeCode"),
    ...labelled("Localisation", "approachSiteCode"),
    ...(dose ? [`Dose : ${inWords({ valueQuantity: dose })}`] : []),
    ...[
      ...(place.focus ? [] : furtherAuthors(conversion, statement, 0)),
      ...nameRemark(materialOf(statement), vaccine),
      ...antigens(conversion, statement),
      ...findingsIn(conversion, statement),
    ].map(({ text }) => text),
  ];
}

const criterion = (code: string, display: string): CodeableConcept => ({
  coding: [{ system: "http://loinc.org", code, display }],
});

function protocolOf(
  conversion: Conversion,
  statement: XmlElement,
): { doseNumberPositiveInt?: number; doseNumberString?: string } | undefined {
  const rank = qualifierOf(statement, "rank");
  const number = decimal(attribute(child(rank, "value"), "value"));
  const text = conversion.reader.textOf(child(rank, "text"));
  if (number !== undefined && Number.isInteger(number) && number > 0) return { doseNumberPositiveInt: number };
  return text ? { doseNumberString: text } : undefined;
}

function reactionsOf(conversion: Conversion, statement: XmlElement): Pick<Immunization, "contained" | "reaction"> {
  const observed: Observation[] = [];
  const reaction = related(statement, "CAUS")
    .filter((each) => each.statement.name === "observation")
    .flatMap((each, index) => {
      const value = conversion.concept(child(each.statement, "value"));
      const text = conversion.reader.textOf(child(each.statement, "text"));
      const code = value ?? (text ? { text } : undefined);
      if (!code || isNegated(each.statement)) return [];
      const time = recordedTime(child(each.statement, "effectiveTime"));
      const date = time?.low ?? time?.value;
      const id = `reaction-${index + 1}`;
      observed.push(
        filled({
          resourceType: "Observation",
          id,
          status: "final",
          code: {
            coding: [{ system: "http://loinc.org", code: "31044-1" }],
            text: "Effet indésirable de la vaccination",
          },
          subject: conversion.patient,
          valueCodeableConcept: code,
          effectiveDateTime: date,
        }),
      );
      return [filled({ date, detail: { reference: `#${id}` } })];
    });
  return observed.length > 0 ? { contained: observed, reaction } : {};
}

/** How much of each antigen was given (FR-Dose-antigene). */
function antigens(conversion: Conversion, statement: XmlElement): { text: string }[] {
  return related(statement, "COMP").flatMap(({ statement: dose }) => {
    const material = materialOf(dose);
    const name = conversion.concept(child(material, "code"))?.text ?? textOf(child(material, "name"));
    const amount = quantity(child(dose, "doseQuantity"));
    return name ? [{ text: `Antigène : ${name} ${(amount && inWords({ valueQuantity: amount })) ?? ""}`.trim() }] : [];
  });
}
