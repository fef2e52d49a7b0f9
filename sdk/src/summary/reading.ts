import type { CodeableConcept, FhirResource, Observation, Reference } from "fhir/r4.js";
import { certainties, statusCode } from "../fhir/status-code.ts";
import { instantOf } from "./date-order.ts";

/** Finds a resource by a reference of its document. */
export type Resolve = (reference: string) => FhirResource | undefined;

/** IPS statements of absence (`no-known-…`) and of ignorance (`no-…-info`). */
export const ABSENT_UNKNOWN = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
/** Statements that nothing at all of a kind is known. "No known food allergy" is less: it stays as it was said. */
const NOTHING_KNOWN: ReadonlySet<string> = new Set([
  "no-known-allergies",
  "no-known-problems",
  "no-known-medications",
  "no-known-procedures",
  "no-known-immunizations",
  "no-known-implants",
  "no-known-devices",
  // SNOMED CT, which IPS 2 uses in their place: allergies, problems, treatments, acts, vaccinations, devices.
  "716186003",
  "160244002",
  "160245001",
  "787481004",
  "1234391000168107",
  "787480003",
  "787482006",
  "787483001",
]);

/** "Aucun" of the French nomenclature of absences. */
const NONE = "02276797";
const NONE_SYSTEM = "urn:oid:1.2.250.1.213.2.63";

/** What one fact says, reduced to what decides whether two facts are the same. */
export interface FactReading {
  /** `fact` is shown; `absence` says "none known"; `ignorance` says nothing; `withdrawn` vanishes; `refuted` only contradicts. */
  readonly standing: "fact" | "absence" | "ignorance" | "withdrawn" | "refuted";
  readonly concept: CodeableConcept | undefined;
  /** Beside the concept, what makes it this fact and no other: the day of an immunisation, the instant of a result. */
  readonly identity: string;
  /** ISO date for display order; empty when unknown. */
  readonly date: string;
}

/** Reads one resource. Kinds without a rule of their own are the same only when all they say is the same. */
export function readFact(resource: FhirResource, resolve: Resolve): FactReading {
  const { concept, identity, date } = readKind(resource, resolve);
  return { standing: standingOf(resource, concept), concept, identity, date };
}

type KindReading = Omit<FactReading, "standing">;

function readKind(resource: FhirResource, resolve: Resolve): KindReading {
  switch (resource.resourceType) {
    case "AllergyIntolerance":
      return {
        concept: resource.code ?? resource.reaction?.[0]?.substance,
        identity: "",
        date: resource.onsetDateTime ?? resource.onsetPeriod?.start ?? resource.recordedDate ?? "",
      };
    case "Condition":
      return {
        concept: resource.code,
        identity: concepts(resource.bodySite) || sideOf(resource.code),
        date: resource.onsetDateTime ?? resource.onsetPeriod?.start ?? resource.recordedDate ?? "",
      };
    case "MedicationStatement": {
      const { start } = periodOf(resource.effectivePeriod, resource.effectiveDateTime);
      return {
        concept: medicationOf(resource, resolve),
        identity: `${resource.status}|${start}`,
        date: start || (resource.dateAsserted ?? ""),
      };
    }
    case "MedicationRequest":
      return {
        concept: medicationOf(resource, resolve),
        // "Not to be taken" is another order than that to take it.
        identity: `${resource.doNotPerform ? "not " : ""}${resource.intent}|${resource.authoredOn ?? ""}|${resource.groupIdentifier?.value ?? ""}`,
        date: resource.authoredOn ?? "",
      };
    case "MedicationDispense":
      return {
        concept: medicationOf(resource, resolve),
        identity: `${resource.whenHandedOver ?? resource.whenPrepared ?? ""}`,
        date: resource.whenHandedOver ?? resource.whenPrepared ?? "",
      };
    case "MedicationAdministration": {
      const { start } = periodOf(resource.effectivePeriod, resource.effectiveDateTime);
      return {
        concept: medicationOf(resource, resolve),
        identity: start,
        date: start,
      };
    }
    case "Immunization": {
      const date = resource.occurrenceDateTime ?? resource.occurrenceString ?? "";
      return {
        concept: resource.vaccineCode,
        identity: dayOf(date),
        date,
      };
    }
    case "Observation": {
      const { start } = periodOf(resource.effectivePeriod, resource.effectiveDateTime ?? resource.effectiveInstant);
      return {
        concept: resource.code,
        identity: [
          instantOf(start),
          concepts(resource.bodySite ? [resource.bodySite] : undefined),
          code(resource.method) ?? "",
          identityOfObservation(resource),
        ].join("|"),
        date: start,
      };
    }
    case "Procedure": {
      const { start } = periodOf(resource.performedPeriod, resource.performedDateTime ?? resource.performedString);
      return {
        concept: resource.code,
        identity: `${dayOf(start)}|${concepts(resource.bodySite) || sideOf(resource.code)}`,
        date: start,
      };
    }
    case "DeviceUseStatement": {
      const { start } = periodOf(resource.timingPeriod, resource.timingDateTime);
      const device = targetOf(resource, resource.device.reference, resolve);
      const concept =
        device?.resourceType === "Device" ? (device.type ?? named(device.deviceName?.[0]?.name)) : undefined;
      return {
        concept: concept ?? named(resource.device.display),
        identity: `${start.slice(0, 10)}|${concepts(resource.bodySite ? [resource.bodySite] : undefined) || sideOf(concept)}`,
        date: start,
      };
    }
    default:
      return {
        concept: conceptOfOther(resource),
        identity: sayings(resource),
        date: dateOfOther(resource),
      };
  }
}

function standingOf(resource: FhirResource, concept: CodeableConcept | undefined): FactReading["standing"] {
  if ("status" in resource && resource.status === "entered-in-error") return "withdrawn";
  if (resource.resourceType === "Goal" && resource.lifecycleStatus === "entered-in-error") return "withdrawn";
  if (resource.resourceType === "AllergyIntolerance" || resource.resourceType === "Condition") {
    const verification = statusCode(resource.verificationStatus, certainties);
    if (verification === "entered-in-error") return "withdrawn";
    if (verification === "refuted") return "refuted";
  }
  for (const coding of concept?.coding ?? []) {
    if (coding.system === ABSENT_UNKNOWN && coding.code?.endsWith("-info")) return "ignorance";
    if (coding.code && NOTHING_KNOWN.has(coding.code)) return "absence";
    if (coding.code === NONE && coding.system === NONE_SYSTEM) return "absence";
  }
  return "fact";
}

const DOUBTS: ReadonlySet<string> = new Set(["unconfirmed", "provisional", "differential"]);

/** How an allergy or a problem is only suspected; `undefined` for what is stated. */
export function doubtOf(resource: FhirResource): string | undefined {
  if (resource.resourceType !== "AllergyIntolerance" && resource.resourceType !== "Condition") return undefined;
  const certainty = statusCode(resource.verificationStatus, certainties);
  return certainty !== undefined && DOUBTS.has(certainty) ? certainty : undefined;
}

/** Sections in which a document lists problems, present or past, whatever it calls each of them. */
const PROBLEM_LISTS: ReadonlySet<string> = new Set(["11450-4", "11348-0"]);

/**
 * The reason for one act, or what was found in one examination: an `encounter-diagnosis` of which nobody said that it
 * is, or was, a problem of the patient.
 */
export function isReason(resource: FhirResource, section: string | undefined): boolean {
  if (resource.resourceType !== "Condition" || resource.clinicalStatus?.coding?.length) return false;
  if (section !== undefined && PROBLEM_LISTS.has(section)) return false;
  const categories = (resource.category ?? []).flatMap((one) => one.coding?.map((coding) => coding.code) ?? []);
  return categories.includes("encounter-diagnosis") && !categories.includes("problem-list-item");
}

function medicationOf(
  resource: {
    medicationCodeableConcept?: CodeableConcept;
    medicationReference?: Reference;
    contained?: FhirResource[];
  },
  resolve: Resolve,
): CodeableConcept | undefined {
  if (resource.medicationCodeableConcept) return resource.medicationCodeableConcept;
  const target = targetOf(resource, resource.medicationReference?.reference, resolve);
  if (target?.resourceType === "Medication" && target.code) return target.code;
  return named(resource.medicationReference?.display);
}

/** What a reference leads to: in its document, or in the resource itself. */
export function targetOf(
  { contained }: { readonly contained?: readonly FhirResource[] },
  reference: string | undefined,
  resolve: Resolve,
): FhirResource | undefined {
  if (!reference) return undefined;
  return reference.startsWith("#") ? contained?.find((one) => `#${one.id}` === reference) : resolve(reference);
}

function identityOfObservation(observation: Observation): string {
  // A panel is told by its members; two panels of one instant are one panel only if they hold as many.
  return `${observation.hasMember?.length ?? ""}`;
}

/** The day of a date; a time in words ("printemps 2010") is kept whole. */
function dayOf(date: string): string {
  return IN_NUMBERS.test(date) ? date.slice(0, 10) : date;
}

const IN_NUMBERS = /^\d{4}(?:-\d\d){0,2}(?:T|$)/;

function periodOf(period: { start?: string; end?: string } | undefined, instant: string | undefined) {
  return { start: period?.start ?? instant ?? "", end: period?.end };
}

/** `system|code` of the first coding. */
export function code(concept: CodeableConcept | undefined): string | undefined {
  const coding = concept?.coding?.find((one) => one.code);
  return coding ? `${coding.system ?? ""}|${coding.code}` : undefined;
}

/** Codes of several concepts, in any order. */
export function concepts(list: readonly CodeableConcept[] | undefined): string {
  if (!list || list.length === 0) return "";
  return list
    .map((one) => code(one) ?? one.text ?? "")
    .sort()
    .join("+");
}

/** Sides that words name: one code stands for the left knee and for the right one. */
const SIDES: readonly (readonly [side: string, words: RegExp])[] = [
  ["both", /\b(bilat[eé]ra|both|bilateral|des deux)/i],
  ["left", /\b(gauches?|gche|left)\b/i],
  ["right", /\b(droite?s?|dte?|right)\b/i],
];

function sideOf({ text, coding }: CodeableConcept = {}): string {
  const words = text ?? coding?.find(({ display }) => display)?.display ?? "";
  return SIDES.flatMap(([side, pattern]) => (pattern.test(words) ? side : [])).join("+");
}

function named(text: string | undefined): CodeableConcept | undefined {
  return text ? { text } : undefined;
}

const CONCEPT_FIELDS = ["code", "type", "serviceType", "category", "description"] as const;
const DATE_FIELDS = [
  "date",
  "authoredOn",
  "occurrenceDateTime",
  "effectiveDateTime",
  "created",
  "dateTime",
  "started",
  "start",
  "startDate",
  "authored",
  "identifiedDateTime",
] as const;

function conceptOfOther(resource: FhirResource): CodeableConcept | undefined {
  const fields = resource as unknown as Record<string, unknown>;
  if (typeof fields.title === "string" && !fields.code) return { text: fields.title };
  for (const name of CONCEPT_FIELDS) {
    const value = Array.isArray(fields[name]) ? fields[name][0] : fields[name];
    if (isConcept(value)) return value;
  }
  return namedByItself(resource) ?? named(typeof fields.description === "string" ? fields.description : undefined);
}

/** What kinds that need no code are called by. */
function namedByItself(resource: FhirResource): CodeableConcept | undefined {
  switch (resource.resourceType) {
    case "RelatedPerson": {
      const name = resource.name?.[0];
      const whole = name?.text ?? [...(name?.given ?? []), name?.family].filter(Boolean).join(" ");
      return named(whole) ?? resource.relationship?.[0];
    }
    case "CareTeam":
      return named(resource.name);
    case "CarePlan": {
      const [first] = (resource.activity ?? []).flatMap(({ detail }) => detail ?? []);
      return named(resource.description) ?? first?.code ?? named(first?.description);
    }
    case "ClinicalImpression":
      return named(resource.summary ?? resource.description);
    case "Consent":
      return resource.provision?.code?.[0];
    case "RiskAssessment":
      return resource.prediction?.[0]?.outcome;
    case "FamilyMemberHistory":
      return resource.relationship;
    case "AdverseEvent":
      return resource.event;
    case "DeviceRequest":
      return resource.codeCodeableConcept;
    case "SupplyDelivery":
      return resource.suppliedItem?.itemCodeableConcept;
    case "ImmunizationRecommendation":
      return resource.recommendation[0]?.vaccineCode?.[0];
    default:
      return undefined;
  }
}

function isConcept(value: unknown): value is CodeableConcept {
  if (typeof value !== "object" || value === null) return false;
  const { coding, text } = value as { coding?: unknown; text?: unknown };
  return Array.isArray(coding) || typeof text === "string";
}

function dateOfOther(resource: FhirResource): string {
  const fields = resource as unknown as Record<string, unknown>;
  for (const name of DATE_FIELDS) {
    const value = fields[name];
    if (typeof value === "string") return value;
  }
  const period = fields.period ?? fields.effectivePeriod;
  if (typeof period === "object" && period !== null && "start" in period && typeof period.start === "string")
    return period.start;
  return "";
}

/** All that a resource says, without what names it; where it points only if asked. */
export function sayings(resource: FhirResource, withReferences = false): string {
  return JSON.stringify(resource, (key, value: unknown) => {
    if (key === "id" || key === "meta" || key === "identifier") return undefined;
    if (key === "reference" && !withReferences) return undefined;
    // The narrative is a picture of the rest; the text of a concept is not.
    return key === "text" && typeof value === "object" ? undefined : value;
  });
}
