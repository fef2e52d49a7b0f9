import type {
  CodeableConcept,
  Dosage,
  FhirResource,
  ImmunizationRecommendation,
  Narrative,
  Observation,
} from "fhir/r4.js";
import { dateInWords } from "../fhir/date-words.ts";
import * as extensionUrl from "../fhir/extension-urls.ts";
import { clinicalStates, statusCode } from "../fhir/status-code.ts";
import { dosagesInWords, quantityInWords, suppliedInWords } from "./dosage-words.ts";
import type { PlainBlock } from "./plain-blocks.ts";
import { doubtOf } from "./reading.ts";
import { renewalsInWords } from "./renewal-words.ts";

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

/**
 * What belongs beside the label in a row: first that it is not so, or no longer (not done, refused, called off), then the
 * value or the dose.
 */
export function rowDetail(resource: FhirResource, locale: "fr" | "en"): string {
  const words = standingWords[locale];
  const status = "status" in resource && typeof resource.status === "string" ? resource.status : "";
  const forecast = resource.resourceType === "ImmunizationRecommendation" ? forecastOf(resource) : undefined;
  const said = [
    forecast === undefined ? (words[resource.resourceType] ?? "") : (words[forecast] ?? forecast),
    words[status] ?? "",
  ];
  if ("doNotPerform" in resource && resource.doNotPerform) said.push(words.doNotPerform ?? "");
  if (resource.resourceType === "MedicationRequest" && resource.intent === "proposal") said.push(words.proposal ?? "");
  if (resource.resourceType === "Consent") said.push(words[resource.provision?.type ?? ""] ?? "");
  if (resource.resourceType === "AllergyIntolerance")
    said.push(words[statusCode(resource.clinicalStatus, clinicalStates) ?? ""] ?? "");
  if (doubtOf(resource) !== undefined) said.push(words.unconfirmed ?? "");
  if (resource.resourceType === "DeviceUseStatement" && status === "completed") said.push(words.removed ?? "");
  return [...said, valueOrDose(resource, locale)].filter(Boolean).join(" — ");
}

/** What a recommendation says instead of "recommended": that it is advised against, or no longer holds. */
function forecastOf({ recommendation }: ImmunizationRecommendation): string | undefined {
  const { coding = [], text } = recommendation?.[0]?.forecastStatus ?? {};
  return coding.some(({ code }) => code === "contraindicated")
    ? "contraindicated"
    : coding.length > 0
      ? undefined
      : text;
}

function valueOrDose(resource: FhirResource, locale: "fr" | "en"): string {
  switch (resource.resourceType) {
    case "MedicationStatement":
      return dosagesInWords(resource.dosage, locale);
    case "MedicationRequest":
      return [
        dosagesInWords(resource.dosageInstruction, locale),
        suppliedInWords(resource.dispenseRequest?.quantity, resource.dispenseRequest?.expectedSupplyDuration, locale),
        renewalsInWords(resource.dispenseRequest, locale),
      ]
        .filter(Boolean)
        .join(" — ");
    case "MedicationDispense":
      return [
        dosagesInWords(resource.dosageInstruction, locale),
        suppliedInWords(resource.quantity, resource.daysSupply, locale),
      ]
        .filter(Boolean)
        .join(" — ");
    case "Condition":
      return (
        standingWords[locale][`problem ${statusCode(resource.clinicalStatus, clinicalStates)}`] ??
        detailOf(resource, locale)
      );
    case "Observation": {
      const absent = resource.dataAbsentReason?.coding?.[0]?.code;
      const judged = (resource.interpretation ?? []).map(labelOf).filter(Boolean);
      const reason = absent === "masked" ? absent : absent && judged.length === 0 ? "absent" : "";
      const value = detailOf(resource, locale) || standingWords[locale][reason];
      // An antibiotic says nothing without the letter and the germ.
      return [value, ...judged, resource.specimen?.display].filter(Boolean).join(" — ");
    }
    default:
      return detailOf(resource, locale);
  }
}

const standingWords: Readonly<Record<"fr" | "en", Readonly<Record<string, string>>>> = {
  fr: {
    "not-done": "non fait",
    "not-taken": "non pris",
    declined: "non délivré",
    cancelled: "annulé",
    revoked: "annulé",
    rejected: "écarté",
    stopped: "arrêté",
    "on-hold": "suspendu",
    inactive: "inactive",
    unconfirmed: "non confirmé",
    resolved: "résolue",
    deny: "refusé",
    permit: "accepté",
    doNotPerform: "à ne pas faire",
    proposal: "proposé, non prescrit",
    // Said on the day of the document: it may have begun since.
    intended: "prévu",
    preparation: "en préparation",
    "in-progress": "en cours",
    preliminary: "provisoire",
    removed: "n'est plus porté",
    masked: "masqué",
    absent: "non renseigné",
    "problem active": "actif",
    "problem recurrence": "récidive",
    "problem relapse": "rechute",
    "problem inactive": "inactif",
    "problem remission": "en rémission",
    "problem resolved": "résolu",
    ServiceRequest: "demandé ou prévu",
    Appointment: "rencontre demandée ou prévue",
    DeviceRequest: "prescrit",
    Goal: "objectif",
    ImmunizationRecommendation: "recommandé",
    contraindicated: "déconseillé ou contre-indiqué",
    SupplyDelivery: "délivré",
    AdverseEvent: "effet indésirable",
  },
  en: {
    "not-done": "not done",
    "not-taken": "not taken",
    declined: "not handed over",
    cancelled: "cancelled",
    revoked: "cancelled",
    rejected: "rejected",
    stopped: "stopped",
    "on-hold": "on hold",
    inactive: "inactive",
    unconfirmed: "unconfirmed",
    resolved: "resolved",
    deny: "refused",
    permit: "accepted",
    doNotPerform: "not to be done",
    proposal: "proposed, not prescribed",
    intended: "planned",
    preparation: "in preparation",
    "in-progress": "under way",
    preliminary: "preliminary",
    removed: "no longer worn",
    masked: "withheld",
    absent: "not recorded",
    "problem active": "active",
    "problem recurrence": "recurrence",
    "problem relapse": "relapse",
    "problem inactive": "inactive",
    "problem remission": "in remission",
    "problem resolved": "resolved",
    ServiceRequest: "asked for or planned",
    Appointment: "meeting asked for or planned",
    DeviceRequest: "prescribed",
    Goal: "goal",
    ImmunizationRecommendation: "recommended",
    contraindicated: "advised against or contraindicated",
    SupplyDelivery: "delivered",
    AdverseEvent: "adverse event",
  },
};

/** The value or dose that belongs beside the label. */
export function detailOf(resource: FhirResource, locale: "fr" | "en"): string {
  switch (resource.resourceType) {
    case "Observation": {
      const value = deniedText(resource, locale) ?? valueText(resource, locale) ?? "";
      if (!resource.component) return value;
      const parts = resource.component.map((one) => `${labelOf(one.code)} ${valueText(one, locale) ?? ""}`);
      return (value ? [value, ...parts] : parts).join(", ");
    }
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
      return [labelOf(resource.statusReason), resource.lotNumber].filter(Boolean).join(", ");
    case "FamilyMemberHistory":
      return [
        ...(resource.condition ?? []).map(({ code }) => labelOf(code)),
        ...(resource.note ?? []).map(({ text }) => text),
      ].join(", ");
    case "Condition":
      return labelOf(resource.clinicalStatus);
    case "Procedure":
      return labelOf(resource.statusReason);
    case "RelatedPerson":
      return [
        // A person without a name is called by the relation.
        ...(resource.name?.length ? (resource.relationship ?? []).map(labelOf) : []),
        ...(resource.telecom ?? []).flatMap(({ use, value }) => (use === "old" ? [] : (value ?? []))),
      ]
        .filter(Boolean)
        .join(", ");
    case "CareTeam":
      return (resource.participant ?? [])
        .map(({ role, member }) => [...(role ?? []).map(labelOf), member?.display].filter(Boolean).join(" "))
        .filter(Boolean)
        .join(", ");
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
  const { valueQuantity, valueRange, valueRatio, valuePeriod } = from;
  if (valueQuantity?.value !== undefined) return quantityInWords(valueQuantity, locale);
  if (valueRange) return `${quantityInWords(valueRange.low, locale)} – ${quantityInWords(valueRange.high, locale)}`;
  if (valueRatio)
    return `${quantityInWords(valueRatio.numerator, locale)} / ${quantityInWords(valueRatio.denominator, locale)}`;
  if (valuePeriod)
    return [valuePeriod.start, valuePeriod.end].flatMap((date) => (date ? dateInWords(date, locale) : [])).join(" – ");
  if (from.valueCodeableConcept) return labelOf(from.valueCodeableConcept);
  if (from.valueDateTime) return dateInWords(from.valueDateTime, locale);
  if (from.valueBoolean !== undefined) return yesNo[locale][from.valueBoolean ? 0 : 1];
  return from.valueString ?? (from.valueInteger === undefined ? undefined : String(from.valueInteger));
}

const yesNo = { fr: ["oui", "non"], en: ["yes", "no"] } as const;
