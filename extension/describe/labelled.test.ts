import { findDocumentType } from "@carnet/sdk/terminology";
import { describe, expect, it } from "vitest";
import { propose } from "./propose.ts";
import { heldOut, type LabelledDocument, workedOn } from "./testing/labelled-documents.ts";

const ranked = (documents: readonly LabelledDocument[]) =>
  documents.map(({ code, text }) => {
    const { types } = propose({ text, fileName: "document.pdf", linkText: "", today: "2026-11-22" });
    const rank = types.findIndex(({ type }) => type.code === code);
    return {
      rank,
      line: `${code} ${rank} ${types.map(({ type }) => type.code)}: ${text.split("\n").slice(4, 7).join(" / ")}`,
    };
  });

const check = (documents: readonly LabelledDocument[]) => {
  const all = ranked(documents);
  const notFirst = all.filter(({ rank }) => rank !== 0);
  const notInThree = all.filter(({ rank }) => rank < 0 || rank > 2);
  expect(1 - notFirst.length / all.length, notFirst.map(({ line }) => line).join("\n")).toBeGreaterThanOrEqual(0.9);
  expect(1 - notInThree.length / all.length, notInThree.map(({ line }) => line).join("\n")).toBeGreaterThanOrEqual(
    0.98,
  );
};

describe("the type proposed for labelled documents, right first in 90 %, in the first three in 98 %", () => {
  it("of those never looked at while the rules were worked on", () => check(heldOut));
  it("of those the rules were worked on with", () => check(workedOn));
  it("of at least 150, whose labels are types that exist", () => {
    const all = [...heldOut, ...workedOn];
    expect(all.length).toBeGreaterThanOrEqual(150);
    expect(all.filter(({ code }) => findDocumentType(code) === undefined)).toEqual([]);
  });
});
