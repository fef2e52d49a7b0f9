import { describe, expect, test } from "vitest";
import type { Condition, Device, FhirResource, Observation } from "../../../fhir/index.ts";
import { cdaToFhir } from "../../read/index.ts";
import { fhirToCda } from "./fhir-to-cda.ts";
import { again, documentOf, found, subject, synthesis } from "./test-support.ts";

const sn = "http://snomed.info/sct";
const text = (words: string) => ({ text: words });
const verification = (kind: "condition" | "allergyintolerance", code: string) => ({
  coding: [
    {
      system: `http://terminology.hl7.org/CodeSystem/${kind}-ver${kind === "condition" ? "-status" : "ification"}`,
      code,
    },
  ],
});
const written = (code: string, fact: FhirResource) => again({ code, title: "Section", facts: [fact] });
const notesOf = (fact: { note?: readonly { text: string }[] } | undefined) =>
  (fact?.note ?? []).flatMap((note) => note.text.split("\n"));

describe("what a document writes of a fact", () => {
  test("says at which site a problem is, its stage, and at which age it began", () => {
    const leftKnee = { coding: [{ system: sn, code: "72696002", display: "Genou gauche" }], text: "Genou gauche" };
    const [problem] = found(
      written("11450-4", {
        resourceType: "Condition",
        subject,
        code: text("Arthrose"),
        bodySite: [leftKnee],
        onsetAge: { value: 40, unit: "ans", system: "http://unitsofmeasure.org", code: "a" },
        stage: [{ summary: text("Stade 3") }],
        evidence: [{ code: [text("pincement articulaire")] }],
      }),
      "Condition",
    );
    expect(problem?.bodySite).toEqual([leftKnee]);
    expect(notesOf(problem)).toEqual(
      expect.arrayContaining(["Stade : Stade 3", "Manifestation : pincement articulaire"]),
    );
    expect(JSON.stringify(problem?.extension)).toContain("Début : à 40 ans");
  });

  test("says every manifestation of a reaction, to what, and how it came", () => {
    const [allergy] = found(
      written("48765-2", {
        resourceType: "AllergyIntolerance",
        patient: subject,
        code: text("Pénicillines"),
        reaction: [
          {
            substance: text("Amoxicilline"),
            manifestation: [text("Urticaire"), text("Choc anaphylactique")],
            severity: "severe",
            description: "en dix minutes",
          },
        ],
      }),
      "AllergyIntolerance",
    );
    const manifestations = (allergy?.reaction ?? []).flatMap(({ manifestation }) =>
      manifestation.map((one) => one.text),
    );
    expect(manifestations).toEqual(["Urticaire", "Choc anaphylactique"]);
    expect(notesOf(allergy)).toEqual(expect.arrayContaining(["Substance : Amoxicilline", "Réaction : en dix minutes"]));
  });

  test("says why a treatment was stopped, how an act came out, and that a dose is none", () => {
    const [treatment] = found(
      written("10160-0", {
        resourceType: "MedicationStatement",
        status: "stopped",
        subject,
        medicationCodeableConcept: text("RAMIPRIL"),
        statusReason: [text("toux")],
      }),
      "MedicationStatement",
    );
    expect(notesOf(treatment)).toContain("Motif d'arrêt : toux");
    const [act] = found(
      written("47519-4", {
        resourceType: "Procedure",
        status: "completed",
        subject,
        code: text("Appendicectomie"),
        performedDateTime: "1990",
        complication: [text("hémorragie")],
        outcome: text("échec"),
      }),
      "Procedure",
    );
    expect(notesOf(act)).toEqual(expect.arrayContaining(["Complication : hémorragie", "Issue : échec"]));
    const [vaccination] = found(
      written("11369-6", {
        resourceType: "Immunization",
        status: "completed",
        patient: subject,
        vaccineCode: text("Vaccin"),
        occurrenceDateTime: "2024-10-01",
        isSubpotent: true,
      }),
      "Immunization",
    );
    expect(notesOf(vaccination)).toContain("Dose : insuffisante");
  });

  test("writes the results of a panel that nothing else points at", () => {
    const value = (id: string, words: string, rest: Partial<Observation>): Observation => ({
      resourceType: "Observation",
      id,
      status: "final",
      code: text(words),
      effectiveDateTime: "2026-01-01",
      ...rest,
    });
    const address = (at: number) => `urn:uuid:00000000-0000-4000-8000-00000000000${at}`;
    const panel = value("p", "Hémogramme", { hasMember: [{ reference: address(1) }] });
    const inner = value("i", "Formule", { hasMember: [{ reference: address(2) }, { reference: address(1) }] });
    const bundle = documentOf(synthesis, [{ code: "30954-2", title: "Résultats", facts: [panel] }]);
    const entry = [
      ...(bundle.entry ?? []),
      { fullUrl: address(1), resource: inner },
      { fullUrl: address(2), resource: value("n", "Neutrophiles", { valueQuantity: { value: 4, unit: "G/L" } }) },
    ];
    const results = found(cdaToFhir(fhirToCda({ ...bundle, entry })), "Observation");
    expect(results.map((one) => [one.code.text, one.valueQuantity?.value])).toEqual([
      ["Hémogramme", undefined],
      ["Formule", undefined],
      ["Neutrophiles", 4],
    ]);
  });

  test.each<readonly [string, FhirResource]>([
    [
      "11369-6",
      {
        resourceType: "Immunization",
        status: "entered-in-error",
        patient: subject,
        vaccineCode: text("Erreur"),
        occurrenceDateTime: "2024",
      },
    ],
    [
      "10160-0",
      {
        resourceType: "MedicationStatement",
        status: "entered-in-error",
        subject,
        medicationCodeableConcept: text("Erreur"),
      },
    ],
    [
      "47519-4",
      {
        resourceType: "Procedure",
        status: "entered-in-error",
        subject,
        code: text("Erreur"),
        performedDateTime: "1990",
      },
    ],
    ["30954-2", { resourceType: "Observation", status: "entered-in-error", code: text("Erreur"), valueString: "7" }],
    [
      "10157-6",
      {
        resourceType: "FamilyMemberHistory",
        status: "entered-in-error",
        patient: subject,
        relationship: text("Mère"),
        condition: [{ code: text("Erreur") }],
      },
    ],
    [
      "11450-4",
      {
        resourceType: "Condition",
        subject,
        code: text("Erreur"),
        verificationStatus: verification("condition", "entered-in-error"),
      },
    ],
    [
      "48765-2",
      {
        resourceType: "AllergyIntolerance",
        patient: subject,
        code: text("Erreur"),
        verificationStatus: verification("allergyintolerance", "entered-in-error"),
      },
    ],
  ])("leaves out what was entered in error, in its words too (section %s)", (code, fact) => {
    expect(fhirToCda(documentOf(synthesis, [{ code, title: "Section", facts: [fact] }]))).not.toContain("Erreur");
  });

  test("tells a device from others of its kind: its mark, its maker, its model, and in words its numbers", () => {
    const pacemaker: Device = {
      resourceType: "Device",
      id: "d",
      udiCarrier: [{ carrierHRF: "(01)08714729000001(21)S-1" }],
      manufacturer: "Fabricant Exemple",
      deviceName: [{ name: "Modèle X2", type: "model-name" }],
      version: [{ value: "3.1" }],
      type: text("Stimulateur cardiaque"),
      serialNumber: "S-1",
      lotNumber: "L-9",
      note: [{ text: "Compatible IRM", authorString: "Ada MODELE", time: "2024-05-06" }],
    };
    const bundle = written("46264-8", {
      resourceType: "DeviceUseStatement",
      status: "active",
      subject,
      contained: [pacemaker],
      device: { reference: "#d" },
    });
    const { serialNumber: _serial, lotNumber: _lot, id: _id, type: _type, note, ...placed } = pacemaker;
    expect(found(bundle, "Device")).toEqual([expect.objectContaining(placed)]);
    expect(found(bundle, "Device")[0]?.type?.text).toBe("Stimulateur cardiaque");
    const [use] = found(bundle, "DeviceUseStatement");
    expect(notesOf(use)).toEqual(expect.arrayContaining(["Numéro de série : S-1", "Lot : L-9"]));
    expect(use?.note).toEqual(expect.arrayContaining((note ?? []).map((one) => expect.objectContaining(one))));
  });
});

test("a fact that no section lists is refused with its place: it would be lost", () => {
  const bundle = documentOf(synthesis, [
    { code: "11450-4", title: "Problèmes", facts: [{ resourceType: "Condition", subject, code: text("Asthme") }] },
  ]);
  const lost: Condition = { resourceType: "Condition", subject, code: text("Goutte") };
  const entry = [...(bundle.entry ?? []), { fullUrl: "urn:uuid:lost", resource: lost }];
  expect(() => fhirToCda({ ...bundle, entry })).toThrow(
    expect.objectContaining({ code: "cda-input-unlisted", path: `Bundle.entry[${entry.length - 1}].resource` }),
  );
  const named: Condition = {
    resourceType: "Condition",
    subject,
    code: text("Lithiase"),
    evidence: [{ detail: [{ reference: "urn:uuid:lost" }] }],
  };
  const byName = documentOf(synthesis, [{ code: "11450-4", title: "Problèmes", facts: [named] }]);
  expect(() =>
    fhirToCda({ ...byName, entry: [...(byName.entry ?? []), { fullUrl: "urn:uuid:lost", resource: lost }] }),
  ).toThrow(expect.objectContaining({ code: "cda-input-unlisted" }));
  const inError = {
    ...lost,
    verificationStatus: verification("condition", "entered-in-error"),
  };
  const withError = [...(bundle.entry ?? []), { fullUrl: "urn:uuid:lost", resource: inError }];
  expect(() => fhirToCda({ ...bundle, entry: withError })).not.toThrow();
});
