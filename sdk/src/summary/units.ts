import type { Observation, Quantity } from "fhir/r4.js";

type Dimension =
  | "mass concentration"
  | "amount concentration"
  | "cells"
  | "enzyme activity"
  | "international units"
  | "mass"
  | "length"
  | "pressure";

interface Unit {
  readonly dimension: Dimension;
  /** Of the dimension's base: g/L, mol/L, 1/L, U/L, [IU]/L, g, m, Pa. */
  readonly factor: number;
}

/** UCUM codes whose conversion is a fixed factor. Nothing that is offset (temperature) or depends on a method (HbA1c). */
const UNITS: Readonly<Record<string, Unit>> = {
  ...concentrations("g", "mass concentration"),
  ...concentrations("mol", "amount concentration"),
  "/L": { dimension: "cells", factor: 1 },
  "10*6/L": { dimension: "cells", factor: 1e6 },
  "/uL": { dimension: "cells", factor: 1e6 },
  "/mm3": { dimension: "cells", factor: 1e6 },
  "10*9/L": { dimension: "cells", factor: 1e9 },
  "10*3/uL": { dimension: "cells", factor: 1e9 },
  "10*3/mm3": { dimension: "cells", factor: 1e9 },
  "10*12/L": { dimension: "cells", factor: 1e12 },
  "10*6/uL": { dimension: "cells", factor: 1e12 },
  "10*6/mm3": { dimension: "cells", factor: 1e12 },
  "U/L": { dimension: "enzyme activity", factor: 1 },
  "kU/L": { dimension: "enzyme activity", factor: 1e3 },
  "U/mL": { dimension: "enzyme activity", factor: 1e3 },
  "[IU]/L": { dimension: "international units", factor: 1 },
  "m[IU]/L": { dimension: "international units", factor: 1e-3 },
  "u[IU]/mL": { dimension: "international units", factor: 1e-3 },
  "[IU]/mL": { dimension: "international units", factor: 1e3 },
  "k[IU]/L": { dimension: "international units", factor: 1e3 },
  kg: { dimension: "mass", factor: 1e3 },
  g: { dimension: "mass", factor: 1 },
  mg: { dimension: "mass", factor: 1e-3 },
  m: { dimension: "length", factor: 1 },
  cm: { dimension: "length", factor: 1e-2 },
  mm: { dimension: "length", factor: 1e-3 },
  "mm[Hg]": { dimension: "pressure", factor: 133.322387415 },
  kPa: { dimension: "pressure", factor: 1e3 },
};

function concentrations(base: "g" | "mol", dimension: Dimension): Record<string, Unit> {
  const prefixes = { "": 1, m: 1e-3, u: 1e-6, n: 1e-9, p: 1e-12 };
  const volumes = { L: 1, dL: 10, mL: 1e3 };
  const units: Record<string, Unit> = {};
  for (const [prefix, factor] of Object.entries(prefixes)) {
    for (const [volume, share] of Object.entries(volumes)) {
      units[`${prefix}${base}/${volume}`] = { dimension, factor: factor * share };
    }
  }
  return units;
}

/** One substance measured by mass or by amount: two LOINC codes in serum or plasma, and its molar mass in g/mol. */
interface Analyte {
  readonly name: string;
  readonly molarMass: number;
}

/**
 * Only pure substances: a lipid mixture (triglycerides) or a unit that counts another element (phosphate as phosphorus)
 * has no one molar mass.
 */
const ANALYTES: ReadonlyMap<string, Analyte> = new Map(
  (
    [
      ["2345-7", "14749-6", 180.156],
      ["1558-6", "14771-0", 180.156],
      ["2160-0", "14682-9", 113.118],
      ["3091-6", "22664-7", 60.056],
      ["2093-3", "14647-2", 386.654],
      ["2085-9", "14646-4", 386.654],
      ["13457-7", "39469-2", 386.654],
      ["2089-1", "22748-8", 386.654],
      ["17861-6", "2000-8", 40.078],
      ["19123-9", "2601-3", 24.305],
      ["1975-2", "14631-6", 584.662],
      ["3084-1", "14933-6", 168.11],
      ["2498-4", "14798-3", 55.845],
    ] as const
  ).flatMap(([mass, amount, molarMass]) => {
    const analyte: Analyte = { name: mass, molarMass };
    return [
      [mass, analyte],
      [amount, analyte],
    ] as const;
  }),
);

/** The substance of a result, when its molar mass is known by its LOINC code. */
export function analyteOf(observation: Observation): Analyte | undefined {
  for (const { system, code = "" } of observation.code?.coding ?? []) {
    const analyte = system === "http://loinc.org" ? ANALYTES.get(code) : undefined;
    if (analyte) return analyte;
  }
  return undefined;
}

/**
 * The same quantity in another unit, with as many significant digits as it was given (at least three).
 *
 * @param unit UCUM code of the target
 * @param molarMass g/mol: lets mass and amount meet
 * @returns undefined where no fixed factor leads from one to the other
 */
export function convert(quantity: Quantity, unit: string, molarMass?: number): Quantity | undefined {
  const { value, code = "", comparator, system } = quantity;
  const [from, to] = [unitOf(code), unitOf(unit)];
  if (value === undefined || !from || !to || system !== UCUM) return undefined;
  const bridge = bridgeOf(from.dimension, to.dimension, molarMass);
  if (bridge === undefined) return undefined;
  const converted = Number(((value * from.factor * bridge) / to.factor).toPrecision(digitsOf(value)));
  return { value: converted, ...(comparator ? { comparator } : {}), unit, system: UCUM, code: unit };
}

/** UCUM writes the litre both ways. */
function unitOf(code: string): Unit | undefined {
  const name = code.replace(/(\/[mdu]?)l$/, "$1L");
  return Object.hasOwn(UNITS, name) ? UNITS[name] : undefined;
}

const UCUM = "http://unitsofmeasure.org";

function bridgeOf(from: Dimension, to: Dimension, molarMass: number | undefined): number | undefined {
  if (from === to) return 1;
  if (molarMass === undefined) return undefined;
  if (from === "mass concentration" && to === "amount concentration") return 1 / molarMass;
  return from === "amount concentration" && to === "mass concentration" ? molarMass : undefined;
}

function digitsOf(value: number): number {
  const digits = String(Math.abs(value)).replace(/e.*$/, "").replace(".", "").replace(/^0+/, "");
  return Math.min(15, Math.max(3, digits.length));
}
