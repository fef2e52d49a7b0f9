import type { Bundle, Composition, FhirResource } from "fhir/r4.js";
import { expect, test } from "vitest";
import { withChecks } from "./checks/index.ts";
import { summarise } from "./index.ts";
import { loadDrugData } from "./safety/test-support.ts";
import {
  absent,
  allergy,
  clinical,
  coding,
  condition,
  letter,
  result,
  sectionOf,
  statement,
  subject,
} from "./test-support.ts";

/** LOINC codes of the sixteen sections of IPS 2.0.1, with a fact that belongs there. */
const vital: FhirResource = {
  ...result("weight", 71, {
    code: coding("29463-7", "http://loinc.org"),
    valueQuantity: { value: 71, unit: "kg", code: "kg", system: "http://unitsofmeasure.org" },
  }),
};
const facts: Readonly<Record<string, FhirResource>> = {
  "11450-4": condition("problem", "I10"),
  "48765-2": allergy("allergy", "91936005"),
  "10160-0": statement("treatment"),
  "11369-6": {
    resourceType: "Immunization",
    id: "vaccine",
    status: "completed",
    patient: subject,
    vaccineCode: coding("J07BB02", "http://www.whocc.no/atc"),
    occurrenceDateTime: "2025-10-12",
  },
  "30954-2": result("value", 7),
  "47519-4": { resourceType: "Procedure", id: "act", status: "completed", subject, code: { text: "Appendicectomie" } },
  "46264-8": {
    resourceType: "DeviceUseStatement",
    id: "device",
    status: "active",
    subject,
    device: { display: "Stimulateur cardiaque" },
  },
  "42348-3": {
    resourceType: "Consent",
    id: "directive",
    status: "active",
    scope: coding("adr", "http://terminology.hl7.org/CodeSystem/consentscope"),
    category: [coding("acd", "http://terminology.hl7.org/CodeSystem/consentcategorycodes")],
    patient: subject,
    policyRule: { text: "Directives anticipées" },
  },
  "104605-1": { resourceType: "Flag", id: "alert", status: "active", code: { text: "Chute" }, subject },
  "47420-5": condition("disability", "Z74.0"),
  "11348-0": condition("past", "K35", { clinicalStatus: clinical("resolved") }),
  "10162-6": result("pregnancy", 0, { code: coding("82810-3", "http://loinc.org") }),
  "18776-5": { resourceType: "CarePlan", id: "plan", status: "active", intent: "plan", subject, title: "Rééducation" },
  "29762-2": result("tobacco", 0, { code: coding("72166-2", "http://loinc.org") }),
  "8716-3": vital,
};
const sectionsOf = (summary: Bundle) => {
  const composition = summary.entry?.[0]?.resource;
  return composition?.resourceType === "Composition" ? (composition.section ?? []) : [];
};
/** The patient's own story has words only. */
const STORY = "81338-6";

/** One synthesis with a section per fact, and the patient's story. */
function synthesis(): Bundle {
  const bundle = letter("urn:oid:1.1", Object.values(facts), { type: "60591-5" });
  const composition = bundle.entry?.[0]?.resource as Composition;
  composition.section = [
    ...Object.entries(facts).map(([code, fact]) => ({
      code: coding(code, "http://loinc.org"),
      entry: [{ reference: `${fact.resourceType}/${fact.id}` }],
    })),
    {
      title: "Ce qui compte pour moi",
      code: coding(STORY, "http://loinc.org"),
      text: { status: "additional", div: '<div xmlns="http://www.w3.org/1999/xhtml">Rester chez moi.</div>' },
    },
  ];
  return bundle;
}

test("all sixteen sections of IPS are there when data exists, each with its own fact, each once", () => {
  const summary = summarise([synthesis()]);
  const codes = sectionsOf(summary).map(({ code }) => code?.coding?.[0]?.code);
  for (const [code, fact] of Object.entries(facts)) {
    expect(codes.filter((one) => one === code)).toEqual([code]);
    const entry = sectionOf(summary, code)?.entry?.[0]?.reference;
    expect(summary.entry?.find(({ fullUrl }) => fullUrl === entry)?.resource?.resourceType).toBe(fact.resourceType);
  }
  expect(codes.filter((one) => one === STORY)).toEqual([STORY]);
  expect(sectionOf(summary, STORY)?.text?.div).toContain("Rester chez moi.");
});

test("of two documents with the patient's story the newer one has IPS's own place, the older one stays in words", () => {
  const older = JSON.parse(
    JSON.stringify(synthesis()).replaceAll("urn:oid:1.1", "urn:oid:1.0").replaceAll("Rester chez moi", "Marcher"),
  ) as Bundle;
  (older.entry?.[0]?.resource as Composition).date = "2020-01-01T10:00:00Z";
  const summary = summarise([older, synthesis()]);
  expect(sectionOf(summary, STORY)?.text?.div).toContain("Rester chez moi.");
  expect(JSON.stringify(summary)).toContain("Marcher.");
});

test("without data the three required sections say so in IPS's own code, and no other section is there", () => {
  expect(sectionsOf(summarise([])).map(({ code }) => code?.coding?.[0]?.code)).toEqual([
    "48765-2",
    "11450-4",
    "10160-0",
  ]);
  const stated = JSON.stringify(summarise([]));
  for (const code of ["no-allergy-info", "no-problem-info", "no-medication-info"]) {
    expect(stated).toContain(`{"system":"${absent}","code":"${code}"}`);
  }
});

test("a checked summary kept as a document brings its facts, never what was computed on its day", () => {
  const checked = withChecks(summarise([synthesis()]), { drugData: loadDrugData(), reader: "professional" });
  const quiet = withChecks(summarise([letter("urn:oid:2.1", [statement("m", { status: "stopped" })])]));
  expect(JSON.stringify(checked)).toContain("DetectedIssue");
  expect(JSON.stringify(checked)).toContain("ImmunizationRecommendation");
  for (const kept of [checked, quiet]) {
    const again = summarise([kept]);
    const kinds = (again.entry ?? []).map(({ resource }) => resource?.resourceType);
    expect(kinds).not.toContain("DetectedIssue");
    expect(kinds).not.toContain("ImmunizationRecommendation");
    expect(JSON.stringify(again)).not.toMatch(/Vérification des traitements|Suivi à prévoir/);
  }
  expect(JSON.stringify(summarise([checked]))).toContain("91936005");
});
