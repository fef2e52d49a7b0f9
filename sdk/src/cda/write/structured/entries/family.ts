import type { Age, FamilyMemberHistory } from "../../../../fhir/index.ts";
import { toFrenchDate } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import {
  completed,
  fixedCode,
  loincOid,
  quantityAttributes,
  reference,
  snomedOid,
  templates,
  wordsOf,
  writeConcept,
} from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import type { Row } from "../narrative.ts";
import { rangeWords } from "./observation-value.ts";
import { ageInWords, datesInWords, listed, template, withRemarks, writeNotes, writeTime } from "./shared.ts";

const { ccd, pcc, fr } = template;

/** Illnesses of a relative (FR-Antecedents-familiaux), and what is known of them without any. */
export function writeFamilyHistory(history: FamilyMemberHistory, context: EntryContext): WrittenEntry {
  const id = context.nextId("famille");
  const conditions = history.condition?.length ? history.condition : [undefined];
  const components: XmlPiece[] = [];
  const rows: Row[] = [];
  conditions.forEach((condition, index) => {
    const conditionId = `${id}-probleme-${index + 1}`;
    const start = condition?.onsetPeriod?.start ?? condition?.onsetString;
    const onset = start !== undefined && /^\d{4}(-\d{2}){0,2}$/.test(start) ? start : undefined;
    const remarks = withRemarks([...(index === 0 ? (history.note ?? []) : []), ...(condition?.note ?? [])], {
      ...(index === 0 ? remarksOf(history) : {}),
      Début: onset && !condition?.onsetPeriod?.end ? "" : onsetInWords(condition),
      Issue: wordsOf(condition?.outcome),
    });
    const notes = writeNotes(remarks, `${id}-commentaire-${index + 1}`);
    components.push(
      element(
        "component",
        { typeCode: "COMP" },
        element(
          "observation",
          { classCode: "OBS", moodCode: "EVN" },
          templates(`${ccd}.22`, `${pcc}.13`, `${pcc}.13.3`, `${fr}.51`),
          element("id", { root: context.nextUuid() }),
          fixedCode("code", "282291009", "interprétation diagnostique", snomedOid),
          condition && reference(conditionId),
          completed,
          writeTime("effectiveTime", onset),
          condition
            ? writeConcept("value", condition.code, { type: "CD", reference: conditionId })
            : element("value", { "xsi:type": "CD", nullFlavor: "NI" }),
          writeAge(condition?.onsetAge, "397659008", "âge d'apparition", snomedOid),
          writeAge(history.deceasedAge, "39016-1", "Âge au décès", loincOid),
          condition?.contributedToDeath ? writeCauseOfDeath() : undefined,
          notes.entries,
        ),
      ),
    );
    rows.push([
      { column: "Lien de parenté", text: wordsOf(history.relationship), ...(index === 0 ? { id: `${id}-lien` } : {}) },
      { column: "Antécédent", text: wordsOf(condition?.code), id: conditionId },
      {
        column: "Début",
        text: condition?.onsetAge ? ageInWords(condition.onsetAge) : onset ? toFrenchDate(onset) : "",
      },
      { column: "Décès", text: deathInWords(history) },
      notes.cell,
    ]);
  });
  return {
    entry: element(
      "organizer",
      { classCode: "CLUSTER", moodCode: "EVN" },
      templates(`${ccd}.23`, `${pcc}.15`, `${fr}.59`),
      completed,
      element(
        "subject",
        { typeCode: "SBJ" },
        templates(`${pcc}.15.2`, `${fr}.60`),
        element(
          "relatedSubject",
          { classCode: "PRS" },
          writeConcept("code", history.relationship, { reference: `${id}-lien` }),
          writePerson(history),
        ),
      ),
      components,
    ),
    rows,
  };
}

function writePerson(history: FamilyMemberHistory): XmlPiece | undefined {
  const { name, bornDate, deceasedBoolean, deceasedDate } = history;
  const sex = history.sex?.coding?.[0]?.code;
  const isKnown = sex === "male" || sex === "female";
  const isDead = deceasedBoolean ?? (deceasedDate ? true : undefined);
  if (!name && !isKnown && !bornDate && isDead === undefined) return undefined;
  return element(
    "subject",
    {},
    name && element("name", {}, name),
    isKnown
      ? element("administrativeGenderCode", {
          code: sex === "male" ? "M" : "F",
          displayName: sex === "male" ? "Masculin" : "Féminin",
          codeSystem: "2.16.840.1.113883.5.1",
        })
      : undefined,
    bornDate && writeTime("birthTime", bornDate),
    isDead === undefined ? undefined : element("sdtc:deceasedInd", { value: isDead }),
    deceasedDate && writeTime("sdtc:deceasedTime", deceasedDate),
  );
}

/** What no part of the entry can hold. */
function remarksOf(history: FamilyMemberHistory): Readonly<Record<string, string | undefined>> {
  const { bornString, bornPeriod, deceasedRange, deceasedString, ageRange, ageString, ageAge } = history;
  return {
    Naissance: bornString ?? datesInWords(bornPeriod),
    Âge: ageString ?? (ageRange ? rangeWords(ageRange) : ageInWords(ageAge)),
    Décès: deceasedString ?? (deceasedRange ? rangeWords(deceasedRange) : ""),
    Motif: listed(history.reasonCode),
  };
}

function onsetInWords(condition: NonNullable<FamilyMemberHistory["condition"]>[number] | undefined): string {
  const { onsetPeriod, onsetRange, onsetString } = condition ?? {};
  return onsetPeriod ? datesInWords(onsetPeriod) : onsetRange ? rangeWords(onsetRange) : (onsetString ?? "");
}

function deathInWords({ deceasedAge, deceasedBoolean, deceasedDate }: FamilyMemberHistory): string {
  if (deceasedAge) return ageInWords(deceasedAge);
  if (deceasedDate) return toFrenchDate(deceasedDate);
  return deceasedBoolean === undefined ? "" : deceasedBoolean ? "Oui" : "Non";
}

/** How old somebody was when an illness began, or at their death. */
function writeAge(age: Age | undefined, code: string, label: string, system: string): XmlPiece | undefined {
  const value = age && quantityAttributes(age);
  return (
    value &&
    element(
      "entryRelationship",
      { typeCode: "SUBJ", inversionInd: "true" },
      element(
        "observation",
        { classCode: "OBS", moodCode: "EVN" },
        fixedCode("code", code, label, system),
        completed,
        element("value", { "xsi:type": "PQ", ...value }),
      ),
    )
  );
}

function writeCauseOfDeath(): XmlPiece {
  return element(
    "entryRelationship",
    { typeCode: "CAUS" },
    element(
      "observation",
      { classCode: "OBS", moodCode: "EVN" },
      element("code", { code: "ASSERTION", codeSystem: "2.16.840.1.113883.5.4" }),
      completed,
      fixedCode("value", "419099009", "décédé", snomedOid, "CD"),
    ),
  );
}
