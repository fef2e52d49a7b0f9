import { dateInWords } from "../../../fhir/date-words.ts";
import type {
  Appointment,
  CodeableConcept,
  Goal,
  Quantity,
  Range,
  Reference,
  ServiceRequest,
} from "../../../fhir/index.ts";
import { firstActor, performersOf } from "../actors.ts";
import { isDeniedInWords, namedBy } from "../concept.ts";
import { type Conversion, narrativeExtensions, notes, type Place } from "../conversion.ts";
import { filled } from "../filled.ts";
import { furtherAuthors } from "../participations.ts";
import { saysNo } from "../polarity.ts";
import { isQualifying } from "../qualifiers.ts";
import { fr, isCalledOff, isNegated, isPlanned, related, repetitions, statusOf } from "../statements.ts";
import { lengthLeft, participationTime, periodOf, type RecordedTime, recordedTime } from "../times.ts";
import { deniedWords, inWords, observationValue } from "../values.ts";
import { at, attribute, child, children, hasTemplate, readEach, type XmlElement } from "../xml.ts";
import { reasonsOf } from "./medications.ts";
import { materialOf, productCode } from "./products.ts";
import { isCollection } from "./specimens.ts";
import { urgency } from "./states.ts";

/** An examination or follow-up wished for (moods INT, PRP, RQO), or a goal (GOL). */
export function plannedObservation(conversion: Conversion, statement: XmlElement, place: Place): Reference[] {
  const text = conversion.reader.textOf(child(statement, "text"));
  const found = conversion.concept(child(statement, "code")) ?? (text ? { text } : undefined);
  if (!found) return [];
  const code = namedBy(found, text);
  if (attribute(statement, "moodCode") === "GOL") return [goal(conversion, statement, code, text)];
  return [requestOf(conversion, statement, place, code, text)];
}

function goal(
  conversion: Conversion,
  statement: XmlElement,
  code: CodeableConcept,
  text: string | undefined,
): Reference {
  const time = recordedTime(child(statement, "effectiveTime"));
  const value = observationValue(child(statement, "value"), conversion.reader);
  // So long after a start is not at its start.
  const isLater = lengthLeft(child(statement, "effectiveTime")) !== undefined;
  const due = time?.value ?? time?.high ?? (isLater ? undefined : time?.low);
  const detail =
    value.valueQuantity && !value.valueQuantity.comparator
      ? { detailQuantity: value.valueQuantity }
      : value.valueRange || value.valueQuantity
        ? { detailRange: value.valueRange ?? openRange(value.valueQuantity) }
        : value.valueCodeableConcept
          ? { detailCodeableConcept: value.valueCodeableConcept }
          : value.valueString
            ? { detailString: value.valueString }
            : value.valueBoolean !== undefined
              ? { detailBoolean: value.valueBoolean }
              : value.valueInteger !== undefined
                ? { detailInteger: value.valueInteger }
                : undefined;
  const resource: Goal = {
    resourceType: "Goal",
    ...narrativeExtensions(conversion, statement),
    lifecycleStatus: isNegated(statement) ? "rejected" : (goalStatuses[statusOf(statement) ?? ""] ?? "proposed"),
    description: text && !code.text ? { ...code, text } : code,
    subject: conversion.patient,
    ...(detail
      ? { target: [{ measure: code, ...detail, ...(due && due.length === 10 ? { dueDate: due } : {}) }] }
      : due
        ? {
            target: [
              { measure: code, detailString: text ?? code.text ?? "", ...(due.length === 10 ? { dueDate: due } : {}) },
            ],
          }
        : {}),
    ...notes(conversion, statement),
  };
  const said = nestedWords(conversion, statement);
  if (said.length > 0) resource.note = [...(resource.note ?? []), ...said];
  if (due && due.length !== 10)
    resource.note = [...(resource.note ?? []), { text: `Échéance : ${dateInWords(due, "fr")}` }];
  return conversion.add(resource);
}

const goalStatuses: Readonly<Record<string, Goal["lifecycleStatus"]>> = {
  aborted: "cancelled",
  cancelled: "cancelled",
  suspended: "on-hold",
  held: "on-hold",
};

/** "At most 7 %" is a range with one bound. */
function openRange({ comparator, ...bound }: Quantity = {}): Range {
  return comparator?.startsWith(">") ? { low: bound } : { high: bound };
}

/** Observations inside a request ("done: no", "call back: yes"), in words. */
function nestedWords(conversion: Conversion, statement: XmlElement): { text: string }[] {
  return related(statement)
    .filter((each) => !standsElsewhere(each.statement, each.type))
    .flatMap((each) => {
      if (each.statement.name !== "observation")
        return each.type === "RSON" ? [] : partInWords(conversion, each.statement);
      const code = conversion.concept(child(each.statement, "code"))?.text;
      const found = observationValue(child(each.statement, "value"), conversion.reader);
      const answer = inWords(found);
      const value = isNegated(each.statement) ? deniedWords(answer) : answer;
      const when = periodWords(each.statement);
      const text = conversion.reader.textOf(child(each.statement, "text"));
      const said = value === undefined ? (when ?? text) : when ? `${value} (${when})` : value;
      return code && said !== undefined ? [{ text: `${code} : ${said}` }] : [];
    });
}

/** What a plan holds that is no plan itself: what it is, without a word of when it was or will be done. */
function partInWords(conversion: Conversion, statement: XmlElement): { text: string }[] {
  if (isPlanned(statement) || isCollection(statement) || statement.name === "observationMedia") return [];
  const isProduct = statement.name === "substanceAdministration" || statement.name === "supply";
  const device = at(statement, "participant", "participantRole", "playingDevice", "code");
  const named = isProduct
    ? (productCode(conversion, materialOf(statement)) ?? conversion.concept(device))
    : conversion.concept(child(statement, "code"));
  const text = named?.text ?? conversion.reader.textOf(child(statement, "text"));
  return text ? [{ text: isNegated(statement) ? `Sans : ${text}` : `Avec : ${text}` }] : [];
}

/** An observation that states a date alone ("Dates prévisionnelles"). */
function periodWords(statement: XmlElement): string | undefined {
  const time = recordedTime(child(statement, "effectiveTime"));
  const said = [time?.value ?? time?.low, time?.high].flatMap((each) => (each ? dateInWords(each, "fr") : []));
  return said.length > 0 ? said.join(" – ") : undefined;
}

/** When an act is foreseen (GEN-177), for an act that has no date of its own yet. */
function foreseen(statement: XmlElement): RecordedTime | undefined {
  const dates = related(statement).find((each) => attribute(child(each.statement, "code"), "code") === "GEN-177");
  return recordedTime(child(dates?.statement, "effectiveTime"));
}

/** What is to be taken for an examination (FR-Prelevement within FR-Acte-biologie-prescrit): wished for, not taken yet. */
function samples(conversion: Conversion, statement: XmlElement): { text: string }[] {
  return related(statement)
    .filter((each) => each.statement.name === "procedure")
    .flatMap((each) => children(each.statement, "participant"))
    .flatMap((each) => conversion.concept(at(each, "participantRole", "playingEntity", "code"))?.text ?? [])
    .map((text) => ({ text: `Prélèvement : ${text}` }));
}

/** Reasons and comments are converted where they belong. */
function standsElsewhere(statement: XmlElement, type: string): boolean {
  return isQualifying(statement) || (type === "RSON" && hasTemplate(statement, fr("37")));
}

/** A planned act or examination as ServiceRequest. */
export function requestOf(
  conversion: Conversion,
  statement: XmlElement,
  place: Place,
  code: CodeableConcept,
  text: string | undefined,
): Reference {
  const time = recordedTime(child(statement, "effectiveTime")) ?? foreseen(statement);
  const period = periodOf(time);
  const mood = attribute(statement, "moodCode");
  const requester = firstActor(conversion, statement, "author");
  const performers = performersOf(conversion, statement, "performer");
  const authored = participationTime(statement, "author");
  const reasons = reasonsOf(conversion, statement);
  const priority = conversion.concept(child(statement, "priorityCode"));
  const sites = readEach(statement, "targetSiteCode", (each) => conversion.concept(each));
  const value = observationValue(child(statement, "value"), conversion.reader);
  const detail = value.valueCodeableConcept ?? (value.valueString ? { text: value.valueString } : undefined);
  const remarks = [
    ...(notes(conversion, statement).note ?? []),
    ...furtherAuthors(conversion, statement),
    ...nestedWords(conversion, statement),
    ...samples(conversion, statement),
  ];
  if (priority?.text) remarks.push({ text: `Priorité : ${priority.text}` });
  remarks.push(...repetitions(statement));
  for (const each of children(statement, "methodCode")) {
    const method = conversion.concept(each)?.text;
    if (method) remarks.push({ text: `Méthode : ${method}` });
  }
  if (text && text !== code.text) remarks.push({ text });
  if (value.valueQuantity?.value !== undefined) remarks.push({ text: `Valeur : ${inWords(value)}` });
  if (value.valueBoolean !== undefined) remarks.push({ text: value.valueBoolean ? "Oui" : "Non" });
  const resource = filled<ServiceRequest>({
    resourceType: "ServiceRequest",
    ...narrativeExtensions(conversion, statement),
    status: requestStatuses[statusOf(statement) ?? ""] ?? "active",
    intent: mood === "RQO" ? "order" : mood === "PRP" || mood === "ARQ" ? "proposal" : "plan",
    ...(place.section ? { category: [place.section] } : {}),
    priority: urgency(priority),
    ...(isNegated(statement) || value.valueBoolean === false || isDeniedInWords(code) ? { doNotPerform: true } : {}),
    code,
    ...(detail ? { orderDetail: [detail] } : {}),
    subject: conversion.patient,
    ...(time?.value ? { occurrenceDateTime: time.value } : period ? { occurrencePeriod: period } : {}),
    authoredOn: authored,
    requester,
    performer: performers,
    reasonCode: reasons,
    bodySite: sites,
    note: remarks,
  });
  return conversion.add(resource);
}

const requestStatuses: Readonly<Record<string, ServiceRequest["status"]>> = {
  aborted: "revoked",
  cancelled: "revoked",
  suspended: "on-hold",
  held: "on-hold",
};

/** A meeting asked for or planned (encounter of mood ARQ, INT, PRP…) as Appointment. */
export function plannedEncounter(
  conversion: Conversion,
  statement: XmlElement,
  place: Place,
  locations: readonly Reference[],
): Reference[] {
  const text = conversion.reader.textOf(child(statement, "text"));
  const code = conversion.concept(child(statement, "code"));
  const priority = conversion.concept(child(statement, "priorityCode"));
  const period = periodOf(recordedTime(child(statement, "effectiveTime")));
  const reasons = reasonsOf(conversion, statement);
  const expected = [...performersOf(conversion, statement, "performer"), ...locations];
  const remarks = [...(notes(conversion, statement).note ?? []), ...nestedWords(conversion, statement)].map(
    ({ text: words }) => words,
  );
  if (priority?.text) remarks.push(`Priorité : ${priority.text}`);
  if (/^(suspended|held)$/.test(statusOf(statement) ?? "")) remarks.push("Suspendu");
  if (text) remarks.push(text);
  const isDenied = isNegated(statement) || (text !== undefined && text.length < 5 && saysNo(text));
  const resource: Appointment = {
    resourceType: "Appointment",
    ...narrativeExtensions(
      conversion,
      statement,
      isDenied && !isNegated(statement) ? [`Le codage demande une rencontre, le texte dit « ${text} ».`] : [],
    ),
    status: isCalledOff(statement) ? "cancelled" : "proposed",
    ...(code ? { serviceType: [code] } : {}),
    ...(reasons.length > 0 ? { reasonCode: reasons } : {}),
    ...(place.sectionTitle ? { description: text ?? place.sectionTitle } : text ? { description: text } : {}),
    ...(period ? { requestedPeriod: [period] } : {}),
    ...(remarks.length > 0 ? { comment: remarks.join("\n") } : {}),
    participant: [
      { actor: conversion.patient, status: "needs-action" },
      ...expected.map((each) => ({ actor: each, status: "needs-action" as const })),
    ],
  };
  return [conversion.add(resource)];
}
