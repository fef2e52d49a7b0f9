import type { FhirResource } from "fhir/r4.js";
import { safetySystem } from "./safety/codes.ts";

/** Code system of the two sections that Carnet adds to a summary: `safety` and `care-gaps`. */
export const checkSectionSystem = "https://carnet.example/fhir/CodeSystem/summary-section";

/**
 * What an earlier summary computed (an interaction, a missing test, a vaccination due), kept as a document: it was true
 * of what was known on that day. It is no fact of the patient; the checks are made anew.
 */
export function isComputed(resource: FhirResource): boolean {
  if (resource.resourceType !== "DetectedIssue" && resource.resourceType !== "ImmunizationRecommendation") return false;
  if (resource.extension?.some(({ url }) => url === safetySystem.referenceData)) return true;
  return (
    resource.resourceType === "DetectedIssue" &&
    (resource.code?.coding ?? []).some(({ system }) => system === safetySystem.check)
  );
}
