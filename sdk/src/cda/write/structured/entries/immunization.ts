import type { Immunization } from "../../../../fhir/index.ts";
import { writeAuthor } from "../../header.ts";
import { toFrenchDate } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import {
  actCodeOid,
  completed,
  fixedCode,
  frenchQuantity,
  loincOid,
  quantityAttributes,
  reference,
  templates,
  wordsOf,
  writeConcept,
} from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import { writeProduct } from "./product.ts";
import { template, withRemarks, writeNotes, writeReason, writeTime } from "./shared.ts";

const { ccd, pcc, fr } = template;

/** A vaccination (FR-Vaccination). One that was not given is negated. */
export function writeImmunization(immunization: Immunization, context: EntryContext): WrittenEntry {
  const id = context.nextId("vaccin");
  const isNotDone = immunization.status === "not-done";
  const dose = immunization.protocolApplied?.[0];
  const rank = dose?.doseNumberPositiveInt;
  const diseases = (dose?.targetDisease ?? []).map(wordsOf).join(", ");
  const remarks = withRemarks(immunization.note, {
    Dose: immunization.isSubpotent ? "insuffisante" : undefined,
    Réaction: (immunization.reaction ?? [])
      .map(({ detail }) => detail?.display ?? "")
      .filter(Boolean)
      .join(", "),
  });
  const notes = writeNotes(remarks, `${id}-commentaire`);
  const quantity = immunization.doseQuantity && quantityAttributes(immunization.doseQuantity);
  const reason = immunization.statusReason ?? immunization.reasonCode?.[0];
  const words = wordsOf(immunization.vaccineCode);
  const when = immunization.occurrenceDateTime;
  const isNote = context.kind === "vaccination-note";
  return {
    entry: element(
      "substanceAdministration",
      { classCode: "SBADM", moodCode: "EVN", negationInd: isNotDone },
      templates(`${ccd}.24`, `${pcc}.12`, `${fr}.45`),
      element("id", { root: context.nextUuid() }),
      fixedCode("code", "IMMUNIZ", "Vaccination sans autre précision", actCodeOid),
      reference(id),
      completed,
      // The note wants the day alone, and who vouches for it.
      writeTime("effectiveTime", isNote ? when?.slice(0, 10) : when),
      immunization.route && writeConcept("routeCode", immunization.route),
      immunization.site && writeConcept("approachSiteCode", immunization.site),
      quantity && element("doseQuantity", quantity),
      writeProduct(immunization.vaccineCode, id, {
        lot: immunization.lotNumber,
        expiration: immunization.expirationDate,
      }),
      isNote ? writeAuthor(context.header, context.header.effectiveTime) : undefined,
      rank === undefined ? undefined : writeRank(rank),
      reason && writeReason(context, reason, `${id}-motif`),
      notes.entries,
    ),
    rows: [
      [
        { column: "Date", text: when ? toFrenchDate(when) : (immunization.occurrenceString ?? "") },
        { column: "Vaccin", text: words, id, ...(isNotDone ? { before: "Non réalisé : " } : {}) },
        { column: "Maladies visées", text: diseases },
        { column: "Rang", text: rank === undefined ? (dose?.doseNumberString ?? "") : String(rank) },
        { column: "Lot", text: immunization.lotNumber ?? "" },
        { column: "Dose", text: frenchQuantity(immunization.doseQuantity) },
        { column: "Voie", text: wordsOf(immunization.route) },
        { column: "Région", text: wordsOf(immunization.site) },
        { column: "Motif", text: wordsOf(reason), id: `${id}-motif` },
        notes.cell,
      ],
    ],
  };
}

/** FR-Rang-de-la-vaccination. */
export function writeRank(rank: number): XmlPiece {
  return element(
    "entryRelationship",
    { typeCode: "SUBJ" },
    element(
      "observation",
      { classCode: "OBS", moodCode: "EVN" },
      templates(`${ccd}.46`, `${fr}.82`),
      fixedCode("code", "30973-2", "Rang de la vaccination", loincOid),
      completed,
      element("value", { "xsi:type": "INT", value: rank }),
    ),
  );
}
