import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FhirResource } from "../../../fhir/index.ts";
import type { DispenseRequest } from "../../../fhir/renewals.ts";
import { codeSystem, extensionUrl } from "../../../fhir/systems.ts";
import { cdaToFhir } from "../../read/index.ts";
import { fhirToCda } from "./fhir-to-cda.ts";
import { again, documentOf, found, subject, synthesis } from "./test-support.ts";

const ucum = (value: number, code: string, unit = code) => ({ value, unit, system: codeSystem.ucum, code });
const laboratoryReport = "11502-2";

describe("results", () => {
  it("laboratory: value, unit, range, interpretation, comment, and results that are words or bounds", () => {
    const bundle = again(
      {
        code: "18719-5",
        title: "Biochimie",
        facts: [
          {
            resourceType: "Observation",
            status: "final",
            code: { coding: [{ system: codeSystem.loinc, code: "4548-4", display: "HbA1c" }], text: "HbA1c" },
            effectiveDateTime: "2026-01-12T08:00:00+01:00",
            valueQuantity: ucum(7.4, "%"),
            interpretation: [
              { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", code: "H" }] },
            ],
            referenceRange: [{ low: ucum(4, "%"), high: ucum(6, "%") }],
            note: [{ text: "Technique HPLC" }],
          },
          {
            resourceType: "Observation",
            status: "final",
            code: { coding: [{ system: codeSystem.loinc, code: "1988-5" }], text: "CRP" },
            valueQuantity: { ...ucum(5, "mg/L"), comparator: "<" },
          },
          { resourceType: "Observation", status: "preliminary", code: { text: "Aspect" }, valueString: "Limpide" },
        ],
      },
      laboratoryReport,
    );
    const [hba1c, crp, aspect] = found(bundle, "Observation");
    expect(hba1c).toMatchObject({
      code: { coding: [{ system: codeSystem.loinc, code: "4548-4" }], text: "HbA1c" },
      effectiveDateTime: "2026-01-12T08:00:00+01:00",
      valueQuantity: { value: 7.4, code: "%" },
      interpretation: [{ coding: [{ code: "H" }] }],
      referenceRange: [{ low: { value: 4 }, high: { value: 6 } }],
      note: [{ text: "Technique HPLC" }],
    });
    expect(crp?.valueQuantity).toMatchObject({ value: 5, comparator: "<", code: "mg/L" });
    expect(aspect).toMatchObject({ status: "preliminary", valueString: "Limpide" });
  });

  it("the specimen of a result keeps its kind and identifier", () => {
    const result = (code: string, specimen: { reference: string } | { display: string }): FhirResource => ({
      resourceType: "Observation",
      status: "final",
      code: { coding: [{ system: codeSystem.loinc, code }], text: `Analyse ${code}` },
      valueQuantity: ucum(1, "g/L"),
      specimen,
    });
    const bundle = documentOf(laboratoryReport, [
      {
        code: "18719-5",
        title: "Biochimie",
        facts: [result("2345-7", { reference: "urn:uuid:urine" }), result("14749-6", { display: "Sang veineux" })],
      },
    ]);
    const urine: FhirResource = {
      resourceType: "Specimen",
      identifier: [{ system: "urn:oid:1.2.250.1.999.9", value: "TUBE-1" }],
      type: { coding: [{ system: codeSystem.snomed, code: "122575003", display: "Urine" }], text: "Urines de 24 h" },
      subject,
    };
    const read = cdaToFhir(
      fhirToCda({ ...bundle, entry: [...(bundle.entry ?? []), { fullUrl: "urn:uuid:urine", resource: urine }] }),
    );
    expect(found(read, "Specimen")).toMatchObject([
      {
        type: { coding: [{ code: "122575003" }], text: "Urines de 24 h" },
        identifier: [{ system: "urn:oid:1.2.250.1.999.9", value: "TUBE-1" }],
      },
      { type: { text: "Sang veineux" } },
    ]);
    expect(found(read, "Observation").map((each) => each.specimen?.display)).toEqual([
      "Urines de 24 h",
      "Sang veineux",
    ]);
  });

  it("a treatment keeps its days of the week, its length and what a box holds", () => {
    const treatment = (start: string | undefined, repeat: object): FhirResource => ({
      resourceType: "MedicationStatement",
      status: "active",
      subject,
      contained: [
        {
          resourceType: "Medication",
          id: "m",
          code: { text: "FICTIMAB" },
          amount: { numerator: { value: 30, unit: "{tablet}" }, denominator: { value: 1, unit: "Boîte" } },
        },
      ],
      medicationReference: { reference: "#m" },
      ...(start ? { effectivePeriod: { start } } : {}),
      dosage: [{ timing: { repeat } }],
    });
    const bundle = documentOf(synthesis, [
      {
        code: "10160-0",
        title: "Traitements",
        facts: [
          treatment("2026-01-05", { frequency: 2, period: 1, periodUnit: "d", dayOfWeek: ["mon", "thu"] }),
          treatment("2026-01-05", { boundsDuration: ucum(10, "d"), frequency: 1, period: 1, periodUnit: "d" }),
          treatment(undefined, {
            boundsDuration: ucum(10, "d"),
            frequency: 1,
            period: 1,
            periodUnit: "wk",
            dayOfWeek: ["sun"],
          }),
        ],
      },
    ]);
    const read = cdaToFhir(fhirToCda(bundle));
    const [days, bounded, length] = found(read, "MedicationStatement");
    expect(days?.dosage?.[0]?.timing?.repeat).toMatchObject({
      frequency: 1,
      period: 12,
      periodUnit: "h",
      dayOfWeek: ["mon", "thu"],
    });
    expect(bounded?.effectivePeriod).toEqual({ start: "2026-01-05", end: "2026-01-15" });
    expect(length?.dosage?.[0]?.timing?.repeat).toEqual({
      boundsDuration: ucum(10, "d"),
      frequency: 1,
      period: 1,
      periodUnit: "wk",
      dayOfWeek: ["sun"],
    });
    expect(found(read, "Medication")[0]?.amount).toMatchObject({
      numerator: { value: 30 },
      denominator: { value: 1, unit: "Boîte" },
    });
  });

  it("the taking of a sample keeps its time, place, way and reception, numbered or not", () => {
    const taken = (value?: string): FhirResource => ({
      resourceType: "Specimen",
      ...(value ? { identifier: [{ system: "urn:oid:1.2.250.1.999.9", value }] } : {}),
      type: { text: value ? "Urine" : "Sang" },
      subject,
      receivedTime: "2026-01-12T09:00:00+01:00",
      collection: {
        collectedDateTime: value ? "2026-01-11" : "2026-01-12T08:15:00+01:00",
        method: { text: "Ponction" },
        bodySite: { text: "Bras gauche" },
        collector: { display: "Mme PIQUEUSE" },
      },
    });
    const result = (code: string, reference: string, category?: string): FhirResource => ({
      resourceType: "Observation",
      status: "final",
      ...(category ? { category: [{ coding: [{ code: category }] }] } : {}),
      code: { coding: [{ system: codeSystem.loinc, code }], text: `Analyse ${code}` },
      valueQuantity: ucum(1, "g/L"),
      specimen: { reference },
    });
    for (const [type, section, category] of [
      [laboratoryReport, "18719-5", undefined],
      [synthesis, "30954-2", "laboratory"],
    ] as const) {
      const bundle = documentOf(type, [
        {
          code: section,
          title: "Résultats",
          facts: [result("2345-7", "urn:uuid:urine", category), result("14749-6", "urn:uuid:sang", category)],
        },
      ]);
      const samples = [
        { fullUrl: "urn:uuid:urine", resource: taken("TUBE-1") },
        { fullUrl: "urn:uuid:sang", resource: taken() },
      ];
      const xml = fhirToCda({ ...bundle, entry: [...(bundle.entry ?? []), ...samples] });
      const read = cdaToFhir(xml);
      expect(found(read, "Specimen")).toMatchObject([
        {
          identifier: [{ value: "TUBE-1" }],
          receivedTime: "2026-01-12T09:00:00+01:00",
          collection: {
            collectedDateTime: "2026-01-11",
            method: { text: "Ponction" },
            bodySite: { text: "Bras gauche" },
          },
        },
        { type: { text: "Sang" }, collection: { collectedDateTime: "2026-01-12T08:15:00+01:00" } },
      ]);
      expect(found(read, "Specimen")).toHaveLength(2);
      expect(found(read, "Practitioner").some((each) => each.name?.[0]?.family === "Mme PIQUEUSE")).toBe(true);
      expect(found(read, "Observation").flatMap((each) => each.specimen?.display ?? [])).toEqual(["Urine", "Sang"]);
      expect(xml).toContain("12/01/2026");
    }
  });

  it("a report brings its results, and a blood pressure its two values", () => {
    const bundle = documentOf("11488-4", [
      {
        code: "8716-3",
        title: "Mesures",
        facts: [
          {
            resourceType: "Observation",
            status: "final",
            code: { coding: [{ system: codeSystem.loinc, code: "85354-9" }], text: "Tension artérielle" },
            effectiveDateTime: "2026-01-12",
            component: [
              {
                code: { coding: [{ system: codeSystem.loinc, code: "8480-6" }], text: "Systolique" },
                valueQuantity: ucum(128, "mm[Hg]"),
              },
              {
                code: { coding: [{ system: codeSystem.loinc, code: "8462-4" }], text: "Diastolique" },
                valueQuantity: ucum(76, "mm[Hg]"),
              },
            ],
          },
        ],
      },
    ]);
    const values = found(cdaToFhir(fhirToCda(bundle)), "Observation");
    expect(values.map((one) => [one.code.coding?.[0]?.code, one.valueQuantity?.value, one.effectiveDateTime])).toEqual([
      ["8480-6", 128, "2026-01-12"],
      ["8462-4", 76, "2026-01-12"],
    ]);
  });
});

describe("a laboratory report", () => {
  const result: FhirResource = {
    resourceType: "Observation",
    status: "final",
    code: { text: "CRP" },
    effectiveDateTime: "2026-01-12",
    valueQuantity: ucum(5, "mg/L"),
  };
  const report: FhirResource = {
    resourceType: "DiagnosticReport",
    status: "partial",
    code: { text: "Biochimie" },
    effectiveDateTime: "2026-01-12",
    identifier: [{ system: "urn:oid:1.2.3", value: "LABO-7" }],
    issued: "2026-01-13T18:30:00+01:00",
    performer: [{ display: "Laboratoire du Test" }],
    resultsInterpreter: [{ display: "Ida TESTEUR" }],
    conclusion: "Syndrome inflammatoire.",
    conclusionCode: [{ text: "Inflammation" }],
    specimen: [{ display: "Sang veineux" }],
    media: [{ comment: "Cliché 1", link: { display: "Photographie du gel" } }],
    presentedForm: [{ contentType: "application/pdf", title: "Compte rendu signé", data: "JVBERi0xLjQ=" }],
    contained: [{ ...result, id: "crp" }],
    result: [{ reference: "#crp" }],
    subject,
  };
  const read = (type: string) => again({ code: "18719-5", title: "Biochimie", facts: [report] }, type);

  it("keeps who made and who validated it, what it concludes, its state, its files, and the rest in words", () => {
    const bundle = read(laboratoryReport);
    const [one] = found(bundle, "DiagnosticReport");
    expect(one).toMatchObject({
      status: "partial",
      effectiveDateTime: "2026-01-12",
      performer: [{ display: "Laboratoire du Test" }],
      resultsInterpreter: [{ display: "Ida TESTEUR" }],
    });
    expect(one?.conclusion?.split("\n")).toEqual([
      "Syndrome inflammatoire.",
      "Identifiant : LABO-7",
      "Prélèvement : Sang veineux",
      "Émis le : 13/01/2026 à 18 h 30",
      "Conclusion : Inflammation",
      "Illustration : commentaire : Cliché 1, lien : Photographie du gel",
    ]);
    expect(found(bundle, "DocumentReference")[0]?.content[0]?.attachment).toMatchObject({
      contentType: "application/pdf",
      size: 8,
    });
  });

  it("says all of it in words in a letter, which has no entry for a report", () => {
    const bundle = read("11490-0");
    expect(found(bundle, "Observation").some(({ code }) => code.text === "CRP")).toBe(true);
    const words = JSON.stringify(found(bundle, "Composition"));
    for (const one of [
      "Laboratoire du Test",
      "Ida TESTEUR",
      "Statut : partiel",
      "Date : 12/01/2026",
      "Compte rendu signé",
    ])
      expect(words).toContain(one);
  });

  it("writes a result once that its section lists beside it", () => {
    const bundle = documentOf(laboratoryReport, [{ code: "18719-5", title: "Biochimie", facts: [result] }]);
    const [composition] = found(bundle, "Composition");
    const listed = composition?.section?.[0]?.entry ?? [];
    const address = listed[0]?.reference ?? "";
    listed.unshift({ reference: "urn:uuid:report" });
    const resource: FhirResource = { ...report, contained: [], presentedForm: [], result: [{ reference: address }] };
    const entry = [...(bundle.entry ?? []), { fullUrl: "urn:uuid:report", resource }];
    expect(found(cdaToFhir(fhirToCda({ ...bundle, entry })), "Observation")).toHaveLength(1);
  });
});

describe("an observation about somebody else", () => {
  const mother: FhirResource = {
    resourceType: "RelatedPerson",
    id: "mother",
    patient: subject,
    relationship: [{ text: "Mère" }],
    name: [{ family: "TEST", given: ["Marie"] }],
    gender: "female",
    birthDate: "1960-02-03",
  };
  it.each([laboratoryReport, "11490-0"])("never reads as one of the patient (%s)", (type) => {
    const bundle = again(
      {
        code: "18719-5",
        title: "Section",
        facts: [
          {
            resourceType: "Observation",
            status: "final",
            code: { text: "Groupe sanguin" },
            valueString: "A+",
            contained: [mother],
            focus: [{ reference: "#mother" }],
          },
          {
            resourceType: "Observation",
            status: "final",
            code: { text: "Tension" },
            focus: [{ display: "Fœtus" }],
            note: [{ text: "prise debout" }],
            component: [{ code: { text: "Systolique" }, valueInteger: 12 }],
          },
        ],
      },
      type,
    );
    const [blood, pressure] = found(bundle, "Observation").filter(({ code }) => !code.text?.startsWith("Statut"));
    const [person] = found(bundle, "RelatedPerson");
    expect(person).toMatchObject({ relationship: [{ text: "Mère" }], gender: "female", birthDate: "1960-02-03" });
    expect(blood?.focus?.[0]?.display).toContain("TEST");
    expect(pressure).toMatchObject({
      focus: [{ display: "Fœtus" }],
      note: [{ text: "prise debout\nGroupe : Tension" }],
    });
  });
});

describe("R165: prescriptions", () => {
  it("R165: a line is an order, with its renewals and the quantity to deliver", () => {
    const [request] = found(
      again(
        {
          code: "57828-6",
          title: "Prescription",
          facts: [
            {
              resourceType: "MedicationRequest",
              status: "active",
              intent: "order",
              subject,
              medicationCodeableConcept: { text: "METFICTINE 500 mg, comprimé" },
              dosageInstruction: [
                {
                  text: "1 comprimé par jour",
                  timing: { repeat: { frequency: 1, period: 1, periodUnit: "d" } },
                  doseAndRate: [{ doseQuantity: { value: 1, unit: "comprimé" } }],
                },
              ],
              dispenseRequest: {
                validityPeriod: { start: "2026-01-12", end: "2026-04-12" },
                numberOfRepeatsAllowed: 2,
                quantity: { value: 3 },
              },
            },
          ],
        },
        "57833-6",
      ),
      "MedicationRequest",
    );
    expect(request).toMatchObject({
      intent: "order",
      medicationCodeableConcept: { text: "METFICTINE 500 mg, comprimé" },
      dosageInstruction: [{ text: "1 comprimé par jour", doseAndRate: [{ doseQuantity: { value: 1 } }] }],
      dispenseRequest: {
        validityPeriod: { start: "2026-01-12", end: "2026-04-12" },
        numberOfRepeatsAllowed: 2,
        quantity: { value: 3 },
      },
    });
  });

  it("R165: renewals that are not limited, not known or withheld, and those bound to a time, come back as they were", () => {
    const absent = (valueCode: string) => ({
      _numberOfRepeatsAllowed: {
        extension: [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode }],
      },
    });
    const length = { value: 6, unit: "mo", system: "http://unitsofmeasure.org", code: "mo" };
    const renewals: readonly DispenseRequest[] = [
      absent("positive-infinity"),
      absent("unknown"),
      absent("masked"),
      {
        ...absent("positive-infinity"),
        extension: [{ url: extensionUrl.renewalPeriod, valuePeriod: { start: "2026-02-01", end: "2026-12-31" } }],
      },
      {
        numberOfRepeatsAllowed: 2,
        extension: [
          { url: extensionUrl.renewalPeriod, valuePeriod: { start: "2026-02-01" } },
          { url: extensionUrl.renewalPeriod, valueDuration: length },
        ],
      },
    ];
    const written = again(
      {
        code: "57828-6",
        title: "Prescription",
        facts: renewals.map(
          (dispenseRequest, index): FhirResource => ({
            resourceType: "MedicationRequest",
            status: "active",
            intent: "order",
            subject,
            medicationCodeableConcept: { text: `METFICTINE ${index}` },
            dispenseRequest,
          }),
        ),
      },
      "57833-6",
    );
    expect(found(written, "MedicationRequest").map((each) => each.dispenseRequest)).toEqual(renewals);
  });
});

describe("what is planned, met or attached", () => {
  const bundle = again(
    {
      code: "18776-5",
      title: "Suites à donner",
      facts: [
        {
          resourceType: "ServiceRequest",
          status: "active",
          intent: "order",
          priority: "urgent",
          subject,
          code: { text: "Scanner thoracique" },
          occurrenceDateTime: "2026-02-01",
        },
        {
          resourceType: "ServiceRequest",
          status: "active",
          intent: "plan",
          doNotPerform: true,
          subject,
          code: { text: "IRM" },
        },
        {
          resourceType: "ImmunizationRecommendation",
          patient: subject,
          date: "2026-01-01",
          recommendation: [
            {
              vaccineCode: [{ text: "Vaccin grippe" }],
              forecastStatus: { coding: [{ code: "due" }] },
              dateCriterion: [{ code: { coding: [{ code: "30981-5" }] }, value: "2026-10-15" }],
            },
          ],
        },
        {
          resourceType: "Goal",
          lifecycleStatus: "active",
          subject,
          description: { text: "Perdre du poids" },
          target: [{ detailQuantity: ucum(5, "kg"), dueDate: "2026-06-01" }],
        },
        {
          resourceType: "Appointment",
          status: "proposed",
          serviceType: [{ text: "Cardiologie" }],
          requestedPeriod: [{ start: "2026-03-01" }],
          participant: [],
        },
        {
          resourceType: "Encounter",
          status: "finished",
          class: {},
          type: [{ text: "Consultation" }],
          period: { start: "2026-01-12" },
        },
        {
          resourceType: "DocumentReference",
          status: "current",
          content: [{ attachment: { contentType: "application/pdf", data: "JVBERi0xLjcK", title: "Copie" } }],
        },
      ],
    },
    "11490-0",
  );

  it("requests keep what, when, how urgent, and a refusal", () => {
    const [scan, mri] = found(bundle, "ServiceRequest");
    expect(scan).toMatchObject({
      code: { text: "Scanner thoracique" },
      occurrenceDateTime: "2026-02-01",
      priority: "urgent",
      intent: "order",
    });
    expect(mri).toMatchObject({ code: { text: "IRM" }, doNotPerform: true });
  });

  it("vaccines to come, goals and meetings keep their dates", () => {
    expect(found(bundle, "ImmunizationRecommendation")[0]?.recommendation[0]).toMatchObject({
      vaccineCode: [{ text: "Vaccin grippe" }],
      dateCriterion: [{ value: "2026-10-15" }],
    });
    expect(found(bundle, "Goal")[0]).toMatchObject({
      description: { text: "Perdre du poids" },
      target: [{ detailQuantity: { value: 5 }, dueDate: "2026-06-01" }],
    });
    expect(
      found(bundle, "Encounter").some(
        (one) => one.type?.[0]?.text === "Consultation" && one.period?.start === "2026-01-12",
      ),
    ).toBe(true);
  });

  it("an appointment keeps what for and when", () => {
    expect(found(bundle, "Appointment")[0]).toMatchObject({
      status: "proposed",
      serviceType: [{ text: "Cardiologie" }],
      requestedPeriod: [{ start: "2026-03-01" }],
    });
  });

  it("a file keeps its type and size", () => {
    expect(found(bundle, "DocumentReference")[0]?.content[0]?.attachment).toMatchObject({
      contentType: "application/pdf",
      size: 9,
    });
  });
});

describe("whatever the words", () => {
  it("come back as they were, and never as markup or as a disagreement", () => {
    const words = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }).map((text) => `z${text}z`);
    fc.assert(
      fc.property(words, words, (problem, product) => {
        const bundle = cdaToFhir(
          fhirToCda(
            documentOf(synthesis, [
              {
                code: "11450-4",
                title: "Pathologies",
                facts: [{ resourceType: "Condition", subject, code: { text: problem } }],
              },
              {
                code: "10160-0",
                title: "Traitements",
                facts: [
                  {
                    resourceType: "MedicationStatement",
                    status: "active",
                    subject,
                    medicationCodeableConcept: { text: product },
                  },
                ],
              },
            ]),
          ),
        );
        const plain = (text: string) => text.replace(/[\s\u00a0]+/g, " ");
        expect(plain(found(bundle, "Condition")[0]?.code?.text ?? "")).toBe(plain(problem));
        expect(plain(found(bundle, "MedicationStatement")[0]?.medicationCodeableConcept?.text ?? "")).toBe(
          plain(product),
        );
      }),
      { numRuns: 60 },
    );
  });
});
