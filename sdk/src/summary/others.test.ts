import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import type { Bundle, Composition, Condition, FhirResource, Observation } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { cdaToFhir } from "../cda/read/index.ts";
import { summarise } from "./index.ts";
import {
  absent,
  allergy,
  codeOf,
  coding,
  condition,
  conditionsOf,
  factsOf,
  letter,
  patient,
  result,
  sectionOf,
  subject,
} from "./test-support.ts";

const official = resolve(import.meta.dirname, "../../../../shared/cda/open");
const mother: FhirResource = {
  resourceType: "RelatedPerson",
  id: "mother",
  patient: subject,
  relationship: [{ text: "Mère" }],
  name: [{ family: "MARTIN" }],
};
const about = (id: string, rest: Partial<Observation> = {}) =>
  result(id, 9, { focus: [{ reference: "RelatedPerson/mother" }], ...rest });

/** The document with entries that no section points at, as a reader of CDA adds them. */
const withEntries = (document: Bundle, ...resources: FhirResource[]): Bundle => ({
  ...document,
  entry: [
    ...(document.entry ?? []),
    ...resources.map((resource) => ({ fullUrl: `http://x/${resource.resourceType}/${resource.id}`, resource })),
  ],
});

describe("what a document tells of somebody else", () => {
  test("changes nothing in the summary, however many such facts there are and wherever they stand", () => {
    const codes = ["4548-4", "2823-3", "29463-7", "11996-6"];
    const foreign = fc.record({
      code: fc.constantFrom(...codes),
      category: fc.constantFrom("laboratory", "vital-signs", "social-history"),
      isListed: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(foreign, { maxLength: 4 }),
        fc.array(fc.constantFrom(...codes), { maxLength: 3 }),
        (all, own) => {
          const facts = own.map((code, at) => result(`own${at}`, at, { code: coding(code, "http://loinc.org") }));
          const others = all.map(({ code, category, isListed }, at) => ({
            isListed,
            fact: about(`other${at}`, {
              code: coding(code, "http://loinc.org"),
              category: [
                {
                  coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: category }],
                },
              ],
            }),
          }));
          const listed = others.filter(({ isListed }) => isListed).map(({ fact }) => fact);
          const loose = others.filter(({ isListed }) => !isListed).map(({ fact }) => fact);
          const told = withEntries(letter("urn:oid:1.1", [...facts, ...listed]), ...loose, mother);
          expect(JSON.stringify(summarise([told]))).toBe(JSON.stringify(summarise([letter("urn:oid:1.1", facts)])));
        },
      ),
      { numRuns: 40 },
    );
  });

  test("is the newborn's, in a document that describes mother and child as patients", () => {
    const child: FhirResource = { resourceType: "Patient", id: "child", birthDate: "2026-01-01" };
    const childs = { reference: "Patient/child" };
    const facts = [
      condition("x", "I10"),
      condition("y", "P07", { subject: childs }),
      { ...allergy("a", "91936005"), patient: childs },
      result("r", 12, { subject: childs }),
      result("s", 7, { performer: [childs] }),
    ];
    const summary = summarise([withEntries(letter("urn:oid:1.1", facts), child)]);
    expect(conditionsOf(summary).map((one) => one.code?.coding?.[0]?.code)).toEqual(["I10"]);
    expect(factsOf(summary, "AllergyIntolerance").map(codeOf)).toEqual(["no-allergy-info"]);
    // Nor did the patient do what the child did.
    const [only, ...others] = factsOf(summary, "Observation") as Observation[];
    expect(others).toEqual([]);
    expect(only?.performer).toEqual([{ display: "Patient" }]);
  });

  test("is the patient's own where the document describes the patient twice", () => {
    const again: FhirResource = { ...patient(), id: "again" };
    const facts = [condition("x", "I10", { subject: { reference: "Patient/again" } })];
    expect(conditionsOf(summarise([withEntries(letter("urn:oid:1.1", facts), again)]))).toHaveLength(1);
  });

  test("cannot be told where nothing says which of two patients a document is about", () => {
    const other: FhirResource = { resourceType: "Patient", id: "q", birthDate: "2026-01-01" };
    const document = withEntries(letter("urn:oid:1.1", [condition("x", "I10")]), other);
    const silent = structuredClone(document);
    const composition = silent.entry?.[0]?.resource as Composition;
    composition.subject = { display: "MARTIN" };
    expect(() => summarise([silent])).toThrow(expect.objectContaining({ code: "several-patients" }));
    expect(conditionsOf(summarise([document]))).toHaveLength(1);
  });

  test("goes with a panel of nothing else, and leaves the patient's own panel its own members", () => {
    const panel = (id: string, members: readonly string[]): Observation => {
      const { valueQuantity: _, ...silent } = result(id, 1);
      return { ...silent, hasMember: members.map((member) => ({ reference: `Observation/${member}` })) };
    };
    const facts = [panel("hers", ["x"]), panel("mixed", ["x", "y"]), about("x"), result("y", 7)];
    const summary = summarise([withEntries(letter("urn:oid:1.1", facts), mother)]);
    const kept = factsOf(summary, "Observation") as Observation[];
    expect(kept).toHaveLength(2);
    expect(kept.flatMap((one) => one.hasMember ?? [])).toHaveLength(1);
    expect(JSON.stringify(summary)).not.toContain("RelatedPerson");
  });

  test("is told apart from what names the patient, and from a person to call", () => {
    const own = result("x", 7, { focus: [subject] });
    const reachable = { ...mother, telecom: [{ system: "phone" as const, value: "0600000000" }] };
    const summary = summarise([withEntries(letter("urn:oid:1.1", [own, about("y")]), reachable as FhirResource)]);
    expect(factsOf(summary, "Observation")).toHaveLength(1);
    expect(factsOf(summary, "RelatedPerson")).toHaveLength(1);
  });
});

describe("the reason for an act", () => {
  const reason = (id: string, code: string, rest: Partial<Condition> = {}): Condition => {
    const { clinicalStatus: _, ...silent } = condition(id, code);
    const system = "http://terminology.hl7.org/CodeSystem/condition-category";
    return { ...silent, category: [{ coding: [{ system, code: "encounter-diagnosis" }] }], ...rest };
  };
  const problemsOf = (...documents: Bundle[]) => {
    const summary = summarise(documents);
    const entries = sectionOf(summary, "11450-4")?.entry ?? [];
    return entries.map(({ reference }) => {
      const found = summary.entry?.find((one) => one.fullUrl === reference)?.resource as Condition;
      return found.code?.coding?.[0]?.code;
    });
  };
  const visit = { section: "42349-1" };

  test("is no entry of the problem list, stays among other information with its category, and denies nothing", () => {
    const document = letter("urn:oid:1.1", [reason("x", "B97.7")], visit);
    expect(problemsOf(document)).toEqual(["no-problem-info"]);
    const summary = summarise([document]);
    expect(sectionOf(summary, "51899-3")?.entry).toHaveLength(1);
    expect(conditionsOf(summary)[0]?.category?.[0]?.coding?.[0]?.code).toBe("encounter-diagnosis");
    expect(conditionsOf(summary)[0]).not.toHaveProperty("clinicalStatus");
  });

  test("is a problem when its document lists it as one, when another document does, or when it is said to be active", () => {
    expect(problemsOf(letter("urn:oid:1.1", [reason("x", "I10")]))).toEqual(["I10"]);
    const active = condition("x", "I10", { category: reason("y", "I10").category ?? [] });
    expect(problemsOf(letter("urn:oid:1.1", [active], visit))).toEqual(["I10"]);
    const seen = letter("urn:oid:1.1", [reason("x", "I10")], { ...visit, date: "2026-06-01T00:00:00Z" });
    const { clinicalStatus: _, ...unstated } = condition("x", "I10");
    for (const listed of [condition("x", "I10"), unstated]) {
      expect(problemsOf(seen, letter("urn:oid:1.2", [listed]))).toEqual(["I10"]);
    }
  });

  test("nothing found in an examination never reads as no known problem", () => {
    const nothing = reason("x", "", { code: coding("no-known-problems", absent) });
    expect(problemsOf(letter("urn:oid:1.1", [nothing], { section: "10210-3" }))).toEqual(["no-problem-info"]);
    expect(problemsOf(letter("urn:oid:1.1", [nothing]))).toEqual(["no-known-problems"]);
  });
});

describe.skipIf(!existsSync(official))("official documents (needs ../shared)", () => {
  const documents = (existsSync(official) ? readdirSync(official) : [])
    .filter((name) => /^(CSE|OBP|SDM|BIO-CR-BIO_2024.01_DEP|ANEST)/.test(name))
    .map((name) => ({ name, bundle: cdaToFhir(readFileSync(join(official, name)).toString()) }));

  test.each(documents)("$name: no fact of somebody else, no reason among the problems", ({ bundle }) => {
    const summary = summarise([bundle]);
    for (const one of factsOf(summary, "Observation") as Observation[]) expect(one.focus).toBeUndefined();
    const problems = new Set(sectionOf(summary, "11450-4")?.entry?.map(({ reference }) => reference));
    for (const { fullUrl, resource } of summary.entry ?? []) {
      if (resource?.resourceType !== "Condition" || !problems.has(fullUrl)) continue;
      const isReason = JSON.stringify(resource.category ?? "").includes("encounter-diagnosis");
      expect(isReason && resource.clinicalStatus === undefined).toBe(false);
    }
  });
});
