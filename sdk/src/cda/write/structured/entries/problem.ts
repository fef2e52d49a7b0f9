import type { CodeableConcept, Condition } from "../../../../fhir/index.ts";
import { certainties, clinicalStates, statusCode } from "../../../../fhir/status-code.ts";
import { codeSystem } from "../../../../fhir/systems.ts";
import { isProblemKind } from "../../../read/problem-kinds.ts";
import { toFrenchDate } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { completed, fixedCode, reference, snomedOid, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import { rangeWords } from "./observation-value.ts";
import { writeEntryAuthor } from "./people.ts";
import {
  ageInWords,
  datesInWords,
  template,
  withRemarks,
  writeCertainty,
  writeInterval,
  writeNotes,
  writeSeverity,
  writeStatus,
} from "./shared.ts";

const { ccd, pcc, fr } = template;

/** A problem in its concern (FR-Liste-des-problemes, FR-Probleme). A refuted condition is negated, never left out. */
export function writeProblem(condition: Condition, context: EntryContext): WrittenEntry {
  const id = context.nextId("probleme");
  const clinical = statusCode(condition.clinicalStatus, clinicalStates);
  const verification = statusCode(condition.verificationStatus, certainties);
  const isRefuted = verification === "refuted";
  const start = condition.onsetDateTime ?? condition.onsetPeriod?.start;
  const end = condition.abatementDateTime ?? condition.abatementPeriod?.end;
  const remarks = withRemarks(condition.note, {
    Stade: (condition.stage ?? [])
      .map(({ summary }) => wordsOf(summary))
      .filter(Boolean)
      .join(", "),
    Début: onsetInWords(condition),
    Fin: abatementInWords(condition),
    Manifestation: (condition.evidence ?? []).flatMap(({ code }) => (code ?? []).map(wordsOf)).join(", "),
  });
  const notes = writeNotes(remarks, `${id}-commentaire`);
  const severityId = condition.severity ? `${id}-severite` : undefined;
  const isOngoing = clinical === "active" || clinical === "recurrence" || clinical === "relapse";
  const words = wordsOf(condition.code);
  return {
    entry: element(
      "act",
      { classCode: "ACT", moodCode: "EVN" },
      templates(`${ccd}.27`, `${pcc}.5.1`, `${pcc}.5.2`, `${fr}.39`),
      element("id", { root: context.nextUuid() }),
      element("code", { nullFlavor: "NA" }),
      element("statusCode", { code: isOngoing || clinical === undefined ? "active" : "completed" }),
      writeInterval("effectiveTime", start, end),
      element(
        "entryRelationship",
        { typeCode: "SUBJ", inversionInd: "false" },
        element(
          "observation",
          { classCode: "OBS", moodCode: "EVN", negationInd: isRefuted },
          templates(`${ccd}.28`, `${pcc}.5`, `${fr}.37`),
          element("id", { root: context.nextUuid() }),
          writeKind(condition),
          reference(id),
          completed,
          writeInterval("effectiveTime", start, end),
          writeConcept("value", condition.code, { type: "CD", reference: id }),
          (condition.bodySite ?? []).map((site) => writeConcept("targetSiteCode", site)),
          writeEntryAuthor(condition.asserter ?? condition.recorder, condition.recordedDate, context),
          condition.severity && writeSeverity(condition.severity, severityId),
          clinical && writeStatus(clinical, "condition"),
          verification && !isRefuted ? writeCertainty(context, verification) : undefined,
          notes.entries,
        ),
      ),
    ),
    rows: [
      [
        { column: "Début", text: start ? toFrenchDate(start) : "" },
        { column: "Fin", text: end ? toFrenchDate(end) : "" },
        { column: "Pathologie", text: words, id, ...(isRefuted ? { before: "Absence de : " } : {}) },
        { column: "Localisation", text: (condition.bodySite ?? []).map(wordsOf).join(", ") },
        { column: "Sévérité", text: wordsOf(condition.severity), ...(severityId ? { id: severityId } : {}) },
        notes.cell,
      ],
    ],
  };
}

/** A beginning that is no date: an age, words, or a while of which only the first day is one. */
function onsetInWords({ onsetPeriod, onsetString, onsetAge, onsetRange }: Condition): string {
  if (onsetPeriod?.end) return datesInWords(onsetPeriod);
  return onsetString ?? (onsetRange ? rangeWords(onsetRange) : ageInWords(onsetAge));
}

function abatementInWords({ abatementPeriod, abatementString, abatementAge, abatementRange }: Condition): string {
  if (abatementPeriod?.start) return datesInWords(abatementPeriod);
  return abatementString ?? (abatementRange ? rangeWords(abatementRange) : ageInWords(abatementAge));
}

/** The category that says what kind of statement it is. */
export function kindOfProblem({ category }: Condition): CodeableConcept | undefined {
  return category?.find(({ coding }) =>
    coding?.some(({ system, code }) => code && system && (isProblemKind(code) || !otherCategories.has(system))),
  );
}

/** What kind of statement it is: the category that is neither one of FHIR's own nor a section; else "problem", which says nothing of it. */
function writeKind(condition: Condition): XmlPiece {
  const kind = kindOfProblem(condition);
  return kind ? writeConcept("code", kind) : fixedCode("code", "55607006", "problème", snomedOid);
}

const otherCategories: ReadonlySet<string> = new Set([
  "http://terminology.hl7.org/CodeSystem/condition-category",
  codeSystem.loinc,
]);
