import { describe, expect, it } from "vitest";
import { marcel, odile, summaryBundle } from "../testing/fixtures.ts";
import { axeViolations, reached, summaryElement, textOf } from "../testing/mount.ts";

const allergy = (id: string, criticality: string, clinicalStatus = "active") => ({
  resourceType: "AllergyIntolerance" as const,
  id,
  clinicalStatus: {
    coding: [{ system: "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", code: clinicalStatus }],
  },
  criticality: criticality as "high",
  code: { text: id },
  patient: { reference: "Patient/p" },
});
const line = (panel: HTMLElement) => panel.shadowRoot?.querySelector(".alert-line") ?? undefined;

describe("the line of alerts under the identity", () => {
  it("names what is dangerous and stays on screen wherever the panel is scrolled to, on 320 px too", async () => {
    const bundle = summaryBundle(odile, [allergy("Latex", "high")]);
    const panel = summaryElement({ bundle });
    panel.style.inlineSize = "320px";
    await reached(panel, "ready");
    expect(textOf(line(panel) as Element)).toMatch(/Allergie à risque élevé : .*Latex/);
    scrollTo({ top: document.documentElement.scrollHeight });
    const { top, bottom } = (line(panel) as Element).getBoundingClientRect();
    expect(scrollY).toBeGreaterThan(100);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(bottom).toBeLessThan(innerHeight / 2);
    expect(await axeViolations(panel)).toEqual([]);
    scrollTo({ top: 0 });
  });

  it("counts what it does not name, and leaves out what is resolved or of low risk", async () => {
    const high = ["Un", "Deux", "Trois", "Quatre", "Cinq"].map((name) => allergy(name, "high"));
    const bundle = summaryBundle(marcel, [...high, allergy("Pollen", "low"), allergy("Ancienne", "high", "resolved")]);
    const panel = summaryElement({ bundle });
    await reached(panel, "ready");
    const words = textOf(line(panel) as Element);
    expect(words).toMatch(/et \d de plus/);
    expect(words).not.toMatch(/Pollen|Ancienne/);
  });

  it("is not there when nothing is dangerous", async () => {
    const panel = summaryElement({
      bundle: { resourceType: "Bundle", type: "collection", entry: [{ resource: allergy("Pollen", "low") }] },
    });
    await reached(panel, "ready");
    expect(textOf(panel)).toContain("Pollen");
    expect(line(panel)).toBeUndefined();
  });
});
