import type { AllergyIntolerance, AllergyIntoleranceReaction } from "../../../../fhir/index.ts";
import { certainties, clinicalStates, statusCode } from "../../../../fhir/status-code.ts";
import { toFrenchDate } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { completed, fixedCode, loincOid, reference, snomedOid, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import type { Cell } from "../narrative.ts";
import { rangeWords } from "./observation-value.ts";
import { writeEntryAuthor } from "./people.ts";
import {
  ageInWords,
  listed,
  severities,
  template,
  withRemarks,
  writeCertainty,
  writeInterval,
  writeNotes,
  writeSeverity,
  writeStatus,
} from "./shared.ts";

const { ccd, pcc, fr } = template;
const absentUnknownSystem = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";

const kinds = {
  medication: {
    allergy: ["416098002", "allergie médicamenteuse"],
    intolerance: ["59037007", "intolérance médicamenteuse"],
  },
  food: { allergy: ["414285001", "allergie alimentaire"], intolerance: ["235719002", "intolérance alimentaire"] },
  environment: {
    allergy: ["426232007", "allergie environnementale"],
    intolerance: ["782197009", "intolérance à une substance"],
  },
  biologic: {
    allergy: ["419199007", "allergie à une substance"],
    intolerance: ["782197009", "intolérance à une substance"],
  },
} as const;

const criticalities = { low: "Basse", high: "Haute", "unable-to-assess": "Non évaluable" } as const;

/** An allergy in its concern (FR-Liste-des-allergies, FR-Allergie-ou-hypersensibilite); "none known" is a value of its own. */
export function writeAllergy(allergy: AllergyIntolerance, context: EntryContext): WrittenEntry {
  const id = context.nextId("allergie");
  const clinical = statusCode(allergy.clinicalStatus, clinicalStates);
  const verification = statusCode(allergy.verificationStatus, certainties);
  const isRefuted = verification === "refuted";
  const isAbsence = allergy.code?.coding?.some((coding) => coding.system === absentUnknownSystem) === true;
  const [kindCode, kindDisplay] = kindOf(allergy);
  const start = allergy.onsetDateTime ?? allergy.onsetPeriod?.start;
  const told = allergy.reaction ?? [];
  const remarks = withRemarks(allergy.note, {
    Substance: told
      .map(({ substance }) => wordsOf(substance))
      .filter(Boolean)
      .join(", "),
    Réaction: told
      .flatMap(({ description, note }) => [
        ...(description ? [description] : []),
        ...(note ?? []).map((one) => one.text),
      ])
      .join(", "),
    Exposition: listed(told.map(({ exposureRoute }) => exposureRoute)),
    Catégorie: categoriesInWords(allergy),
    Début: allergy.onsetString ?? (allergy.onsetRange ? rangeWords(allergy.onsetRange) : ageInWords(allergy.onsetAge)),
    "Dernière survenue": allergy.lastOccurrence && toFrenchDate(allergy.lastOccurrence),
  });
  const notes = writeNotes(remarks, `${id}-commentaire`);
  // A reaction of CDA has one manifestation.
  const reactions = told
    .flatMap(({ manifestation, ...reaction }) => manifestation.map((one) => ({ ...reaction, manifestation: [one] })))
    .map((reaction, index) => writeReaction(reaction, `${id}-reaction-${index + 1}`, context));
  const words = wordsOf(allergy.code);
  const isCurrent = clinical === undefined || clinical === "active";
  return {
    entry: element(
      "act",
      { classCode: "ACT", moodCode: "EVN" },
      templates(`${ccd}.27`, `${pcc}.5.1`, `${pcc}.5.3`, `${fr}.40`),
      element("id", { root: context.nextUuid() }),
      element("code", { nullFlavor: "NA" }),
      element("statusCode", { code: isCurrent ? "active" : "completed" }),
      writeInterval("effectiveTime", start, undefined),
      element(
        "entryRelationship",
        { typeCode: "SUBJ", inversionInd: "false" },
        element(
          "observation",
          { classCode: "OBS", moodCode: "EVN", negationInd: isRefuted },
          templates(`${ccd}.18`, `${ccd}.28`, `${pcc}.5`, `${pcc}.6`, `${fr}.41`),
          element("id", { root: context.nextUuid() }),
          fixedCode("code", kindCode, kindDisplay, snomedOid),
          reference(`${id}-type`),
          completed,
          writeInterval("effectiveTime", start, undefined, "IVL_TS"),
          isAbsence
            ? writeConcept("value", allergy.code, { type: "CD", reference: id })
            : element(
                "value",
                { "xsi:type": "CD" },
                element("originalText", {}, element("reference", { value: `#${id}` })),
              ),
          writeEntryAuthor(allergy.asserter ?? allergy.recorder, allergy.recordedDate, context),
          isAbsence ? undefined : writeAgent(allergy, id),
          reactions.map((reaction) => reaction.entry),
          clinical && writeStatus(clinical, "allergy"),
          allergy.criticality && writeCriticality(context, allergy.criticality),
          verification && !isRefuted ? writeCertainty(context, verification) : undefined,
          notes.entries,
        ),
      ),
    ),
    rows: [
      [
        { column: "Date", text: start ? toFrenchDate(start) : "" },
        { column: "Type", text: isAbsence ? "" : kindDisplay, id: `${id}-type` },
        { column: "Agent responsable", text: words, id, ...(isRefuted ? { before: "Absence d'allergie : " } : {}) },
        {
          column: "Réactions",
          text: reactions.map(({ cell }) => cell.text).join("\n"),
          parts: reactions.map(({ cell }) => cell),
        },
        { column: "Criticité", text: allergy.criticality ? criticalities[allergy.criticality] : "" },
        notes.cell,
      ],
    ],
  };
}

const categories = {
  food: "aliment",
  medication: "médicament",
  environment: "environnement",
  biologic: "produit biologique",
};

/** The kind of allergy tells one category, none of a biological product, and none of an intolerance to what is around. */
function categoriesInWords({ category = [], type }: AllergyIntolerance): string {
  const [one, ...others] = category;
  const isTold = others.length === 0 && one !== "biologic" && !(one === "environment" && type === "intolerance");
  return isTold ? "" : category.map((each) => categories[each]).join(", ");
}

function kindOf(allergy: AllergyIntolerance): readonly [string, string] {
  const type = allergy.type === "intolerance" ? "intolerance" : "allergy";
  const category = allergy.category?.[0];
  if (category === undefined)
    return type === "allergy"
      ? ["419199007", "allergie à une substance"]
      : ["782197009", "intolérance à une substance"];
  return kinds[category][type];
}

function writeAgent(allergy: AllergyIntolerance, id: string): XmlPiece {
  return element(
    "participant",
    { typeCode: "CSM" },
    element(
      "participantRole",
      { classCode: "MANU" },
      element(
        "playingEntity",
        { classCode: "MMAT" },
        writeConcept("code", allergy.code, { reference: id }),
        element("name", {}, wordsOf(allergy.code)),
      ),
    ),
  );
}

function writeCriticality(context: EntryContext, criticality: keyof typeof criticalities): XmlPiece {
  return element(
    "entryRelationship",
    { typeCode: "SUBJ", inversionInd: "true" },
    element(
      "observation",
      { classCode: "OBS", moodCode: "EVN" },
      templates(`${pcc}.13`, `${fr}.48`, `${fr}.172`),
      element("id", { root: context.nextUuid() }),
      fixedCode("code", "82606-5", "Criticité", loincOid),
      completed,
      element("effectiveTime", { nullFlavor: "NA" }),
      fixedCode("value", criticality, criticalities[criticality], "2.16.840.1.113883.4.642.4.130", "CE"),
    ),
  );
}

function writeReaction(
  reaction: AllergyIntoleranceReaction,
  id: string,
  context: EntryContext,
): { entry: XmlPiece; cell: Cell } {
  const manifestation = reaction.manifestation[0];
  const severity = reaction.severity ? severities[reaction.severity] : undefined;
  const words = wordsOf(manifestation);
  return {
    entry: element(
      "entryRelationship",
      { typeCode: "MFST" },
      element(
        "observation",
        { classCode: "OBS", moodCode: "EVN" },
        templates(`${ccd}.28`, `${pcc}.5`, `${ccd}.54`, `${fr}.37`),
        element("id", { root: context.nextUuid() }),
        fixedCode("code", "418799008", "symptôme rapporté par le patient ou le répondant", snomedOid),
        reference(id),
        completed,
        writeInterval("effectiveTime", reaction.onset, undefined, "IVL_TS"),
        writeConcept("value", manifestation, { type: "CD", reference: id }),
        severity
          ? writeSeverity(
              { coding: [{ system: "http://snomed.info/sct", ...severity }], text: severity.display },
              undefined,
            )
          : undefined,
      ),
    ),
    cell: { column: "Réactions", text: words, id, ...(severity ? { after: ` (${severity.display})` } : {}) },
  };
}
