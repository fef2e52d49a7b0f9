/** Nothing found must never mean "not looked at": partial data, contradictions and numbers that make no sense. */
import type { CodeableConcept, DetectedIssue, FhirResource } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { checkSafety } from "./index.ts";
import { countPrescribers } from "./prescribers.ts";
import { allergy, cis, loadDrugData, noKnownAllergy, now, statement, summaryOf } from "./test-support.ts";

const data = loadDrugData();
const kinds = (issues: readonly DetectedIssue[]) =>
  issues.map((one) => one.code?.coding?.map((coding) => coding.code).join(" ") ?? "");
const check = (...facts: readonly FhirResource[]) => kinds(checkSafety(summaryOf(...facts), data, { now }));
const text = (name: string) => ({ text: name });
const atc = (code: string) => ({ system: "http://www.whocc.no/atc", code });
const absent = (code: string) =>
  allergy("absent", { coding: [{ system: "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips", code }] });
const preparation = (code: CodeableConcept, ...parts: readonly string[]): FhirResource => ({
  resourceType: "MedicationStatement",
  id: "p",
  status: "active",
  subject: { reference: "urn:uuid:patient" },
  medicationReference: { reference: "#m" },
  contained: [
    { resourceType: "Medication", id: "m", code, ingredient: parts.map((one) => ({ itemCodeableConcept: text(one) })) },
  ],
});
const amiodarone = statement("amiodarone", cis(2));

describe("a medicine of which a part is unknown", () => {
  test("a preparation with one known part is checked for it, and says that the rest was not", () => {
    expect(check(noKnownAllergy, preparation(text("Préparation"), "Warfarine", "Poudre"), amiodarone)).toEqual([
      "DRG PE",
      "not-checked partly-known-medicine",
    ]);
  });

  test("a part that the name does not tell counts", () => {
    expect(check(noKnownAllergy, preparation(text("Paracétamol"), "Warfarine"), amiodarone)).toEqual(["DRG PE"]);
  });

  test("a part that contradicts the code of the drug counts beside it; the drug's own part adds nothing", () => {
    expect(check(noKnownAllergy, preparation(cis(14), "Warfarine"), amiodarone)).toEqual(["DRG PE"]);
    expect(check(noKnownAllergy, preparation(cis(1), "Warfarine sodique"), amiodarone)).toEqual(["DRG PE"]);
  });

  test("two drug codes on one fact both count", () => {
    const both = { coding: [...(cis(14).coding ?? []), ...(cis(1).coding ?? [])] };
    expect(check(noKnownAllergy, statement("m", both), amiodarone)).toEqual(["DRG PE"]);
  });

  test("a class code beside one that the data does not know is checked in part", () => {
    expect(check(noKnownAllergy, statement("m", { coding: [atc("N02BE01"), atc("X01XX99")] }))).toEqual([
      "not-checked partly-known-medicine",
    ]);
  });

  test("an unknown box and a name with a dose are unknown medicines, never guessed", () => {
    const box = { coding: [{ system: "urn:oid:1.2.250.1.213.2.3.2", code: "3400999999999" }] };
    for (const concept of [box, text("Warfarine 5 mg")]) {
      expect(check(noKnownAllergy, statement("m", concept), amiodarone)).toEqual(["not-checked unknown-medicine"]);
    }
  });

  test("a substance without route counts as swallowed; one that is injected does not", () => {
    const route = (code: string) => ({ dosage: [{ route: { coding: [{ system: "urn:oid:edqm", code }] } }] });
    const charcoal = statement("charcoal", cis(13));
    const paracetamol = (more: object) => statement("m", text("paracétamol"), more);
    expect(check(noKnownAllergy, charcoal, paracetamol({}))).toEqual(["DRG PE"]);
    expect(check(noKnownAllergy, charcoal, paracetamol(route("20053000")))).toEqual(["DRG PE"]);
    expect(check(noKnownAllergy, charcoal, paracetamol(route("20045000")))).toEqual([]);
  });
});

describe("allergies", () => {
  const amoxicillin = statement("m", cis(9));

  test("to food alone, or their absence, leave those to medicines unsaid", () => {
    const unsaid = ["not-checked no-drug-allergy-information"];
    expect(check(absent("no-known-food-allergies"), amoxicillin)).toEqual(unsaid);
    expect(check(allergy("a", text("Pollens"), { category: ["environment"] }), amoxicillin)).toEqual(unsaid);
  });

  test("to medicines that are known to be absent are no allergen that nobody knows", () => {
    expect(check(absent("no-known-medication-allergies"), amoxicillin)).toEqual([]);
  });

  test("are past whichever of their codes says so", () => {
    const clinicalStatus = { coding: [{ code: "local" }, { code: "resolved" }] };
    expect(check(allergy("a", text("amoxicilline"), { clinicalStatus }), amoxicillin)).toEqual([]);
  });
});

describe("a supply", () => {
  const dispensing = (value: number, code: string, whenHandedOver = "2026-05-20"): FhirResource => ({
    resourceType: "MedicationDispense",
    id: "d",
    status: "completed",
    whenHandedOver,
    daysSupply: { value, code },
    medicationCodeableConcept: cis(1),
  });

  test.each([
    [1e12, "d"],
    [12, "mo"],
    [1, "a"],
    [52, "wk"],
    [Number.MAX_VALUE, "a"],
  ])("of %s %s goes on", (value, code) => {
    expect(check(noKnownAllergy, dispensing(value, code), amiodarone)).toEqual(["DRG PE"]);
  });

  test("that lasts less than nothing, or in no unit of days, counts as three months", () => {
    for (const [value, code] of [
      [-1e12, "d"],
      [0, "d"],
      [4, "{box}"],
    ] as const) {
      expect(check(noKnownAllergy, dispensing(value, code), amiodarone)).toEqual([]);
      expect(check(noKnownAllergy, dispensing(value, code, "2026-10-20"), amiodarone)).toEqual(["DRG PE"]);
    }
  });
});

test("one prescriber by number and by name, in any spelling, is one person; two numbers are two", () => {
  const one = (ids: string[], name: string) => ({ ids, name });
  expect(countPrescribers([one(["1"], "dupont jean"), one([], "dupont jean"), one(["1"], "dupont")])).toBe(1);
  expect(countPrescribers([one(["1"], "dupont jean"), one(["2"], "dupont jean")])).toBe(2);
  expect(countPrescribers([one(["1"], ""), one([], "dupont"), one([], "durand")])).toBe(2);
});
