import type { Bundle, BundleEntry, Composition, FhirResource, Group, Identifier, Patient, Reference } from "fhir/r4.js";
import { identifierSystem } from "../fhir/systems.ts";
import { versionNumberUrl } from "../fhir/version-number.ts";
import { SummaryError } from "./errors.ts";
import { isSamePerson } from "./patients.ts";
import { stableUuid } from "./stable-id.ts";

/** One fact with the section it was found in. */
export interface SourceFact {
  readonly resource: FhirResource;
  /** Name of the resource within its document. */
  readonly key: string;
  /** LOINC code of the section, when the document has sections. */
  readonly section: string | undefined;
}

/** One document as the summary sees it. */
export interface SourceDocument {
  /** uniqueId of the document. */
  readonly id: string;
  readonly setId: string | undefined;
  readonly version: number | undefined;
  /** What it replaces, by the name of that document or of its versions. */
  readonly replaces: readonly string[];
  /** ISO 8601; empty when unknown. */
  readonly date: string;
  readonly isWithdrawn: boolean;
  readonly patient: Patient | undefined;
  /** Whom else it describes as a patient: the mother of a newborn, a family, one of a lot. */
  readonly others: ReadonlySet<FhirResource>;
  readonly author: Reference | undefined;
  /** Code of the document's type. */
  readonly typeCode: string | undefined;
  readonly facts: readonly SourceFact[];
  readonly resolve: (reference: string) => FhirResource | undefined;
  readonly bundle: Bundle;
}

/** Kinds that say something about the patient wherever they stand in a document. */
const FACT_KINDS: ReadonlySet<string> = new Set([
  "AllergyIntolerance",
  "Appointment",
  "CarePlan",
  "ClinicalImpression",
  "Condition",
  "Consent",
  "DetectedIssue",
  "DeviceUseStatement",
  "DiagnosticReport",
  "FamilyMemberHistory",
  "Flag",
  "Goal",
  "ImagingStudy",
  "Immunization",
  "ImmunizationRecommendation",
  "MedicationAdministration",
  "MedicationDispense",
  "MedicationRequest",
  "MedicationStatement",
  "NutritionOrder",
  "Observation",
  "Procedure",
  "QuestionnaireResponse",
  "RelatedPerson",
  "RiskAssessment",
  "ServiceRequest",
]);

/** Kinds that only serve others, even when a section points at them. */
const NEVER_FACTS: ReadonlySet<string> = new Set(["Composition", "Patient"]);

/** A letter around a PDF says of its file that it is there: the list of documents does. */
function isBareFile(resource: FhirResource): boolean {
  if (resource.resourceType !== "DocumentReference" || resource.type || resource.description) return false;
  return (
    !resource.category?.length && resource.content.every(({ attachment }) => !attachment?.url && !attachment?.data)
  );
}

/** Reads the frame of a document Bundle; foreign ones too. @throws SummaryError `not-a-document`, `several-patients` */
export function readSourceDocument(bundle: Bundle): SourceDocument {
  if (bundle?.resourceType !== "Bundle") throw new SummaryError("not-a-document");
  const entries = bundle.entry ?? [];
  let composition: Composition | undefined;
  const people: Subject[] = [];
  for (const { resource } of entries) {
    if (resource?.resourceType === "Composition") composition ??= resource;
    else if (resource?.resourceType === "Patient" || resource?.resourceType === "Group") people.push(resource);
  }
  const resolve = resolverOf(entries);
  const sections = new Map<FhirResource, string>();
  const readSections = (list: Composition["section"]) => {
    for (const section of list ?? []) {
      const code = section.code?.coding?.find((coding) => coding.code)?.code ?? section.title ?? "";
      for (const entry of section.entry ?? []) {
        const target = entry.reference ? resolve(entry.reference) : undefined;
        if (target && !sections.has(target)) sections.set(target, code);
      }
      if (section.section) readSections(section.section);
    }
  };
  readSections(composition?.section);
  const facts: SourceFact[] = [];
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index];
    const resource = entry?.resource;
    if (!entry || !resource || NEVER_FACTS.has(resource.resourceType)) continue;
    const section = sections.get(resource);
    if ((section === undefined && !FACT_KINDS.has(resource.resourceType)) || isBareFile(resource)) continue;
    facts.push({
      resource,
      key: entry.fullUrl ?? (resource.id ? `${resource.resourceType}/${resource.id}` : `${index}`),
      section,
    });
  }
  const subject = composition?.subject?.reference ? resolve(composition.subject.reference) : undefined;
  const patient = subject?.resourceType === "Patient" ? subject : people.find(isPatient);
  const others = people.filter((one) => one !== patient && !(isPatient(one) && patient && isSamePerson(one, patient)));
  // Nobody says which of them it is about.
  if (patient !== subject && others.some(isPatient)) throw new SummaryError("several-patients");
  const relations = composition?.relatesTo ?? [];
  // An addendum takes no other's place, whatever its number.
  const isAddendum =
    relations.some(({ code }) => code === "appends") && !relations.some(({ code }) => code === "replaces");
  const version = Number(
    composition?.extension?.find((one) => one.url === versionNumberUrl)?.valueString ?? Number.NaN,
  );
  return {
    id: idOf(bundle),
    setId: nameOf(composition?.identifier),
    version: Number.isFinite(version) && !isAddendum ? version : undefined,
    replaces: relations.flatMap((one) =>
      one.code === "replaces" ? (nameOf(one.targetIdentifier ?? one.targetReference?.identifier) ?? []) : [],
    ),
    date: composition?.date ?? bundle.timestamp ?? "",
    isWithdrawn: composition?.status === "entered-in-error",
    patient,
    others: new Set(others),
    author: composition?.author?.[0],
    typeCode: composition?.type?.coding?.[0]?.code,
    facts,
    resolve,
    bundle,
  };
}

type Subject = Patient | Group;
const isPatient = (one: Subject): one is Patient => one.resourceType === "Patient";

/** Most documents are short: searching their list costs less than building an index that few references use. */
const INDEXED_FROM = 24;

/**
 * Finds a resource by a reference, exactly; then by its last two steps, as FHIR lets a relative reference name a full
 * address. Never by a part of a word.
 */
function resolverOf(entries: readonly BundleEntry[]): (reference: string) => FhirResource | undefined {
  let index: Map<string, FhirResource> | undefined;
  const find = (name: string): FhirResource | undefined => {
    if (entries.length >= INDEXED_FROM) {
      index ??= indexOf(entries);
      return index.get(name);
    }
    for (const { fullUrl, resource } of entries) if (fullUrl === name && resource) return resource;
    for (const { resource } of entries) if (resource?.id && isNamed(resource, name)) return resource;
    return undefined;
  };
  return (reference) => {
    const exact = find(reference);
    if (exact || reference.startsWith("urn:")) return exact;
    const short = /([A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64})(\/_history\/.*)?$/.exec(reference)?.[1];
    return short ? find(short) : undefined;
  };
}

function isNamed({ resourceType, id = "" }: FhirResource, name: string): boolean {
  return name.length === resourceType.length + id.length + 1 && name === `${resourceType}/${id}`;
}

function indexOf(entries: readonly BundleEntry[]): Map<string, FhirResource> {
  const index = new Map<string, FhirResource>();
  const put = (name: string, resource: FhirResource) => {
    if (!index.has(name)) index.set(name, resource);
  };
  for (const { fullUrl, resource } of entries) if (resource && fullUrl) put(fullUrl, resource);
  for (const { resource } of entries) if (resource?.id) put(`${resource.resourceType}/${resource.id}`, resource);
  return index;
}

function idOf(bundle: Bundle): string {
  const name = nameOf(bundle.identifier);
  if (name !== undefined) return name;
  if (bundle.id) return `Bundle/${bundle.id}`;
  return `urn:uuid:${stableUuid(JSON.stringify(bundle))}`;
}

/** An identifier as one name: two registers may well give one value. `meta.source` is a uri, so a pair is written as one. */
function nameOf({ system, value }: Identifier = {}): string | undefined {
  if (!value) return undefined;
  if (!system || system === identifierSystem.uri || /^urn:(oid|uuid):/.test(value)) return value;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return `urn:uuid:${value.toLowerCase()}`;
  return /^https?:/.test(system)
    ? `${system}#${encodeURIComponent(value)}`
    : `urn:carnet:${encodeURIComponent(system)}:${encodeURIComponent(value)}`;
}
