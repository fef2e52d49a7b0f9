import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { english } from "./english.ts";
import { formatDose, formatMeasure, formatNumber, spellMicrograms } from "./format-number.ts";
import { learn } from "./languages.ts";

learn(english);

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");
const dose = (value: number, unit?: string) => plain(formatDose(value, unit, "fr"));

describe("numbers", () => {
  it("have a decimal comma, a leading zero, no trailing zero, and groups of three from five digits", () => {
    expect(formatNumber(0.5, "fr")).toBe("0,5");
    expect(formatNumber(5.0, "fr")).toBe("5");
    expect(plain(formatNumber(12500, "fr"))).toBe("12 500");
    expect(formatNumber(1000, "fr")).toBe("1000");
    expect(formatNumber(-2.5, "fr")).toBe("−2,5");
    expect(formatNumber(0.1 + 0.2, "fr")).toBe("0,3");
    expect(formatNumber(0.0000005, "fr")).toBe("0,0000005");
    expect(formatNumber(2.5, "en")).toBe("2.5");
  });

  it("spell the micrograms of a drug's label, and touch nothing else", () => {
    expect(plain(spellMicrograms("SYMBICORT 200 µg/6µg par dose", "fr"))).toBe(
      "SYMBICORT 200 microgrammes/6 microgrammes par dose",
    );
    expect(plain(spellMicrograms("ALFACALCIDOL 0,25 mcg, capsule", "fr"))).toBe(
      "ALFACALCIDOL 0,25 microgramme, capsule",
    );
    // A line never ends between a number and its unit.
    expect(spellMicrograms("KARDEGIC 75 mg", "fr")).toBe("KARDEGIC 75\u00a0mg");
  });

  it("never change their value, end with a zero, or begin with a comma", () => {
    fc.assert(
      fc.property(fc.integer({ min: -9_999_999, max: 9_999_999 }), fc.integer({ min: 0, max: 4 }), (digits, places) => {
        const value = digits / 10 ** places;
        const text = formatNumber(value, "fr");
        expect(
          Number(
            text
              .replace("−", "-")
              .replace(/\u202f/g, "")
              .replace(",", "."),
          ),
        ).toBe(value + 0);
        expect(text).not.toMatch(/,\d*0$|^,|-/);
      }),
    );
  });
});

describe("doses", () => {
  it("write dangerous units in full and agree in number", () => {
    expect(dose(75, "ug")).toBe("75 microgrammes");
    expect(dose(1, "µg")).toBe("1 microgramme");
    expect(dose(1.5, "mcg")).toBe("1,5 microgramme");
    expect(dose(10, "[IU]")).toBe("10 unités internationales");
    expect(dose(4, "U")).toBe("4 unités");
    expect(dose(2, "{tablet}")).toBe("2 comprimés");
    expect(dose(2, "{comprimé}")).toBe("2 comprimés");
    expect(dose(2, "{Gélule}/d")).toBe("2 gélules par jour");
    expect(dose(500, "mg")).toBe("500 mg");
    expect(dose(3)).toBe("3");
  });

  it("use words for a slash, and no comparison sign", () => {
    expect(dose(5, "mg/d")).toBe("5 mg par jour");
    expect(dose(20, "mg/mL")).toBe("20 mg par mL");
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1e6 }),
        fc.constantFrom("mg/d", "ug/h", "U/kg/h", "mL"),
        (value, unit) => {
          expect(formatDose(value, unit, "fr")).not.toMatch(/[/<>]/);
        },
      ),
    );
  });
});

describe("measures", () => {
  it("keep the laboratory's unit and write comparators in words", () => {
    expect(plain(formatMeasure(7.2, "mmol/L", "fr"))).toBe("7,2 mmol/L");
    expect(plain(formatMeasure(0.01, "mUI/L", "fr", "<"))).toBe("inférieur à 0,01 mUI/L");
    expect(plain(formatMeasure(90, "mL/min", "en", ">="))).toBe("at least 90 mL/min");
    expect(formatMeasure(1.02, "1", "fr")).toBe("1,02");
    expect(plain(formatMeasure(36, "mL/min/{1.73_m2}", "fr"))).toBe("36 mL/min/1,73 m²");
    expect(plain(formatMeasure(803, "umol/L", "fr"))).toBe("803 µmol/L");
    expect(plain(formatMeasure(1.9, "m[IU]/L", "fr"))).toBe("1,9 mUI/L");
    expect(plain(formatMeasure(1.9, "mUI/L", "en"))).toBe("1.9 mIU/L");
    expect(plain(formatMeasure(3, "UI/mL", "en"))).toBe("3 IU/mL");
    expect(plain(formatMeasure(4.2, "10*9/L", "fr"))).toBe("4,2 10⁹/L");
    expect(plain(formatMeasure(120, "mm[Hg]", "fr"))).toBe("120 mmHg");
    expect(plain(formatMeasure(37.2, "Cel", "fr"))).toBe("37,2 °C");
    expect(plain(formatMeasure(25, "{pack}/a", "fr"))).toBe("25 paquets par an");
  });
});
