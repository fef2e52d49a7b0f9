import { expect, it } from "vitest";
import { findingOf, isTrait } from "./adapter-findings.ts";

const reading = (text: string, count = 1) => ({
  isKnown: true,
  adapted: { birthDate: text },
  counts: { birthDate: count },
  documents: [],
});

it.each([
  ["the trait that its text is", reading("14 mars 1985"), { state: "read", traits: { birthDate: "1985-03-14" } }],
  ["its words when they are no such trait", reading("Camille"), { state: "unread", text: "Camille" }],
  ["that it is empty", reading(""), { state: "empty" }],
  ["that it is not there", reading("", 0), { state: "missing" }],
  ["that it stands twice, for the capture takes neither", reading("14 mars 1985", 2), { state: "several", count: 2 }],
  ["that it is no selector", reading("", -1), { state: "invalid" }],
])("the tester says of a place %s", (_, given, finding) => {
  expect(findingOf("birthDate", given)).toEqual(finding);
});

it("a number is an INS only with its right key", () => {
  expect(isTrait("ins")("2 85 03 78 006 042 51")).toBe(true);
  expect(isTrait("ins")("2 85 03 78 006 042 52")).toBe(false);
});
