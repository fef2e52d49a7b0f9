import type { CodeableConcept, Dosage, FhirResource, Narrative, Observation } from "fhir/r4.js";
import { dateInWords } from "../fhir/date-words.ts";
import * as extensionUrl from "../fhir/extension-urls.ts";
import type { PlainBlock } from "./plain-blocks.ts";

/** One line of a section's narrative. */
export interface NarrativeRow {
  readonly date: string;
  readonly label: string;
  readonly detail: string;
}

/** Text of a section: a plain table, every word escaped. */
export function toNarrative(rows: readonly NarrativeRow[], empty: string): Narrative {
  if (rows.length === 0) return wrap(`<p>${escapeText(empty)}</p>`);
  let body = "";
  for (const { date, label, detail } of rows) {
    body += `<tr><td>${escapeText(date)}</td><td>${escapeText(label)}</td><td>${escapeText(detail)}</td></tr>`;
  }
  return wrap(`<table><tbody>${body}</tbody></table>`);
}

/** A sentence as narrative. */
export function toText(text: string): Narrative {
  return wrap(`<p>${escapeText(text)}</p>`);
}

/** Words of a document as narrative: our own paragraphs, lists and tables around escaped text. */
export function toWords(blocks: readonly PlainBlock[]): Narrative {
  let content = "";
  let open: Around = "";
  for (const block of blocks) {
    const around: Around = block.kind === "row" ? "table" : block.kind === "li" ? "ul" : "";
    if (around !== open) content += CLOSING[open] + OPENING[around];
    open = around;
    content += block.kind === "row" ? toRow(block) : `<${block.kind}>${escapeText(block.text)}</${block.kind}>`;
  }
  return wrap(content + CLOSING[open], "additional");
}

type Around = "" | "table" | "ul";
const OPENING: Readonly<Record<Around, string>> = { "": "", table: "<table><tbody>", ul: "<ul>" };
const CLOSING: Readonly<Record<Around, string>> = { "": "", table: "</tbody></table>", ul: "</ul>" };

function toRow({ cells, isHeader }: Extract<PlainBlock, { kind: "row" }>): string {
  const cell = isHeader ? "th" : "td";
  return `<tr>${cells.map((text) => `<${cell}>${escapeText(text)}</${cell}>`).join("")}</tr>`;
}

function wrap(content: string, status: Narrative["status"] = "generated"): Narrative {
  return { status, div: `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>` };
}

const UNSAFE = /[&<>"'\uFFFE\uFFFF\p{Cs}]|(?![\t\n\r])\p{Cc}/gu;
const ENTITY: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as XHTML; characters that XML does not know are left out. */
export function escapeText(text: string): string {
  // Nearly all texts are plain letters: looking costs a tenth of replacing.
  return PLAIN.test(text) ? text : text.replace(UNSAFE, (character) => ENTITY[character] ?? "");
}

const PLAIN = /^[\w\u00C0-\u017F .,;:()/+%°²³–—-]*$/;

/** The words of a concept, as the document says them. */
export function labelOf(concept: CodeableConcept | undefined): string {
  if (concept?.text) return concept.text;
  const coding = concept?.coding?.find((one) => one.display) ?? concept?.coding?.[0];
  return coding?.display ?? coding?.code ?? "";
}

/** The value, dose or status that belongs beside the label. */
export function detailOf(resource: FhirResource, locale: "fr" | "en"): string {
  switch (resource.resourceType) {
    case "Observation":
      return (
        deniedText(resource, locale) ??
        valueText(resource, locale) ??
        (resource.component ?? []).map((one) => `${labelOf(one.code)} ${valueText(one, locale) ?? ""}`).join(", ")
      );
    case "MedicationStatement":
      return dosageText(resource.dosage);
    case "MedicationRequest":
    case "MedicationDispense":
      return dosageText(resource.dosageInstruction);
    case "AllergyIntolerance":
      return (resource.reaction ?? [])
        .flatMap((reaction) => reaction.manifestation ?? [])
        .map(labelOf)
        .join(", ");
    case "Immunization":
      return resource.lotNumber ?? "";
    case "Condition":
      return labelOf(resource.clinicalStatus);
    default:
      return "";
  }
}

/** A value that the document denies must read as denied, in both languages. */
function deniedText(observation: Observation, locale: "fr" | "en"): string | undefined {
  const denied = observation.extension?.find((one) => one.url === extensionUrl.deniedValue);
  return denied ? `absent : ${valueText(denied, locale) ?? ""}` : undefined;
}

function dosageText(list: readonly Dosage[] | undefined): string {
  return (list ?? [])
    .map((one) => one.text ?? one.patientInstruction ?? "")
    .filter(Boolean)
    .join(" ; ");
}

function valueText(from: Partial<Observation>, locale: "fr" | "en"): string | undefined {
  const quantity = from.valueQuantity;
  if (quantity?.value !== undefined) {
    const number = locale === "fr" ? String(quantity.value).replace(".", ",") : quantity.value;
    return `${quantity.comparator ?? ""}${number} ${quantity.unit ?? quantity.code ?? ""}`.trim();
  }
  if (from.valueCodeableConcept) return labelOf(from.valueCodeableConcept);
  if (from.valueDateTime) return dateInWords(from.valueDateTime, locale);
  if (from.valueBoolean !== undefined) return yesNo[locale][from.valueBoolean ? 0 : 1];
  return from.valueString ?? (from.valueInteger === undefined ? undefined : String(from.valueInteger));
}

const yesNo = { fr: ["oui", "non"], en: ["yes", "no"] } as const;
