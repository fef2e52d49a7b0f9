import type { CodeableConcept, Dosage, MedicationRequest, MedicationStatement } from "../../../../fhir/index.ts";
import { toFrenchDate } from "../../times.ts";
import { element, pieces, type XmlPiece } from "../../xml.ts";
import { completed, fixedCode, quantityAttributes, reference, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import type { Cell } from "../narrative.ts";
import { writeEntryAuthor, writePerformer } from "./people.ts";
import { lengthOf, unplacedInWords, writePosology, writeUseTime } from "./posology.ts";
import { productOf, writeProduct } from "./product.ts";
import { writeRenewals } from "./renewals.ts";
import {
  datesInWords,
  listed,
  template,
  withRemarks,
  writeIds,
  writeInstruction,
  writeInterval,
  writeNotes,
  writeReasons,
} from "./shared.ts";

const { ccd, pcc, fr } = template;
/** Prescriptions: a treatment that stands there is ordered, whatever resource carries it. */
const prescriptionSection = "57828-6";

/**
 * A treatment (FR-Traitement) or a line of prescription (FR-Traitement-prescrit). The French status is always
 * `completed`: whether it goes on is told by its period.
 */
export function writeMedication(
  treatment: MedicationStatement | MedicationRequest,
  context: EntryContext,
): WrittenEntry {
  const isPrescription = context.sectionCode === prescriptionSection;
  const isIntent = isPrescription || treatment.resourceType === "MedicationRequest";
  const isNegated =
    treatment.resourceType === "MedicationStatement"
      ? treatment.status === "not-taken"
      : treatment.doNotPerform === true;
  const id = context.nextId("traitement");
  const ids = { posology: `${id}-posologie`, route: `${id}-voie`, condition: `${id}-condition` };
  const dosages = treatment.resourceType === "MedicationStatement" ? treatment.dosage : treatment.dosageInstruction;
  const posology = writePosology(dosages?.[0], ids);
  const { start, end } = periodOf(treatment);
  const { code, medication } = productOf(treatment, context);
  const isOver = end !== undefined && end.slice(0, 10).replaceAll("-", "") <= context.header.effectiveTime.slice(0, 8);
  const words = wordsOf(code);
  const why =
    treatment.resourceType === "MedicationStatement" ? treatment.statusReason : [treatment.statusReason ?? {}];
  const remarks = withRemarks(treatment.note, {
    [treatment.status === "stopped" ? "Motif d'arrêt" : "Motif"]: listed(why),
    Statut: statusInWords(treatment, isOver),
    Posologie: (dosages ?? []).flatMap(unplacedInWords).join(" ; "),
    ...(treatment.resourceType === "MedicationRequest" ? remarksOf(treatment) : {}),
  });
  const notes = writeNotes(remarks, `${id}-commentaire`);
  const instructionId = posology.instruction ? `${id}-instruction` : undefined;
  const reasons = writeReasons(context, treatment.reasonCode, `${id}-motif`);
  const request = treatment.resourceType === "MedicationRequest" ? treatment.dispenseRequest : undefined;
  const quantity = request?.quantity && quantityAttributes(request.quantity);
  const renewals = writeRenewals(request, isPrescription);
  const priority = treatment.resourceType === "MedicationRequest" ? writePriority(treatment.priority) : undefined;
  const useTime = writeUseTime(request?.expectedSupplyDuration);
  return {
    entry: element(
      "substanceAdministration",
      { classCode: "SBADM", moodCode: isIntent ? "INT" : "EVN", negationInd: isNegated ? true : undefined },
      templates(
        ...(isPrescription
          ? [
              `${ccd}.24`,
              `${pcc}.7`,
              "1.3.6.1.4.1.19376.1.9.1.3.2",
              `${fr}.83`,
              "1.3.6.1.4.1.19376.1.9.1.3.6",
              `${pcc}.7.1`,
            ]
          : [`${ccd}.24`, `${pcc}.7`, `${fr}.42`, `${pcc}.7.1`]),
      ),
      ownId(treatment, context),
      element("code", {
        code: "DRUG",
        displayName: "Médicament",
        codeSystem: "2.16.840.1.113883.5.4",
        codeSystemName: "HL7:ActCode",
      }),
      reference(id),
      element("statusCode", { code: statusOf(treatment, isOver) }),
      writeInterval("effectiveTime", start, end, "IVL_TS", lengthOf(dosages?.[0])),
      posology.timing,
      priority,
      renewals.number,
      posology.route,
      posology.site,
      posology.dose,
      posology.rate,
      posology.maximum,
      writeProduct(code, id, { medication }),
      treatment.resourceType === "MedicationRequest"
        ? [
            writePerformer(treatment.performer, undefined, context),
            writeEntryAuthor(treatment.requester ?? treatment.recorder, treatment.authoredOn, context),
          ]
        : writeEntryAuthor(treatment.informationSource, treatment.dateAsserted, context),
      reasons.entries,
      instructionId && writeInstruction(instructionId, isIntent),
      (dosages ?? [])
        .slice(1)
        .map((dosage, index) => writeStep(dosage, index + 2, `${id}-etape-${index + 2}`, context, isIntent)),
      (quantity || useTime) && writeSupply(quantity, useTime),
      treatment.resourceType === "MedicationRequest" ? writeSubstitution(treatment.substitution) : undefined,
      renewals.period,
      notes.entries,
      posology.condition,
    ),
    rows: [
      [
        { column: "Médicament", text: words, id, ...(isNegated ? { before: "Non pris : " } : {}) },
        {
          column: "Posologie",
          text: posology.words,
          parts: [
            ...(posology.words ? [{ column: "", text: posology.words, id: ids.posology }] : []),
            ...(dosages ?? []).slice(1).flatMap((dosage, index) => stepCells(dosage, `${id}-etape-${index + 2}`)),
          ],
        },
        { column: "Voie", text: posology.routeWords, id: ids.route },
        { column: "Condition", text: posology.conditionWords, id: ids.condition },
        { column: "Début", text: start ? toFrenchDate(start) : "" },
        { column: "Fin", text: end ? toFrenchDate(end) : "" },
        { column: "Renouvellement", text: renewals.words },
        reasons.cell,
        {
          column: "Instruction au patient",
          text: posology.instruction,
          ...(instructionId ? { id: instructionId } : {}),
        },
        notes.cell,
      ],
    ],
  };
}

const priorities: Readonly<Record<string, readonly [code: string, label: string]>> = {
  routine: ["R", "Normal"],
  urgent: ["UR", "Urgent"],
  asap: ["A", "Dès que possible"],
  stat: ["S", "Immédiatement"],
};

function writePriority(priority: MedicationRequest["priority"]): XmlPiece | undefined {
  const [code, label] = priorities[priority ?? ""] ?? [];
  return code === undefined ? undefined : fixedCode("priorityCode", code, label, "2.16.840.1.113883.5.7");
}

function periodOf(treatment: MedicationStatement | MedicationRequest): {
  start: string | undefined;
  end: string | undefined;
} {
  const dosages = treatment.resourceType === "MedicationStatement" ? treatment.dosage : treatment.dosageInstruction;
  const bounds = dosages?.[0]?.timing?.repeat?.boundsPeriod;
  const own =
    treatment.resourceType === "MedicationStatement"
      ? (treatment.effectivePeriod ??
        (treatment.effectiveDateTime ? { start: treatment.effectiveDateTime } : undefined))
      : treatment.dispenseRequest?.validityPeriod;
  const period = own ?? bounds;
  return { start: period?.start, end: period?.end };
}

/** The number that a prescription bears, by which whoever delivers it names it; else one made for the entry. */
function ownId(treatment: MedicationStatement | MedicationRequest, context: EntryContext): XmlPiece {
  const own = treatment.resourceType === "MedicationRequest" ? writeIds(treatment.identifier) : [];
  return own.length > 0 ? pieces(own) : element("id", { root: context.nextUuid() });
}

/** A prescription has one interval: another of its first dose is told. */
function periodsInWords({ dispenseRequest, dosageInstruction }: MedicationRequest): Readonly<Record<string, string>> {
  const bounds = dosageInstruction?.[0]?.timing?.repeat?.boundsPeriod;
  const own = dispenseRequest?.validityPeriod;
  const isSame = own?.start === bounds?.start && own?.end === bounds?.end;
  return own && bounds && !isSame ? { "Période de prise": datesInWords(bounds) } : {};
}

const statusWords: Readonly<Record<string, string>> = { draft: "brouillon", unknown: "inconnu" };

/** One that is over reads as stopped where no past end tells it. */
function statusInWords(treatment: MedicationStatement | MedicationRequest, isOver: boolean): string | undefined {
  const isTold = treatment.resourceType === "MedicationRequest" || !isOver;
  if (treatment.status === "completed" && isTold) return "terminé";
  return statusWords[treatment.status ?? ""];
}

function remarksOf(request: MedicationRequest): Readonly<Record<string, string | undefined>> {
  const { allowedBoolean, allowedCodeableConcept, reason } = request.substitution ?? {};
  const isCoded = allowedCodeableConcept?.coding?.length;
  return {
    "Type de traitement": wordsOf(request.courseOfTherapyType),
    ...periodsInWords(request),
    "À délivrer par": request.dispenseRequest?.performer?.display,
    Substitution: [allowedBoolean ? "autorisée" : "", isCoded ? "" : wordsOf(allowedCodeableConcept), wordsOf(reason)]
      .filter(Boolean)
      .join(", "),
  };
}

/** FR-Autorisation-substitution. */
function writeSubstitution(substitution: MedicationRequest["substitution"]): XmlPiece | undefined {
  const none: CodeableConcept = {
    coding: [
      {
        system: "http://terminology.hl7.org/CodeSystem/v3-substanceAdminSubstitution",
        code: "N",
        display: "Pas de substitution",
      },
    ],
  };
  const code = substitution?.allowedCodeableConcept ?? (substitution?.allowedBoolean === false ? none : undefined);
  if (!code?.coding?.length) return undefined;
  return element(
    "entryRelationship",
    { typeCode: "COMP" },
    element(
      "act",
      { classCode: "ACT", moodCode: "DEF" },
      templates("1.3.6.1.4.1.19376.1.9.1.3.9.1", `${fr}.87`),
      writeConcept("code", code),
      completed,
    ),
  );
}

/**
 * The French status of a treatment is always `completed`, and its period tells whether it goes on: one that is over, of
 * which no past end tells it, would read as under way.
 */
function statusOf(treatment: MedicationStatement | MedicationRequest, isOver: boolean): string {
  if (treatment.resourceType === "MedicationStatement") {
    if (treatment.status === "completed" && !isOver) return "aborted";
    if (treatment.status === "intended") return "new";
  }
  switch (treatment.status) {
    case "stopped":
      return "aborted";
    case "on-hold":
      return "suspended";
    case "cancelled":
      return "cancelled";
    default:
      return "completed";
  }
}

/** A further step of the posology: a subordinate administration. */
function writeStep(
  dosage: Parameters<typeof writePosology>[0],
  sequence: number,
  id: string,
  context: EntryContext,
  isIntent: boolean,
): XmlPiece {
  const ids = stepIds(id);
  const posology = writePosology(dosage, ids);
  const bounds = dosage?.timing?.repeat?.boundsPeriod;
  const length = lengthOf(dosage);
  return element(
    "entryRelationship",
    { typeCode: "COMP" },
    element("sequenceNumber", { value: dosage?.sequence ?? sequence }),
    element(
      "substanceAdministration",
      { classCode: "SBADM", moodCode: isIntent ? "INT" : "EVN" },
      templates(isIntent ? `${fr}.83.1` : `${fr}.42.1`),
      element("id", { root: context.nextUuid() }),
      reference(id),
      completed,
      (bounds || length) && writeInterval("effectiveTime", bounds?.start, bounds?.end, "IVL_TS", length),
      posology.timing,
      posology.route,
      posology.site,
      posology.dose,
      posology.rate,
      posology.maximum,
      element(
        "consumable",
        {},
        element(
          "manufacturedProduct",
          {},
          templates(`${ccd}.53`, `${pcc}.7.2`, `${fr}.43`),
          element(
            "manufacturedMaterial",
            {},
            element("code", { nullFlavor: "NA" }),
            element("name", { nullFlavor: "NA" }),
          ),
        ),
      ),
      posology.instruction ? writeInstruction(ids.instruction, isIntent) : undefined,
      posology.condition,
    ),
  );
}

const stepIds = (id: string) => ({
  posology: id,
  route: `${id}-voie`,
  condition: `${id}-condition`,
  instruction: `${id}-instruction`,
});

/** What a step says, each part where its entry points to. */
function stepCells(dosage: Dosage, id: string): Cell[] {
  const ids = stepIds(id);
  const { words, routeWords, conditionWords, instruction } = writePosology(dosage, ids);
  return [
    { column: "", text: words, id: ids.posology },
    { column: "", text: routeWords, id: ids.route },
    { column: "", text: conditionWords, id: ids.condition },
    { column: "", text: instruction, id: ids.instruction },
  ].filter((cell, index) => index === 0 || cell.text !== "");
}

/** Quantity to dispense, and how long it is to last. */
function writeSupply(quantity: { value: string; unit?: string } | undefined, useTime: XmlPiece | undefined): XmlPiece {
  return element(
    "entryRelationship",
    { typeCode: "COMP" },
    element(
      "supply",
      { classCode: "SPLY", moodCode: "RQO" },
      templates("1.3.6.1.4.1.19376.1.9.1.3.8", `${fr}.86`),
      element("independentInd", { value: "false" }),
      quantity && element("quantity", quantity),
      useTime,
    ),
  );
}
