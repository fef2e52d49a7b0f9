/** What changes the meaning of a fact is said under its row. */
import { describe, expect, it } from "vitest";
import { told } from "../testing/told.ts";

const code = (value: string, text?: string) => ({ coding: [{ code: value }], ...(text ? { text } : {}) });
const years = (value: number) => ({ value, code: "a", unit: "ans" });
const statement = (...dosage: object[]) => ({ resourceType: "MedicationStatement", status: "active", dosage });
const unreadable = "Une précision change le sens de cette ligne, et ce panneau ne sait pas la lire : voir le document";

describe("what changes the meaning of a fact", () => {
  it.each([
    [
      "a modifier that nobody here knows",
      { resourceType: "Condition", modifierExtension: [{ url: "https://x.test/not", valueBoolean: true }] },
      unreadable,
    ],
    ["the same inside a dosage", statement({ modifierExtension: [{ url: "https://x.test/y" }] }), unreadable],
    ["rules of another maker", { resourceType: "Procedure", implicitRules: "https://x.test/rules" }, unreadable],
    ["a result that is provisional", { resourceType: "Observation", status: "preliminary" }, "Résultat provisoire"],
    ["a test that was called off", { resourceType: "Observation", status: "cancelled" }, "Examen annulé"],
    [
      "a prescription that is only drafted",
      { resourceType: "MedicationRequest", status: "draft", intent: "order" },
      "Projet, pas encore prescrit",
    ],
    ["a component of one", { status: "preliminary", code: {} }, "Résultat provisoire"],
    ["a result that was corrected", { resourceType: "Observation", status: "corrected" }, "Résultat corrigé"],
    [
      "what the laboratory concludes in words of its own",
      { resourceType: "Observation", interpretation: [code("H"), code("R", "Résistant")] },
      "Interprétation : Résistant",
    ],
    [
      "a value that is a curve, over a time",
      {
        resourceType: "Observation",
        valueSampledData: { data: "1 2" },
        effectivePeriod: { start: "2026-01-01", end: "2026-01-02" },
      },
      "Valeur en courbe ou en fichier : voir le document · Fin : 2 janvier 2026",
    ],
    ["how it was measured", { resourceType: "Observation", method: { text: "Tympanique" } }, "Méthode : Tympanique"],
    [
      "a disease that is back, one diagnosis among others",
      {
        resourceType: "Condition",
        clinicalStatus: code("recurrence"),
        verificationStatus: code("differential"),
      },
      "Récidive · Diagnostic parmi d’autres possibles",
    ],
    [
      "an age where a date is expected, and a stage",
      {
        resourceType: "Condition",
        onsetAge: years(12),
        abatementRange: { low: years(15), high: years(16) },
        stage: [{ summary: { text: "II" } }],
      },
      "Début : à 12 ans · Fin : âge de 15 ans à 16 ans · Stade : II",
    ],
    [
      "an act that was interrupted, why, until when and with what complication",
      {
        resourceType: "Procedure",
        status: "stopped",
        statusReason: { text: "Hypotension" },
        performedPeriod: { start: "2026-03-01", end: "2026-03-02" },
        complication: [{ text: "Hématome" }],
      },
      "Interrompu · Raison : Hypotension · Fin : 2 mars 2026 · Complication : Hématome",
    ],
    [
      "when an illness of the family began, and that it was the cause of death",
      {
        resourceType: "FamilyMemberHistory",
        condition: [{ code: {}, onsetAge: years(40), contributedToDeath: true }],
        deceasedAge: years(52),
      },
      "Début : à 40 ans · A contribué au décès · Décès : à 52 ans",
    ],
    [
      "the substance that caused a reaction, its words, its route and the last one",
      {
        resourceType: "AllergyIntolerance",
        code: { text: "Pénicillines" },
        lastOccurrence: "2024-02",
        reaction: [
          {
            substance: { text: "Amoxicilline" },
            manifestation: [{ text: "Urticaire" }],
            description: "Vingt minutes après la prise",
            exposureRoute: { text: "Orale" },
          },
        ],
      },
      "Dernière réaction : février 2024 · Réaction à : Amoxicilline · Description : Vingt minutes après la prise · Voie d’exposition : Orale",
    ],
    ["a weak dose of vaccine", { resourceType: "Immunization", isSubpotent: true }, "Dose d’efficacité réduite"],
    [
      "a treatment that was only proposed",
      { resourceType: "MedicationRequest", intent: "proposal" },
      "Proposé, non prescrit",
    ],
    ["a single intake", statement({ timing: { repeat: { count: 1 } } }), "1 prise au total"],
    ["at most so many", statement({ timing: { repeat: { count: 1, countMax: 3 } } }), "au plus 3 prises au total"],
    [
      "dates of intake",
      statement({ timing: { event: ["2026-03-01", "2026-03-08"] } }),
      "Dates de prise : 1er mars 2026, 8 mars 2026",
    ],
    [
      "how long each lasts, for how long, and bounds of a dose and of a life",
      statement({
        timing: {
          repeat: {
            duration: 30,
            durationUnit: "min",
            boundsRange: { low: { value: 5, code: "d" }, high: { value: 7, code: "d" } },
          },
        },
        maxDosePerAdministration: { value: 2, unit: "mg" },
        maxDosePerLifetime: { value: 400, unit: "mg" },
        method: { text: "Injection lente" },
      }),
      "Durée de chaque prise : 30 minutes · Pendant de 5 jours à 7 jours · Au plus 2 mg par prise · Au plus 400 mg dans toute la vie · Geste : Injection lente",
    ],
    [
      "the second of two doses",
      statement({
        doseAndRate: [{ doseQuantity: { value: 1, unit: "mg" } }, { doseQuantity: { value: 2, unit: "mg" } }],
      }),
      "Autre dose indiquée : 2 mg",
    ],
    [
      "when each of two steps begins",
      statement(
        { timing: { repeat: { boundsPeriod: { start: "2026-03-01" } } } },
        { timing: { repeat: { boundsPeriod: { start: "2026-03-08" } } } },
      ),
      "Début : 1er mars 2026 · Début : 8 mars 2026",
    ],
  ])("%s", (_, resource, words) => {
    expect(told(resource)).toBe(words);
    expect(told(resource, "en")).not.toMatch(/undefined|: $/);
  });

  it("stays, when another field of the entry is not what FHIR says", () => {
    expect(
      told({
        resourceType: "Observation",
        status: "preliminary",
        referenceRange: [{ low: "x", age: null }],
        extension: [null],
      }),
    ).toBe("Résultat provisoire");
  });
});
