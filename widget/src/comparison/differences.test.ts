import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Difference, differences } from "./differences.ts";

/** One of the two versions as the differences tell it, words apart by one blank. */
function told(found: readonly Difference[], version: "added" | "removed"): string {
  const isIn = (kind: string) => kind === "same" || kind === version;
  return found
    .flatMap((one) =>
      one.kind === "changed"
        ? one.pieces.filter(({ kind }) => isIn(kind)).map(({ text }) => text)
        : isIn(one.kind)
          ? one.lines
          : [],
    )
    .join(" ");
}

describe("the differences of two versions", () => {
  it("a dose that changed is shown whole, twice: never as a comma that went", () => {
    expect(
      differences(["Lévothyroxine 12,5 microgrammes le matin"], ["Lévothyroxine 125 microgrammes le matin"]),
    ).toEqual([
      {
        kind: "changed",
        pieces: [
          { kind: "same", text: "Lévothyroxine" },
          { kind: "removed", text: "12,5" },
          { kind: "added", text: "125" },
          { kind: "same", text: "microgrammes le matin" },
        ],
      },
    ]);
  });

  it("tells lines that came, lines that went, and lines that are another one", () => {
    expect(differences(["A", "Pénicilline : choc", "B"], ["A", "B", "Aspirine"]).map(({ kind }) => kind)).toEqual([
      "same",
      "removed",
      "same",
      "added",
    ]);
    const other = differences(["Aucune allergie connue"], ["Pénicilline : œdème du visage en 2019"]);
    expect(other.map(({ kind }) => kind)).toEqual(["removed", "added"]);
  });

  it("leaves no word of either version out, and adds none", () => {
    const line = fc.array(fc.constantFrom("pas", "de", "allergie", "12,5", "mg", "125", "œdème"), {
      minLength: 1,
      maxLength: 6,
    });
    const text = fc.array(
      line.map((words) => words.join(" ")),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(text, text, (former, later) => {
        const found = differences(former, later);
        expect(told(found, "removed")).toBe(former.join(" "));
        expect(told(found, "added")).toBe(later.join(" "));
      }),
      { numRuns: 300 },
    );
  });

  it("gives up looking for what two long texts have in common, and shows both whole", () => {
    const lines = (name: string) => Array.from({ length: 2500 }, (_, at) => `${name} ${at}`);
    const found = differences(lines("a"), lines("b"));
    expect(told(found, "removed")).toBe(lines("a").join(" "));
    expect(told(found, "added")).toBe(lines("b").join(" "));
  });
});
