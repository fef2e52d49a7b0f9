import type { MedicationAdministration } from "../../../../fhir/index.ts";
import { toFrenchDate } from "../../times.ts";
import { element } from "../../xml.ts";
import { frenchQuantity, quantityAttributes, reference, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import { writePerformers } from "./people.ts";
import { productOf, writeProduct } from "./product.ts";
import { listed, template, withRemarks, writeNotes, writeTime } from "./shared.ts";

const { fr } = template;

/** What was given for an examination (FR-DICOM-Administration-de-produit-de-sante): never a treatment of the patient. */
export function writeContrast(given: MedicationAdministration, context: EntryContext): WrittenEntry {
  const id = context.nextId("produit");
  const { code, medication } = productOf(given, context);
  const when = given.effectiveDateTime ?? given.effectivePeriod?.start;
  const dose = given.dosage?.dose && quantityAttributes(given.dosage.dose);
  const isRadioactive = given.category?.text === "Radiopharmaceutique";
  const { text, site, method } = given.dosage ?? {};
  const remarks = withRemarks(given.note, {
    Motif: listed([...(given.statusReason ?? []), ...(given.reasonCode ?? [])]),
    Administration: [text, wordsOf(site), wordsOf(method)].filter(Boolean).join(", "),
  });
  const notes = writeNotes(remarks, `${id}-commentaire`);
  const isNotDone = given.status === "not-done";
  return {
    entry: element(
      "substanceAdministration",
      { classCode: "SBADM", moodCode: "EVN", negationInd: isNotDone ? true : undefined },
      templates(isRadioactive ? `${fr}.173` : `${fr}.151`),
      element("id", { root: context.nextUuid() }),
      reference(id),
      element("statusCode", { code: statuses[given.status] ?? "completed" }),
      writeTime("effectiveTime", when),
      given.dosage?.route && writeConcept("routeCode", given.dosage.route),
      dose && element("doseQuantity", dose),
      writeProduct(code, id, { medication }),
      writePerformers(
        (given.performer ?? []).map(({ actor }) => actor),
        context,
      ),
      notes.entries,
    ),
    rows: [
      [
        { column: "Date", text: when ? toFrenchDate(when) : "" },
        {
          column: isRadioactive ? "Radiopharmaceutique" : "Produit administré",
          text: wordsOf(code),
          id,
          ...(isNotDone ? { before: "Non administré : " } : {}),
        },
        { column: "Dose", text: frenchQuantity(given.dosage?.dose) },
        { column: "Voie", text: wordsOf(given.dosage?.route) },
        notes.cell,
      ],
    ],
  };
}

const statuses: Readonly<Record<string, string>> = {
  "in-progress": "active",
  "on-hold": "suspended",
  stopped: "aborted",
};
