import type { Immunization } from "../../../../fhir/index.ts";
import { writeAuthor } from "../../header.ts";
import { toFrenchDate, toHl7Time } from "../../times.ts";
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
import { referenceInWords } from "../told/value-words.ts";
import { writeEntryAuthor, writePerformers } from "./people.ts";
import { writeProduct } from "./product.ts";
import { listed, template, withRemarks, writeNotes, writeReasons, writeTime } from "./shared.ts";

const { ccd, pcc, fr } = template;

/** A vaccination (FR-Vaccination). One that was not given is negated. */
export function writeImmunization(immunization: Immunization, context: EntryContext): WrittenEntry {
  const id = context.nextId("vaccin");
  const isNotDone = immunization.status === "not-done";
  const dose = immunization.protocolApplied?.[0];
  const rank = dose?.doseNumberPositiveInt;
  const rankId = dose?.doseNumberString ? `${id}-rang` : undefined;
  const doses = dose?.seriesDosesPositiveInt ?? dose?.seriesDosesString;
  const from = { fact: immunization, resolve: context.resolve };
  const remarks = withRemarks(immunization.note, {
    Dose: immunization.isSubpotent
      ? ["insuffisante", inBrackets(listed(immunization.subpotentReason))].filter(Boolean).join(" ")
      : undefined,
    Réaction: (immunization.reaction ?? [])
      .map(({ detail, date }) =>
        [detail && referenceInWords(detail, from), inBrackets(date && toFrenchDate(date))].filter(Boolean).join(" "),
      )
      .filter(Boolean)
      .join(", "),
    Date: immunization.occurrenceString,
    "Maladies visées": listed(dose?.targetDisease),
    Schéma: [dose?.series, doses && `${doses} doses`].filter(Boolean).join(", "),
    Lieu: immunization.location?.display,
  });
  const notes = writeNotes(remarks, `${id}-commentaire`);
  const quantity = immunization.doseQuantity && quantityAttributes(immunization.doseQuantity);
  const why = immunization.statusReason ? [immunization.statusReason] : [];
  const reasons = writeReasons(context, [...why, ...(immunization.reasonCode ?? [])], `${id}-motif`);
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
        maker: immunization.manufacturer?.display,
        expiration: immunization.expirationDate,
      }),
      writePerformers(
        (immunization.performer ?? []).map(({ actor }) => actor),
        context,
      ),
      isNote
        ? writeAuthor(
            context.header,
            immunization.recorded ? toHl7Time(immunization.recorded, "recorded") : context.header.effectiveTime,
          )
        : writeEntryAuthor(undefined, immunization.recorded, context),
      rank === undefined && rankId === undefined ? undefined : writeRank(rank, rankId),
      reasons.entries,
      notes.entries,
    ),
    rows: [
      [
        { column: "Date", text: when ? toFrenchDate(when) : (immunization.occurrenceString ?? "") },
        { column: "Vaccin", text: words, id, ...(isNotDone ? { before: "Non réalisé : " } : {}) },
        {
          column: "Rang",
          text: rank === undefined ? (dose?.doseNumberString ?? "") : String(rank),
          ...(rankId ? { id: rankId } : {}),
        },
        { column: "Lot", text: immunization.lotNumber ?? "" },
        { column: "Dose", text: frenchQuantity(immunization.doseQuantity) },
        { column: "Voie", text: wordsOf(immunization.route) },
        { column: "Région", text: wordsOf(immunization.site) },
        reasons.cell,
        notes.cell,
      ],
    ],
  };
}

const inBrackets = (words: string | undefined) => words && `(${words})`;

/** FR-Rang-de-la-vaccination: a number, or words. */
export function writeRank(rank: number | undefined, wordsId?: string): XmlPiece {
  return element(
    "entryRelationship",
    { typeCode: "SUBJ" },
    element(
      "observation",
      { classCode: "OBS", moodCode: "EVN" },
      templates(`${ccd}.46`, `${fr}.82`),
      fixedCode("code", "30973-2", "Rang de la vaccination", loincOid),
      wordsId && reference(wordsId),
      completed,
      rank === undefined ? undefined : element("value", { "xsi:type": "INT", value: rank }),
    ),
  );
}
