/** What an entry says beside its row: told in words, in French and in English, or not at all. */
import { extensionUrl } from "@carnet/sdk/fhir";
import { describe, expect, it } from "vitest";
import { told } from "../testing/told.ts";

const request = (dispenseRequest: object) => ({ resourceType: "MedicationRequest", status: "active", dispenseRequest });
const because = (valueCode: string) => ({
  _numberOfRepeatsAllowed: {
    extension: [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode }],
  },
});
const form = (valueString: string) => ({ extension: [{ url: extensionUrl.recordedForm, valueString }] });
const g = (value: number) => ({ value, unit: "g/L" });

describe("further details", () => {
  it.each([
    ["no renewal", request({ numberOfRepeatsAllowed: 0 }), "Non renouvelable", "Not renewable"],
    ["one renewal", request({ numberOfRepeatsAllowed: 1 }), "Renouvelable 1 fois", "Renewable 1 time"],
    [
      "renewals without limit",
      request(because("positive-infinity")),
      "Renouvelable sans limite de nombre",
      "Renewable without limit of number",
    ],
    [
      "an unknown number",
      request(because("unknown")),
      "Nombre de renouvellements non renseigné",
      "Number of renewals not recorded",
    ],
    [
      "the time within which it may be renewed",
      request({
        ...because("positive-infinity"),
        extension: [
          { url: extensionUrl.renewalPeriod, valuePeriod: { end: "2026-12-31" } },
          { url: extensionUrl.renewalPeriod, valueDuration: { value: 6, code: "mo" } },
        ],
      }),
      "Renouvelable sans limite de nombre · Renouvellement possible jusqu’à : 31 décembre 2026 · Renouvellement possible pendant 6 mois",
      "Renewable without limit of number · May be renewed until: 31 December 2026 · May be renewed for 6 months",
    ],
    [
      "how much is to be handed over, and for how long",
      request({
        quantity: { value: 20, unit: "{tablet}", system: "http://unitsofmeasure.org", code: "{tablet}" },
        expectedSupplyDuration: { value: 1, unit: "mo", code: "mo" },
      }),
      "Quantité à délivrer : 20 comprimés · Pour une durée de 1 mois",
      "Quantity to hand over: 20 tablets · To last 1 month",
    ],
    [
      "how much was handed over",
      {
        resourceType: "MedicationDispense",
        status: "completed",
        quantity: { value: 2, unit: "boîte(s)", code: "30009000" },
      },
      "Quantité délivrée : 2 boîte(s)",
      "Quantity handed over: 2 boîte(s)",
    ],
    [
      "why it stopped",
      { resourceType: "MedicationStatement", status: "stopped", statusReason: [{ text: "Éruption" }] },
      "Motif d’arrêt : Éruption",
      "Stopped because: Éruption",
    ],
    [
      "why it is held",
      { resourceType: "MedicationRequest", status: "on-hold", statusReason: { text: "Opération" } },
      "Raison : Opération",
      "Reason: Opération",
    ],
    [
      "why a vaccine was not given",
      { resourceType: "Immunization", status: "not-done", statusReason: { text: "Refus" } },
      "Raison : Refus",
      "Reason: Refus",
    ],
    [
      "the greatest dose, the rate, the site and what the patient is told",
      {
        resourceType: "MedicationStatement",
        status: "active",
        dosage: [
          {
            text: "1 si besoin",
            patientInstruction: "à jeun",
            site: { text: "bras gauche" },
            doseAndRate: [{ rateQuantity: { value: 2, unit: "mL/h" } }],
            maxDosePerPeriod: { numerator: { value: 4, unit: "comprimé" }, denominator: { value: 1, code: "d" } },
          },
        ],
      },
      "Au plus 4 comprimés en 1 jour · Débit : 2 mL par heure · Localisation : bras gauche · Consigne : à jeun",
      "At most 4 tablets in 1 day · Rate: 2 mL per hour · Site: bras gauche · Instruction: à jeun",
    ],
    [
      "how long before a meal",
      {
        resourceType: "MedicationStatement",
        status: "active",
        dosage: [{ timing: { repeat: { when: ["ACM"], offset: 30 } } }],
      },
      "30 minutes avant",
      "30 minutes before",
    ],
    [
      'how long after waking, which is no "before"',
      {
        resourceType: "MedicationStatement",
        status: "active",
        dosage: [{ timing: { repeat: { when: ["WAKE"], offset: 30 } } }],
      },
      "30 minutes après",
      "30 minutes after",
    ],
    [
      "the prescription of a delivery, by its number and never by an address",
      {
        resourceType: "MedicationDispense",
        status: "completed",
        authorizingPrescription: [{ identifier: { value: "ORD-77" } }, { identifier: { value: "urn:oid:1.2.3" } }],
      },
      "Ordonnance : ORD-77",
      "Prescription: ORD-77",
    ],
    [
      "the kind of a problem, where it says more than problem or diagnosis",
      { resourceType: "Condition", category: [{ coding: [{ code: "418799008", display: "symptôme rapporté" }] }] },
      "Symptôme",
      "Symptom",
    ],
    ["nothing of a diagnosis", { resourceType: "Condition", category: [{ coding: [{ code: "282291009" }] }] }, "", ""],
    [
      "what a problem is described with",
      {
        resourceType: "Condition",
        bodySite: [{ text: "genou droit" }],
        contained: [{ resourceType: "Observation", code: { text: "Stade" }, valueString: "II" }],
      },
      "Localisation : genou droit · Stade : II",
      "Site: genou droit · Stade: II",
    ],
    [
      "for whom a range holds, each of several",
      {
        resourceType: "Observation",
        referenceRange: [
          { low: g(13), high: g(17), appliesTo: [{ text: "Homme" }] },
          { low: g(12), high: g(16), appliesTo: [{ text: "Femme" }], age: { low: { value: 18, code: "a" } } },
          { type: { text: "Seuil d’alerte", coding: [{ code: "critical" }] }, high: g(7) },
        ],
      },
      "norme de 13 g/L à 17 g/L (Homme) · norme de 12 g/L à 16 g/L (Femme, âge à partir de 18 ans) · Seuil d’alerte : jusqu’à 7 g/L",
      undefined,
    ],
    [
      "nothing of the one range that the row shows",
      { resourceType: "Observation", referenceRange: [{ high: g(5) }] },
      "",
      "",
    ],
    [
      "the range that is in another unit than its value, with its unit",
      {
        resourceType: "Observation",
        valueQuantity: g(5),
        referenceRange: [{ low: { value: 3.9, unit: "mmol/L" } }],
      },
      "norme à partir de 3,9 mmol/L",
      undefined,
    ],
    [
      "the report's own words for a range, when they say more than its bounds",
      { resourceType: "Observation", referenceRange: [{ high: g(5), text: "< 5 ; 5 à 7 : douteux" }] },
      "norme < 5 ; 5 à 7 : douteux",
      undefined,
    ],
    [
      "nothing of them when they are its bounds",
      { resourceType: "Observation", referenceRange: [{ low: g(13), high: g(17), text: "13,0 - 17,0" }] },
      "",
      "",
    ],
    [
      "why a value is not there",
      { resourceType: "Observation", dataAbsentReason: { coding: [{ code: "not-applicable" }] } },
      "Sans objet",
      "Not applicable",
    ],
    [
      "a date that is withheld",
      { resourceType: "Condition", _onsetDateTime: because("masked")._numberOfRepeatsAllowed },
      "Date masquée par son auteur",
      "Date withheld by its author",
    ],
    [
      "a time of day without zone",
      { resourceType: "Observation", ...form("2018-09-23T20:30") },
      "Heure notée, sans fuseau horaire : 23 septembre 2018 à 20 h 30",
      undefined,
    ],
    [
      "an hour alone",
      { resourceType: "Procedure", ...form("2018-09-23T20") },
      "Heure notée, sans fuseau horaire : 23 septembre 2018, 20 h",
      undefined,
    ],
    [
      "how long it lasts, where no end is known",
      { resourceType: "Procedure", ...form("P3M") },
      "Durée notée : 3 mois",
      "Length as noted: 3 months",
    ],
    [
      "hours and parts of them",
      { resourceType: "Encounter", ...form("PT1.5H") },
      "Durée notée : 1,5 heure",
      "Length as noted: 1.5 hours",
    ],
    [
      "bounds that are excluded, in words",
      { resourceType: "Observation", valueRange: form("> 1.5 g/L, < 9 g/L") },
      "Bornes notées : supérieur à 1,5 g/L, inférieur à 9 g/L",
      undefined,
    ],
  ])("%s", (_, resource, french, inEnglish) => {
    expect(told(resource)).toBe(french);
    if (inEnglish !== undefined) expect(told(resource, "en")).toBe(inEnglish);
  });

  it("leave the row as it is when the entry is not what FHIR says", () => {
    for (const resource of [
      { resourceType: "MedicationRequest", dispenseRequest: 3, dosageInstruction: "x", statusReason: [3] },
      { resourceType: "Observation", referenceRange: [{ low: "x", appliesTo: 4, age: null }], extension: [null, {}] },
      { resourceType: "Condition", category: 3, contained: [{}] },
      {},
    ])
      expect(told(resource)).toBe("");
  });
});
