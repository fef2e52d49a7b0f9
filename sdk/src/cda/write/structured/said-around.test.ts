/** What is said around a fact comes back from a written document: who remarked what, each step, advice on vaccines. */
import { describe, expect, it } from "vitest";
import type { FhirResource } from "../../../fhir/index.ts";
import { resourcesOf as all } from "../../../fhir/resources.ts";
import { codeSystem } from "../../../fhir/systems.ts";
import { again as readAgain, subject } from "./test-support.ts";

const mg = (value: number) => ({ value, unit: "mg", system: codeSystem.ucum, code: "mg" });

/** What is read of a written document of one section. */
const again = (code: string, ...facts: FhirResource[]) =>
  readAgain({ code, title: "Section", facts }, code === "57828-6" ? "57833-6" : undefined);

describe("what is said around a fact", () => {
  it("keeps each comment with its author and its day", () => {
    const note = [
      { authorString: "Ada UN", time: "2023-01-01", text: "premier" },
      { authorString: "Ada DEUX", time: "2023-02-02", text: "second" },
      { time: "2023-03", text: "daté" },
      { text: "seul" },
    ];
    const problem: FhirResource = { resourceType: "Condition", code: { text: "Asthme" }, subject, note };
    const allergy: FhirResource = {
      resourceType: "AllergyIntolerance",
      code: { text: "Latex" },
      patient: subject,
      note,
    };
    expect(all(again("11450-4", problem), "Condition")[0]?.note).toEqual(note);
    expect(all(again("48765-2", allergy), "AllergyIntolerance")[0]?.note).toEqual(expect.arrayContaining(note));
  });

  it("joins the comments of one author, and those of nobody", () => {
    const note = [{ text: "un" }, { text: "deux" }];
    const problem: FhirResource = { resourceType: "Condition", code: { text: "Asthme" }, subject, note };
    expect(all(again("11450-4", problem), "Condition")[0]?.note).toEqual([{ text: "un\ndeux" }]);
  });

  it("keeps of each step its route, its limit, its condition and what the patient is told, and how urgent it is", () => {
    const second = {
      sequence: 2,
      route: { text: "Voie orale" },
      doseAndRate: [{ doseQuantity: mg(2) }],
      maxDosePerPeriod: {
        numerator: mg(6),
        denominator: { value: 1, unit: "d", system: codeSystem.ucum, code: "d" },
      },
      asNeededCodeableConcept: { text: "si douleur" },
      patientInstruction: "à jeun",
    };
    const [request] = all(
      again("57828-6", {
        resourceType: "MedicationRequest",
        status: "active",
        intent: "order",
        priority: "urgent",
        subject,
        medicationCodeableConcept: { text: "FICTIMAB" },
        dosageInstruction: [{ sequence: 1, doseAndRate: [{ doseQuantity: mg(1) }] }, second],
      }),
      "MedicationRequest",
    );
    expect(request?.priority).toBe("urgent");
    expect(request?.dosageInstruction?.[1]).toMatchObject(second);
  });

  it("keeps of a recommended vaccine its rank, its reason, how it is given, and that it is called off", () => {
    const read = (forecastStatus: object) =>
      all(
        again("11369-6", {
          resourceType: "ImmunizationRecommendation",
          date: "2026-01-15",
          patient: subject,
          recommendation: [
            {
              vaccineCode: [{ text: "Grippe" }],
              forecastStatus,
              doseNumberPositiveInt: 2,
              forecastReason: [{ text: "Asthme" }],
              description: "Dose : 0,5 mL",
            },
          ],
        }),
        "ImmunizationRecommendation",
      )[0]?.recommendation[0];
    expect(read({ coding: [{ code: "due" }] })).toMatchObject({
      forecastStatus: { coding: [{ code: "due" }] },
      doseNumberPositiveInt: 2,
      forecastReason: [{ text: "Asthme" }],
      description: "Dose : 0,5 mL",
    });
    for (const text of ["Annulée", "Suspendue"]) expect(read({ text })?.forecastStatus).toEqual({ text });
  });
});
