import type { DiagnosticReport, FhirResource } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { extensionUrl } from "../fhir/systems.ts";
import { summarise } from "./index.ts";
import {
  allergy,
  coding,
  condition,
  factsOf,
  letter,
  longRecord,
  result,
  sectionOf,
  statement,
  subject,
} from "./test-support.ts";

const month = (at: number) => `2025-${String(at).padStart(2, "0")}-01`;
const months = [1, 2, 3, 4, 5, 6];
const extensionsOf = (resource: FhirResource | undefined) =>
  resource && "extension" in resource ? (resource.extension ?? []) : [];

describe("a bounded summary", () => {
  test("keeps the newest values of each analyte and unit, and says on the newest how many were left out", () => {
    const documents = months.map((at) =>
      letter(`urn:oid:1.${at}`, [
        result("x", at, { effectiveDateTime: month(at) }),
        result("y", at, { effectiveDateTime: month(at), code: coding("718-7", "http://loinc.org") }),
      ]),
    );
    const kept = factsOf(summarise(documents, { valuesPerAnalyte: 2 }), "Observation");
    expect(kept.map((one) => ("effectiveDateTime" in one ? one.effectiveDateTime : ""))).toEqual([
      "2025-06-01",
      "2025-06-01",
      "2025-05-01",
      "2025-05-01",
    ]);
    const left = kept.map(
      (one) => extensionsOf(one).find(({ url }) => url === extensionUrl.earlierValues)?.valueInteger,
    );
    expect(left).toEqual([4, 4, undefined, undefined]);
    const text = sectionOf(summarise(documents, { valuesPerAnalyte: 2 }), "30954-2")?.text?.div;
    expect(text).toContain("6 % — + 4 plus anciens dans les documents");
  });

  test("never cuts allergies, problems or current treatments; of past ones the newest stay, counted on the section", () => {
    const ended = (at: number) => ({
      status: "completed" as const,
      effectivePeriod: { start: month(at), end: month(at) },
    });
    const documents = months.map((at) =>
      letter(`urn:oid:1.${at}`, [
        condition("c", `I1${at}`),
        allergy("a", `9193600${at}`),
        statement("s", { medicationCodeableConcept: { text: `courant ${"x".repeat(at)}` } }),
        statement("t", { medicationCodeableConcept: { text: `fini ${"x".repeat(at)}` }, ...ended(at) }),
      ]),
    );
    const summary = summarise(documents, { valuesPerAnalyte: 1, pastTreatments: 2 });
    expect(factsOf(summary, "Condition")).toHaveLength(6);
    expect(factsOf(summary, "AllergyIntolerance")).toHaveLength(6);
    expect(factsOf(summary, "MedicationStatement")).toHaveLength(8);
    expect(sectionOf(summary, "10160-0")?.extension).toEqual([
      { url: extensionUrl.earlierTreatments, valueInteger: 4 },
    ]);
    expect(sectionOf(summary, "10160-0")?.text?.div).toContain("+ 4 traitements passés plus anciens");
  });

  test("always keeps the newest past treatment: no treatment would be untrue", () => {
    const ended = letter("urn:oid:1.1", [statement("t", { status: "completed" })]);
    const summary = summarise([ended], { pastTreatments: 0, valuesPerAnalyte: 0 });
    expect(factsOf(summary, "MedicationStatement").map((one) => one.meta?.source)).toEqual(["urn:oid:1.1"]);
  });

  test("a panel that says nothing itself goes with its members, and no reference leads nowhere", () => {
    const documents = months.map((at) =>
      letter(`urn:oid:1.${at}`, [
        {
          resourceType: "Observation",
          id: "p",
          status: "final",
          code: { text: "Ionogramme" },
          subject,
          effectiveDateTime: month(at),
          hasMember: [{ reference: "Observation/m" }],
        },
        result("m", at, { effectiveDateTime: month(at) }),
      ]),
    );
    const summary = summarise(documents, { valuesPerAnalyte: 1 });
    expect(factsOf(summary, "Observation")).toHaveLength(2);
    const urls = new Set(summary.entry?.map((one) => one.fullUrl));
    for (const [, reference] of JSON.stringify(summary).matchAll(/"reference":"([^"]+)"/g))
      expect(urls).toContain(reference);
  });
});

test("the summary of 2 000 documents fits a tablet, and keeps count of what it leaves out", () => {
  const summary = summarise(longRecord(2000), { valuesPerAnalyte: 24, pastTreatments: 60 });
  const observations = factsOf(summary, "Observation");
  expect(observations).toHaveLength(72);
  const left = observations.flatMap((one) =>
    extensionsOf(one).flatMap(({ url, valueInteger }) => (url === extensionUrl.earlierValues ? [valueInteger] : [])),
  );
  expect(left).toEqual([1976, 1976, 1976]);
  expect(JSON.stringify(summary).length).toBeLessThan(600_000);
});

test("a letter around a file adds nothing: the file is in the list of documents", () => {
  const file: FhirResource = {
    resourceType: "DocumentReference",
    id: "f",
    status: "current",
    subject,
    content: [{ attachment: { contentType: "application/pdf", size: 9, title: "Lettre" } }],
  };
  const filesOf = (one: FhirResource) => factsOf(summarise([letter("urn:oid:1.1", [one])]), "DocumentReference");
  expect(filesOf(file)).toEqual([]);
  expect(filesOf({ ...file, description: "Tracé" })).toHaveLength(1);
});

describe("reports of results", () => {
  const report = (rest: Partial<DiagnosticReport> = {}): DiagnosticReport => ({
    resourceType: "DiagnosticReport",
    id: "d",
    status: "final",
    code: { text: "Biochimie" },
    subject,
    result: [{ reference: "Observation/x" }],
    ...rest,
  });
  const reportsOf = (...facts: FhirResource[]) =>
    factsOf(summarise([letter("urn:oid:1.1", [...facts, result("x", 7)])]), "DiagnosticReport");

  test("that only repeat their results are left out", () => {
    expect(reportsOf(report())).toEqual([]);
  });

  test.each<[string, Partial<DiagnosticReport>]>([
    ["a conclusion", { conclusion: "Insuffisance rénale" }],
    ["an attachment", { presentedForm: [{ contentType: "application/pdf", data: "AAAA" }] }],
    ["a remark", { extension: [{ url: extensionUrl.disagreement, valueString: "a" }] }],
    ["another state", { status: "preliminary" }],
    ["no result", { result: [] }],
    ["a result elsewhere", { result: [{ reference: "Observation/elsewhere" }] }],
  ])("with %s stay", (_, rest) => {
    expect(reportsOf(report(rest))).toHaveLength(1);
  });
});

test("one professional in one structure is one, in however many documents; without a number each stays apart", () => {
  const role = (number: string | undefined): FhirResource[] => [
    {
      resourceType: "Practitioner",
      id: "w",
      ...(number ? { identifier: [{ system: "https://rpps.esante.gouv.fr", value: number }] } : {}),
      name: [{ family: "LEROY" }],
    },
    {
      resourceType: "PractitionerRole",
      id: "r",
      practitioner: { reference: "Practitioner/w" },
      code: [{ text: "Médecin" }],
    },
  ];
  const count = (number: string | undefined) => {
    const documents = [1, 2, 3].map((at) => {
      const document = letter(`urn:oid:1.${at}`, [
        result("x", at, { effectiveDateTime: month(at), performer: [{ reference: "PractitionerRole/r" }] }),
      ]);
      const supports = role(number).map((resource) => ({ fullUrl: `http://x/${at}/${resource.id}`, resource }));
      return { ...document, entry: [...(document.entry ?? []), ...supports] };
    });
    return factsOf(summarise(documents), "PractitionerRole").length;
  };
  expect(count("810000000001")).toBe(1);
  expect(count(undefined)).toBe(3);
});
