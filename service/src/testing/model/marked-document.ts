/** Documents whose every telling part is a word found nowhere else: title, uniqueId and one fact. */
import type { Bundle } from "@carnet/sdk/fhir";
import { codeSystem } from "@carnet/sdk/fhir";
import { newUniqueId, type TestDocument } from "../documents.ts";
import type { TestPatient } from "../people.ts";

export interface Marks {
  readonly title: string;
  readonly substance: string;
  readonly uniqueId: string;
}

const TYPES = {
  "60591-5": { system: codeSystem.loinc, classCode: "11" },
  "11502-2": { system: codeSystem.loinc, classCode: "10" },
  EXPPAT_3: { system: codeSystem.documentTypeNational, classCode: "90" },
} as const;
export type MarkedType = keyof typeof TYPES;

const urn = (last: number) => `urn:uuid:0e0f0a0b-0000-4000-8000-00000000000${last}`;

/** A FHIR document of one allergy to a substance that does not exist. */
export function markedDocument(
  patient: TestPatient,
  type: MarkedType,
  serial: number,
): { readonly marks: Marks; readonly document: TestDocument } {
  const word = `zq${serial.toString(36).padStart(6, "0")}`;
  const marks = { title: `titre-${word}`, substance: `substance-${word}`, uniqueId: newUniqueId() };
  const { system, classCode } = TYPES[type];
  const bundle: Bundle = {
    resourceType: "Bundle",
    type: "document",
    identifier: { system: "urn:ietf:rfc:3986", value: marks.uniqueId },
    timestamp: "2026-03-02T09:30:00Z",
    entry: [
      {
        fullUrl: urn(1),
        resource: {
          resourceType: "Composition",
          status: "final",
          type: { coding: [{ system, code: type }] },
          subject: { reference: urn(2) },
          date: "2026-03-02T09:30:00Z",
          author: [{ display: "Essai" }],
          title: marks.title,
          section: [
            {
              title: "Allergies",
              code: { coding: [{ system: codeSystem.loinc, code: "48765-2" }] },
              entry: [{ reference: urn(3) }],
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
      {
        fullUrl: urn(3),
        resource: {
          resourceType: "AllergyIntolerance",
          clinicalStatus: {
            coding: [{ system: "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", code: "active" }],
          },
          code: { text: marks.substance },
          patient: { reference: urn(2) },
        },
      },
    ],
  };
  const document: TestDocument = {
    patient,
    uniqueId: marks.uniqueId,
    title: marks.title,
    typeCode: type,
    typeSystem: system,
    classCode,
    contentType: "application/fhir+json",
    content: new TextEncoder().encode(JSON.stringify(bundle)),
  };
  return { marks, document };
}
