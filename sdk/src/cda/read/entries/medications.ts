import { dateInWords } from "../../../fhir/date-words.ts";
import type {
  CodeableConcept,
  Extension,
  MedicationDispense,
  MedicationRequest,
  MedicationStatement,
  Reference,
} from "../../../fhir/index.ts";
import { firstActor, performersOf } from "../actors.ts";
import { absentTime, isAbsence, isDeniedInWords, maskedConcept } from "../concept.ts";
import { type Conversion, narrativeExtensions, notes, type Place } from "../conversion.ts";
import { disagreements } from "../disagreements.ts";
import { filled } from "../filled.ts";
import { identifiers } from "../names.ts";
import { doersInWords } from "../participations.ts";
import { saysNo } from "../polarity.ts";
import {
  fr,
  isCalledOff,
  isNegated,
  isPlanned,
  isReference,
  pcc,
  referredEntry,
  related,
  relatedTemplate,
  statusOf,
} from "../statements.ts";
import { isOver, participationTime, type RecordedTime, recordedTime } from "../times.ts";
import { quantity } from "../values.ts";
import { at, attribute, child, children, hasTemplate, type XmlElement } from "../xml.ts";
import { plainPosology } from "./posology.ts";
import { materialOf, product, productCode } from "./products.ts";
import { namesProblem } from "./recognise.ts";
import { renewalRemarks, renewals, renewalWords } from "./renewals.ts";
import { urgency } from "./states.ts";
import { dosages, instructionsOf } from "./steps.ts";
import { lengthOf } from "./time-lengths.ts";
import { treatmentTime } from "./times-of-use.ts";
import { remarksOf, suppliedIn, withNarrative } from "./treatment-words.ts";

export const treatmentTemplates = [fr("42"), pcc("7"), "2.16.840.1.113883.10.20.1.24"];
export const prescriptionTemplates = [fr("83"), "1.3.6.1.4.1.19376.1.9.1.3.2", "1.3.6.1.4.1.19376.1.9.1.3.6"];
/** A line that only names the prescription item dispensed. */
export const prescriptionItemTemplates = [fr("90")];

/** Sections whose treatments ended with what they tell: given during the stay, stopped at its end. */
const pastSections = new Set(["18610-6", "29549-3", "87232-5"]);

/** A treatment: prescribed or planned → MedicationRequest, delivered → MedicationDispense, else MedicationStatement. */
export function treatment(conversion: Conversion, statement: XmlElement, place: Place): Reference[] {
  if (hasTemplate(statement, ...prescriptionItemTemplates) || isFiller(conversion, statement)) return [];
  const deliveries = related(statement).flatMap((each) =>
    hasTemplate(each.statement, fr("44"), pcc("7.3")) ? [each.statement] : [],
  );
  const done = deliveries.filter((each) => !isPlanned(each));
  // Nursing homes list what is taken with the mood of an intention: the section says that it is taken.
  const isList =
    attribute(statement, "moodCode") === "INT" &&
    place.sectionCode === "10160-0" &&
    !hasTemplate(statement, ...prescriptionTemplates);
  if (isPlanned(statement) && !isList) return [request(conversion, statement, place)];
  // Each delivery of one treatment is an event of its own.
  if (done.length > 0 && !treatmentTime(statement) && !doses(statement))
    return done.map((each) => reimbursed(conversion, statement, each, place));
  return [taken(conversion, statement, place, deliveries)];
}

/** Dose at a time: the least one of a range. */
export const doses = (statement: XmlElement) =>
  quantity(child(child(statement, "doseQuantity"), "low")) ?? quantity(child(statement, "doseQuantity"));

/** An entry that names no product and tells nothing of its use is a filler. */
function isFiller(conversion: Conversion, statement: XmlElement): boolean {
  const material = materialOf(statement);
  const says = productCode(conversion, material, conversion.reader.textOf(child(statement, "text")));
  if (says || child(material, "pharm:formCode") || child(material, "pharm:ingredient")) return false;
  if (maskedConcept(child(material, "code"), statement)) return false;
  if (isAbsence(conversion.concept(child(statement, "code")))) return false;
  return !treatmentTime(statement) && dosages(conversion, statement).length === 0 && related(statement).length === 0;
}

/** What a treatment keeps of its narrative, and where it says otherwise than its codes. Its length is told in its dosage. */
function saidAround(
  conversion: Conversion,
  statement: XmlElement,
  found: ReturnType<typeof product>,
  time: RecordedTime | undefined,
  isAffirmed: boolean,
): { extension?: Extension[] } {
  const told = disagreements(conversion, statement, {
    time,
    words: found.code,
    posology: plainPosology(conversion.reader, statement),
    isAffirmed,
  });
  return narrativeExtensions(conversion, statement, [...found.disagreements, ...told], true);
}

function taken(
  conversion: Conversion,
  statement: XmlElement,
  place: Place,
  deliveries: readonly XmlElement[],
): Reference {
  const found = product(conversion, statement);
  const time = treatmentTime(statement) ?? place.groupTime;
  const dosage = withNarrative(conversion, statement, dosages(conversion, statement));
  const reasons = reasonsOf(conversion, statement);
  const source = firstActor(conversion, statement, "author", "performer", "informant");
  const asserted = participationTime(statement, "author", "informant");
  const start = time?.low ?? time?.value;
  const remarks = [
    ...(notes(conversion, statement).note ?? []),
    ...remarksOf(conversion, statement, found.code),
    ...doersInWords(conversion, statement),
    ...renewalRemarks(statement),
    ...deliveries.flatMap(suppliedIn),
  ];
  const stopped = whyStopped(conversion, statement);
  const resource = filled<MedicationStatement>({
    resourceType: "MedicationStatement",
    ...saidAround(conversion, statement, found, time, !isNegated(statement) && !isAbsence(found.code)),
    status: isAbsence(found.code)
      ? "unknown"
      : isDeniedInWords(found.code)
        ? "not-taken"
        : currency(conversion, statement, place, start, time?.high, stopped !== undefined),
    ...(stopped ? { statusReason: [stopped] } : {}),
    category: place.section,
    ...found.medication,
    subject: conversion.patient,
    ...(time?.value && !time.high
      ? { effectiveDateTime: time.value }
      : start || time?.high
        ? { effectivePeriod: filled({ start, ...(time?.high ? { end: time.high } : {}) }) }
        : { _effectiveDateTime: absentTime(statement) }),
    dateAsserted: asserted,
    informationSource: source,
    reasonCode: reasons,
    note: remarks,
    dosage,
  });
  return conversion.add(resource);
}

/**
 * The status of every French treatment is `completed`, plans included: whether it goes on is told by its period held
 * against the date of the document, and by its section. An end said to be unknown does not make it go on.
 */
function currency(
  conversion: Conversion,
  statement: XmlElement,
  place: Place,
  start: string | undefined,
  end: string | undefined,
  isStopped: boolean,
): MedicationStatement["status"] {
  if (isNegated(statement)) return "not-taken";
  const status = statusOf(statement);
  if (status === "aborted" || status === "cancelled") return "stopped";
  if (status === "suspended" || status === "held") return "on-hold";
  if (status === "new") return "intended";
  if (start && start.slice(0, 10) > conversion.date.slice(0, 10)) return "intended";
  const isEnded = end !== undefined && isOver(end, conversion.date);
  if (isStopped && (isEnded || !end)) return "stopped";
  if (end) return isEnded ? "completed" : "active";
  // Given within an act or a meeting, it ended with them.
  const isWithin = /^(procedure|encounter)$/.test(statement.parent?.parent?.name ?? "");
  if (isWithin || pastSections.has(place.sectionCode)) return "completed";
  return place.sectionCode === "42346-7" ? "unknown" : "active";
}

/** Why a treatment was stopped (FR-Motif-arret-traitement), which says that it was. */
function whyStopped(conversion: Conversion, statement: XmlElement): CodeableConcept | undefined {
  const reason = relatedTemplate(statement, fr("48.17"));
  if (!reason || isNegated(reason)) return undefined;
  const text = conversion.reader.textOf(child(reason, "text"));
  const found = conversion.concept(child(reason, "value")) ?? (text ? { text } : undefined);
  return found?.coding || (found?.text && !saysNo(found.text)) ? found : undefined;
}

/**
 * Why a treatment is given: internal references and problems related as reasons. Where the relation is inverted, the
 * treatment is the reason of what it holds, which is a fact of its own.
 */
export function reasonsOf(conversion: Conversion, statement: XmlElement): CodeableConcept[] {
  return related(statement, "RSON", "REFR").flatMap((each) => {
    const refers = isReference(each.statement);
    // A prescription names its reason by a plain reference.
    const isReason = each.type === "RSON" || (refers && statement.name === "substanceAdministration");
    if (each.isInverted || !isReason) return [];
    // The reference may repeat what kind of statement is meant, or the illness itself.
    const target = refers && !namesProblem(each.statement) ? referredEntry(each.statement) : undefined;
    const concern = target?.name === "act" ? related(target, "SUBJ")[0]?.statement : undefined;
    const meant = concern ?? target;
    const entry = meant && !isNegated(meant) ? meant : each.statement;
    const code = conversion.concept(child(entry, "code"));
    const value = conversion.concept(child(entry, "value"));
    const found = entry.name === "observation" ? (value ?? code) : (code ?? value);
    const text = conversion.reader.textOf(child(entry, "text"));
    if (found?.coding || found?.text) return [found];
    return text ? [{ text }] : [];
  });
}

function request(conversion: Conversion, statement: XmlElement, place: Place): Reference {
  const found = product(conversion, statement);
  const time = treatmentTime(statement);
  const dosage = withNarrative(conversion, statement, dosages(conversion, statement));
  const reasons = reasonsOf(conversion, statement);
  const requester = firstActor(conversion, statement, "author");
  const supply = relatedTemplate(statement, fr("86"), fr("44"), "1.3.6.1.4.1.19376.1.9.1.3.8", pcc("7.3"));
  const amount = quantity(child(supply, "quantity"));
  const lasts = suppliedFor(supply);
  const substitution = substitutionOf(conversion, statement);
  const remarks = [
    ...(notes(conversion, statement).note ?? []),
    ...remarksOf(conversion, statement, found.code),
    ...doersInWords(conversion, statement, 0),
  ];
  const isPrescription = hasTemplate(statement, ...prescriptionTemplates);
  const renewed = renewals(statement, supply, isPrescription);
  const mood = attribute(statement, "moodCode");
  const authored =
    participationTime(statement, "author") ?? (isPrescription ? conversion.date || undefined : undefined);
  const validity = time?.low || time?.high ? filled({ start: time.low, end: time.high }) : undefined;
  const extension: Extension[] = saidAround(conversion, statement, found, time, !isNegated(statement)).extension ?? [];
  const ids = identifiers(statement);
  const resource = filled<MedicationRequest>({
    resourceType: "MedicationRequest",
    extension,
    identifier: ids,
    status: requestStatuses[statusOf(statement) ?? ""] ?? "active",
    intent: isPrescription || mood === "RQO" ? "order" : mood === "PRP" ? "proposal" : "plan",
    ...(place.section ? { category: [place.section] } : {}),
    priority: urgency(conversion.concept(child(statement, "priorityCode"))),
    ...(isNegated(statement) ? { doNotPerform: true } : {}),
    ...found.medication,
    subject: conversion.patient,
    requester,
    authoredOn: authored,
    reasonCode: reasons,
    note: remarks,
    dosageInstruction: dosage,
    ...(validity || renewed || amount || lasts
      ? {
          dispenseRequest: filled({
            ...renewed,
            validityPeriod: validity,
            quantity: amount,
            expectedSupplyDuration: lasts,
          }),
        }
      : {}),
    substitution,
  });
  return conversion.add(resource);
}

/** How long what is supplied lasts. */
const suppliedFor = (supply: XmlElement | undefined) => lengthOf(at(supply, "expectedUseTime", "width"));

const requestStatuses: Readonly<Record<string, MedicationRequest["status"]>> = {
  aborted: "stopped",
  cancelled: "cancelled",
  suspended: "on-hold",
  held: "on-hold",
};

function substitutionOf(conversion: Conversion, statement: XmlElement): MedicationRequest["substitution"] {
  const act = relatedTemplate(statement, fr("87"), "1.3.6.1.4.1.19376.1.9.1.3.9.1");
  const code = conversion.concept(child(act, "code"));
  if (!code?.coding) return undefined;
  return { allowedCodeableConcept: code };
}

/** A line of the reimbursement history: what was delivered and when, without posology. */
function reimbursed(conversion: Conversion, statement: XmlElement, delivery: XmlElement, place: Place): Reference {
  const found = product(conversion, statement);
  const dispensers = performersOf(conversion, delivery, "performer");
  const delivered = recordedTime(child(child(delivery, "performer"), "time"));
  const amount = quantity(child(delivery, "quantity"));
  const lasts = suppliedFor(delivery);
  const remarks = [...(notes(conversion, statement).note ?? []), ...remarksOf(conversion, statement, found.code)];
  remarks.push(...renewalWords(delivery), ...prescribedOn(delivery));
  const day = delivered?.value ?? delivered?.low ?? delivered?.high;
  const resource = filled<MedicationDispense>({
    resourceType: "MedicationDispense",
    ...narrativeExtensions(conversion, statement, found.disagreements),
    status: isCalledOff(statement) || isCalledOff(delivery) ? "declined" : "completed",
    category: place.section,
    ...found.medication,
    subject: conversion.patient,
    performer: dispensers.map((each) => ({ actor: each })),
    quantity: amount,
    daysSupply: lasts,
    whenHandedOver: day,
    note: remarks,
    supportingInformation: prescriberOf(conversion, delivery),
  });
  return conversion.add(resource);
}

/** Who prescribed what is handed over, told as author of the prescription that it names. */
function prescriberOf(conversion: Conversion, prescription: XmlElement | undefined): Reference[] {
  const prescriber = prescription && firstActor(conversion, prescription, "author");
  return prescriber ? [prescriber] : [];
}

function prescribedOn(prescription: XmlElement | undefined): { text: string }[] {
  const day = participationTime(prescription, "author");
  return day ? [{ text: `Prescrit le ${dateInWords(day, "fr")}` }] : [];
}

/** A dispensed line (FR-Traitement-dispense): product delivered, quantity, substitution, dosage read out to the patient. */
export function dispensation(conversion: Conversion, supply: XmlElement, place: Place): Reference[] {
  const found = product(conversion, supply);
  const named = performersOf(conversion, supply, "performer", "author");
  const dispensers = named.length > 0 ? named : (place.authors ?? []);
  const time = recordedTime(child(supply, "effectiveTime")) ?? recordedTime(child(child(supply, "performer"), "time"));
  const amount = quantity(child(supply, "quantity"));
  const lasts = suppliedFor(supply);
  const statements = related(supply, "COMP").filter((each) => each.statement.name === "substanceAdministration");
  const dosage = withNarrative(
    conversion,
    supply,
    statements.flatMap((each) => withNarrative(conversion, each.statement, dosages(conversion, each.statement))),
  );
  const told = instructionsOf(conversion, supply);
  if (told) dosage[0] = { ...dosage[0], patientInstruction: told };
  const kind = conversion.concept(child(supply, "code"));
  const item = relatedTemplate(supply, ...prescriptionItemTemplates);
  const prescriptions = identifiers(item).map((identifier) => ({
    type: "MedicationRequest",
    identifier,
  }));
  const wrong = [
    ...found.disagreements,
    ...statements.flatMap((each) =>
      disagreements(conversion, supply, {
        words: found.code,
        posology: plainPosology(conversion.reader, each.statement),
        time: treatmentTime(each.statement),
      }),
    ),
  ];
  const substituted = conversion.concept(
    child(relatedTemplate(supply, fr("206"), "1.3.6.1.4.1.19376.1.9.1.3.9.2"), "code"),
  );
  const remarks = [...(notes(conversion, supply).note ?? []), ...remarksOf(conversion, supply, found.code)];
  remarks.push(...renewalWords(supply), ...prescribedOn(item));
  const day = time?.value ?? time?.high ?? time?.low;
  const resource = filled<MedicationDispense>({
    resourceType: "MedicationDispense",
    ...narrativeExtensions(conversion, supply, wrong),
    status: isCalledOff(supply) ? "declined" : (supplyStatuses[statusOf(supply) ?? ""] ?? "completed"),
    category: place.section,
    ...found.medication,
    subject: conversion.patient,
    performer: dispensers.map((each) => ({ actor: each })),
    authorizingPrescription: prescriptions,
    type: kind,
    quantity: amount,
    daysSupply: lasts,
    whenHandedOver: day,
    note: remarks,
    dosageInstruction: dosage,
    supportingInformation: prescriberOf(conversion, item),
    ...(substituted?.coding
      ? { substitution: { wasSubstituted: substituted.coding[0]?.code !== "N", type: substituted } }
      : {}),
  });
  return [conversion.add(resource)];
}

const supplyStatuses: Readonly<Record<string, MedicationDispense["status"]>> = {
  new: "preparation",
  active: "in-progress",
  suspended: "on-hold",
  held: "on-hold",
};

/** `true` for supplies that deliver a drug rather than a device. */
export function isDispensation(supply: XmlElement): boolean {
  return hasTemplate(supply, fr("204"), "1.3.6.1.4.1.19376.1.9.1.3.4") || children(supply, "product").length > 0;
}
