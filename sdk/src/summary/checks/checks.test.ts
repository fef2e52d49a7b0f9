import type { Bundle, DetectedIssue, FhirResource, ImmunizationRecommendation } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import * as extensionUrl from "../../fhir/extension-urls.ts";
import { cis, loadDrugData, noKnownAllergy } from "../safety/test-support.ts";
import { summarise } from "../summarise.ts";
import { letter } from "../test-support.ts";
import { type CheckOptions, careSystem, checkSectionSystem, withChecks } from "./index.ts";

const now = "2026-11-22T09:00:00Z";
const drugData = loadDrugData();
const subject = { reference: "Patient/p" };
const medicine = (id: string, number: number): FhirResource => ({
  resourceType: "MedicationRequest",
  id,
  status: "active",
  intent: "order",
  authoredOn: "2026-11-01",
  subject,
  requester: { reference: "Practitioner/a" },
  medicationCodeableConcept: cis(number),
});
const diabetes: FhirResource = {
  resourceType: "Condition",
  id: "diabetes",
  subject,
  code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code: "E11.9" }], text: "Diabète de type 2" },
  clinicalStatus: { coding: [{ code: "active" }] },
};
const amoxicillin: FhirResource = {
  resourceType: "AllergyIntolerance",
  id: "allergy",
  patient: subject,
  code: { text: "Amoxicilline" },
};
const haemoglobin: FhirResource = {
  resourceType: "Observation",
  id: "hb",
  status: "final",
  category: [{ coding: [{ code: "laboratory" }] }],
  code: { coding: [{ system: "http://loinc.org", code: "718-7" }] },
  valueQuantity: { value: 13 },
  effectiveDateTime: "2026-11-01",
};
const carePlan: FhirResource = {
  resourceType: "CarePlan",
  id: "plan",
  status: "active",
  intent: "plan",
  subject,
  title: "Rééducation",
};

const checked = (documents: readonly Bundle[], options: CheckOptions = {}) =>
  withChecks(summarise(documents, { now }), options);
const sectionOf = (summary: Bundle, code: string) => {
  const composition = summary.entry?.[0]?.resource;
  const sections = composition?.resourceType === "Composition" ? (composition.section ?? []) : [];
  return sections.find((one) => one.code?.coding?.some((coding) => coding.code === code));
};
const entriesOf = <T extends FhirResource = DetectedIssue>(summary: Bundle, code: string): T[] =>
  (sectionOf(summary, code)?.entry ?? []).map(
    ({ reference }) => summary.entry?.find(({ fullUrl }) => fullUrl === reference)?.resource as T,
  );
const codesOf = (issue: DetectedIssue | undefined) => issue?.code?.coding?.map(({ code }) => code) ?? [];

describe("a checked summary", () => {
  const documents = [
    letter("urn:oid:1.1", [medicine("m", 5), medicine("n", 9), diabetes], { date: "2026-11-01T10:00:00Z" }),
    letter("urn:oid:1.2", [medicine("m", 6), amoxicillin, haemoglobin], { date: "2026-11-02T10:00:00Z" }),
  ];

  test("says what is dangerous, with level, both documents, and the date of the reference data", () => {
    const issues = entriesOf(checked(documents, { drugData }), "safety");
    expect(issues.map((one) => one.code?.coding?.[0]?.code)).toEqual(["ALGY", "DRG"]);
    expect(codesOf(issues[1])).toEqual(["DRG", "CI"]);
    for (const issue of issues) expect(issue.detail).toContain("(1er novembre 2026)");
    expect(issues[1]?.extension?.filter(({ url }) => url === extensionUrl.factSource)).toEqual([
      { url: extensionUrl.factSource, valueUri: "urn:oid:1.1" },
      { url: extensionUrl.factSource, valueUri: "urn:oid:1.2" },
    ]);
  });

  test("without drug data says that nothing was checked, in the entry and in its words", () => {
    const summary = checked(documents);
    const issues = entriesOf(summary, "safety");
    expect(issues.map(codesOf)).toEqual([["not-checked", "no-reference-data"]]);
    expect(issues[0]?.status).toBe("preliminary");
    expect(sectionOf(summary, "safety")?.text?.div).toContain("Non vérifié");
  });

  test("with nothing found names the data and proves no safety; a section is there in any case", () => {
    const section = sectionOf(
      checked([letter("urn:oid:1.1", [medicine("m", 3), noKnownAllergy])], { drugData }),
      "safety",
    );
    expect(section?.entry).toBeUndefined();
    expect(section?.text?.div).toMatch(/Rien trouvé.*ne prouve pas.*\(novembre 2026\)/);
  });

  test("says which documents tell treatments in words alone, and how many give no fact, beside what was found", () => {
    const inWords = letter("urn:oid:1.2", [noKnownAllergy]);
    const section = {
      title: "Traitements",
      code: { coding: [{ system: "http://loinc.org", code: "10160-0" }] },
      text: { status: "additional" as const, div: '<div xmlns="http://www.w3.org/1999/xhtml">Coumadine 1 cp/j</div>' },
    };
    const composition = inWords.entry?.[0]?.resource;
    if (composition?.resourceType === "Composition") composition.section = [...(composition.section ?? []), section];
    const prescriptions = [letter("urn:oid:1.1", [medicine("m", 3), noKnownAllergy]), inWords];
    const documents = [{ type: {}, date: "2026-11-01", isRead: false }];
    const summary = checked(prescriptions, { drugData, prescriptions, documents });
    const issues = entriesOf(summary, "safety");
    expect(issues.map(codesOf)).toEqual([
      ["not-checked", "told-in-words"],
      ["not-checked", "unread-documents"],
    ]);
    expect(issues[0]?.meta?.source).toBe("urn:oid:1.2");
    expect(sectionOf(summary, "safety")?.text?.div).toMatch(/Rien trouvé.*ne prouve pas.*en texte seul.*sans code/);

    section.text.div = '<div xmlns="http://www.w3.org/1999/xhtml">Aucun traitement en cours</div>';
    expect(entriesOf(checked(prescriptions, { drugData, prescriptions }), "safety")).toEqual([]);
  });

  test("expects nothing of a person who has died, and says why", () => {
    const summary = withChecks(
      summarise([letter("urn:oid:1.1", [diabetes])], {
        now,
        patient: { resourceType: "Patient", deceasedBoolean: true },
      }),
      { documents: [] },
    );
    expect(entriesOf(summary, "care-gaps")).toEqual([]);
    expect(sectionOf(summary, "care-gaps")?.text?.div).toContain("La personne est décédée");
  });

  test("lists missing follow-up with rule, source, what closes it, and on what the list rests", () => {
    const summary = checked(documents, { documents: [] });
    const gap = entriesOf(summary, "care-gaps").find((one) => codesOf(one).includes("diabetes-hba1c"));
    expect(gap?.detail).toBe("Diabète : aucune HbA1c dans le dossier depuis 6 mois");
    expect(gap?.status).toBe("final");
    expect(gap?.extension?.find(({ url }) => url === careSystem.closes)?.valueString).toContain("HbA1c");
    expect(JSON.stringify(gap?.extension)).toContain("Haute Autorité de santé");
    expect(gap?.meta?.source).toBe("urn:oid:1.1");
    expect(sectionOf(summary, "care-gaps")?.text?.div).toMatch(/seuls documents que vous pouvez voir.*HbA1c/);
  });

  test("gives each reader the gaps that are for them: a synthesis to professionals, consumption to prescribers", () => {
    const prescribers = [1, 2, 3].map((number) => {
      const bundle = letter(`urn:oid:2.${number}`, [medicine("m", 14)], { date: `2026-11-0${number}T10:00:00Z` });
      return JSON.parse(JSON.stringify(bundle).replaceAll("810000000001", `81000000000${number}`)) as Bundle;
    });
    const rulesFor = (reader: CheckOptions["reader"]) =>
      entriesOf(
        checked(prescribers, {
          drugData,
          documents: [],
          prescriptions: prescribers,
          ...(reader ? { reader } : {}),
        }),
        "care-gaps",
      ).flatMap(codesOf);
    const own = ["synthesis", "several-prescribers"];
    expect(rulesFor(undefined).filter((code) => own.includes(code ?? ""))).toEqual([]);
    expect(rulesFor("professional").filter((code) => own.includes(code ?? ""))).toEqual(["synthesis"]);
    expect(rulesFor("prescriber").filter((code) => own.includes(code ?? ""))).toEqual(own);
  });

  test("names the documents of an unusual consumption, and points at nothing that it does not hold", () => {
    const prescribers = [1, 2, 3].map((number) => {
      const bundle = letter(`urn:oid:2.${number}`, [medicine("m", 14)]);
      return JSON.parse(JSON.stringify(bundle).replaceAll("810000000001", `81000000000${number}`)) as Bundle;
    });
    const summary = checked(prescribers, { drugData, prescriptions: prescribers, reader: "prescriber" });
    const found = entriesOf(summary, "care-gaps").find((one) => codesOf(one).includes("observed"));
    expect(found?.implicated?.map((one) => one.identifier?.value).sort()).toEqual([
      "urn:oid:2.1",
      "urn:oid:2.2",
      "urn:oid:2.3",
    ]);
    expect(found?.implicated?.every((one) => one.reference === undefined)).toBe(true);
  });

  test("puts vaccinations that are due into the plan of care, after the documents' own plan", () => {
    const summary = checked([letter("urn:oid:1.1", [carePlan, diabetes, influenza], { section: "18776-5" })]);
    const plan = entriesOf<FhirResource>(summary, "18776-5");
    expect(plan[0]?.resourceType).toBe("CarePlan");
    const due = plan.slice(1) as ImmunizationRecommendation[];
    expect(due.length).toBeGreaterThan(0);
    const booster = due.find((one) => one.recommendation[0]?.targetDisease?.text?.includes("iphtérie"));
    expect(booster?.recommendation[0]).toMatchObject({
      forecastStatus: { coding: [{ code: "overdue" }] },
      series: "Calendrier des vaccinations 2026",
    });
    expect(booster?.recommendation[0]?.dateCriterion?.[0]?.value).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(sectionOf(summary, "18776-5")?.text?.div).toMatch(/Rééducation.*iphtérie/);
  });

  test("is another document than the summary without checks, which stays as it was", () => {
    const plain = summarise(documents, { now });
    const before = JSON.stringify(plain);
    const [one, two] = [withChecks(plain), withChecks(plain, { drugData })];
    expect(JSON.stringify(plain)).toBe(before);
    expect(new Set([plain.id, one.id, two.id]).size).toBe(3);
    expect(withChecks(plain, { drugData })).toEqual(two);
  });

  test("speaks English on request, codes and systems unchanged", () => {
    const english = withChecks(summarise(documents, { now, locale: "en" }), { locale: "en" });
    expect(sectionOf(english, "safety")).toMatchObject({
      title: "Checks of treatments",
      code: { coding: [{ system: checkSectionSystem, code: "safety" }] },
    });
    expect(sectionOf(english, "care-gaps")?.text?.div).toContain("documents that you may see");
  });
});

const influenza: FhirResource = {
  resourceType: "Immunization",
  id: "flu",
  status: "completed",
  patient: subject,
  vaccineCode: { coding: [{ system: "http://www.whocc.no/atc", code: "J07BB02" }], text: "Grippe" },
  occurrenceDateTime: "2026-10-20",
};
