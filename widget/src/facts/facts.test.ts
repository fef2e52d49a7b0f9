import type { Bundle } from "@carnet/sdk/fhir";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { odile, summaryBundle } from "../testing/fixtures.ts";
import { indexBundle } from "./bundle-index.ts";
import { readSummary } from "./model.ts";
import { narrativeBlocks } from "./narratives.ts";

const now = new Date("2026-11-22T08:00:00Z");
const bundleOf = (...resources: object[]): Bundle =>
  ({ resourceType: "Bundle", type: "collection", entry: resources.map((resource) => ({ resource })) }) as Bundle;

function value<T>(part: { ok: true; value: T } | { ok: false }): T {
  if (!part.ok) throw new Error("the part could not be read");
  return part.value;
}

describe("references", () => {
  it("are resolved by whole identity, never by part of a string", () => {
    const index = indexBundle({
      resourceType: "Bundle",
      type: "document",
      entry: [
        { fullUrl: "https://a.test/fhir/Medication/12", resource: { resourceType: "Medication", id: "12" } },
        { fullUrl: "https://a.test/fhir/Medication/2", resource: { resourceType: "Medication", id: "2" } },
      ],
    });
    expect(index.resolve({ reference: "Medication/2" })?.id).toBe("2");
    expect(index.resolve({ reference: "https://a.test/fhir/Medication/12/_history/3" })?.id).toBe("12");
    expect(index.resolve({ reference: "Medication/1" })).toBeUndefined();
    expect(index.resolve({ reference: "2" })).toBeUndefined();
  });
});

describe("treatments", () => {
  const statement = (more: object) => ({
    resourceType: "MedicationStatement",
    id: "m",
    medicationCodeableConcept: { text: "X" },
    subject: {},
    ...more,
  });

  it("are past when stopped or when their end has passed, at the precision of the end", () => {
    const isPast = (more: object) =>
      value(readSummary(bundleOf(statement(more)), now).pastTreatments).facts.length === 1;
    expect(isPast({ status: "stopped" })).toBe(true);
    expect(isPast({ status: "active", effectivePeriod: { end: "2026-11-21" } })).toBe(true);
    expect(isPast({ status: "active", effectivePeriod: { end: "2026-11-22" } })).toBe(false);
    expect(isPast({ status: "active", effectivePeriod: { end: "2026" } })).toBe(false);
    expect(isPast({ status: "active", effectivePeriod: { end: "2025" } })).toBe(true);
  });

  it("name the substance of the ATC code when no ingredient is told, never a class above it", () => {
    const substances = (code: string) => {
      const coding = [{ system: "http://www.whocc.no/atc", code, display: "Budésonide + formotérol" }];
      const medicationCodeableConcept = { coding, text: "SYMBICORT TURBUHALER" };
      const model = readSummary(bundleOf(statement({ status: "active", medicationCodeableConcept })), now);
      return value(model.currentTreatments).facts[0]?.substances.map(({ name }) => name);
    };
    expect(substances("R03AK07")).toEqual(["Budésonide + formotérol"]);
    expect(substances("R03AK")).toEqual([]);
  });

  it("entered in error or not taken are not shown", () => {
    for (const status of ["entered-in-error", "not-taken"]) {
      const model = readSummary(bundleOf(statement({ status })), now);
      expect(value(model.currentTreatments).facts).toEqual([]);
      expect(value(model.pastTreatments).facts).toEqual([]);
    }
  });
});

describe("results", () => {
  const result = (unit: string, more: object = {}) => ({
    resourceType: "Observation",
    status: "final",
    code: { text: "Glucose" },
    valueQuantity: { value: 5, unit },
    ...more,
  });

  it("two units never share a series", () => {
    const series = value(readSummary(bundleOf(result("mmol/L"), result("g/L"), result("mmol/L")), now).results).series;
    expect(series.map(({ values }) => values.length).sort()).toEqual([1, 2]);
  });

  it("a flag of the report is kept; ours says so; a range in another unit is not compared", () => {
    const flagOf = (more: object) => {
      const [first] = value(readSummary(bundleOf(result("g/L", more)), now).results).series;
      return [first?.values[0]?.flag, first?.values[0]?.isFlagComputed];
    };
    expect(flagOf({ interpretation: [{ coding: [{ code: "H" }] }] })).toEqual(["high", false]);
    expect(flagOf({ referenceRange: [{ high: { value: 1, unit: "g/L" } }] })).toEqual(["high", true]);
    expect(flagOf({ referenceRange: [{ high: { value: 1, unit: "mmol/L" } }] })).toEqual([undefined, false]);
    expect(flagOf({})).toEqual([undefined, false]);
  });
});

describe("a summary", () => {
  it("shows or counts every clinical entry", () => {
    const model = readSummary(summaryBundle(odile), now);
    expect(value(model.devices).map(({ type }) => type)).toEqual(["Device"]);
    expect(value(model.others)).toEqual([]);
    expect(value(model.problems).facts.length + value(model.history).facts.length).toBe(4);
    expect(value(model.results).series.flatMap(({ values }) => values)).toHaveLength(6);
  });

  it("survives any shape of entry: a part that cannot be read fails alone", () => {
    const types = [
      "AllergyIntolerance",
      "Condition",
      "MedicationStatement",
      "Observation",
      "Immunization",
      "Patient",
      "Composition",
      "Procedure",
      "CareTeam",
    ];
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom(...types),
            fc.dictionary(
              fc.constantFrom(
                "code",
                "reaction",
                "dosage",
                "name",
                "section",
                "component",
                "note",
                "identifier",
                "participant",
                "contact",
                "status",
              ),
              fc.jsonValue(),
            ),
          ),
          { maxLength: 5 },
        ),
        (entries) => {
          const model = readSummary(
            bundleOf(...entries.map(([resourceType, body]) => ({ ...body, resourceType }))),
            now,
          );
          expect(model.allergies).toBeDefined();
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("narratives", () => {
  it("become blocks of text: paragraphs, items, rows; entities are decoded, markup is dropped", () => {
    const blocks = narrativeBlocks(
      '<div xmlns="http://www.w3.org/1999/xhtml"><h2>Titre</h2><p>Un &amp; deux<br/>trois &#233;</p><ul><li>a</li></ul><table><tr><th>x</th></tr><tr><td>1</td><td><p>2</p><p>3</p></td></tr></table></div>',
    );
    expect(blocks).toEqual([
      { kind: "heading", text: "Titre" },
      { kind: "paragraph", text: "Un & deux" },
      { kind: "paragraph", text: "trois é" },
      { kind: "item", text: "a" },
      { kind: "row", cells: ["x"], isHeader: true },
      { kind: "row", cells: ["1", "2 3"], isHeader: false },
    ]);
  });

  it("never hang or throw, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom("<", ">", "/", "p", "td", "tr", '"', "'", "&", "#", ";", "!", "-", " ", "a"),
        }),
        (text) => {
          expect(Array.isArray(narrativeBlocks(text))).toBe(true);
        },
      ),
    );
  });

  it("do not show the text of scripts and styles", () => {
    expect(narrativeBlocks("<div>a<script>alert(1)</script><style>p{}</style>b</div>")).toEqual([
      { kind: "paragraph", text: "ab" },
    ]);
  });
});
