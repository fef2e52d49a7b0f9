/** Days are those of Paris, in winter and in summer. */
import { describe, expect, test } from "vitest";
import { dayOf, endOfDay, isDay, startOfDay } from "./calendar.ts";
import { ageInYears, isMinor } from "./lifecycle.ts";

describe("days", () => {
  test("R105 a day begins at midnight in Paris, in winter and in summer", () => {
    expect(dayOf(new Date("2026-01-14T22:59:59.999Z"))).toBe("2026-01-14");
    expect(dayOf(new Date("2026-01-14T23:00:00Z"))).toBe("2026-01-15");
    expect(dayOf(new Date("2026-07-14T21:59:59.999Z"))).toBe("2026-07-14");
    expect(dayOf(new Date("2026-07-14T22:00:00Z"))).toBe("2026-07-15");
  });

  test("R14 a last day is whole, also when the clocks change on it, at the end of a year or of February", () => {
    const spans = ["2026-01-15", "2026-07-15", "2026-03-29", "2026-10-25", "2026-12-31", "2028-02-28"].map((day) => [
      startOfDay(day).toISOString(),
      endOfDay(day).toISOString(),
    ]);
    expect(spans).toEqual([
      ["2026-01-14T23:00:00.000Z", "2026-01-15T23:00:00.000Z"],
      ["2026-07-14T22:00:00.000Z", "2026-07-15T22:00:00.000Z"],
      ["2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"],
      ["2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"],
      ["2026-12-30T23:00:00.000Z", "2026-12-31T23:00:00.000Z"],
      ["2028-02-27T23:00:00.000Z", "2028-02-28T23:00:00.000Z"],
    ]);
  });

  test("what is no day has neither beginning nor end", () => {
    for (const text of ["", "demain", "2026-13-01"]) {
      expect([startOfDay(text).getTime(), endOfDay(text).getTime()]).toEqual([Number.NaN, Number.NaN]);
    }
  });

  test("a day is one of the calendar, written in full", () => {
    for (const day of ["2026-01-31", "2024-02-29", "1900-12-31"]) expect([day, isDay(day)]).toEqual([day, true]);
    for (const text of ["2026-02-31", "2025-02-29", "2026-1-5", "2026-01", "2026-01-05T10:00:00Z", ""])
      expect([text, isDay(text)]).toEqual([text, false]);
  });

  test("R9 a child comes of age at midnight in Paris", () => {
    expect(isMinor("2008-06-02", 18, new Date("2026-06-01T21:59:59Z"))).toBe(true);
    expect(isMinor("2008-06-02", 18, new Date("2026-06-01T22:00:00Z"))).toBe(false);
    expect(isMinor("2009-01-01", 18, new Date("2026-12-31T22:59:59Z"))).toBe(true);
    expect(isMinor("2009-01-01", 18, new Date("2026-12-31T23:00:00Z"))).toBe(false);
    expect(ageInYears("2008-02-29", new Date("2026-02-28T12:00:00Z"))).toBe(17);
    expect(ageInYears("2008-02-29", new Date("2026-03-01T12:00:00Z"))).toBe(18);
  });
});
