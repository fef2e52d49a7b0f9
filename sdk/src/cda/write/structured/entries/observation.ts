import type { CodeableConcept, Observation, ObservationReferenceRange, Reference } from "../../../../fhir/index.ts";
import { CdaInputError } from "../../errors.ts";
import { toFrenchDate } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { completed, fixedCode, loincOid, reference, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import type { Row } from "../narrative.ts";
import { withTold } from "../told/told.ts";
import { rangeWords, valueWords, writeReferenceRange, writeValue } from "./observation-value.ts";
import { writeEntryAuthor, writePerformers } from "./people.ts";
import { template, withRemarks, writeInterval, writeNotes, writeTime } from "./shared.ts";
import { writeSpecimen } from "./specimen.ts";
import { writeSubject } from "./subject.ts";

const { ccd, pcc, fr } = template;

/** What an observation is: it decides of its templates and of the group around it. */
export type ObservationKind =
  | "laboratory"
  | "result"
  | "vital-sign"
  | "social-history"
  | "pregnancy"
  | "document-status"
  | "simple";

const templatesOf: Readonly<Record<ObservationKind, readonly string[]>> = {
  laboratory: ["1.3.6.1.4.1.19376.1.3.1.6", `${fr}.80`],
  result: [`${pcc}.13`, `${fr}.48`, `${fr}.209`],
  "vital-sign": [`${ccd}.31`, `${pcc}.13`, `${pcc}.13.2`, `${fr}.50`],
  "social-history": [`${ccd}.33`, `${pcc}.13`, `${pcc}.13.4`, `${fr}.52`],
  pregnancy: [`${pcc}.13`, `${pcc}.13.5`, `${fr}.53`],
  "document-status": [`${pcc}.13`, `${fr}.48`, `${fr}.48.16`, `${fr}.48.16.1`],
  simple: [`${pcc}.13`, `${fr}.48`],
};

export function kindOfObservation(observation: Observation, sectionCode: string): ObservationKind {
  if (sectionCode === "33557-0" && observation.code.coding?.[0]?.code === "GEN-065") return "document-status";
  if (sectionCode === "10162-6") return "pregnancy";
  if (sectionCode === "29762-2" || hasCategory(observation, "social-history")) return "social-history";
  if (sectionCode === "8716-3" || hasCategory(observation, "vital-signs")) return "vital-sign";
  return hasCategory(observation, "laboratory") ? "result" : "simple";
}

function hasCategory(observation: Observation, code: string): boolean {
  return observation.category?.some((category) => category.coding?.some((coding) => coding.code === code)) === true;
}

/** One observation; the values of a panel (blood pressure) become observations of their own, as the French models have it. */
export function writeObservations(
  observation: Observation,
  kind: ObservationKind,
  context: EntryContext,
  path: string,
): { entries: readonly XmlPiece[]; rows: readonly Row[] } {
  const components = observation.component ?? [];
  const isAlone = hasValue(observation) || components.length === 0;
  const parts = components.map((component, index): Observation => {
    const { component: _, ...rest } = observation;
    const { valueQuantity: _quantity, interpretation: _flag, referenceRange: _range, note, ...common } = rest;
    if ("valueSampledData" in component)
      throw new CdaInputError("cda-input-shape", `${path}.component[${index}].valueSampledData`);
    // The panel itself is not written when it has no value: its first part bears its notes, and each its name.
    const around = kind === "vital-sign" ? "" : wordsOf(observation.code);
    const notes = [
      ...(note && !isAlone && index === 0 ? note : []),
      ...(around && !isAlone ? [{ text: `Groupe : ${around}` }] : []),
    ];
    const part = { ...common, ...component, ...(notes.length > 0 ? { note: notes } : {}) };
    return withTold(part, { ...context, stay: context.resolve(part.encounter, part) }, `${path}.component[${index}]`);
  });
  const written = [...(isAlone ? [observation] : []), ...parts].map((one) => writeObservation(one, kind, context));
  return { entries: written.map((one) => one.entry), rows: written.flatMap((one) => one.rows) };
}

function hasValue(observation: Observation): boolean {
  return Object.keys(observation).some((key) => key.startsWith("value"));
}

function writeObservation(observation: Observation, kind: ObservationKind, context: EntryContext): WrittenEntry {
  const id = context.nextId(
    kind === "vital-sign" ? "mesure" : kind === "laboratory" || kind === "result" ? "resultat" : "observation",
  );
  const valueId = `${id}-valeur`;
  const when = observation.effectiveDateTime ?? observation.effectiveInstant;
  const subject = writeSubject(observation, context);
  const shown = (references: readonly Reference[] | undefined) =>
    (references ?? []).flatMap((one) => (context.resolve(one, observation) ? [] : (one.display ?? []))).join(", ");
  const remarks = withRemarks(observation.note, {
    Statut: observation.status === "corrected" ? "corrigé" : observation.status === "amended" ? "modifié" : "",
    Dispositif: observation.device?.display,
    Concerne: subject.others,
    Comprend: shown(observation.hasMember),
    "D'après": shown(observation.derivedFrom),
  });
  const notes = writeNotes(remarks, `${id}-commentaire`);
  const interpretations = (observation.interpretation ?? []).map((one, index) => ({
    one,
    id: `${id}-interpretation-${index + 1}`,
  }));
  const ranges = (observation.referenceRange ?? []).map((range, index) => ({
    range: forWhom(range),
    words: rangeWords(forWhom(range)),
    id: `${id}-reference-${index + 1}`,
  }));
  const isLaboratory = kind === "laboratory";
  const specimenId = `${id}-prelevement`;
  const specimen = writeSpecimen(observation, context, specimenId);
  return {
    entry: element(
      "observation",
      { classCode: "OBS", moodCode: "EVN" },
      templates(...templatesOf[kind]),
      element("id", { root: context.nextUuid() }),
      writeConcept("code", observation.code, { reference: id }),
      isLaboratory ? undefined : reference(valueId),
      element("statusCode", { code: statusOf(observation.status) }),
      observation.effectivePeriod
        ? writeInterval("effectiveTime", observation.effectivePeriod.start, observation.effectivePeriod.end)
        : writeTime("effectiveTime", when),
      writeValue(observation, valueId),
      interpretations.map((each) => writeInterpretation(each.one, each.id)),
      observation.method && writeConcept("methodCode", observation.method),
      observation.bodySite && writeConcept("targetSiteCode", observation.bodySite),
      subject.element,
      specimen.element,
      writePerformers(observation.performer ?? [], context),
      writeEntryAuthor(undefined, observation.issued, context),
      notes.entries,
      ranges.map(({ range, id: partId }) => writeReferenceRange(range, partId)),
    ),
    rows: [
      [
        { column: "Date", text: dateWords(observation, when) },
        { column: headings[kind], text: wordsOf(observation.code), id },
        { column: "Valeur", text: valueWords(observation), id: valueId },
        { column: "Prélèvement", text: specimen.words, ...(specimen.words ? { id: specimenId } : {}) },
        {
          column: "Interprétation",
          text: interpretations.map(({ one }) => interpretationWords(one)).join(", "),
          parts: interpretations.map((each) => ({ column: "", text: interpretationWords(each.one), id: each.id })),
        },
        {
          column: "Valeurs de référence",
          text: ranges.map(({ words }) => words).join(" ; "),
          parts: ranges.map(({ words, id: partId }) => ({ column: "", text: words, id: partId })),
        },
        notes.cell,
      ],
    ],
  };
}

/** For whom a range holds stands in its words: CDA has no other place for it. */
function forWhom(range: ObservationReferenceRange): ObservationReferenceRange {
  const whom = [...(range.appliesTo ?? []).map(wordsOf), range.age ? `âge : ${rangeWords(range.age)}` : ""];
  const words = whom.filter(Boolean).join(", ");
  return words ? { ...range, text: `${rangeWords(range)} (${words})` } : range;
}

const headings: Readonly<Record<ObservationKind, string>> = {
  laboratory: "Examen",
  result: "Examen",
  "vital-sign": "Mesure",
  "social-history": "Habitude",
  pregnancy: "Grossesse",
  "document-status": "Document",
  simple: "Observation",
};

function dateWords(observation: Observation, when: string | undefined): string {
  if (when) return toFrenchDate(when);
  const { start, end } = observation.effectivePeriod ?? {};
  return [start, end].flatMap((date) => (date ? [toFrenchDate(date)] : [])).join(" - ");
}

/** A result that is not final must not read as one. */
function statusOf(status: Observation["status"]): string {
  if (status === "registered" || status === "preliminary") return "active";
  return status === "cancelled" || status === "entered-in-error" ? "aborted" : "completed";
}

const interpretations: Readonly<Record<string, string>> = {
  N: "Normal",
  L: "Bas",
  LL: "Très bas",
  H: "Haut",
  HH: "Très haut",
  A: "Anormal",
  AA: "Très anormal",
  POS: "Positif",
  NEG: "Négatif",
  S: "Sensible",
  I: "Intermédiaire",
  R: "Résistant",
};

function writeInterpretation(interpretation: CodeableConcept, id: string): XmlPiece {
  const code = interpretation.coding?.find(
    (coding) => coding.code !== undefined && Object.hasOwn(interpretations, coding.code),
  )?.code;
  if (code === undefined) return writeConcept("interpretationCode", interpretation, { reference: id });
  return fixedCode("interpretationCode", code, interpretations[code], "2.16.840.1.113883.5.83");
}

function interpretationWords(interpretation: CodeableConcept): string {
  return interpretation.text ?? interpretations[interpretation.coding?.[0]?.code ?? ""] ?? wordsOf(interpretation);
}

/** Results (FR-Resultats) or vital signs (FR-Signes-vitaux) taken at one time. */
export function writeOrganizer(
  kind: "result" | "vital-sign",
  when: string | undefined,
  observations: readonly XmlPiece[],
  context: EntryContext,
): XmlPiece {
  const isVital = kind === "vital-sign";
  return element(
    "organizer",
    { classCode: "CLUSTER", moodCode: "EVN" },
    isVital ? templates(`${ccd}.32`, `${ccd}.35`, `${pcc}.13.1`, `${fr}.49`) : templates(`${fr}.208`),
    element("id", { root: context.nextUuid() }),
    isVital
      ? fixedCode("code", "85353-1", "Signes vitaux", loincOid)
      : fixedCode("code", "26436-6", "Biologie polyvalente", loincOid),
    completed,
    writeTime("effectiveTime", when),
    observations.map((observation) => element("component", { typeCode: "COMP" }, observation)),
  );
}
