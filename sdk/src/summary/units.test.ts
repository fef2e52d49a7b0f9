import fc from "fast-check";
import type { FhirResource, Observation, Quantity } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { extensionUrl } from "../fhir/systems.ts";
import { summarise } from "./index.ts";
import { coding, factsOf, letter, result } from "./test-support.ts";
import { convert } from "./units.ts";

const ucum = (value: number, code: string): Quantity => ({
  value,
  unit: code,
  system: "http://unitsofmeasure.org",
  code,
});
const GLUCOSE = { mass: "2345-7", amount: "14749-6" };
const measured = (id: string, loinc: string, value: Quantity, day: string): Observation =>
  result(id, 0, { code: coding(loinc, "http://loinc.org"), valueQuantity: value, effectiveDateTime: day });
const convertedOf = (resource: FhirResource | undefined) =>
  (resource && "extension" in resource ? (resource.extension ?? []) : []).find(
    ({ url }) => url === extensionUrl.convertedValue,
  )?.valueQuantity;
const valuesOf = (...observations: Observation[]) =>
  (factsOf(summarise([letter("urn:oid:1.1", observations)]), "Observation") as Observation[]).map((one) => ({
    given: `${one.valueQuantity?.value} ${one.valueQuantity?.code}`,
    converted: convertedOf(one)?.value,
  }));

describe("values of one analyte in two units", () => {
  test("glucose by mass and by amount meet in the newest unit; the given value stays", () => {
    const values = valuesOf(
      measured("x", GLUCOSE.mass, ucum(0.95, "g/L"), "2024-01-01"),
      measured("y", GLUCOSE.amount, ucum(5.5, "mmol/L"), "2025-01-01"),
    );
    expect(values).toEqual([
      { given: "5.5 mmol/L", converted: undefined },
      { given: "0.95 g/L", converted: 5.27 },
    ]);
  });

  test("mass and amount of a substance without a known molar mass never meet", () => {
    const values = valuesOf(
      measured("x", "2571-8", ucum(1, "g/L"), "2024-01-01"),
      measured("y", "2571-8", ucum(1.2, "mmol/L"), "2025-01-01"),
    );
    expect(values.map((one) => one.converted)).toEqual([undefined, undefined]);
  });

  test.each([
    [ucum(12.3, "g/dL"), "g/L", 123],
    [ucum(4500, "/mm3"), "10*9/L", 4.5],
    [ucum(172, "cm"), "m", 1.72],
    [ucum(88, "umol/l"), "mmol/L", 0.088],
  ])("%o in %s", (quantity, unit, expected) => {
    expect(convert(quantity, unit)?.value).toBe(expected);
  });

  test.each([
    [ucum(37, "Cel"), "[degF]"],
    [ucum(7, "%"), "mmol/mol"],
    [ucum(7, "constructor"), "toString"],
    [{ value: 1, unit: "g/L", code: "g/L" }, "mg/L"],
  ])("%o has no fixed factor to %s", (quantity, unit) => {
    expect(convert(quantity, unit, 180)).toBeUndefined();
  });

  test("there and back gives the same value", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 99_999 }), fc.constantFrom("mg/dL", "g/L", "ug/mL"), (value, unit) => {
        const there = convert(ucum(value / 100, unit), "mmol/L", 180.156);
        const back = there && convert(there, unit, 180.156);
        expect(back?.value).toBeDefined();
        expect(Math.abs((back?.value ?? 0) / (value / 100) - 1)).toBeLessThan(0.01);
      }),
      { numRuns: 50 },
    );
  });
});
