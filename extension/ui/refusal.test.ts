import { expect, it } from "vitest";
import { isOfRecord, refusalText } from "./refusal.ts";
import { textsOf } from "./strings.ts";

it("a refusal says what to do about the file when no rule of the record is told, and which rule else", () => {
  const texts = textsOf("fr");
  expect(refusalText(texts, { lastError: "document-rejected", rule: undefined })).toMatch(/Imprimez-le en PDF/);
  expect(refusalText(texts, { lastError: "document-rejected", rule: "R103" })).toBe(
    "Le document n’a pas la forme attendue. (R103)",
  );
  expect(refusalText(texts, { lastError: "teapot", rule: undefined })).toContain("teapot");
});

it("a refusal is told in words, not by its code, for what was lost here and for a version that is no longer there", () => {
  for (const lastError of ["content-lost", "document-not-found", "not-supported"])
    expect(refusalText(textsOf("fr"), { lastError, rule: undefined })).not.toContain(lastError);
});

it("no refusal of the record is told of what never reached it", () => {
  for (const lastError of ["too-large-on-the-way", "content-lost", "content-unreadable", "cda-malformed"])
    expect([lastError, isOfRecord({ lastError })]).toEqual([lastError, false]);
  for (const lastError of ["access-refused", "document-rejected", "teapot", undefined])
    expect([lastError, isOfRecord({ lastError })]).toEqual([lastError, true]);
});
