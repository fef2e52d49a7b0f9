import type { MedicationDispense, Period } from "../../../../fhir/index.ts";
import { toFrenchDate } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import {
  completed,
  frenchQuantity,
  quantityAttributes,
  reference,
  templates,
  wordsOf,
  writeConcept,
} from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import { referenceInWords } from "../told/value-words.ts";
import { writeEntryAuthor, writePerformer, writePerformers } from "./people.ts";
import { lengthOf, unplacedInWords, writePosology, writeUseTime } from "./posology.ts";
import { productOf, writeManufacturedProduct } from "./product.ts";
import { template, withRemarks, writeIds, writeInstruction, writeInterval, writeNotes, writeTime } from "./shared.ts";

const { ccd, pcc, fr } = template;

/** What was handed over (FR-Traitement-dispense): product, quantity, day, substitution, posology told to the patient. */
export function writeDispense(dispense: MedicationDispense, context: EntryContext): WrittenEntry {
  const id = context.nextId("delivrance");
  const { code, medication } = productOf(dispense, context);
  const quantity = dispense.quantity && quantityAttributes(dispense.quantity);
  const day = dispense.whenHandedOver ?? dispense.whenPrepared;
  const remarks = withRemarks(dispense.note, {
    Motif: wordsOf(dispense.statusReasonCodeableConcept),
    Posologie: (dispense.dosageInstruction ?? []).flatMap(unplacedInWords).join(" ; "),
    Prescription: otherPrescriptions(dispense, context),
    Substitution: dispense.substitution?.type?.coding?.length ? "" : wordsOf(dispense.substitution?.type),
    "Remis à": (dispense.receiver ?? []).flatMap(({ display }) => display ?? []).join(", "),
  });
  const notes = writeNotes(remarks, `${id}-commentaire`);
  const isDeclined = dispense.status === "declined" || dispense.status === "cancelled";
  const dosages = (dispense.dosageInstruction ?? []).map((dosage, index) => {
    const dosageId = `${id}-posologie-${index + 1}`;
    const posology = writePosology(dosage, {
      posology: dosageId,
      route: `${dosageId}-voie`,
      condition: `${dosageId}-si`,
    });
    // One that says no more than "if needed" is a posology all the same.
    const words = posology.words || [posology.routeWords, posology.conditionWords].filter(Boolean).join(", ");
    return {
      dosageId,
      length: lengthOf(dosage),
      bounds: dosage.timing?.repeat?.boundsPeriod,
      posology: { ...posology, words },
    };
  });
  const instruction = dosages.flatMap(({ posology }) => posology.instruction || []).join("\n");
  const substitution = dispense.substitution?.type;
  const [performer, ...others] = (dispense.performer ?? []).map(({ actor }) => actor);
  return {
    entry: element(
      "supply",
      { classCode: "SPLY", moodCode: "EVN" },
      templates(`${ccd}.34`, `${pcc}.7.3`, "1.3.6.1.4.1.19376.1.9.1.3.4", `${fr}.204`),
      element("id", { root: context.nextUuid() }),
      reference(id),
      // The schema knows no negation of a supply.
      element("statusCode", { code: isDeclined ? "cancelled" : (statuses[dispense.status] ?? "completed") }),
      day ? writeTime("effectiveTime", day) : undefined,
      quantity && element("quantity", quantity),
      writeUseTime(dispense.daysSupply),
      writeManufacturedProduct("product", code, id, { medication }),
      writePerformer(performer, day, context),
      writePerformers(others, context),
      dosages.map((dosage) => writeStep(dosage, context)),
      writePrescription(dispense, context),
      instruction ? writeInstruction(`${id}-instruction`, true) : undefined,
      substitution?.coding?.length
        ? element(
            "entryRelationship",
            { typeCode: "COMP" },
            element(
              "act",
              { classCode: "ACT", moodCode: "EVN" },
              templates("1.3.6.1.4.1.19376.1.9.1.3.9.2", `${fr}.206`),
              writeConcept("code", substitution),
              completed,
            ),
          )
        : undefined,
      notes.entries,
    ),
    rows: [
      [
        { column: "Délivré le", text: day ? toFrenchDate(day) : "" },
        { column: "Médicament délivré", text: wordsOf(code), id, ...(isDeclined ? { before: "Non délivré : " } : {}) },
        { column: "Quantité", text: frenchQuantity(dispense.quantity) },
        {
          column: "Posologie",
          text: dosages.map(({ posology }) => posology.words).join(" ; "),
          parts: dosages.flatMap(({ dosageId, posology }) => [
            { column: "", text: posology.words, id: dosageId },
            ...(posology.routeWords ? [{ column: "", text: posology.routeWords, id: `${dosageId}-voie` }] : []),
            ...(posology.conditionWords ? [{ column: "", text: posology.conditionWords, id: `${dosageId}-si` }] : []),
          ]),
        },
        { column: "Substitution", text: wordsOf(substitution) },
        {
          column: "Instruction au patient",
          text: instruction,
          ...(instruction ? { id: `${id}-instruction` } : {}),
        },
        notes.cell,
      ],
    ],
  };
}

/** Prescriptions that no identifier of CDA names. */
function otherPrescriptions(dispense: MedicationDispense, { resolve }: EntryContext): string {
  return (dispense.authorizingPrescription ?? [])
    .filter(({ identifier }) => !identifier || writeIds([identifier]).length === 0)
    .map((one) => referenceInWords(one, { fact: dispense, resolve }))
    .filter(Boolean)
    .join(", ");
}

/** What is being prepared or waits is not handed over. */
const statuses: Readonly<Record<string, string>> = {
  preparation: "new",
  "in-progress": "active",
  "on-hold": "suspended",
  stopped: "suspended",
};

/** FR-Reference-item-prescription: the line that was handed over, and who prescribed it. */
function writePrescription(dispense: MedicationDispense, context: EntryContext): XmlPiece | undefined {
  const ids = writeIds((dispense.authorizingPrescription ?? []).flatMap(({ identifier }) => identifier ?? []));
  const [prescriber] = dispense.supportingInformation ?? [];
  if (ids.length === 0 && !prescriber?.display) return undefined;
  return element(
    "entryRelationship",
    { typeCode: "REFR", inversionInd: "false" },
    element(
      "substanceAdministration",
      { classCode: "SBADM", moodCode: "INT" },
      templates("1.3.6.1.4.1.19376.1.9.1.3.11", `${fr}.90`),
      ids.length > 0 ? ids : element("id", { nullFlavor: "UNK" }),
      element("code", {
        code: "PREItem",
        displayName: "Prescription Item",
        codeSystem: "1.3.6.1.4.1.19376.1.9.2.2",
        codeSystemName: "IHE Pharmacy Item Type List",
      }),
      element(
        "consumable",
        {},
        element("manufacturedProduct", {}, element("manufacturedMaterial", {}, element("name", { nullFlavor: "NA" }))),
      ),
      writeEntryAuthor(prescriber, undefined, context),
    ),
  );
}

interface WrittenDosage {
  readonly dosageId: string;
  readonly posology: ReturnType<typeof writePosology>;
  readonly length: ReturnType<typeof lengthOf>;
  readonly bounds: Period | undefined;
}

function writeStep({ dosageId: id, posology, length, bounds }: WrittenDosage, context: EntryContext): XmlPiece {
  return element(
    "entryRelationship",
    { typeCode: "COMP" },
    element(
      "substanceAdministration",
      { classCode: "SBADM", moodCode: "INT" },
      templates(`${ccd}.24`, `${pcc}.7`, `${fr}.42`),
      element("id", { root: context.nextUuid() }),
      reference(id),
      completed,
      (length || bounds) && writeInterval("effectiveTime", bounds?.start, bounds?.end, "IVL_TS", length),
      posology.timing,
      posology.route,
      posology.site,
      posology.dose,
      posology.rate,
      posology.maximum,
      element(
        "consumable",
        {},
        element("manufacturedProduct", {}, element("manufacturedMaterial", {}, element("name", { nullFlavor: "NA" }))),
      ),
      posology.condition,
    ),
  );
}
