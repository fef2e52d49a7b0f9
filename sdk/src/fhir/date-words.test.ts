import { describe, expect, it } from "vitest";
import { dateInWords } from "./date-words.ts";

describe("dates for people to read", () => {
  it.each([
    ["2024-03-01", "1er mars 2024", "1 March 2024"],
    ["2024-12-25T10:30:00+01:00", "25 décembre 2024", "25 December 2024"],
    ["2026-11", "novembre 2026", "November 2026"],
    ["1975", "1975", "1975"],
    ["vers 1990", "vers 1990", "vers 1990"],
    ["", "", ""],
  ])("%j: at the precision recorded, the month in letters", (date, french, english) => {
    expect(dateInWords(date, "fr")).toBe(french);
    expect(dateInWords(date, "en")).toBe(english);
  });
});
