import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { english } from "./english.ts";
import { ageAt, dateOrder, formatDate } from "./format-date.ts";
import { learn } from "./languages.ts";

learn(english);

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");
const fr = (value: string, time = false) => plain(formatDate(value, "fr", { time }));

describe("dates", () => {
  it("are written at the precision recorded, never completed", () => {
    expect(fr("2024-03-01")).toBe("1er mars 2024");
    expect(fr("2024-03-12")).toBe("12 mars 2024");
    expect(fr("2024-08")).toBe("août 2024");
    expect(fr("2024")).toBe("2024");
    expect(plain(formatDate("2024-03-01", "en"))).toBe("1 March 2024");
  });

  it("keep the time of day and the day of the place where they were recorded", () => {
    expect(fr("2024-03-01T23:05:00-05:00", true)).toBe("1er mars 2024 à 23 h 05");
    expect(fr("2024-03-01T23:05:00Z")).toBe("1er mars 2024");
    expect(plain(formatDate("2024-03-01T09:05:00Z", "en", { time: true }))).toBe("1 March 2024 at 09:05");
  });

  it("that are not dates are shown as written", () => {
    expect(fr("à l’âge de 12 ans")).toBe("à l’âge de 12 ans");
    expect(fr("2024-99")).toBe("2024");
  });

  it("never show a word that is not French or English, whatever comes in", () => {
    fc.assert(
      fc.property(fc.string(), fc.boolean(), (value, time) => {
        expect(formatDate(value, "fr", { time })).not.toMatch(/undefined|NaN|Invalid/);
      }),
    );
  });

  it("sort by time whatever their precision, the missing ones last", () => {
    const sorted = ["2024", "2023-12-31", undefined, "2024-02", "2024-01-15T08:00:00Z"].sort(
      (a, b) => dateOrder(b) - dateOrder(a),
    );
    expect(sorted.slice(0, 4)).toEqual(["2024-02", "2024-01-15T08:00:00Z", "2024", "2023-12-31"]);
  });
});

describe("age", () => {
  const now = new Date(2026, 10, 22);

  it("is in years, in months under two years, in days under two months", () => {
    expect(ageAt("1958-07-14", now)).toEqual({ value: 68, unit: "years" });
    expect(ageAt("1958-11-23", now)).toEqual({ value: 67, unit: "years" });
    expect(ageAt("2025-03-02", now)).toEqual({ value: 20, unit: "months" });
    expect(ageAt("2026-11-02", now)).toEqual({ value: 20, unit: "days" });
  });

  it("is not guessed from an incomplete or future birth date", () => {
    expect(ageAt("1958", now)).toBeUndefined();
    expect(ageAt("1958-00-00", now)).toBeUndefined();
    expect(ageAt("2027-01-01", now)).toBeUndefined();
  });
});
