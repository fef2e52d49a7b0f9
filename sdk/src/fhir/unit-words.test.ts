import { describe, expect, it } from "vitest";
import { englishUnits, frenchUnits, unitInWords } from "./unit-words.ts";

describe("units for people to read", () => {
  it.each([
    ["{tablet}", 20, "comprimés", "tablets"],
    ["{Tbl}", 1, "comprimé", "tablet"],
    ["{drink}/d", 4, "verres par jour", "drinks a day"],
    ["{pack}/a", 1, "paquet par an", "pack a year"],
    ["{score}", 12, "", ""],
    ["{film_coated}", 2, "film coated", "film coated"],
    ["mg/{dose}", 5, "mg/dose", "mg/dose"],
    ["mL/min/{1.73_m2}", 60, "mL/min/1.73 m2", "mL/min/1.73 m2"],
    ["mg/L", 3, "mg/L", "mg/L"],
    ["m[IU]/L", 3, "m[IU]/L", "m[IU]/L"],
  ])("%s of %d: the annotation is said, the rest is as it stands", (unit, value, french, english) => {
    expect(unitInWords(unit, value, frenchUnits)).toBe(french);
    expect(unitInWords(unit, value, englishUnits)).toBe(english);
  });
});
