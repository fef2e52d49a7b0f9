/** What the short rows of plans, directives, devices and vaccinations tell beside their title. */
import { describe, expect, it } from "vitest";
import { told } from "../testing/told.ts";

const carnet = "https://carnet.example/fhir/StructureDefinition/";
const loinc = (code: string) => ({ coding: [{ system: "http://loinc.org", code }] });

describe("an entry with a short row tells beside it", () => {
  it.each([
    [
      "a directive: the decision and its words",
      {
        resourceType: "Consent",
        status: "active",
        provision: { type: "deny", period: { start: "2024-01-01" } },
        policyRule: { text: "Directives anticipées — pas d'intubation" },
      },
      "Refusé · À partir de : 1er janvier 2024 · Directives anticipées — pas d'intubation",
      "Refused · From: 1 January 2024 · Directives anticipées — pas d'intubation",
    ],
    [
      "a directive that holds no more",
      { resourceType: "Consent", status: "inactive", provision: { type: "permit" } },
      "N’est plus en vigueur · Accepté",
      "No longer in force · Accepted",
    ],
    [
      "a request: that it is called off, how urgent it is, when, why, where and what is remarked",
      {
        resourceType: "ServiceRequest",
        status: "revoked",
        priority: "urgent",
        occurrencePeriod: { start: "2024-02-01", end: "2024-03" },
        reasonCode: [{ text: "Chute" }],
        bodySite: [{ text: "genou droit" }],
        note: [{ text: "à jeun" }],
      },
      "Annulé · En urgence · À partir de : 1er février 2024, Jusqu’à : mars 2024 · Motif : Chute · Localisation : genou droit · à jeun",
      "Called off · Urgent · From: 1 February 2024, Until: March 2024 · Reason: Chute · Site: genou droit · à jeun",
    ],
    [
      "a request not to be followed",
      { resourceType: "ServiceRequest", status: "active", doNotPerform: true },
      "À ne pas faire",
      "Not to be done",
    ],
    [
      "a vaccination advised against",
      {
        resourceType: "ImmunizationRecommendation",
        recommendation: [
          {
            forecastStatus: { coding: [{ code: "contraindicated" }] },
            forecastReason: [{ text: "Grossesse" }],
            description: "Voie : orale\nÀ revoir",
          },
        ],
      },
      "Déconseillée ou contre-indiquée · Motif : Grossesse · Voie : orale · À revoir",
      "Advised against or contraindicated · Reason: Grossesse · Voie : orale · À revoir",
    ],
    [
      "a vaccination recommended: from when and until when, which dose",
      {
        resourceType: "ImmunizationRecommendation",
        recommendation: [
          {
            dateCriterion: [
              { code: loinc("30981-5"), value: "2025-01-01" },
              { code: loinc("59777-3"), value: "2025-12-31" },
            ],
            doseNumberPositiveInt: 2,
          },
        ],
      },
      "À partir de : 1er janvier 2025 · Jusqu’à : 31 décembre 2025 · Dose n° 2",
      "From: 1 January 2025 · Until: 31 December 2025 · Dose no. 2",
    ],
    [
      "a vaccination: dose, route, site, why, what followed, what is remarked",
      {
        resourceType: "Immunization",
        status: "completed",
        doseQuantity: { value: 0.5, unit: "mL" },
        route: { text: "Voie intramusculaire" },
        site: { text: "bras gauche" },
        reasonCode: [{ text: "Voyage" }],
        contained: [{ resourceType: "Observation", valueCodeableConcept: { text: "fièvre" } }],
        note: [{ text: "Antigène : tétanos" }],
      },
      "Dose : 0,5 mL · Voie : Voie intramusculaire · Localisation : bras gauche · Motif : Voyage · Réaction : fièvre · Antigène : tétanos",
      undefined,
    ],
    [
      "a missing follow-up: the rule that asks for it, with its date",
      {
        resourceType: "DetectedIssue",
        status: "final",
        extension: [
          { url: `${carnet}closes`, valueString: "Un dosage d’HbA1c" },
          {
            url: `${carnet}reference-data`,
            extension: [
              { url: "title", valueString: "Guide diabète" },
              { url: "publisher", valueString: "HAS" },
              { url: "date", valueDate: "2014-03" },
            ],
          },
        ],
      },
      "Règle : Guide diabète (HAS, mars 2014)",
      "Rule: Guide diabète (HAS, March 2014)",
    ],
    [
      "a goal: what is aimed at, by when, or that it is given up",
      {
        resourceType: "Goal",
        lifecycleStatus: "rejected",
        target: [{ detailRange: { high: { value: 7, unit: "%" } }, dueDate: "2025-06-01" }],
      },
      "Écarté · Cible : au plus 7 % · Jusqu’à : 1er juin 2025",
      "Rejected · Target: at most 7 % · Until: 1 June 2025",
    ],
    [
      "a device no longer worn",
      {
        resourceType: "DeviceUseStatement",
        status: "completed",
        timingPeriod: { end: "2020" },
        bodySite: { text: "hanche" },
        note: [{ text: "Taille : 4" }],
      },
      "N’est plus porté · Jusqu’à : 2020 · Localisation : hanche · Taille : 4",
      "No longer worn · Until: 2020 · Site: hanche · Taille : 4",
    ],
    [
      "a meeting: when, why, and what is said of it",
      {
        resourceType: "Appointment",
        status: "cancelled",
        requestedPeriod: [{ start: "2025-01" }],
        reasonCode: [{ text: "Suivi" }],
        comment: "Avec : ECG",
      },
      "Annulé · À partir de : janvier 2025 · Motif : Suivi · Avec : ECG",
      "Called off · From: January 2025 · Reason: Suivi · Avec : ECG",
    ],
    [
      "an adverse effect: what is suspected of it",
      {
        resourceType: "AdverseEvent",
        suspectEntity: [{ instance: { display: "ramipril" }, causality: [{ assessment: { text: "probable" } }] }],
      },
      "Médicament suspecté : ramipril (probable)",
      "Medicine suspected: ramipril (probable)",
    ],
    [
      "what was given for an examination",
      {
        resourceType: "MedicationAdministration",
        status: "completed",
        dosage: { dose: { value: 80, unit: "mL" }, route: { text: "IV" } },
      },
      "Dose : 80 mL · Voie : IV",
      "Dose: 80 mL · Route: IV",
    ],
  ])("%s", (_, resource, french, inEnglish) => {
    expect(told(resource)).toBe(french);
    if (inEnglish !== undefined) expect(told(resource, "en")).toBe(inEnglish);
  });

  it.each([
    [{ resourceType: "ServiceRequest", status: "completed" }, "Terminé", "Completed"],
    [{ resourceType: "ServiceRequest", status: "draft" }, "Projet, pas encore décidé", "Draft, not decided yet"],
    [{ resourceType: "Consent", status: "proposed" }, "Proposé, pas encore accepté", "Proposed, not agreed yet"],
    [{ resourceType: "Goal", lifecycleStatus: "completed" }, "Terminé", "Completed"],
    [{ resourceType: "Appointment", status: "fulfilled" }, "A eu lieu", "Took place"],
    [{ resourceType: "CarePlan", status: "completed" }, "Terminé", "Completed"],
    [
      { resourceType: "CarePlan", status: "revoked", note: [{ text: "Décès" }] },
      "Annulé · Décès",
      "Called off · Décès",
    ],
    [{ resourceType: "Device", status: "inactive" }, "N’est plus porté", "No longer worn"],
    [{ resourceType: "DeviceUseStatement", status: "intended" }, "Prévu", "Intended"],
    [{ resourceType: "DiagnosticReport", status: "preliminary" }, "Résultat provisoire", "Provisional result"],
    [
      { resourceType: "DocumentReference", status: "superseded" },
      "Remplacé par une autre version",
      "Replaced by another version",
    ],
  ])("that it is over, not agreed yet, provisional or withdrawn: %j", (resource, french, english) => {
    expect(told(resource)).toBe(french);
    expect(told(resource, "en")).toBe(english);
  });

  it("nothing when it is not what FHIR says", () => {
    for (const resource of [
      { resourceType: "Consent", provision: 3, policyRule: [] },
      { resourceType: "Goal", target: [{ detailQuantity: "x" }, null], note: 3 },
      { resourceType: "ImmunizationRecommendation", recommendation: [{ dateCriterion: 4, description: 5 }] },
      { resourceType: "Appointment", requestedPeriod: "x" },
    ])
      expect(told(resource)).toBe("");
  });

  it("the site of a finding only where its name does not", () => {
    const finding = (text: string) => ({
      resourceType: "Condition",
      code: { text },
      bodySite: [{ text: "genou droit" }],
    });
    expect(told(finding("Fracture du genou droit"))).toBe("");
    expect(told(finding("Fracture"))).toBe("Localisation : genou droit");
  });
});
