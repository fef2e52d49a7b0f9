import type { BundleEntry, FhirResource, Observation, Patient, Reference } from "fhir/r4.js";

/** Address of an IPS profile. */
export const ips = (name: string) => `http://hl7.org/fhir/uv/ips/StructureDefinition/${name}-uv-ips`;

/** Said where IPS requires an element that no document gives: nothing is invented. */
const UNKNOWN = {
  extension: [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "unknown" }],
};

/** Fills what IPS requires with "unknown" and returns the profile that the resource then meets, if there is one. */
export function conform(resource: FhirResource, patientUrl: string, author: () => Reference): string | undefined {
  const fields = resource as unknown as Record<string, unknown>;
  const subject = { reference: patientUrl };
  switch (resource.resourceType) {
    case "AllergyIntolerance":
      resource.patient = subject;
      resource.code ??= resource.reaction?.[0]?.substance ?? UNKNOWN;
      // FHIR wants a status (ait-1). A listed allergy without one counts: taking it for past would be the dangerous error.
      resource.clinicalStatus ??= {
        coding: [{ system: "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", code: "active" }],
      };
      return ips("AllergyIntolerance");
    case "Condition":
      resource.subject = subject;
      resource.code ??= UNKNOWN;
      return ips("Condition");
    case "MedicationStatement":
      resource.subject = subject;
      fillChoice(fields, "effective", ["DateTime", "Period"], "_effectiveDateTime");
      fillMedication(fields);
      return ips("MedicationStatement");
    case "MedicationRequest":
      resource.subject = subject;
      fillMedication(fields);
      return resource.doNotPerform ? undefined : ips("MedicationRequest");
    case "Immunization":
      resource.patient = subject;
      fillChoice(fields, "occurrence", ["DateTime", "String"], "_occurrenceDateTime");
      return ips("Immunization");
    case "Procedure":
      resource.subject = subject;
      resource.code ??= UNKNOWN;
      fillChoice(fields, "performed", ["DateTime", "Period", "String", "Age", "Range"], "_performedDateTime");
      return ips("Procedure");
    case "DeviceUseStatement":
      resource.subject = subject;
      fillChoice(fields, "timing", ["DateTime", "Period", "Timing"], "_timingDateTime");
      return ips("DeviceUseStatement");
    case "DiagnosticReport":
      resource.subject = subject;
      return undefined;
    case "Observation":
      resource.subject = subject;
      return conformObservation(resource, fields, author);
    case "Flag":
      resource.subject = subject;
      return resource.status === "active" ? ips("Flag-alert") : undefined;
    default:
      if ("subject" in fields && isReference(fields.subject)) fields.subject = subject;
      return undefined;
  }
}

/** Codes that make an observation a vital sign for FHIR itself, whatever the document calls it. */
const VITAL_SIGNS: ReadonlySet<string> = new Set([
  "85353-1",
  "9279-1",
  "8867-4",
  "2708-6",
  "59408-5",
  "8310-5",
  "8302-2",
  "9843-4",
  "29463-7",
  "39156-5",
  "85354-9",
  "8480-6",
  "8462-4",
]);

/** Is this LOINC code a vital sign? */
export function isVitalSign(code: string): boolean {
  return VITAL_SIGNS.has(code);
}

function conformObservation(
  observation: Observation,
  fields: Record<string, unknown>,
  author: () => Reference,
): string | undefined {
  fillChoice(fields, "effective", ["DateTime", "Period", "Timing", "Instant"], "_effectiveDateTime");
  const isCategory = (name: string) =>
    observation.category?.some((one) => one.coding?.some((coding) => coding.code === name)) ?? false;
  const vital = observation.code.coding?.some(
    (one) => one.system === "http://loinc.org" && isVitalSign(one.code ?? ""),
  );
  if (vital && !isCategory("vital-signs")) addCategory(observation, "vital-signs");
  if (!isCategory("laboratory")) return undefined;
  observation.performer ??= [author()];
  if (!saysSomething(fields)) {
    // IPS wants a value or a reason: the document gives neither, or denies the value (extension).
    const system = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
    observation.dataAbsentReason = { coding: [{ system, code: "unknown" }] };
  }
  const hasPoint = fields.effectiveTiming === undefined && fields.effectiveInstant === undefined;
  return hasPoint ? LABORATORY : undefined;
}

const LABORATORY = ips("Observation-results-laboratory-pathology");

/** A member of a laboratory panel is a laboratory result too, though documents rarely repeat it. */
export function conformMembers(entries: readonly BundleEntry[], author: Reference): void {
  const byUrl = new Map<string, Observation>();
  for (const { fullUrl, resource } of entries) {
    if (fullUrl && resource?.resourceType === "Observation") byUrl.set(fullUrl, resource);
  }
  const visit = (panel: Observation, depth: number) => {
    for (const { reference } of panel.hasMember ?? []) {
      const member = byUrl.get(reference ?? "");
      if (!member || member.meta?.profile?.includes(LABORATORY) || depth > 20) continue;
      if (!member.category?.some((one) => one.coding?.some((coding) => coding.code === "laboratory"))) {
        addCategory(member, "laboratory");
      }
      const fields = member as unknown as Record<string, unknown>;
      const profile = conformObservation(member, fields, () => panel.performer?.[0] ?? author);
      if (profile) member.meta = { ...member.meta, profile: [profile] };
      visit(member, depth + 1);
    }
  };
  for (const observation of byUrl.values()) if (observation.meta?.profile?.includes(LABORATORY)) visit(observation, 0);
}

function addCategory(observation: Observation, code: string): void {
  const system = "http://terminology.hl7.org/CodeSystem/observation-category";
  observation.category = [...(observation.category ?? []), { coding: [{ system, code }] }];
}

/** What IPS requires of the person. */
export function conformPatient(patient: Patient): Patient {
  if (!patient.name?.length) patient.name = [{ text: "Non renseigné" }];
  if (!patient.birthDate) patient._birthDate = UNKNOWN;
  return patient;
}

function fillChoice(fields: Record<string, unknown>, name: string, types: readonly string[], missing: string): void {
  const isGiven = types.some(
    (type) => fields[`${name}${type}`] !== undefined || fields[`_${name}${type}`] !== undefined,
  );
  if (!isGiven) fields[missing] = UNKNOWN;
}

function fillMedication(fields: Record<string, unknown>): void {
  if (fields.medicationCodeableConcept === undefined && fields.medicationReference === undefined) {
    fields.medicationCodeableConcept = UNKNOWN;
  }
}

function saysSomething(fields: Record<string, unknown>): boolean {
  return Object.keys(fields).some(
    (key) => key.startsWith("value") || ["dataAbsentReason", "hasMember", "component"].includes(key),
  );
}

function isReference(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
