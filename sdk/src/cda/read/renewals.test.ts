/** How often and until when a prescription may be delivered again: "without limit" is no "never". */
import { describe, expect, it } from "vitest";
import type { MedicationRequest } from "../../fhir/index.ts";
import { renewalsOf } from "../../fhir/renewals.ts";
import { resourcesOf as all } from "../../fhir/resources.ts";
import { summarise } from "../../summary/index.ts";
import { convert, sectionXml, treatmentXml } from "./test-support.ts";

/** A line for three months, of March 2024, with what is said of its renewals. */
const prescribed = (repeats: string, period = "", template = "83") =>
  convert(
    sectionXml(
      "57828-6",
      "Prescription",
      "x",
      treatmentXml(
        "<name>FICTIMAB</name>",
        `<effectiveTime xsi:type="IVL_TS"><low value="20240312"/><width value="3" unit="mo"/></effectiveTime>${repeats}${period}`,
        'moodCode="INT"',
        template,
      ),
    ),
  );
const within = (time: string) =>
  `<entryRelationship typeCode="COMP"><supply classCode="SPLY" moodCode="RQO"><templateId root="1.3.6.1.4.1.19376.1.9.1.3.15"/><templateId root="1.2.250.1.213.1.1.3.88"/><effectiveTime xsi:type="IVL_TS">${time}</effectiveTime></supply></entryRelationship>`;
const requestOf = (bundle: ReturnType<typeof convert>) =>
  bundle.entry?.map(({ resource }) => resource).find((one) => one?.resourceType === "MedicationRequest") as
    | MedicationRequest
    | undefined;
const renewed = (...parts: Parameters<typeof prescribed>) =>
  renewalsOf(requestOf(prescribed(...parts))?.dispenseRequest);
/** Does the summary take the treatment for past, nearly two years later? */
const isOver = (...parts: Parameters<typeof prescribed>) => {
  const summary = summarise([prescribed(...parts)], { now: "2026-02-01T10:00:00Z" });
  return JSON.stringify(requestOf(summary)?.extension).includes('{"url":"over","valueBoolean":true}');
};

const noLimit = '<repeatNumber nullFlavor="NI"/>';
const threeMonths = { value: 3, unit: "mo", system: "http://unitsofmeasure.org", code: "mo" };

describe("the renewals of a prescription", () => {
  it.each([
    ['<repeatNumber value="0"/>', { count: 0 }],
    ['<repeatNumber value="5"/>', { count: 5 }],
    ['<repeatNumber><low value="0"/><high value="2"/></repeatNumber>', { count: 2 }],
    [noLimit, { noCount: "positive-infinity" }],
    ['<repeatNumber nullFlavor="PINF"/>', { noCount: "positive-infinity" }],
    ['<repeatNumber><low value="0"/><high nullFlavor="PINF"/></repeatNumber>', { noCount: "positive-infinity" }],
    ['<repeatNumber><low value="0"/></repeatNumber>', { noCount: "unknown" }],
    ['<repeatNumber nullFlavor="UNK"/>', { noCount: "unknown" }],
    ['<repeatNumber nullFlavor="MSK"/>', { noCount: "masked" }],
    ['<repeatNumber value="illimité"/>', { noCount: "unknown" }],
    ["", {}],
  ])("%s", (repeats, expected) => {
    expect(renewed(repeats)).toEqual(expected);
  });

  it("are not said to be unlimited by a treatment that only has no information of them", () => {
    expect(renewed(noLimit, "", "42")).toEqual({ noCount: "unknown" });
  });

  it("may be bound to a period or to a length", () => {
    expect(renewed(noLimit, within('<low value="20240401"/><high value="20251231"/>'))).toEqual({
      noCount: "positive-infinity",
      within: { start: "2024-04-01", end: "2025-12-31" },
    });
    expect(renewed("", within('<width value="3" unit="mo"/>'))).toEqual({ lasting: threeMonths });
    expect(renewed("", within('<low value="20240401"/><width value="3" unit="mo"/>'))).toEqual({
      within: { start: "2024-04-01" },
      lasting: threeMonths,
    });
  });

  it("without number keep a treatment current in the summary, as long as it may be renewed and one length more", () => {
    expect(isOver('<repeatNumber value="0"/>')).toBe(true);
    expect(isOver('<repeatNumber value="6"/>')).toBe(true);
    expect(isOver('<repeatNumber value="7"/>')).toBe(false);
    for (const repeats of [
      noLimit,
      '<repeatNumber nullFlavor="UNK"/>',
      '<repeatNumber><low value="0"/></repeatNumber>',
    ])
      expect(isOver(repeats)).toBe(false);
    expect(isOver(noLimit, within('<high value="20251115"/>'))).toBe(false);
    expect(isOver(noLimit, within('<high value="20251015"/>'))).toBe(true);
    expect(isOver("", within('<width value="1" unit="a"/>'))).toBe(true);
    expect(isOver("", within('<width value="2" unit="a"/>'))).toBe(false);
  });

  it("of a treatment that is no prescription are told among its remarks", () => {
    const remarks = (repeats: string, period = "") => {
      const entry = treatmentXml("<name>FICTIMAB</name>", `${repeats}${period}`);
      return all(convert(sectionXml("10160-0", "Traitements", "x", entry)), "MedicationStatement")[0]?.note?.map(
        ({ text }) => text,
      );
    };
    expect(remarks('<repeatNumber value="3"/>')).toEqual(["Renouvellements : 3"]);
    expect(remarks('<repeatNumber value="0"/>')).toEqual(["Renouvellements : 0"]);
    expect(remarks('<repeatNumber nullFlavor="PINF"/>')).toEqual(["Renouvellements : sans limite de nombre"]);
    expect(remarks("", within('<low value="20240401"/><high value="20251231"/>'))).toEqual([
      "Renouvellement possible : du 1er avril 2024, jusqu'au 31 décembre 2025",
    ]);
    expect(remarks("", within('<width value="3" unit="mo"/>'))).toEqual(["Renouvellement possible : pendant 3 mois"]);
    expect(remarks('<repeatNumber nullFlavor="UNK"/>')).toBeUndefined();
  });

  it("are told beside the posology in the words of the summary", () => {
    const told = (...parts: Parameters<typeof prescribed>) => {
      const { resource } = summarise([prescribed(...parts)], { now: "2024-04-01T10:00:00Z" }).entry?.[0] ?? {};
      const sections = resource?.resourceType === "Composition" ? (resource.section ?? []) : [];
      return sections.find(({ code }) => code?.coding?.[0]?.code === "10160-0")?.text?.div ?? "";
    };
    expect(told('<repeatNumber value="5"/>')).toContain("renouvelable 5 fois");
    expect(told('<repeatNumber value="0"/>')).toContain("non renouvelable");
    expect(told(noLimit, within('<high value="20251231"/>'))).toContain(
      "renouvelable sans limite de nombre, jusqu&#39;à\u00a0: 31 décembre 2025",
    );
    expect(told('<repeatNumber nullFlavor="MSK"/>')).toContain("nombre de renouvellements masqué");
    expect(told("", within('<width value="3" unit="mo"/>'))).toContain("renouvelable, pendant 3 mois");
    expect(told("")).not.toContain("renouvel");
  });
});
