import type {
  Annotation,
  CodeableConcept,
  FhirResource,
  Identifier,
  Period,
  Quantity,
} from "../../../../fhir/index.ts";
import { certainties, statusCode } from "../../../../fhir/status-code.ts";
import { toFrenchDate, toHl7Time } from "../../times.ts";
import { element, pieces, type XmlPiece } from "../../xml.ts";
import {
  completed,
  fixedCode,
  frenchQuantity,
  loincOid,
  reference,
  templates,
  wordsOf,
  writeConcept,
} from "../codes.ts";
import type { EntryContext } from "../context.ts";
import type { Cell } from "../narrative.ts";

const ccd = "2.16.840.1.113883.10.20.1";
const pcc = "1.3.6.1.4.1.19376.1.5.3.1.4";
const fr = "1.2.250.1.213.1.1.3";

/** Interval of a fact: an end (or a length) only when there is one, a start that is unknown said to be so. */
export function writeInterval(
  name: string,
  start: string | undefined,
  end: string | undefined,
  type?: "IVL_TS",
  length?: { value: string; unit: string },
): XmlPiece {
  return element(
    name,
    type ? { "xsi:type": type } : {},
    start === undefined ? element("low", { nullFlavor: "UNK" }) : element("low", { value: hl7(start) }),
    end !== undefined ? element("high", { value: hl7(end) }) : length && element("width", length),
  );
}

/** Point in time, or that it is unknown. */
export function writeTime(name: string, time: string | undefined): XmlPiece {
  return element(name, time === undefined ? { nullFlavor: "UNK" } : { value: hl7(time) });
}

/** Facts come out of a Bundle that has been checked: a wrong date there is named by the field it has in FHIR. */
function hl7(time: string): string {
  return toHl7Time(time, "date");
}

/** FR-Commentaire, with whoever wrote it and when; `words` where no part of the narrative holds it alone. */
export function writeComment(
  id: string | undefined,
  { author, time, words }: { author?: string; time?: string; words?: string } = {},
): XmlPiece {
  return element(
    "entryRelationship",
    { typeCode: "SUBJ", inversionInd: "true" },
    element(
      "act",
      { classCode: "ACT", moodCode: "EVN" },
      templates(`${ccd}.40`, `${pcc}.2`, `${fr}.32`),
      fixedCode("code", "48767-8", "Commentaire", loincOid),
      id === undefined ? element("text", {}, words) : reference(id),
      completed,
      author === undefined
        ? time && writeTime("effectiveTime", time)
        : element(
            "author",
            {},
            writeTime("time", time),
            element(
              "assignedAuthor",
              {},
              element("id", { nullFlavor: "UNK" }),
              element("assignedPerson", {}, element("name", {}, element("family", {}, author))),
            ),
          ),
    ),
  );
}

/** The notes of a fact: a comment for each author and moment, and the cell whose parts they point to. */
export interface WrittenNotes {
  readonly entries: XmlPiece;
  readonly cell: Cell;
}

/** The notes of a fact, and what it says that no part of its entry can hold. */
export function withRemarks(
  notes: readonly Annotation[] | undefined,
  remarks: Readonly<Record<string, string | undefined>>,
): readonly Annotation[] {
  const told = Object.entries(remarks).flatMap(([label, words]) => (words ? [{ text: `${label} : ${words}` }] : []));
  return [...(notes ?? []), ...told];
}

/** Nothing of it was ever so. */
export function isInError(resource: FhirResource): boolean {
  if ("status" in resource && resource.status === "entered-in-error") return true;
  if (resource.resourceType !== "Condition" && resource.resourceType !== "AllergyIntolerance") return false;
  return statusCode(resource.verificationStatus, certainties) === "entered-in-error";
}

export function writeNotes(notes: readonly Annotation[] | undefined, id: string): WrittenNotes {
  const groups: { author?: string; time?: string; text: string }[] = [];
  for (const note of notes ?? []) {
    const author = note.authorString ?? note.authorReference?.display;
    const last = groups.at(-1);
    if (last && last.author === author && last.time === note.time) last.text += `\n${note.text}`;
    else groups.push({ ...(author ? { author } : {}), ...(note.time ? { time: note.time } : {}), text: note.text });
  }
  const cells = groups.map(({ text }, index) => ({
    column: "Commentaire",
    text,
    id: index === 0 ? id : `${id}-${index + 1}`,
  }));
  const text = cells.map((cell) => cell.text).join("\n");
  const [only, ...more] = cells;
  return {
    entries: pieces(groups.map((group, index) => writeComment(cells[index]?.id ?? id, group))),
    cell: only && more.length === 0 ? only : { column: "Commentaire", text, parts: cells },
  };
}

/** FR-Statut-du-probleme, of problems and allergies. */
export function writeStatus(code: string, system: "condition" | "allergy"): XmlPiece {
  const labels: Readonly<Record<string, string>> = {
    active: "Actif",
    recurrence: "Récidive",
    relapse: "Rechute",
    inactive: "Inactif",
    remission: "Rémission",
    resolved: "Résolu",
  };
  return element(
    "entryRelationship",
    { typeCode: "REFR", inversionInd: "false" },
    element(
      "observation",
      { classCode: "OBS", moodCode: "EVN" },
      templates(`${ccd}.50`, `${ccd}.57`, `${pcc}.1.1`, `${fr}.30`),
      fixedCode("code", "33999-4", "Statut", loincOid),
      completed,
      fixedCode(
        "value",
        code,
        labels[code] ?? code,
        system === "condition" ? "2.16.840.1.113883.4.642.1.1074" : "2.16.840.1.113883.4.642.4.1373",
        "CE",
      ),
    ),
  );
}

/** FR-Certitude. */
export function writeCertainty(context: EntryContext, code: string): XmlPiece {
  const labels: Readonly<Record<string, string>> = {
    unconfirmed: "Non confirmé",
    provisional: "Provisoire",
    differential: "Diagnostic différentiel",
    confirmed: "Confirmé",
    "entered-in-error": "Saisi par erreur",
  };
  return element(
    "entryRelationship",
    { typeCode: "SUBJ", inversionInd: "true" },
    element(
      "observation",
      { classCode: "OBS", moodCode: "EVN" },
      templates(`${pcc}.13`, `${fr}.48`, `${fr}.171`),
      element("id", { root: context.nextUuid() }),
      fixedCode("code", "66455-7", "Certitude", loincOid),
      completed,
      element("effectiveTime", { nullFlavor: "NA" }),
      fixedCode("value", code, labels[code] ?? code, "2.16.840.1.113883.4.642.1.1075", "CD"),
    ),
  );
}

/** FHIR's degrees of severity. */
export const severities: Readonly<Record<string, { readonly code: string; readonly display: string }>> = {
  mild: { code: "255604002", display: "léger" },
  moderate: { code: "6736007", display: "modéré" },
  severe: { code: "24484000", display: "sévère" },
};

/** FR-Severite. */
export function writeSeverity(severity: CodeableConcept, id: string | undefined): XmlPiece {
  return element(
    "entryRelationship",
    { typeCode: "SUBJ", inversionInd: "true" },
    element(
      "observation",
      { classCode: "OBS", moodCode: "EVN" },
      templates(`${ccd}.55`, `${pcc}.1`, `${fr}.29`),
      element("code", { code: "SEV", displayName: "Sévérité", codeSystem: "2.16.840.1.113883.5.4" }),
      id === undefined ? undefined : reference(id),
      completed,
      writeConcept("value", severity, { type: "CD", ...(id === undefined ? {} : { reference: id }) }),
    ),
  );
}

/** Why something was decided: each reason in its entry, and the cell whose parts they point to. */
export function writeReasons(
  context: EntryContext,
  reasons: readonly CodeableConcept[] | undefined,
  id: string,
): { entries: readonly XmlPiece[]; cell: Cell } {
  const parts = (reasons ?? []).map((reason, index) => ({
    column: "Motif",
    text: wordsOf(reason),
    id: index === 0 ? id : `${id}-${index + 1}`,
  }));
  const [only, ...more] = parts;
  return {
    entries: (reasons ?? []).map((reason, index) => writeReason(context, reason, parts[index]?.id ?? id)),
    cell: only && more.length === 0 ? only : { column: "Motif", text: parts.map(({ text }) => text).join(", "), parts },
  };
}

/** Identifiers that CDA can hold: numbers under an OID, UUIDs and OIDs themselves. */
export function writeIds(identifiers: readonly Identifier[] | undefined): readonly XmlPiece[] {
  return (identifiers ?? []).flatMap(({ system, value }) => {
    if (!value) return [];
    if (system?.startsWith("urn:oid:"))
      return [element("id", { root: system.slice("urn:oid:".length), extension: value })];
    const [, scheme, root] = /^urn:(uuid|oid):([\da-f.-]+)$/i.exec(value) ?? [];
    return root ? [element("id", { root: scheme === "uuid" ? root.toUpperCase() : root })] : [];
  });
}

/** Words of several concepts. */
export const listed = (concepts: readonly (CodeableConcept | undefined)[] | undefined): string =>
  (concepts ?? []).map(wordsOf).filter(Boolean).join(", ");

/** "à 40 ans". */
export function ageInWords(age: Quantity | undefined): string {
  if (age?.value === undefined) return "";
  return `à ${age.code === "a" ? `${age.value} ans` : frenchQuantity(age)}`;
}

/** "03/02/2020 - 04/03/2020". */
export const datesInWords = ({ start, end }: Period = {}): string =>
  [start, end].flatMap((date) => (date ? [toFrenchDate(date)] : [])).join(" - ");

/** FR-Reference-interne: why a treatment or an act was decided. */
export function writeReason(context: EntryContext, reason: CodeableConcept, id: string): XmlPiece {
  return element(
    "entryRelationship",
    { typeCode: "RSON" },
    element(
      "act",
      { classCode: "ACT", moodCode: "EVN" },
      templates(`${pcc}.4.1`, `${fr}.36`),
      element("id", { root: context.nextUuid() }),
      writeConcept("code", reason, { reference: id }),
    ),
  );
}

export const template = { ccd, pcc, fr } as const;

/** FR-Instruction-au-patient. */
export function writeInstruction(id: string, isIntent: boolean): XmlPiece {
  return element(
    "entryRelationship",
    { typeCode: "SUBJ", inversionInd: "true" },
    element(
      "act",
      { classCode: "ACT", moodCode: isIntent ? "INT" : "EVN" },
      templates(`${ccd}.49`, `${pcc}.3`, `${fr}.33`),
      element("code", { code: "PINSTRUCT", codeSystem: "1.3.6.1.4.1.19376.1.5.3.2", codeSystemName: "IHEActCode" }),
      reference(id),
      completed,
    ),
  );
}
