import type { AdverseEvent, CodeableConcept } from "../../../../fhir/index.ts";
import { codeSystem } from "../../../../fhir/systems.ts";
import { toFrenchDate } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { actCodeOid, completed, fixedCode, reference, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import { toldOf } from "../told/told.ts";
import { writeEntryAuthor } from "./people.ts";
import { writeProduct } from "./product.ts";
import { severities, template, writeInterval, writeNotes, writeSeverity } from "./shared.ts";

const { ccd, pcc, fr } = template;

/** What became of it, in the words of a reader: FHIR's codes have no French ones. */
const outcomes: Readonly<Record<string, string>> = {
  resolved: "résolu",
  recovering: "en voie de résolution",
  ongoing: "en cours",
  resolvedWithSequelae: "résolu avec séquelles",
  fatal: "décès",
  unknown: "inconnue",
};

/** An adverse effect (FR-Effet-indesirable): its kind, how it showed, the medicines suspected, how certain and serious, and what became of it. */
export function writeAdverseEvent(event: AdverseEvent, context: EntryContext, path: string): WrittenEntry {
  const id = context.nextId("effet");
  const [kind, ...shown] = event.event?.coding ?? [];
  const manifestations = shown.map((coding, index) => ({ coding, id: `${id}-manifestation-${index + 1}` }));
  const suspects = (event.suspectEntity ?? []).map((suspect, index) => {
    const found = context.resolve(suspect.instance, event);
    const medication = found?.resourceType === "Medication" ? found : undefined;
    const code: CodeableConcept = medication?.code ?? { text: suspect.instance.display ?? "" };
    return { medication, code, id: `${id}-produit-${index + 1}` };
  });
  const causality = event.suspectEntity?.find((one) => one.causality)?.causality?.[0]?.assessment;
  const words = wordsOf(event.event);
  const notes = writeNotes(
    toldOf(event, context, path).map((text) => ({ text })),
    `${id}-commentaire`,
  );
  const degree = event.severity?.coding?.map(({ code }) => severities[code ?? ""]).find(Boolean);
  const severity = degree
    ? { coding: [{ system: codeSystem.snomed, ...degree }], text: degree.display }
    : event.severity;
  const outcome =
    event.outcome?.coding?.map(({ code }) => outcomes[code ?? ""]).find(Boolean) ?? wordsOf(event.outcome);
  return {
    entry: element(
      "observation",
      { classCode: "OBS", moodCode: "EVN" },
      templates(`${ccd}.28`, `${pcc}.5`, `${fr}.210`),
      element("id", { root: context.nextUuid() }),
      kind
        ? writeConcept("code", { coding: [kind] })
        : writeConcept("code", { text: words }, { reference: `${id}-nature` }),
      reference(id),
      completed,
      writeInterval("effectiveTime", event.date, undefined, "IVL_TS"),
      writeEntryAuthor(event.recorder, event.recordedDate, context),
      manifestations.map((one) =>
        element(
          "entryRelationship",
          { typeCode: "MFST" },
          element(
            "observation",
            { classCode: "OBS", moodCode: "EVN" },
            templates(`${ccd}.28`, `${pcc}.5`, `${fr}.37`),
            element("id", { root: context.nextUuid() }),
            fixedCode("code", "404684003", "constatation clinique", "2.16.840.1.113883.6.96"),
            reference(one.id),
            completed,
            writeConcept("value", { coding: [one.coding] }, { type: "CD", reference: one.id }),
          ),
        ),
      ),
      suspects.map((suspect) =>
        element(
          "entryRelationship",
          { typeCode: "COMP" },
          element(
            "substanceAdministration",
            { classCode: "SBADM", moodCode: "EVN" },
            templates(`${ccd}.24`, `${pcc}.7`, `${fr}.42`, `${pcc}.7.1`, `${fr}.42.4`),
            element("id", { root: context.nextUuid() }),
            fixedCode("code", "DRUG", "Médicament", actCodeOid),
            reference(suspect.id),
            completed,
            writeInterval("effectiveTime", event.date, undefined, "IVL_TS"),
            writeProduct(suspect.code, suspect.id, { medication: suspect.medication }),
          ),
        ),
      ),
      causality && writeQuality("211", "GEN-318", "Imputabilité", causality, context),
      event.seriousness && writeQuality("212", "94030-4", "Gravité de l'effet indésirable", event.seriousness, context),
      outcome && writeQuality("213", "GEN-319", "Évolution", { text: outcome }, context),
      severity && writeSeverity(severity, undefined),
      notes.entries,
    ),
    rows: [
      [
        { column: "Date", text: event.date ? toFrenchDate(event.date) : "" },
        {
          column: "Effet indésirable",
          text: words,
          parts: [
            { column: "", text: words, id },
            ...(kind ? [] : [{ column: "", text: words, id: `${id}-nature` }]),
            ...manifestations.map((one) => ({ column: "", text: wordsOf({ coding: [one.coding] }), id: one.id })),
          ],
        },
        {
          column: "Médicament en cause",
          text: suspects.map((one) => wordsOf(one.code)).join(" ; "),
          parts: suspects.map((one) => ({ column: "", text: wordsOf(one.code), id: one.id })),
        },
        { column: "Imputabilité", text: wordsOf(causality) },
        { column: "Gravité", text: wordsOf(event.seriousness) },
        { column: "Sévérité", text: wordsOf(severity) },
        { column: "Évolution", text: outcome },
        notes.cell,
      ],
    ],
  };
}

/** FR-Imputabilite, FR-Gravite, FR-Evolution. */
function writeQuality(
  number: "211" | "212" | "213",
  code: string,
  display: string,
  value: CodeableConcept,
  context: EntryContext,
): XmlPiece {
  const oid = code.startsWith("GEN") ? "1.2.250.1.213.1.1.4.322" : "2.16.840.1.113883.6.1";
  return element(
    "entryRelationship",
    { typeCode: "SUBJ", inversionInd: "true" },
    element(
      "observation",
      { classCode: "OBS", moodCode: "EVN" },
      templates(`${pcc}.13`, `${fr}.48`, `${fr}.${number}`),
      element("id", { root: context.nextUuid() }),
      fixedCode("code", code, display, oid),
      completed,
      writeConcept("value", value, { type: "CD" }),
    ),
  );
}
