/** The facts of a history as FHIR resources, without subject: the document that carries them adds it. */
import type {
  AllergyIntolerance,
  Condition,
  FamilyMemberHistory,
  Immunization,
  Medication,
  MedicationStatement,
  Observation,
  Procedure,
} from "@carnet/sdk/fhir";
import { type CodeableConcept, codeSystem } from "@carnet/sdk/fhir";
import { concept, loinc, plain, system } from "./codes.ts";
import { type Drug, routes } from "./drugs.ts";
import type { Vaccine } from "./vaccines.ts";

/** A current disease (`active`) or one that belongs to the past (`resolved`). */
export function condition(
  code: CodeableConcept,
  onset: string,
  options: { readonly status?: "active" | "resolved"; readonly end?: string; readonly note?: string } = {},
): Condition {
  const status = options.status ?? "active";
  return {
    resourceType: "Condition",
    clinicalStatus: { coding: [{ system: system.conditionClinical, code: status }] },
    verificationStatus: { coding: [{ system: system.conditionVerification, code: "confirmed" }] },
    code,
    subject: {},
    onsetDateTime: onset,
    ...(options.end && { abatementDateTime: options.end }),
    ...(options.note && { note: [{ text: options.note }] }),
  };
}

export function allergy(
  substance: CodeableConcept,
  reaction: string,
  options: {
    readonly category: "food" | "medication" | "environment";
    readonly criticality: "low" | "high";
    readonly onset: string;
    readonly type?: "allergy" | "intolerance";
  },
): AllergyIntolerance {
  return {
    resourceType: "AllergyIntolerance",
    clinicalStatus: { coding: [{ system: system.allergyClinical, code: "active" }] },
    verificationStatus: { coding: [{ system: system.allergyVerification, code: "confirmed" }] },
    type: options.type ?? "allergy",
    category: [options.category],
    criticality: options.criticality,
    code: substance,
    patient: {},
    onsetDateTime: options.onset,
    reaction: [{ manifestation: [plain(reaction)], severity: options.criticality === "high" ? "severe" : "mild" }],
  };
}

/** How often and how much: `1 comprimé matin et soir`. */
export interface Posology {
  readonly text: string;
  /** Doses a day, when regular. */
  readonly dose?: number;
  readonly frequency?: number;
  readonly period?: number;
  readonly periodUnit?: "d" | "wk" | "mo";
  readonly asNeeded?: boolean;
}

export const daily = (text: string, dose = 1, frequency = 1): Posology => ({
  text,
  dose,
  frequency,
  period: 1,
  periodUnit: "d",
});

export const asNeeded = (text: string): Posology => ({ text, asNeeded: true });

/** The brand with its active substances, as a prescriber's software has them from the drug base. */
function product(drug: Drug): Medication {
  return {
    resourceType: "Medication",
    id: "product",
    code: {
      coding: [
        { system: system.cis, code: drug.cis, display: drug.name },
        { system: system.atc, code: drug.atc, display: drug.substance },
      ],
      text: drug.name,
    },
    ingredient: drug.substance.split(" + ").map((substance) => ({ itemCodeableConcept: plain(substance) })),
  };
}

/** A treatment; its product is contained, and becomes an entry of its own in a document. */
export function medication(
  drug: Drug,
  posology: Posology,
  start: string,
  options: { readonly end?: string; readonly reason?: string } = {},
): MedicationStatement {
  return {
    resourceType: "MedicationStatement",
    status: options.end ? "completed" : "active",
    contained: [product(drug)],
    medicationReference: { reference: "#product", display: drug.name },
    subject: {},
    effectivePeriod: { start, ...(options.end && { end: options.end }) },
    ...(options.reason && { reasonCode: [plain(options.reason)] }),
    dosage: [
      {
        text: posology.text,
        ...(posology.asNeeded && { asNeededBoolean: true }),
        ...(posology.frequency && {
          timing: {
            repeat: {
              frequency: posology.frequency,
              period: posology.period ?? 1,
              periodUnit: posology.periodUnit ?? "d",
            },
          },
        }),
        route: concept(system.edqm, routes[drug.route].code, routes[drug.route].display),
        ...(posology.dose && { doseAndRate: [{ doseQuantity: { value: posology.dose, unit: drug.unit } }] }),
      },
    ],
  };
}

export function immunization(vaccine: Vaccine, date: string, dose?: number, lot?: string): Immunization {
  return {
    resourceType: "Immunization",
    status: "completed",
    vaccineCode: {
      coding: [
        { system: system.cis, code: vaccine.cis, display: vaccine.name },
        { system: system.atc, code: vaccine.atc, display: vaccine.diseases },
      ],
      text: vaccine.name,
    },
    patient: {},
    occurrenceDateTime: date,
    ...(lot && { lotNumber: lot }),
    ...(dose && { protocolApplied: [{ doseNumberPositiveInt: dose, targetDisease: [plain(vaccine.diseases)] }] }),
  };
}

export function procedure(code: CodeableConcept, date: string, note?: string): Procedure {
  return {
    resourceType: "Procedure",
    status: "completed",
    code,
    subject: {},
    performedDateTime: date,
    ...(note && { note: [{ text: note }] }),
  };
}

/** A habit or a risk factor in words, for example smoking. */
export function habit(code: string, name: string, answer: string, date: string): Observation {
  return {
    resourceType: "Observation",
    status: "final",
    category: [{ coding: [{ system: system.observationCategory, code: "social-history" }] }],
    code: loinc(code, name),
    effectiveDateTime: date,
    valueString: answer,
  };
}

/** A vital sign with its UCUM unit. */
export function vitalSign(
  code: string,
  name: string,
  value: number,
  unit: string,
  date: string,
  printedUnit = unit,
): Observation {
  return {
    resourceType: "Observation",
    status: "final",
    category: [{ coding: [{ system: system.observationCategory, code: "vital-signs" }] }],
    code: loinc(code, name),
    effectiveDateTime: date,
    valueQuantity: { value, unit: printedUnit, system: codeSystem.ucum, code: unit },
  };
}

const kinship = {
  MTH: "Mère",
  FTH: "Père",
  SIS: "Sœur",
  BRO: "Frère",
} as const;

export function relative(kind: keyof typeof kinship, disease: CodeableConcept): FamilyMemberHistory {
  return {
    resourceType: "FamilyMemberHistory",
    status: "completed",
    patient: {},
    relationship: concept("http://terminology.hl7.org/CodeSystem/v3-RoleCode", kind, kinship[kind]),
    condition: [{ code: disease }],
  };
}
