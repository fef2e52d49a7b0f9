import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bundle, CodeableConcept, FhirResource } from "fhir/r4.js";
import { compileDrugData, type DrugData, parseDrugData } from "./index.ts";

/** JSON files of a folder, as the operator would give them. */
export function filesIn(folder: string): { name: string; json: unknown }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => ({ name, json: JSON.parse(readFileSync(join(folder, name), "utf8")) }));
}

/** The reference data of a folder, through its file form. Default: the project's own test set. */
export function loadDrugData(folder = join(import.meta.dirname, "test-data")): DrugData {
  return parseDrugData(JSON.parse(JSON.stringify(compileDrugData(filesIn(folder)).data)));
}

export const now = "2026-11-22T09:00:00Z";
const patient = { reference: "urn:uuid:patient" };

/** A summary of these facts. */
export function summaryOf(...resources: readonly FhirResource[]): Bundle {
  return {
    resourceType: "Bundle",
    type: "document",
    timestamp: now,
    entry: [
      { fullUrl: patient.reference, resource: { resourceType: "Patient", id: "patient", birthDate: "1960-05-01" } },
      ...resources.map((resource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource })),
    ],
  };
}

/** A drug of the test set by the end of its CIS code: `cis(1)` is warfarine. */
export const cis = (number: number, text = `médicament ${number}`): CodeableConcept => ({
  text,
  coding: [{ system: "urn:oid:1.2.250.1.213.2.3.1", code: `990000${String(number).padStart(2, "0")}` }],
});

export const statement = (id: string, concept: CodeableConcept, more: object = {}): FhirResource => ({
  resourceType: "MedicationStatement",
  id,
  status: "active",
  subject: patient,
  medicationCodeableConcept: concept,
  meta: { source: `urn:oid:1.2.3.${id}` },
  ...more,
});

export const allergy = (id: string, code: CodeableConcept, more: object = {}): FhirResource => ({
  resourceType: "AllergyIntolerance",
  id,
  patient,
  code,
  meta: { source: `urn:oid:1.2.4.${id}` },
  ...more,
});

export const noKnownAllergy = allergy("none", {
  coding: [{ system: "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips", code: "no-known-allergies" }],
});
