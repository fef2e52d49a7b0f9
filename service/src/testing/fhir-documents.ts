/** FHIR documents of the service's tests: any facts about one of the fictitious people. */
import type { Bundle, FhirResource } from "@carnet/sdk/fhir";
import { newUniqueId, type TestDocument } from "./documents.ts";
import { patients } from "./people.ts";

export const urn = (last: number) => `urn:uuid:0e0f0a0b-0000-4000-8000-${String(last).padStart(12, "0")}`;
/** What facts of these documents point at as their patient. */
export const subject = { reference: urn(2) };

/** A document of one section; its facts are `urn(3)` and on. */
export function fhirDocument(
  facts: readonly FhirResource[],
  {
    uniqueId = newUniqueId(),
    patient = patients.anna,
    date = "2026-03-02T09:30:00Z",
    section = "48765-2",
    ...more
  }: FhirDocumentOptions = {},
) {
  const bundle: Bundle = {
    resourceType: "Bundle",
    type: "document",
    identifier: { system: "urn:ietf:rfc:3986", value: uniqueId },
    timestamp: date,
    entry: [
      {
        fullUrl: urn(1),
        resource: {
          resourceType: "Composition",
          status: "final",
          type: { coding: [{ system: "http://loinc.org", code: "60591-5" }] },
          subject,
          date,
          author: [{ display: "Dr gp" }],
          title: "Synthèse",
          section: [
            {
              title: "Section",
              code: { coding: [{ system: "http://loinc.org", code: section }] },
              entry: facts.map((_, index) => ({ reference: urn(index + 3) })),
            },
          ],
        },
      },
      {
        fullUrl: urn(2),
        resource: {
          resourceType: "Patient",
          identifier: [{ ...patient.ins }],
          name: [{ use: "official", family: patient.birthName, given: [patient.given] }],
          gender: patient.sex,
          birthDate: patient.birthDate,
        },
      },
      ...facts.map((resource, index) => ({ fullUrl: urn(index + 3), resource })),
    ],
  };
  const content = new TextEncoder().encode(JSON.stringify(bundle));
  return {
    uniqueId,
    content,
    contentType: "application/fhir+json",
    typeCode: "60591-5",
    classCode: "11",
    patient,
    date,
    ...more,
  };
}

interface FhirDocumentOptions extends Omit<TestDocument, "content" | "contentType"> {
  /** LOINC code of the one section. */
  readonly section?: string;
}

export const allergyTo = (substance: string): FhirResource => ({
  resourceType: "AllergyIntolerance",
  clinicalStatus: {
    coding: [{ system: "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", code: "active" }],
  },
  code: { text: substance },
  patient: subject,
});
