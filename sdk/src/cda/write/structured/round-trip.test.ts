import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Bundle, CodeableConcept, Dosage, FhirResource } from "../../../fhir/index.ts";
import { codeSystem, identifierSystem } from "../../../fhir/systems.ts";
import { cdaToFhir } from "../../read/index.ts";
import { type DocumentInput, type DocumentSection, documentBundle } from "./document-bundle.ts";
import { fhirToCda } from "./fhir-to-cda.ts";

const subject = { reference: "urn:uuid:somebody" };
const patient: DocumentInput["patient"] = {
  ins: { system: identifierSystem.insTest, value: "279035121518989" },
  birthName: "EXEMPLE",
  firstGivenName: "DOMINIQUE",
  birthGivenNames: ["DOMINIQUE"],
  sex: "female",
  birthDate: "1979-03-28",
  birthPlaceCode: "51215",
};
const author: DocumentInput["author"] = {
  rpps: "10000000012",
  family: "MARTIN",
  given: "Paul",
  profession: "G15_10",
  specialty: "SM26",
  organization: { id: "1750000012", name: "Cabinet", facilityType: "SA07", practiceSetting: "AMBULATOIRE" },
};

const atc = "http://www.whocc.no/atc";
const icd10 = "http://hl7.org/fhir/sid/icd-10";

/** Words of any signs that XML and narratives care for; a first letter keeps them from being blank or a denial. */
const words = fc
  .array(fc.constantFrom(..."aéœçZ09&<>\"' .,;:/%µ"), { maxLength: 12 })
  .map((letters) => `Mot${letters.join("")}`.replace(/\s+/g, " ").trim());
const code = fc.stringMatching(/^[A-Z][0-9]{2}[A-Z0-9]{0,3}$/);
const day = fc
  .date({ min: new Date("1950-01-01"), max: new Date("2025-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const concept = (...systems: readonly string[]) =>
  fc.record({ code, text: words, system: fc.constantFrom(...systems) }).map(
    (one): CodeableConcept => ({
      coding: [{ system: one.system, code: one.code, display: one.text }],
      text: one.text,
    }),
  );
const amount = fc.integer({ min: 1, max: 99_999 }).map((value) => value / 100);
const quantity = amount.map((value) => ({ value, unit: "mg", system: codeSystem.ucum, code: "mg" }));
const note = fc.option(words, { nil: undefined }).map((text) => (text ? { note: [{ text }] } : {}));
const clinical = (system: string, status: string) => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code: status }],
});
/** Lengths of treatments: days and weeks after a known start give an end, which other tests hold. */
const lengthIn = (...units: readonly string[]) =>
  fc
    .record({ value: fc.integer({ min: 1, max: 40 }), unit: fc.constantFrom(...units) })
    .map(({ value, unit }) => ({ value, unit, system: codeSystem.ucum, code: unit }));
const rhythm = fc.oneof(
  fc.constantFrom(6, 8, 12, 24).map((hours) => ({ frequency: 1, period: hours, periodUnit: "h" as const })),
  fc
    .subarray(["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const, { minLength: 1 })
    .map((days) => ({ frequency: days.length, period: 1, periodUnit: "wk" as const, dayOfWeek: [...days] })),
);
const dosageFor = (...units: readonly string[]) =>
  fc.record({ amount: quantity, rhythm, length: fc.option(lengthIn(...units), { nil: undefined }) }).map((one) => [
    {
      timing: { repeat: { ...one.rhythm, ...(one.length ? { boundsDuration: one.length } : {}) } },
      doseAndRate: [{ doseQuantity: one.amount }],
    },
  ]);
const dosage = dosageFor("d", "wk", "mo");

/** Sections and what may stand in them. */
const kinds: Readonly<Record<string, fc.Arbitrary<FhirResource>>> = {
  "11450-4": fc.record({ what: concept(icd10, codeSystem.snomed), day, note, isRefuted: fc.boolean() }).map((one) => ({
    resourceType: "Condition",
    subject,
    code: one.what,
    ...(one.isRefuted
      ? { verificationStatus: clinical("condition-ver-status", "refuted") }
      : { clinicalStatus: clinical("condition-clinical", "active") }),
    onsetDateTime: one.day,
    ...one.note,
  })),
  "48765-2": fc.record({ what: concept(atc, codeSystem.snomed), day, note }).map((one) => ({
    resourceType: "AllergyIntolerance",
    patient: subject,
    clinicalStatus: clinical("allergyintolerance-clinical", "active"),
    code: one.what,
    onsetDateTime: one.day,
    ...one.note,
  })),
  "10160-0": fc
    .record({ what: concept(atc), start: day, dosage: dosageFor("mo", "a"), note, isTaken: fc.boolean() })
    .map((one) => ({
      resourceType: "MedicationStatement",
      status: one.isTaken ? "active" : "not-taken",
      subject,
      medicationCodeableConcept: one.what,
      effectivePeriod: { start: one.start },
      dosage: one.dosage,
      ...one.note,
    })),
  "57828-6": fc.oneof(
    fc.record({ what: concept(atc), dosage, note, repeats: fc.nat(5), lasts: lengthIn("d", "wk", "mo") }).map(
      (one): FhirResource => ({
        resourceType: "MedicationRequest",
        status: "active",
        intent: "order",
        subject,
        medicationCodeableConcept: one.what,
        dosageInstruction: one.dosage,
        dispenseRequest: { numberOfRepeatsAllowed: one.repeats, expectedSupplyDuration: one.lasts },
        ...one.note,
      }),
    ),
    fc.record({ what: concept(codeSystem.snomed), start: day, note }).map(
      (one): FhirResource => ({
        resourceType: "DeviceRequest",
        status: "active",
        intent: "order",
        subject,
        codeCodeableConcept: one.what,
        occurrencePeriod: { start: one.start },
        ...one.note,
      }),
    ),
  ),
  "60590-7": fc
    .record({ what: concept(atc), day, quantity, dosage, note, who: words, isDone: fc.boolean() })
    .map((one) => ({
      resourceType: "MedicationDispense",
      status: one.isDone ? "completed" : "declined",
      subject,
      medicationCodeableConcept: one.what,
      whenHandedOver: one.day,
      quantity: one.quantity,
      dosageInstruction: one.dosage,
      performer: [{ actor: { display: one.who } }],
      ...one.note,
    })),
  "46264-8": fc.record({ what: concept(codeSystem.snomed), day, quantity, who: words }).map((one) => ({
    resourceType: "SupplyDelivery",
    status: "completed",
    patient: subject,
    suppliedItem: { itemCodeableConcept: one.what, quantity: one.quantity },
    occurrenceDateTime: one.day,
    supplier: { display: one.who },
  })),
  "42348-3": fc.record({ what: concept(codeSystem.loinc), day, isAllowed: fc.boolean() }).map((one) => ({
    resourceType: "Consent",
    status: "active",
    scope: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/consentscope", code: "adr" }] },
    category: [one.what],
    patient: subject,
    provision: { type: one.isAllowed ? "permit" : "deny", period: { start: one.day }, code: [one.what] },
  })),
  "11369-6": fc
    .record({ what: concept(atc), day, lot: code, rank: fc.integer({ min: 1, max: 5 }), note, isDone: fc.boolean() })
    .map((one) => ({
      resourceType: "Immunization",
      status: one.isDone ? "completed" : "not-done",
      patient: subject,
      vaccineCode: one.what,
      occurrenceDateTime: one.day,
      lotNumber: one.lot,
      ...(one.isDone ? { protocolApplied: [{ doseNumberPositiveInt: one.rank }] } : {}),
      ...one.note,
    })),
  "44939-7": fc.record({ what: concept(codeSystem.snomed), day, suspect: words }).map((one) => ({
    resourceType: "AdverseEvent",
    actuality: "actual",
    subject,
    event: one.what,
    date: one.day,
    suspectEntity: [{ instance: { display: one.suspect } }],
  })),
  "55111-9": fc.record({ what: concept(atc), day, quantity, note, isDone: fc.boolean() }).map((one) => ({
    resourceType: "MedicationAdministration",
    status: one.isDone ? "completed" : "not-done",
    subject,
    medicationCodeableConcept: one.what,
    effectiveDateTime: one.day,
    dosage: { dose: one.quantity },
    ...one.note,
  })),
  "47519-4": fc.record({ what: concept(codeSystem.snomed), day, note, isDone: fc.boolean() }).map((one) => ({
    resourceType: "Procedure",
    status: one.isDone ? "completed" : "not-done",
    subject,
    code: one.what,
    performedDateTime: one.day,
    ...one.note,
  })),
  "30954-2": fc.record({ what: concept(codeSystem.loinc), day, quantity, note }).map((one) => ({
    resourceType: "Observation",
    status: "final",
    subject,
    code: one.what,
    effectiveDateTime: one.day,
    valueQuantity: one.quantity,
    ...one.note,
  })),
  "18776-5": fc.oneof(
    fc.record({ what: concept(codeSystem.snomed), day, note }).map(
      (one): FhirResource => ({
        resourceType: "ServiceRequest",
        status: "active",
        intent: "plan",
        subject,
        code: one.what,
        occurrenceDateTime: one.day,
        ...one.note,
      }),
    ),
    fc.record({ what: concept(codeSystem.snomed), quantity, day }).map(
      (one): FhirResource => ({
        resourceType: "Goal",
        lifecycleStatus: "proposed",
        subject,
        description: one.what,
        target: [{ detailQuantity: one.quantity, dueDate: one.day }],
      }),
    ),
  ),
};

const sectionsAmong = (codes: readonly string[]): fc.Arbitrary<readonly DocumentSection[]> =>
  fc
    .subarray([...codes], { minLength: 1 })
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map((section) =>
          fc
            .array(kinds[section] as fc.Arbitrary<FhirResource>, { minLength: 1, maxLength: 3 })
            .map((facts): DocumentSection => ({ code: section, title: `Section ${section}`, facts })),
        ),
      ),
    );

/** What a fact says, whatever else a reader adds to it: kind, code, words, polarity, days, amounts, comments. */
function said(resource: FhirResource): string | undefined {
  const flat = JSON.stringify(resource, (key, value) =>
    ["extension", "category", "meta", "id", "subject", "patient", "actor", "supplier"].includes(key)
      ? undefined
      : value,
  );
  const own = JSON.parse(flat) as Record<string, unknown>;
  const main = (own.code ??
    own.vaccineCode ??
    own.medicationCodeableConcept ??
    own.codeCodeableConcept ??
    own.event ??
    own.description ??
    (own.suppliedItem as { itemCodeableConcept?: unknown } | undefined)?.itemCodeableConcept ??
    (own.provision as { code?: unknown[] } | undefined)?.code?.[0]) as CodeableConcept | undefined;
  if (!main) return undefined;
  const provision = own.provision as { type?: string } | undefined;
  const verification = own.verificationStatus as CodeableConcept | undefined;
  const days = [...new Set(flat.match(/\b\d{4}-\d\d-\d\d\b/g) ?? [])].sort();
  const amounts = [...new Set(flat.match(/"value":[\d.]+/g) ?? [])].sort();
  const notes = ((own.note ?? []) as { text: string }[]).map(({ text }) => text).filter((text) => /^Mot/.test(text));
  return JSON.stringify([
    resource.resourceType,
    main.coding?.map((coding) => [coding.system, coding.code, coding.display]),
    main.text,
    own.status ?? provision?.type ?? verification?.coding?.[0]?.code,
    days,
    amounts,
    notes,
    rhythmOf(own.dosage ?? own.dosageInstruction),
    own.lotNumber,
    (own.protocolApplied as { doseNumberPositiveInt?: number }[] | undefined)?.[0]?.doseNumberPositiveInt,
  ]);
}

function rhythmOf(dosages: unknown): unknown {
  const { frequency, period, periodUnit, dayOfWeek, boundsDuration } =
    (dosages as Dosage[] | undefined)?.[0]?.timing?.repeat ?? {};
  return [frequency, period, periodUnit, dayOfWeek, boundsDuration];
}

const statements = (resources: readonly FhirResource[], kindsWanted: ReadonlySet<string>) =>
  resources
    .filter((resource) => kindsWanted.has(resource.resourceType))
    .flatMap((resource) => said(resource) ?? [])
    .sort();

describe("cdaToFhir(fhirToCda(x)) keeps every fact", () => {
  it.each([
    ["a synthesis", "SYNTH", author, Object.keys(kinds)],
    ["a discharge letter", "11490-0", author, Object.keys(kinds)],
    ["a vaccination note", "87273-9", author, ["11369-6"]],
    ["a vaccination note by the patient", "87273-9", "patient", ["11369-6"]],
    ["the patient's own profile", "DOCPAT08", "patient", Object.keys(kinds)],
  ] as const)("of %s, whatever it holds", (_name, type, by, codes) => {
    fc.assert(
      fc.property(sectionsAmong(codes), (given) => {
        const bundle: Bundle = documentBundle({
          uniqueId: "urn:oid:1.2.250.1.999.1.1.77",
          type,
          title: "Document",
          date: "2026-01-15T10:30:00+01:00",
          patient,
          author: by,
          sections: given,
        });
        const facts = given.flatMap((section) => section.facts ?? []);
        const wanted = new Set<string>(facts.map((fact) => fact.resourceType));
        const again = cdaToFhir(fhirToCda(bundle));
        const read = (again.entry ?? []).flatMap(({ resource }) => {
          // The status of the letter stands in it whatever it holds.
          const isStatus = resource?.resourceType === "Observation" && resource.code.coding?.[0]?.code === "GEN-065";
          return resource && !isStatus ? [resource] : [];
        });
        expect(statements(read, wanted)).toEqual(statements(facts, wanted));
      }),
      { numRuns: 40 },
    );
  });
});
