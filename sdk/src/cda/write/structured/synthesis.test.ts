import { describe, expect, it } from "vitest";
import type { FhirResource } from "../../../fhir/index.ts";
import { codeSystem } from "../../../fhir/systems.ts";
import { readCdaView } from "../../narrative/index.ts";
import { cdaToFhir } from "../../read/index.ts";
import { fhirToCda } from "./fhir-to-cda.ts";
import { again, documentOf, found, subject, synthesis } from "./test-support.ts";

const clinical = (code: string) => ({
  coding: [{ system: "http://terminology.hl7.org/CodeSystem/condition-clinical", code }],
});
const diabetes: FhirResource = {
  resourceType: "Condition",
  subject,
  clinicalStatus: clinical("active"),
  verificationStatus: {
    coding: [{ system: "http://terminology.hl7.org/CodeSystem/condition-ver-status", code: "confirmed" }],
  },
  code: {
    coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code: "E11.9", display: "Diabète de type 2" }],
    text: "Diabète de type 2",
  },
  onsetDateTime: "2014-03",
  severity: { coding: [{ system: codeSystem.snomed, code: "6736007", display: "modéré" }], text: "modéré" },
  note: [{ text: "Suivi par un réseau" }],
};

describe("every fact of the synthesis is found again", () => {
  it("problems: code, words, status, dates, severity, comment", () => {
    const [condition] = found(again({ code: "11450-4", title: "Pathologies", facts: [diabetes] }), "Condition");
    expect(condition).toMatchObject({
      clinicalStatus: clinical("active"),
      code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code: "E11.9" }], text: "Diabète de type 2" },
      onsetDateTime: "2014-03",
      severity: { coding: [{ code: "6736007" }] },
      note: [{ text: "Suivi par un réseau" }],
    });
  });

  it("a problem in words only, resolved, and one that is refuted", () => {
    const bundle = again({
      code: "11348-0",
      title: "Antécédents",
      facts: [
        {
          resourceType: "Condition",
          subject,
          clinicalStatus: clinical("resolved"),
          code: { text: "Fracture <du> poignet" },
          onsetDateTime: "2001",
          abatementDateTime: "2001-09-30",
        },
        {
          resourceType: "Condition",
          subject,
          verificationStatus: { coding: [{ code: "refuted" }] },
          code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code: "I10", display: "Hypertension" }] },
        },
      ],
    });
    const [fracture, hypertension] = found(bundle, "Condition");
    expect(fracture).toMatchObject({
      code: { text: "Fracture <du> poignet" },
      clinicalStatus: clinical("resolved"),
      abatementDateTime: "2001-09-30",
    });
    expect(fracture?.code?.coding).toBeUndefined();
    expect(hypertension?.verificationStatus?.coding?.[0]?.code).toBe("refuted");
    expect(hypertension?.code?.text).toBe("Hypertension");
  });

  it("what is ruled out, and past, by FHIR's code wherever it stands among others", () => {
    const local = { system: "https://hospital.example/status", code: "K", display: "Écarté" };
    const statuses = {
      clinicalStatus: { coding: [local, { code: "resolved" }] },
      verificationStatus: { coding: [local, { code: "refuted" }] },
    };
    const code = { text: "Latex" };
    const problem: FhirResource = { resourceType: "Condition", subject, code, ...statuses };
    const allergy: FhirResource = { resourceType: "AllergyIntolerance", patient: subject, code, ...statuses };
    const [first] = found(again({ code: "11348-0", title: "Antécédents", facts: [problem] }), "Condition");
    const [second] = found(again({ code: "48765-2", title: "Allergies", facts: [allergy] }), "AllergyIntolerance");
    for (const fact of [first, second]) {
      expect(fact?.verificationStatus?.coding?.[0]?.code).toBe("refuted");
      expect(fact?.clinicalStatus?.coding?.[0]?.code).toBe("resolved");
    }
  });

  it("allergies: agent, kind, criticality, reactions with their severity", () => {
    const [allergy] = found(
      again({
        code: "48765-2",
        title: "Allergies",
        facts: [
          {
            resourceType: "AllergyIntolerance",
            patient: subject,
            clinicalStatus: { coding: [{ code: "active" }] },
            verificationStatus: { coding: [{ code: "confirmed" }] },
            type: "allergy",
            category: ["medication"],
            criticality: "high",
            code: {
              coding: [{ system: "http://www.whocc.no/atc", code: "J01CA04", display: "Amoxicilline" }],
              text: "Amoxicilline",
            },
            onsetDateTime: "2010-06-01",
            reaction: [
              { manifestation: [{ text: "Urticaire" }], severity: "moderate" },
              { manifestation: [{ text: "Œdème du visage" }], severity: "severe" },
            ],
          },
        ],
      }),
      "AllergyIntolerance",
    );
    expect(allergy).toMatchObject({
      clinicalStatus: { coding: [{ code: "active" }] },
      verificationStatus: { coding: [{ code: "confirmed" }] },
      type: "allergy",
      category: ["medication"],
      criticality: "high",
      code: { coding: [{ system: "http://www.whocc.no/atc", code: "J01CA04" }], text: "Amoxicilline" },
      onsetDateTime: "2010-06-01",
      reaction: [
        { manifestation: [{ text: "Urticaire" }], severity: "moderate" },
        { manifestation: [{ text: "Œdème du visage" }], severity: "severe" },
      ],
    });
  });

  it("no known allergy stays an absence that somebody stated", () => {
    const absent = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
    const [allergy] = found(
      again({
        code: "48765-2",
        title: "Allergies",
        facts: [
          {
            resourceType: "AllergyIntolerance",
            patient: subject,
            code: { coding: [{ system: absent, code: "no-known-allergies", display: "Aucune allergie connue" }] },
          },
        ],
      }),
      "AllergyIntolerance",
    );
    expect(allergy?.code?.coding).toEqual([
      { system: absent, code: "no-known-allergies", display: "Aucune allergie connue" },
    ]);
  });

  it("treatments: product and its translations, dose, rhythm, route, reason, period, words of the posology", () => {
    const [treatment] = found(
      again({
        code: "10160-0",
        title: "Traitements",
        facts: [
          {
            resourceType: "MedicationStatement",
            status: "active",
            subject,
            medicationCodeableConcept: {
              coding: [
                { system: "urn:oid:1.2.250.1.213.2.3.1", code: "60000001", display: "METFICTINE 500 mg" },
                { system: "http://www.whocc.no/atc", code: "A10BA02", display: "Metformine" },
              ],
              text: "METFICTINE 500 mg, comprimé",
            },
            effectivePeriod: { start: "2020-02-01" },
            reasonCode: [{ text: "Diabète de type 2" }],
            dosage: [
              {
                text: "1 comprimé matin et soir",
                patientInstruction: "Pendant le repas",
                timing: { repeat: { frequency: 2, period: 1, periodUnit: "d" } },
                route: {
                  coding: [{ system: "http://standardterms.edqm.eu", code: "20053000", display: "Voie orale" }],
                },
                doseAndRate: [{ doseQuantity: { value: 1, unit: "comprimé" } }],
                maxDosePerPeriod: {
                  numerator: { value: 3, unit: "g", code: "g" },
                  denominator: { value: 1, unit: "d", code: "d" },
                },
              },
            ],
          },
        ],
      }),
      "MedicationStatement",
    );
    expect(treatment).toMatchObject({
      status: "active",
      medicationCodeableConcept: {
        coding: [{ code: "60000001" }, { code: "A10BA02" }],
        text: "METFICTINE 500 mg, comprimé",
      },
      effectivePeriod: { start: "2020-02-01" },
      reasonCode: [{ text: "Diabète de type 2" }],
      dosage: [
        {
          text: "1 comprimé matin et soir",
          patientInstruction: "Pendant le repas",
          timing: { repeat: { frequency: 1, period: 12, periodUnit: "h" } },
          route: { coding: [{ code: "20053000" }] },
          doseAndRate: [{ doseQuantity: { value: 1, unit: "comprimé" } }],
          maxDosePerPeriod: { numerator: { value: 3 } },
        },
      ],
    });
  });

  it("a treatment as needed, one that is not taken, one that was stopped", () => {
    const bundle = again({
      code: "10160-0",
      title: "Traitements",
      facts: (["active", "not-taken", "stopped"] as const).map((status) => ({
        resourceType: "MedicationStatement",
        status,
        subject,
        medicationCodeableConcept: { text: `Produit ${status}` },
        dosage: [{ text: "En cas de douleur", asNeededBoolean: true }],
      })),
    });
    expect(found(bundle, "MedicationStatement").map((one) => one.status)).toEqual(["active", "not-taken", "stopped"]);
    expect(found(bundle, "MedicationStatement")[1]?.medicationCodeableConcept?.text).toBe("Produit not-taken");
    expect(found(bundle, "MedicationStatement")[0]?.dosage?.[0]).toMatchObject({
      text: "En cas de douleur",
      asNeededCodeableConcept: { text: "Si besoin" },
    });
  });

  it("surgery, habits, family history, devices, vaccinations and words without a code", () => {
    const bundle = cdaToFhir(
      fhirToCda(
        documentOf(synthesis, [
          {
            code: "47519-4",
            title: "Antécédents chirurgicaux",
            facts: [
              {
                resourceType: "Procedure",
                status: "completed",
                subject,
                code: { text: "Appendicectomie" },
                performedDateTime: "1999-08",
              },
            ],
          },
          {
            code: "29762-2",
            title: "Mode de vie",
            facts: [
              {
                resourceType: "Observation",
                status: "final",
                code: { coding: [{ system: codeSystem.loinc, code: "72166-2" }], text: "Tabac" },
                effectiveDateTime: "2026-01-12",
                valueString: "N'a jamais fumé",
              },
            ],
          },
          {
            code: "10157-6",
            title: "Antécédents familiaux",
            facts: [
              {
                resourceType: "FamilyMemberHistory",
                status: "completed",
                patient: subject,
                relationship: {
                  coding: [
                    { system: "http://terminology.hl7.org/CodeSystem/v3-RoleCode", code: "MTH", display: "Mère" },
                  ],
                  text: "Mère",
                },
                condition: [{ code: { text: "Hypothyroïdie" } }, { code: { text: "Glaucome" } }],
              },
            ],
          },
          {
            code: "46264-8",
            title: "Dispositifs",
            facts: [
              {
                resourceType: "DeviceUseStatement",
                status: "active",
                subject,
                device: { display: "Stimulateur cardiaque" },
                timingPeriod: { start: "2018-02-03" },
              },
            ],
          },
          {
            code: "11369-6",
            title: "Vaccinations",
            facts: [
              {
                resourceType: "Immunization",
                status: "completed",
                patient: subject,
                vaccineCode: { coding: [{ system: "http://www.whocc.no/atc", code: "J07CA02" }], text: "Vaccin dTcaP" },
                occurrenceDateTime: "2024-10-02",
                lotNumber: "AB12",
                protocolApplied: [{ doseNumberPositiveInt: 3 }],
              },
            ],
          },
          { code: "30954-2", title: "Points de vigilance", text: "Anxiété lors des soins" },
        ]),
      ),
    );
    expect(found(bundle, "Procedure")[0]).toMatchObject({
      code: { text: "Appendicectomie" },
      performedDateTime: "1999-08",
    });
    expect(found(bundle, "Observation")[0]).toMatchObject({
      code: { coding: [{ code: "72166-2" }] },
      valueString: "N'a jamais fumé",
    });
    expect(found(bundle, "FamilyMemberHistory").map((one) => one.condition?.[0]?.code.text)).toEqual([
      "Hypothyroïdie",
      "Glaucome",
    ]);
    expect(found(bundle, "FamilyMemberHistory")[0]?.relationship.coding?.[0]?.code).toBe("MTH");
    expect(found(bundle, "DeviceUseStatement")).toHaveLength(1);
    expect(found(bundle, "Immunization")[0]).toMatchObject({
      occurrenceDateTime: "2024-10-02",
      lotNumber: "AB12",
      protocolApplied: [{ doseNumberPositiveInt: 3 }],
    });
    expect(JSON.stringify(found(bundle, "Composition")[0])).toContain("Anxiété lors des soins");
  });

  it("arranges the sections of the synthesis in its tree, and never lets silence read as absence", () => {
    const view = readCdaView(
      fhirToCda(documentOf(synthesis, [{ code: "11450-4", title: "Pathologies", facts: [diabetes] }])),
    );
    expect(view.sections.map((section) => section.code?.code)).toEqual(["46612-8", "30954-2", "18776-5"]);
    expect(view.sections[0]?.sections[0]?.sections[0]?.title).toBe("Pathologies");
    expect(JSON.stringify(view.sections[2])).toContain("Non renseigné");
  });
});
