import type { FamilyMemberHistory } from "../../../../fhir/index.ts";
import { toFrenchDate } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { completed, fixedCode, reference, snomedOid, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import type { Row } from "../narrative.ts";
import { template, writeNotes, writeTime } from "./shared.ts";

const { ccd, pcc, fr } = template;

/** Illnesses of a relative (FR-Antecedents-familiaux). */
export function writeFamilyHistory(history: FamilyMemberHistory, context: EntryContext): WrittenEntry {
  const id = context.nextId("famille");
  const notes = writeNotes(history.note, `${id}-commentaire`);
  const conditions = history.condition ?? [];
  const components: XmlPiece[] = [];
  const rows: Row[] = [];
  conditions.forEach((condition, index) => {
    const conditionId = `${id}-probleme-${index + 1}`;
    const onset = condition.onsetPeriod?.start ?? condition.onsetString;
    const isDate = onset !== undefined && /^\d{4}(-\d{2}){0,2}$/.test(onset);
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
          reference(conditionId),
          completed,
          writeTime("effectiveTime", isDate ? onset : undefined),
          writeConcept("value", condition.code, { type: "CD", reference: conditionId }),
          index === 0 ? notes.entries : undefined,
        ),
      ),
    );
    const age = condition.onsetAge?.value;
    rows.push([
      { column: "Lien de parenté", text: wordsOf(history.relationship), ...(index === 0 ? { id: `${id}-lien` } : {}) },
      { column: "Antécédent", text: wordsOf(condition.code), id: conditionId },
      { column: "Début", text: age === undefined ? (isDate ? toFrenchDate(onset) : (onset ?? "")) : `à ${age} ans` },
      index === 0 ? notes.cell : { column: "Commentaire", text: "" },
    ]);
  });
  const sex = history.sex?.coding?.[0]?.code;
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
          sex === "male" || sex === "female"
            ? element(
                "subject",
                {},
                element("administrativeGenderCode", {
                  code: sex === "male" ? "M" : "F",
                  displayName: sex === "male" ? "Masculin" : "Féminin",
                  codeSystem: "2.16.840.1.113883.5.1",
                }),
              )
            : undefined,
        ),
      ),
      components,
    ),
    rows,
  };
}
