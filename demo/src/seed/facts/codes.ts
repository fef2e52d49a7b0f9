/** Code systems of clinical facts, and short ways to write a code. */
import { type CodeableConcept, codeSystem } from "@carnet/sdk/fhir";

export const system = {
  icd10: "http://hl7.org/fhir/sid/icd-10",
  atc: "http://www.whocc.no/atc",
  /** Code identifiant de spécialité (CIS) of the public drug base. */
  cis: "urn:oid:1.2.250.1.213.2.3.1",
  /** Acts: classification commune des actes médicaux (CCAM). */
  ccam: "urn:oid:1.2.250.1.213.2.5",
  edqm: "http://standardterms.edqm.eu",
  conditionClinical: "http://terminology.hl7.org/CodeSystem/condition-clinical",
  conditionVerification: "http://terminology.hl7.org/CodeSystem/condition-ver-status",
  allergyClinical: "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
  allergyVerification: "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
  observationCategory: "http://terminology.hl7.org/CodeSystem/observation-category",
  interpretation: "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
} as const;

/** One coding with its French label as text. */
export function concept(codeSystemUri: string, code: string, display: string): CodeableConcept {
  return { coding: [{ system: codeSystemUri, code, display }], text: display };
}

export const icd10 = (code: string, display: string): CodeableConcept => concept(system.icd10, code, display);
export const ccam = (code: string, display: string): CodeableConcept => concept(system.ccam, code, display);
export const loinc = (code: string, display: string): CodeableConcept => concept(codeSystem.loinc, code, display);
export const plain = (text: string): CodeableConcept => ({ text });
