/** Laboratory tests and measures of the demo: LOINC code, French name, UCUM unit, usual range of an adult. */
import { type CodeableConcept, codeSystem, type Observation } from "@carnet/sdk/fhir";
import { loinc, system } from "./codes.ts";

export interface Analyte {
  readonly code: string;
  readonly name: string;
  /** UCUM. */
  readonly unit: string;
  /** As a report prints it. */
  readonly printedUnit: string;
  readonly low?: number;
  readonly high?: number;
  readonly group: string;
}

const analyte = (
  code: string,
  name: string,
  unit: string,
  group: string,
  low?: number,
  high?: number,
  printedUnit = unit,
): Analyte => ({
  code,
  name,
  unit,
  printedUnit,
  group,
  ...(low !== undefined && { low }),
  ...(high !== undefined && { high }),
});

export const analytes = {
  haemoglobin: analyte("718-7", "Hémoglobine", "g/dL", "Hématologie", 12, 16),
  whiteCells: analyte("6690-2", "Globules blancs (leucocytes)", "10*9/L", "Hématologie", 4, 10, "G/L"),
  neutrophils: analyte("26499-4", "Polynucléaires neutrophiles", "10*9/L", "Hématologie", 1.5, 7.5, "G/L"),
  eosinophils: analyte("26449-9", "Polynucléaires éosinophiles", "10*9/L", "Hématologie", 0.04, 0.5, "G/L"),
  platelets: analyte("777-3", "Plaquettes", "10*9/L", "Hématologie", 150, 400, "G/L"),
  ferritin: analyte("2276-4", "Ferritine", "ug/L", "Biochimie", 20, 250, "µg/L"),
  creatinine: analyte("14682-9", "Créatinine", "umol/L", "Biochimie", 50, 100, "µmol/L"),
  egfr: analyte("62238-1", "DFG estimé (CKD-EPI)", "mL/min/{1.73_m2}", "Biochimie", 60, undefined, "mL/min/1,73 m²"),
  urea: analyte("22664-7", "Urée", "mmol/L", "Biochimie", 2.5, 7.5),
  sodium: analyte("2951-2", "Sodium", "mmol/L", "Biochimie", 136, 145),
  potassium: analyte("2823-3", "Potassium", "mmol/L", "Biochimie", 3.5, 5),
  calcium: analyte("2000-8", "Calcium", "mmol/L", "Biochimie", 2.2, 2.6),
  phosphate: analyte("14879-1", "Phosphates", "mmol/L", "Biochimie", 0.8, 1.45),
  albumin: analyte("1751-7", "Albumine", "g/L", "Biochimie", 35, 50),
  crp: analyte("1988-5", "CRP", "mg/L", "Biochimie", undefined, 5),
  hba1c: analyte("4548-4", "HbA1c", "%", "Biochimie", 4, 6),
  fastingGlucose: analyte("14771-0", "Glycémie à jeun", "mmol/L", "Biochimie", 3.9, 6.1),
  totalCholesterol: analyte("14647-2", "Cholestérol total", "mmol/L", "Lipides", undefined, 5.2),
  hdl: analyte("14646-4", "Cholestérol HDL", "mmol/L", "Lipides", 1.0),
  ldl: analyte("22748-8", "Cholestérol LDL", "mmol/L", "Lipides", undefined, 3),
  triglycerides: analyte("14927-8", "Triglycérides", "mmol/L", "Lipides", undefined, 1.7),
  albuminuria: analyte("9318-7", "Rapport albumine/créatinine urinaire", "mg/g", "Biochimie", undefined, 30),
  alat: analyte("1742-6", "ALAT", "U/L", "Biochimie", undefined, 35),
  asat: analyte("1920-8", "ASAT", "U/L", "Biochimie", undefined, 35),
  tsh: analyte("3016-3", "TSH", "m[IU]/L", "Hormonologie", 0.4, 4, "mUI/L"),
  freeT4: analyte("14920-3", "T4 libre", "pmol/L", "Hormonologie", 10, 22),
  pth: analyte("2731-8", "PTH", "pg/mL", "Hormonologie", 15, 65),
  vitaminD: analyte("62292-8", "Vitamine D (25-OH D2+D3)", "ng/mL", "Hormonologie", 30, 60),
  ntProBnp: analyte("33762-6", "NT-proBNP", "pg/mL", "Biochimie", undefined, 300),
  troponin: analyte("67151-1", "Troponine T ultrasensible", "ng/L", "Biochimie", undefined, 14),
  uricAcid: analyte("14933-6", "Acide urique", "umol/L", "Biochimie", 200, 420, "µmol/L"),
} as const satisfies Record<string, Analyte>;

export type AnalyteKey = keyof typeof analytes;

export interface Measure {
  readonly key: AnalyteKey;
  readonly value: number;
}

export const measure = (key: AnalyteKey, value: number): Measure => ({ key, value });

/** A test whose answer is a word, for example a serology. */
export interface Finding {
  readonly code: string;
  readonly name: string;
  readonly answer: string;
}

export const finding = (code: string, name: string, answer: string): Finding => ({ code, name, answer });

const laboratoryCategory: CodeableConcept = {
  coding: [{ system: system.observationCategory, code: "laboratory", display: "Laboratory" }],
};

function interpretation(analyteOf: Analyte, value: number): "L" | "H" | "N" {
  if (analyteOf.low !== undefined && value < analyteOf.low) return "L";
  if (analyteOf.high !== undefined && value > analyteOf.high) return "H";
  return "N";
}

const interpretationText = { L: "Bas", H: "Haut", N: "Normal" } as const;

/** A measured result with the range printed beside it. */
export function measuredObservation({ key, value }: Measure, date: string): Observation {
  const it: Analyte = analytes[key];
  const flag = interpretation(it, value);
  const quantity = (number: number) => ({
    value: number,
    unit: it.printedUnit,
    system: codeSystem.ucum,
    code: it.unit,
  });
  return {
    resourceType: "Observation",
    status: "final",
    category: [laboratoryCategory],
    code: loinc(it.code, it.name),
    effectiveDateTime: date,
    valueQuantity: quantity(value),
    interpretation: [{ coding: [{ system: system.interpretation, code: flag, display: interpretationText[flag] }] }],
    ...((it.low !== undefined || it.high !== undefined) && {
      referenceRange: [
        {
          ...(it.low !== undefined && { low: quantity(it.low) }),
          ...(it.high !== undefined && { high: quantity(it.high) }),
        },
      ],
    }),
  };
}

/** A result in words. */
export function foundObservation({ code, name, answer }: Finding, date: string): Observation {
  return {
    resourceType: "Observation",
    status: "final",
    category: [laboratoryCategory],
    code: loinc(code, name),
    effectiveDateTime: date,
    valueString: answer,
  };
}
