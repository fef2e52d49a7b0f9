/** Values as the panel says them: never another number, never half of one. */
import type { Bundle } from "@carnet/sdk/fhir";
import { extensionUrl } from "@carnet/sdk/fhir";
import { describe, expect, it } from "vitest";
import { formatDosage } from "../shared/format-dosage.ts";
import { sharedStrings } from "../shared/strings.ts";
import type { SectionContext } from "../summary/context.ts";
import { measureText } from "../summary/measure-words.ts";
import { summaryStrings } from "../summary/strings.ts";
import { readSummary } from "./model.ts";

const context = { say: summaryStrings("fr"), shared: sharedStrings("fr"), locale: "fr" } as SectionContext;
const observation = (more: object) => ({
  resourceType: "Observation",
  status: "final",
  code: { text: "Analyse" },
  ...more,
});

function seriesOf(...all: object[]) {
  const entry = all.map((more) => ({ resource: observation(more) }));
  const { results } = readSummary(
    { resourceType: "Bundle", type: "collection", entry } as unknown as Bundle,
    new Date(),
  );
  if (!results.ok) throw new Error("the results could not be read");
  return results.value.series;
}

function told(more: object): string | undefined {
  const [measure] = seriesOf(more)[0]?.values ?? [];
  return measure && measureText(context, measure).replaceAll("\u00a0", " ");
}

const g = (value: number, comparator?: string) => ({ value, unit: "g/L", ...(comparator ? { comparator } : {}) });

describe("a value", () => {
  it.each([
    ["between two others is said with a decimal comma", { valueRange: { low: g(1.5), high: g(3) } }, "1,5 g/L – 3 g/L"],
    [
      "of one bound alone is said as a bound, not as a value",
      { valueRange: { low: g(5) } },
      "supérieur ou égal à 5 g/L",
    ],
    ["of the other bound alone too", { valueRange: { high: g(0.5) } }, "inférieur ou égal à 0,5 g/L"],
    [
      "that is a titre keeps what says that it is more",
      { valueRatio: { numerator: { value: 1 }, denominator: { value: 128, comparator: ">" } } },
      "1 : supérieur à 128",
    ],
    [
      "that is a time from one day to another is said by both",
      { valuePeriod: { start: "2026-03-03", end: "2026-04" } },
      "3 mars 2026 – avril 2026",
    ],
    ["that began and did not end is said by its start", { valuePeriod: { start: "2026-03-03" } }, "3 mars 2026 – …"],
    ["of which only the end is known is said by it", { valuePeriod: { end: "2026-03" } }, "… – mars 2026"],
    [
      "that is an instant keeps its time of day",
      { valueDateTime: "2026-03-03T14:05:00+01:00" },
      "3 mars 2026 à 14 h 05",
    ],
    [
      "that is denied is said in words, bound included",
      { extension: [{ url: extensionUrl.deniedValue, valueQuantity: g(2.5, ">") }] },
      "écarté : supérieur à 2,5 g/L",
    ],
    [
      "that is denied, of yes or no, is no",
      { extension: [{ url: extensionUrl.deniedValue, valueBoolean: true }] },
      "Non",
    ],
  ])("%s", (_, more, words) => expect(told(more)).toBe(words));

  it("whose report names no analyte is alone: it is no other value of an unnamed one", () => {
    const unnamed = { code: {}, valueQuantity: g(1) };
    expect(seriesOf({ ...unnamed, id: "a" }, { ...unnamed, id: "b" })).toHaveLength(2);
  });

  it("of what was found in a germ is of that germ, by its name", () => {
    const germ = (id: string, valueString: string, answer: string) => ({
      id,
      code: { text: "Germe" },
      valueString,
      component: [{ code: { text: "Amoxicilline" }, valueString: answer }],
    });
    const series = seriesOf(germ("1", "E. coli", "résistant"), germ("2", "Protée", "sensible"));
    expect(series.map(({ name, values }) => [name, values.map(({ text }) => text)])).toContainEqual([
      "Germe (E. coli) : Amoxicilline",
      ["résistant"],
    ]);
  });

  it("whose range is in another unit is not shown with that range's bare numbers", () => {
    for (const low of [
      { value: 3, unit: "mmol/L" },
      { value: 3, code: "mmol/L" },
    ]) {
      const [series] = seriesOf({ valueQuantity: g(5), referenceRange: [{ low }] });
      expect(series?.values[0]).not.toHaveProperty("range");
    }
  });

  it("converted keeps what says that it is less, in its own unit too", () => {
    const [series] = seriesOf({
      valueQuantity: { value: 54, comparator: "<", unit: "mmol/mol" },
      extension: [{ url: extensionUrl.convertedValue, valueQuantity: { value: 7.1, unit: "%" } }],
    });
    expect(series?.values[0]).toMatchObject({ comparator: "<", original: { value: 54, comparator: "<" } });
  });
});

describe("a code that every object has (constructor)", () => {
  it("is no flag, and no word of a dosage", () => {
    const interpretation = [{ coding: [{ code: "constructor" }] }];
    expect(seriesOf({ valueQuantity: g(1), interpretation })[0]?.values[0]).not.toHaveProperty("flag");
    const name = "constructor" as never;
    const said = formatDosage(
      {
        doseAndRate: [{ doseQuantity: { value: 1, unit: "mg", comparator: name } }],
        timing: {
          code: { coding: [{ code: name }] },
          repeat: { when: [name], dayOfWeek: [name], period: 1, periodUnit: name },
        },
      },
      "fr",
    );
    expect(JSON.stringify(said)).not.toMatch(/function|native/);
  });
});
