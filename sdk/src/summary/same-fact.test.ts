import type { CodeableConcept, Coding, FhirResource } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { summarise } from "./index.ts";
import { allergy, codeOf, condition, conditionsOf, factsOf, letter, statement, subject } from "./test-support.ts";

const now = "2026-02-01T00:00:00Z";

describe("what several documents say", () => {
  test("in words alone is told apart by the sign that says how a test came out, a bound or a doubt", () => {
    const count = (...texts: string[]) => {
      const told = (text: string, at: number) => letter(`urn:oid:1.${at}`, [condition("x", "", { code: { text } })]);
      return conditionsOf(summarise(texts.map(told))).length;
    };
    for (const [one, other] of [
      ["Ag HBs +", "Ag HBs -"],
      ["Cancer du sein RE+ HER2-", "Cancer du sein RE+ HER2+"],
      ["HLA-B27 (+)", "HLA-B27 (-)"],
      ["PAS > 140", "PAS < 140"],
      ["Asthme ?", "Asthme"],
    ] as const)
      expect([one, count(one, other)]).toEqual([one, 2]);
    expect(count("Hernie hiatale", "hernie-hiatale", "Hernie - hiatale", "HERNIE + HIATALE")).toBe(1);
  });

  test("under a code of a whole kind is one only in the same words", () => {
    const concept = (code: Coding, text: string) => ({ coding: [code], text });
    const icd = (code: string): Coding => ({ system: "http://hl7.org/fhir/sid/icd-10", code });
    const atc = (code: string): Coding => ({ system: "http://www.whocc.no/atc", code });
    const vaccination = (code: CodeableConcept): FhirResource => ({
      resourceType: "Immunization",
      id: "x",
      status: "completed",
      vaccineCode: code,
      patient: subject,
      occurrenceDateTime: "2024-05-06",
    });
    const tellings: readonly [string, Coding, string, string, (code: CodeableConcept) => FhirResource][] = [
      ["analgesics", icd("Z88.6"), "Aspirine", "Paracétamol", (code) => ({ ...allergy("x", ""), code })],
      ["other diseases", icd("K63.8"), "Mélanose colique", "Dolichocôlon", (code) => condition("x", "", { code })],
      [
        "a class of medicines",
        atc("C09AA"),
        "Ramipril",
        "Périndopril",
        (code) => statement("x", { medicationCodeableConcept: code }),
      ],
      [
        "combinations",
        atc("N02BE51"),
        "PARACÉTAMOL CODÉINE",
        "ACTIFED RHUME",
        (code) => statement("x", { medicationCodeableConcept: code }),
      ],
      ["a class of vaccines", atc("J07B"), "Rougeole", "Poliomyélite", vaccination],
    ];
    for (const [name, code, one, other, fact] of tellings) {
      const left = (...texts: string[]) => {
        const documents = texts.map((text, at) => letter(`urn:oid:1.${at}`, [fact(concept(code, text))]));
        return factsOf(summarise(documents, { now }), fact({}).resourceType).filter(
          (resource) => !codeOf(resource).startsWith("no-"),
        ).length;
      };
      expect([name, left(one, other)]).toEqual([name, 2]);
      expect([name, left(one, one.toLowerCase())]).toEqual([name, 1]);
    }
  });
});
