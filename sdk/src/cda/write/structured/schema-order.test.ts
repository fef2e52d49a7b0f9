import { describe, expect, it } from "vitest";
import type { FhirResource } from "../../../fhir/index.ts";
import { codeSystem, identifierSystem } from "../../../fhir/systems.ts";
import { computeInsKey } from "../../../identity/index.ts";
import { attribute, children, parseCda, type XmlElement } from "../../read/xml.ts";
import { documentBundle } from "./document-bundle.ts";
import { fhirToCda } from "./fhir-to-cda.ts";
import { withHeader } from "./header/test-support.ts";

/** Order of the children in the CDA R2 schema (POCD_MT000040), for the elements that this project writes. */
const act =
  "templateId id code text statusCode effectiveTime priorityCode subject specimen performer author informant participant entryRelationship reference precondition";
const order: Readonly<Record<string, string>> = {
  ClinicalDocument:
    "realmCode typeId templateId id code title effectiveTime confidentialityCode languageCode setId versionNumber recordTarget author dataEnterer " +
    "informant custodian informationRecipient legalAuthenticator authenticator participant documentationOf relatedDocument componentOf component",
  patientRole: "id addr telecom patient",
  patient: "name administrativeGenderCode birthTime guardian birthplace",
  guardian: "id code addr telecom guardianPerson",
  author: "functionCode time assignedAuthor",
  assignedAuthor: "id code addr telecom assignedPerson assignedAuthoringDevice representedOrganization",
  assignedAuthoringDevice: "code manufacturerModelName softwareName",
  intendedRecipient: "id addr telecom informationRecipient receivedOrganization",
  associatedEntity: "id code addr telecom associatedPerson scopingOrganization",
  legalAuthenticator: "time signatureCode assignedEntity",
  authenticator: "time signatureCode assignedEntity",
  encounterParticipant: "time assignedEntity",
  assignedEntity: "id code addr telecom assignedPerson representedOrganization",
  representedOrganization: "id name telecom addr standardIndustryClassCode asOrganizationPartOf",
  scopingOrganization: "id name telecom addr standardIndustryClassCode asOrganizationPartOf",
  serviceProviderOrganization: "id name telecom addr standardIndustryClassCode asOrganizationPartOf",
  relatedEntity: "code addr telecom relatedPerson",
  serviceEvent: "code effectiveTime performer",
  encompassingEncounter:
    "id code effectiveTime dischargeDispositionCode responsibleParty encounterParticipant location",
  healthCareFacility: "id code location serviceProviderOrganization",
  section: "templateId id code title text entry component",
  act,
  observation:
    "templateId id code text statusCode effectiveTime value interpretationCode methodCode targetSiteCode subject specimen performer author participant entryRelationship referenceRange",
  substanceAdministration:
    "templateId id code text statusCode effectiveTime priorityCode repeatNumber routeCode approachSiteCode doseQuantity rateQuantity maxDoseQuantity consumable performer author entryRelationship precondition",
  encounter:
    "templateId id code text statusCode effectiveTime priorityCode performer author participant entryRelationship",
  procedure:
    "templateId id code text statusCode effectiveTime priorityCode methodCode approachSiteCode targetSiteCode performer author participant entryRelationship",
  supply:
    "templateId id code text statusCode effectiveTime priorityCode repeatNumber independentInd quantity expectedUseTime subject specimen product performer author informant participant entryRelationship",
  organizer: "templateId id code statusCode effectiveTime subject performer author component",
  relatedSubject: "code subject",
  manufacturedMaterial: "code name pharm:formCode lotNumberText pharm:expirationTime pharm:asContent pharm:ingredient",
  observationRange: "text value interpretationCode",
  criterion: "code text",
  performer: "templateId sdtc:functionCode time assignedEntity",
  manufacturedProduct: "templateId manufacturedMaterial manufacturerOrganization",
  entryRelationship: "sequenceNumber act observation procedure substanceAdministration supply",
};

const subject = { reference: "urn:uuid:somebody" };
const words = (text: string) => ({ text });
const who = { display: "Ada UN" };
const clinical = { coding: [{ code: "active" }] };
const quantity = (value: number) => ({ value, unit: "mg", system: codeSystem.ucum, code: "mg" });

/** Facts that use every place an entry has. */
const facts: Readonly<Record<string, readonly FhirResource[]>> = {
  "11450-4": [
    {
      resourceType: "Condition",
      subject,
      clinicalStatus: clinical,
      verificationStatus: { coding: [{ code: "confirmed" }] },
      severity: words("grave"),
      code: words("Asthme"),
      onsetDateTime: "2001",
      recordedDate: "2002",
      asserter: who,
      bodySite: [words("poumon")],
      note: [
        words("suivi"),
        { text: "vu", authorString: "Ada UN", time: "2024-01-02" },
        { text: "daté", time: "2024" },
      ],
    },
  ],
  "48765-2": [
    {
      resourceType: "AllergyIntolerance",
      patient: subject,
      clinicalStatus: clinical,
      verificationStatus: { coding: [{ code: "confirmed" }] },
      criticality: "high",
      recordedDate: "2002",
      asserter: who,
      code: words("Arachide"),
      note: [words("trousse d'urgence")],
      reaction: [{ manifestation: [words("Urticaire")], severity: "severe" }, { manifestation: [words("Malaise")] }],
    },
  ],
  "10160-0": [
    {
      resourceType: "MedicationStatement",
      status: "active",
      subject,
      medicationReference: { reference: "#m" },
      contained: [
        {
          resourceType: "Medication",
          id: "m",
          code: words("Produit"),
          form: words("comprimé"),
          batch: { lotNumber: "A1", expirationDate: "2027-01" },
          amount: { numerator: { value: 30, unit: "{tablet}" }, denominator: { value: 1, unit: "boîte" } },
          ingredient: [
            {
              itemCodeableConcept: words("Substance"),
              strength: { numerator: quantity(5), denominator: { value: 1 } },
            },
          ],
        },
      ],
      effectivePeriod: { start: "2020", end: "2030" },
      reasonCode: [words("Asthme"), words("Toux")],
      dateAsserted: "2020",
      informationSource: who,
      note: [words("bien supporté")],
      dosage: [
        {
          text: "1 le matin",
          patientInstruction: "avec de l'eau",
          asNeededBoolean: true,
          route: words("orale"),
          site: words("bouche"),
          timing: { repeat: { when: ["ACM"], offset: 30, timeOfDay: ["08:00:00", "20:00:00"] } },
          doseAndRate: [{ doseRange: { low: quantity(1), high: quantity(2) }, rateQuantity: quantity(3) }],
          maxDosePerPeriod: { numerator: quantity(4), denominator: { value: 1, unit: "d", code: "d" } },
        },
        {
          sequence: 2,
          text: "puis 2 le soir",
          patientInstruction: "au calme",
          asNeededBoolean: true,
          route: words("orale"),
          site: words("bouche"),
          maxDosePerPeriod: { numerator: quantity(4), denominator: { value: 1, unit: "d", code: "d" } },
          timing: { repeat: { boundsPeriod: { start: "2026-02-01" }, frequency: 1, period: 1, periodUnit: "d" } },
        },
      ],
    },
  ],
  "57828-6": [
    {
      resourceType: "MedicationRequest",
      status: "active",
      intent: "order",
      priority: "urgent",
      subject,
      authoredOn: "2026-01-02",
      requester: who,
      performer: who,
      identifier: [{ system: "urn:oid:1.2.3", value: "P-1" }],
      substitution: { allowedBoolean: false, reason: words("excipient") },
      medicationCodeableConcept: words("Produit"),
      dispenseRequest: {
        numberOfRepeatsAllowed: 1,
        quantity: { value: 2 },
        expectedSupplyDuration: { value: 30, code: "d" },
      },
      dosageInstruction: [
        {
          text: "1 le lundi",
          timing: {
            repeat: {
              boundsDuration: { value: 3, code: "mo" },
              frequency: 1,
              period: 1,
              periodUnit: "wk",
              dayOfWeek: ["mon"],
            },
          },
        },
      ],
    },
  ],
  "11369-6": [
    {
      resourceType: "Immunization",
      status: "completed",
      patient: subject,
      vaccineCode: words("Vaccin"),
      occurrenceDateTime: "2024",
      lotNumber: "B2",
      expirationDate: "2025-01-01",
      route: words("IM"),
      site: words("bras"),
      doseQuantity: quantity(1),
      protocolApplied: [{ doseNumberString: "rappel" }],
      reasonCode: [words("rappel"), words("voyage")],
      recorded: "2024",
      performer: [{ actor: who }],
      manufacturer: { display: "Fabricant" },
      note: [words("bien supporté")],
    },
  ],
  "47519-4": [
    {
      resourceType: "Procedure",
      status: "completed",
      subject,
      code: words("Acte"),
      performedPeriod: { start: "2001-01-01", end: "2001-01-02" },
      bodySite: [words("genou")],
      reasonCode: [words("douleur"), words("raideur")],
      performer: [{ actor: who, function: { coding: [{ system: codeSystem.snomed, code: "1" }] } }],
      recorder: who,
      usedCode: [words("vis")],
      note: [words("simple")],
    },
  ],
  "10157-6": [
    {
      resourceType: "FamilyMemberHistory",
      status: "completed",
      patient: subject,
      relationship: words("Mère"),
      sex: { coding: [{ code: "female" }] },
      name: "Louise",
      bornDate: "1940",
      deceasedDate: "2010",
      condition: [{ code: words("Asthme"), onsetAge: { value: 4, code: "a" }, contributedToDeath: true }],
      note: [words("su par la patiente")],
    },
  ],
  "46264-8": [
    {
      resourceType: "DeviceUseStatement",
      subject,
      status: "on-hold",
      recordedOn: "2020",
      source: who,
      reasonCode: [words("arthrose")],
      device: { display: "Prothèse" },
      note: [words("IRM possible")],
    },
  ],
  "30954-2": [
    {
      resourceType: "Observation",
      status: "final",
      category: [{ coding: [{ code: "laboratory" }] }],
      code: words("CRP"),
      effectiveDateTime: "2026-01-01",
      valueQuantity: quantity(3),
      interpretation: [{ coding: [{ code: "N" }] }, words("à revoir")],
      performer: [who],
      issued: "2026-01-02T08:00:00Z",
      method: words("méthode"),
      bodySite: words("bras"),
      specimen: { reference: "#s" },
      contained: [
        {
          resourceType: "Specimen",
          id: "s",
          type: words("Sang"),
          receivedTime: "2026-01-02",
          collection: {
            collectedDateTime: "2026-01-01",
            method: words("ponction"),
            bodySite: words("bras"),
            collector: { display: "PIQUEUSE" },
          },
        },
      ],
      referenceRange: [{ high: quantity(5) }, { text: "selon l'âge" }],
      note: [words("à jeun")],
    },
  ],
  "8716-3": [
    {
      resourceType: "Observation",
      status: "final",
      code: words("Poids"),
      effectiveDateTime: "2026-01-01",
      valueQuantity: quantity(3),
    },
  ],
  "29762-2": [{ resourceType: "Observation", status: "final", code: words("Tabac"), valueString: "jamais" }],
  "10162-6": [
    { resourceType: "Observation", status: "final", code: words("Grossesse"), valueCodeableConcept: words("en cours") },
  ],
};

/** Facts of plans, files and meetings. */
/** Supplies: what is prescribed, handed over or not; and what the patient wills. */
const supplies: Readonly<Record<string, readonly FhirResource[]>> = {
  "60590-7": [
    {
      resourceType: "MedicationDispense",
      status: "declined",
      medicationCodeableConcept: words("Ibuprofène"),
      whenHandedOver: "2026-01-12",
      quantity: quantity(2),
      performer: [{ actor: { display: "Pharmacie des Lilas" } }],
      dosageInstruction: [
        {
          doseAndRate: [{ doseQuantity: quantity(1) }],
          route: words("Voie orale"),
          asNeededCodeableConcept: words("douleur"),
        },
      ],
      substitution: {
        wasSubstituted: true,
        type: { coding: [{ system: "urn:oid:2.16.840.1.113883.5.1070", code: "G" }] },
      },
      note: [{ text: "À revoir" }],
    },
  ],
  "44939-7": [
    {
      resourceType: "AdverseEvent",
      actuality: "actual",
      subject,
      event: {
        coding: [
          { system: codeSystem.snomed, code: "79899007", display: "interaction" },
          { system: codeSystem.snomed, code: "422587007", display: "nausée" },
        ],
      },
      date: "2026-01-12",
      seriousness: { coding: [{ system: codeSystem.snomed, code: "1", display: "grave" }] },
      suspectEntity: [{ instance: { display: "Ibuprofène" }, causality: [{ assessment: words("probable") }] }],
    },
  ],
  "55111-9": [
    {
      resourceType: "MedicationAdministration",
      status: "completed",
      subject,
      medicationCodeableConcept: words("Produit de contraste"),
      effectiveDateTime: "2026-01-12",
      dosage: { dose: quantity(20), route: words("Voie intraveineuse") },
      performer: [{ actor: who }],
      note: [{ text: "Bien toléré" }],
    },
  ],
  "46240-8": [
    {
      resourceType: "Encounter",
      status: "cancelled",
      class: { code: "AMB" },
      type: [words("Consultation")],
      priority: words("urgent"),
      participant: [{ individual: who }],
      location: [{ location: { display: "Clinique" } }],
      reasonCode: [words("toux")],
    },
    {
      resourceType: "Appointment",
      status: "cancelled",
      description: "Contrôle",
      participant: [{ status: "accepted", actor: who }],
    },
  ],
  "42348-3": [
    {
      resourceType: "Consent",
      status: "active",
      scope: {},
      category: [],
      dateTime: "2026-01-11",
      performer: [who, { display: "Ida DEUX" }],
      provision: { type: "deny", period: { start: "2026-01-12" }, code: [words("Réanimation")] },
    },
  ],
  "46264-9": [
    {
      resourceType: "DeviceRequest",
      intent: "order",
      subject,
      codeCodeableConcept: words("Canne"),
      occurrencePeriod: { start: "2026-01-12" },
      status: "on-hold",
      authoredOn: "2026-01-11",
      requester: who,
      performer: who,
      reasonCode: [words("chute")],
      note: [{ text: "Pour la marche" }],
    },
    {
      resourceType: "SupplyDelivery",
      suppliedItem: { itemCodeableConcept: words("Canne"), quantity: quantity(1) },
      occurrenceDateTime: "2026-01-12",
      supplier: { display: "Pharmacie des Lilas" },
    },
  ],
};

const plans: readonly FhirResource[] = [
  {
    resourceType: "ServiceRequest",
    status: "active",
    intent: "order",
    priority: "urgent",
    subject,
    code: words("Scanner"),
    occurrenceDateTime: "2026-02-01",
    bodySite: [words("thorax")],
    reasonCode: [words("toux")],
    authoredOn: "2026-01-11",
    requester: who,
    performer: [who],
    note: [words("à jeun")],
  },
  {
    resourceType: "ImmunizationRecommendation",
    patient: subject,
    date: "2026-01-01",
    recommendation: [
      {
        vaccineCode: [words("Grippe")],
        forecastStatus: words("due"),
        dateCriterion: [{ code: words("dès"), value: "2026-10-15" }],
        description: "chaque automne",
      },
    ],
  },
  {
    resourceType: "Goal",
    lifecycleStatus: "active",
    subject,
    description: words("Perdre du poids"),
    target: [{ detailQuantity: quantity(5), dueDate: "2026-06-01" }],
    note: [words("sans hâte")],
  },
  {
    resourceType: "Encounter",
    status: "finished",
    class: { code: "AMB" },
    type: [words("Consultation")],
    period: { start: "2026-01-12" },
    reasonCode: [words("toux")],
  },
  {
    resourceType: "DocumentReference",
    status: "current",
    content: [{ attachment: { contentType: "application/pdf", data: "JVBERi0xLjcK", title: "Copie du compte rendu" } }],
  },
];

function everyElement(element: XmlElement): readonly XmlElement[] {
  return [element, ...children(element).flatMap(everyElement)];
}

describe.each(["SYNTH", "11502-2", "11490-0", "57833-6", "11369-6", "11488-4"])("a document of type %s", (type) => {
  const xml = fhirToCda(
    withHeader(
      documentBundle({
        uniqueId: "urn:oid:1.2.250.1.999.1.1.90",
        type,
        title: "Document fictif",
        date: "2026-01-15T10:30:00+01:00",
        act: { start: "2026-01-12", end: "2026-01-14" },
        replaces: "urn:oid:1.2.250.1.999.1.1.89",
        patient: {
          ins: { system: identifierSystem.insTest, value: `2850578006084${computeInsKey("2850578006084")}` },
          birthName: "LEPRÊTRE",
          firstGivenName: "CAMILLE",
          birthGivenNames: ["CAMILLE"],
          sex: "female",
          birthDate: "1985-05-12",
          birthPlaceCode: "2A004",
        },
        author: {
          rpps: "10000000012",
          family: "MARTIN",
          given: "Paul",
          profession: "G15_10",
          specialty: "SM26",
          organization: { id: "1750000012", name: "Cabinet", facilityType: "SA07", practiceSetting: "AMBULATOIRE" },
        },
        sections: Object.entries({ ...facts, ...supplies, "18776-5": plans }).map(([code, own]) => ({
          code,
          title: `Section ${code}`,
          facts: own,
          text: "Quelques mots",
        })),
      }),
      { reasonCode: [words("malaise")] },
    ),
  );
  const elements = everyElement(parseCda(xml).root);

  it("keeps the order of the CDA schema everywhere", () => {
    for (const element of elements) {
      const expected = order[element.name]?.split(" ");
      if (!expected || element.parent?.name === "subject") continue;
      const names = children(element).map((child) => child.name);
      const places = names.map((name) => expected.indexOf(name));
      expect(places, `${element.name}: ${names.join(" ")}`).not.toContain(-1);
      expect(places, `${element.name}: ${names.join(" ")}`).toEqual([...places].sort((one, other) => one - other));
    }
  });

  it("points only to words that are there, each under an ID of its own", () => {
    const ids = elements.flatMap((element) => attribute(element, "ID") ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const references = elements.flatMap((element) =>
      element.name === "reference" ? (attribute(element, "value") ?? []) : [],
    );
    expect(references.length).toBeGreaterThan(30);
    for (const reference of references) expect(ids, reference).toContain(reference.slice(1));
  });

  it("gives each entry an identifier of its own", () => {
    // The number of a sample is that of its tube: said where it was taken, and where something was found in it.
    const roots = elements.flatMap((element) =>
      element.name === "id" &&
      element.parent?.name !== "specimenRole" &&
      /^[0-9A-F-]{36}$/.test(attribute(element, "root") ?? "")
        ? [attribute(element, "root")]
        : [],
    );
    expect(new Set(roots).size).toBe(roots.length);
  });
});
