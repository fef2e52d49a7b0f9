import type {
  CodeableConcept,
  Consent,
  DetectedIssue,
  Extension,
  FhirResource,
  ImmunizationRecommendation,
  Reference,
} from "@carnet/sdk/fhir";
import { list, str } from "../shared/guards.ts";
import { statementOf } from "./absence.ts";
import type { BundleIndex } from "./bundle-index.ts";
import { codesOf, conceptText, hasCode } from "./concept.ts";
import { isReason } from "./conditions.ts";
import { baseOf, type Fact } from "./fact.ts";
import { nameOf } from "./people.ts";

/** An entry that has no section of its own kind: it is named, counted, and never dropped in silence. */
export interface OtherFact extends Fact {
  /** FHIR resource type. */
  readonly type: string;
  readonly text?: string;
  readonly date?: string;
  /** Whom it is about, when that is another Patient of the Bundle: its content is not theirs to be shown here. */
  readonly about?: string;
  /** Refused, called off, ruled out or advised against. */
  readonly isRefuted?: boolean;
  /** Of a check: how grave it is. */
  readonly severity?: "high" | "moderate";
  /** Of missing follow-up: what would close it. */
  readonly closes?: string;
}

export interface OtherFacts {
  readonly alerts: readonly OtherFact[];
  readonly plan: readonly OtherFact[];
  /** Follow-up that rules find missing in what the reader may see: nobody's decision, apart from the plan. */
  readonly gaps: readonly OtherFact[];
  readonly devices: readonly OtherFact[];
  readonly directives: readonly OtherFact[];
  readonly others: readonly OtherFact[];
}

/** Types that a section of the panel shows, and those that only serve others (people, containers, technical entries). */
const shownElsewhere = new Set([
  "AllergyIntolerance",
  "Condition",
  "Procedure",
  "FamilyMemberHistory",
  "MedicationStatement",
  "MedicationRequest",
  "MedicationDispense",
  "Immunization",
  "Observation",
  "RelatedPerson",
  "CareTeam",
]);
/** Types that only serve others. */
export const supporting = new Set([
  "Composition",
  "Patient",
  "Practitioner",
  "PractitionerRole",
  "Organization",
  "Location",
  "Medication",
  "Substance",
  "Specimen",
  "Provenance",
  "Binary",
  "Encounter",
  "OperationOutcome",
]);

const groupOfSection: Readonly<Record<string, keyof OtherFacts>> = {
  "104605-1": "alerts",
  "46264-8": "devices",
  "42348-3": "directives",
  "18776-5": "plan",
};

const groupOfType: Readonly<Record<string, keyof OtherFacts>> = {
  Flag: "alerts",
  // What the service checked, or says it could not check, is read before the treatments.
  DetectedIssue: "alerts",
  Device: "devices",
  DeviceUseStatement: "devices",
  Consent: "directives",
  CarePlan: "plan",
  ServiceRequest: "plan",
  DeviceRequest: "plan",
  Appointment: "plan",
  Goal: "plan",
  ImmunizationRecommendation: "plan",
};

export function readOthers(index: BundleIndex): OtherFacts {
  const found = { alerts: [], plan: [], gaps: [], devices: [], directives: [], others: [] } as Record<
    keyof OtherFacts,
    OtherFact[]
  >;
  const authors = new Set(
    list(index.composition?.author).map((reference) => index.resolve(reference, index.composition)),
  );
  const used = usedDevices(index);
  for (const resource of index.resources) {
    const isShown =
      shownElsewhere.has(resource.resourceType) && !isVisitReason(resource, index) && !isActNotDone(resource);
    if (isShown || supporting.has(resource.resourceType)) continue;
    if (authors.has(resource) || used.has(resource)) continue;
    const { status, lifecycleStatus, docStatus } = resource as unknown as Loose;
    if ([status, lifecycleStatus, docStatus].includes("entered-in-error")) continue;
    if (isReportOfShownResults(resource, index)) continue;
    const section = index.sectionOf(resource)?.code ?? "";
    const isOver = resource.resourceType === "Flag" && resource.status === "inactive";
    const group = isOver
      ? "others"
      : closesOf(resource)
        ? "gaps"
        : (groupOfType[resource.resourceType] ?? groupOfSection[section] ?? "others");
    found[group].push(otherFact(resource, index));
  }
  for (const [position, resource] of index.ofOthers.entries()) {
    const { subject, patient } = resource as { subject?: Reference; patient?: Reference };
    found.others.push({
      key: `another/${position}`,
      type: resource.resourceType,
      about: nameOf(subject ?? patient, index, resource) ?? "",
      sources: [],
      disagreements: [],
    });
  }
  return found;
}

const carnet = "https://carnet.example/fhir/StructureDefinition/";

function isVisitReason(resource: FhirResource, index: BundleIndex): boolean {
  return resource.resourceType === "Condition" && statementOf(resource.code) === "fact" && isReason(resource, index);
}

/** Its history is what was done: an act that was refused or given up is told apart, and said not to be. */
function isActNotDone(resource: FhirResource): boolean {
  return (
    resource.resourceType === "Procedure" && resource.status === "not-done" && statementOf(resource.code) === "fact"
  );
}

function extensionOf(resource: FhirResource, name: string): Extension | undefined {
  return "extension" in resource ? list(resource.extension).find((one) => one.url === carnet + name) : undefined;
}

/** What would close a missing follow-up; nothing else says it. */
const closesOf = (resource: FhirResource) => str(extensionOf(resource, "closes")?.valueString);

/** A device that a statement of use names is told by that statement. */
function usedDevices(index: BundleIndex): ReadonlySet<FhirResource | undefined> {
  return new Set(
    index.resources.flatMap((resource) =>
      resource.resourceType === "DeviceUseStatement" ? [index.resolve(resource.device, resource)] : [],
    ),
  );
}

/** A report whose results are all in the Bundle is already told by them, unless it concludes something. */
function isReportOfShownResults(resource: FhirResource, index: BundleIndex): boolean {
  if (resource.resourceType !== "DiagnosticReport" || str(resource.conclusion) !== undefined) return false;
  const results = list(resource.result);
  return results.length > 0 && results.every((reference) => index.resolve(reference, resource) !== undefined);
}

/** What could not be checked is no danger: it must not look like one. */
const isUnchecked = (resource: DetectedIssue) => hasCode(resource.code, "not-checked");

type Loose = Readonly<Record<string, unknown>>;

/** The words of a field whatever its FHIR type: a concept, a list of them, a string, or a reference to something named. */
function wordsOf(value: unknown, index: BundleIndex, owner: FhirResource): string | undefined {
  if (typeof value === "string") return str(value);
  const [first] = list(value as readonly object[] | undefined);
  if (typeof first !== "object") return undefined;
  // Several concepts: one that has words before one that is a bare code.
  const concepts = list(value as readonly CodeableConcept[]);
  const worded = concepts.find(
    (one) => str(one.text) !== undefined || list(one.coding).some(({ display }) => str(display) !== undefined),
  );
  const concept = conceptText(worded ?? (first as CodeableConcept));
  if (concept !== undefined) return concept;
  const named = str((first as Loose).name) ?? str((first as Loose).display);
  const target = index.resolve(first as Reference, owner);
  return (target === undefined || target === owner ? undefined : textOf(target, index)) ?? named;
}

/** Fields that may say what an entry is, the most telling first. */
const tellingFields = [
  "code",
  "codeCodeableConcept",
  "event",
  "type",
  "device",
  "medicationCodeableConcept",
  "medicationReference",
  "procedureCode",
  "serviceType",
  "description",
  "title",
  "deviceName",
  "category",
  "summary",
] as const;

function textOf(resource: FhirResource, index: BundleIndex): string | undefined {
  if (resource.resourceType === "DetectedIssue" && closesOf(resource)) return str(resource.detail);
  const loose = resource as unknown as Loose;
  for (const field of tellingFields) {
    const words = wordsOf(loose[field], index, resource);
    if (words !== undefined) return words;
  }
  if (resource.resourceType === "ImmunizationRecommendation") {
    const [first] = list(resource.recommendation);
    return closesOf(resource)
      ? str(first?.description)
      : (wordsOf(first?.vaccineCode, index, resource) ?? conceptText(first?.targetDisease));
  }
  if (resource.resourceType === "RiskAssessment") return conceptText(list(resource.prediction)[0]?.outcome);
  if (resource.resourceType === "SupplyDelivery") return conceptText(resource.suppliedItem?.itemCodeableConcept);
  if (resource.resourceType === "DocumentReference") return str(list(resource.content)[0]?.attachment?.title);
  return undefined;
}

/** The most telling first: a meeting is on the day it starts, not on the day it was made. */
const dateFields = [
  "start",
  "effectiveDateTime",
  "occurrenceDateTime",
  "timingDateTime",
  "date",
  "dateTime",
  "created",
  "issued",
  "authoredOn",
  "identifiedDateTime",
] as const;

/** Refused, called off or ruled out: without a word of it, it would read as so. */
function isRefuted({ doNotPerform, status, lifecycleStatus, provision, recommendation }: Loose): boolean {
  const [forecast] = list(recommendation as ImmunizationRecommendation["recommendation"] | undefined);
  const decision = (provision as Consent["provision"])?.type;
  const said = [doNotPerform, status, lifecycleStatus, decision, ...codesOf(forecast?.forecastStatus)];
  return /\b(true|revoked|cancelled|rejected|deny|contraindicated|abandoned|not-done)\b/.test(said.join());
}

function otherFact(resource: FhirResource, index: BundleIndex): OtherFact {
  const loose = resource as unknown as Loose;
  const text = textOf(resource, index);
  const words = str([text, str(loose.conclusion)].filter((piece) => piece !== undefined).join(" : "));
  const period = (loose.period ?? loose.timingPeriod ?? loose.occurrencePeriod) as { start?: unknown } | undefined;
  const date = dateFields.map((field) => str(loose[field])).find((one) => one !== undefined) ?? str(period?.start);
  const closes = closesOf(resource);
  const severity = resource.resourceType === "DetectedIssue" && !isUnchecked(resource) ? resource.severity : undefined;
  return {
    ...baseOf(resource as never, index),
    type: resource.resourceType,
    ...(severity === "high" || severity === "moderate" ? { severity } : {}),
    ...(closes === undefined ? {} : { closes }),
    ...(closes === undefined && resource.resourceType === "DetectedIssue" && str(resource.detail) !== undefined
      ? { narrative: resource.detail as string }
      : {}),
    ...(words === undefined ? {} : { text: words }),
    isRefuted: isRefuted(loose),
    ...(date === undefined ? {} : { date }),
  };
}
