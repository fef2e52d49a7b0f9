/** Small documents to compose summaries of; people and documents are fictitious. */
import type {
  AllergyIntolerance,
  Bundle,
  Coding,
  Composition,
  Condition,
  FhirResource,
  MedicationDispense,
  MedicationRequest,
  MedicationStatement,
  Observation,
} from "fhir/r4.js";
import { extensionUrl, identifierSystem } from "../fhir/systems.ts";
import { summarise } from "./index.ts";

export const ins = { system: identifierSystem.insTest, value: "279035121518989" };
export const patient = (value = ins.value): FhirResource => ({
  resourceType: "Patient",
  id: "p",
  identifier: [{ system: ins.system, value }],
  name: [{ use: "official", family: "MARTIN", given: ["CAMILLE"] }],
  gender: "female",
  birthDate: "1979-03-12",
});

export interface DocumentOptions {
  readonly date?: string;
  readonly replaces?: string;
  readonly setId?: string;
  readonly version?: number;
  readonly ins?: string;
  readonly section?: string;
  /** Code of the document's type, for example `REMB`. */
  readonly type?: string;
  readonly status?: Composition["status"];
}

/** A document of one section; facts point at its patient and author by relative references, as many documents do. */
export function letter(id: string, facts: readonly FhirResource[], options: DocumentOptions = {}): Bundle {
  const { date = "2026-01-01T10:00:00Z", replaces, setId, version } = options;
  const composition: Composition = {
    resourceType: "Composition",
    id: "c",
    status: options.status ?? "final",
    type: options.type ? { coding: [{ code: options.type }] } : {},
    date,
    title: "Document",
    subject: { reference: "Patient/p" },
    author: [{ reference: "Practitioner/a" }],
    ...(setId ? { identifier: { value: setId } } : {}),
    ...(version === undefined
      ? {}
      : {
          extension: [
            {
              url: "http://hl7.org/fhir/StructureDefinition/composition-clinicaldocument-versionNumber",
              valueString: String(version),
            },
          ],
        }),
    ...(replaces ? { relatesTo: [{ code: "replaces" as const, targetIdentifier: { value: replaces } }] } : {}),
    section: [
      {
        code: { coding: [{ code: options.section ?? "11450-4" }] },
        entry: facts.map((fact) => ({ reference: `${fact.resourceType}/${fact.id}` })),
      },
    ],
  };
  const author: FhirResource = {
    resourceType: "Practitioner",
    id: "a",
    name: [{ family: "LEROY" }],
    identifier: [{ system: "urn:oid:1.2.250.1.71.4.2.1", value: "810000000001" }],
  };
  const resources = [composition, patient(options.ins), author, ...facts];
  return {
    resourceType: "Bundle",
    type: "document",
    identifier: { system: identifierSystem.uri, value: id },
    timestamp: date,
    entry: resources.map((resource) => ({
      fullUrl: `http://x/${id}/${resource.resourceType}/${resource.id}`,
      resource,
    })),
  };
}

export const subject = { reference: "Patient/p" };
export const coding = (code: string, system = "http://hl7.org/fhir/sid/icd-10") => ({ coding: [{ system, code }] });
export const clinical = (code: string) => ({
  coding: [{ system: "http://terminology.hl7.org/CodeSystem/condition-clinical", code }],
});
export const condition = (id: string, code: string, rest: Partial<Condition> = {}): Condition => ({
  resourceType: "Condition",
  id,
  clinicalStatus: clinical("active"),
  code: coding(code),
  subject,
  ...rest,
});
export const result = (id: string, value: number, rest: Partial<Observation> = {}): Observation => ({
  resourceType: "Observation",
  id,
  status: "final",
  category: [
    { coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] },
  ],
  code: coding("4548-4", "http://loinc.org"),
  subject,
  effectiveDateTime: "2026-01-01",
  valueQuantity: { value, unit: "%" },
  ...rest,
});
export const allergy = (id: string, code: string, system = "http://snomed.info/sct"): AllergyIntolerance => ({
  resourceType: "AllergyIntolerance",
  id,
  clinicalStatus: {
    coding: [{ system: "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", code: "active" }],
  },
  code: coding(code, system),
  patient: subject,
});
export const absent = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";

export const factsOf = (summary: Bundle, kind: string): FhirResource[] =>
  (summary.entry ?? []).flatMap(({ resource }) => (resource?.resourceType === kind ? [resource] : []));
export const conditionsOf = (summary: Bundle) =>
  (factsOf(summary, "Condition") as Condition[]).filter((one) => one.code?.coding?.[0]?.system !== absent);
export const sourcesOf = (resource: FhirResource | undefined): string[] => {
  const extensions = resource && "extension" in resource ? (resource.extension ?? []) : [];
  return [
    resource?.meta?.source ?? "",
    ...extensions.flatMap((one) => (one.url === extensionUrl.factSource ? [one.valueUri ?? ""] : [])),
  ];
};
export const disagreementsOf = (resource: FhirResource | undefined): string[] => {
  const extensions = resource && "extension" in resource ? (resource.extension ?? []) : [];
  return extensions.flatMap((one) => (one.url === extensionUrl.disagreement ? [one.valueString ?? ""] : []));
};
export const sectionOf = (summary: Bundle, code: string) =>
  (summary.entry?.[0]?.resource as Composition | undefined)?.section?.find(
    (one) => one.code?.coding?.[0]?.code === code,
  );
const medicine = (text: string, codes: readonly Coding[]) => ({ coding: [...codes], text });
const atc = (code: string): Coding => ({ system: "http://www.whocc.no/atc", code });
const cis = (code: string): Coding => ({ system: "urn:oid:1.2.250.1.213.2.3.1", code });
export const paracetamol = {
  brand: medicine("DOLIPRANE 500 mg", [cis("60234100"), atc("N02BE01")]),
  generic: medicine("PARACETAMOL MYLAN 500 mg", [cis("63107752"), atc("N02BE01")]),
  strong: medicine("DOLIPRANE 1000 mg", [cis("60234101"), atc("N02BE01")]),
};
export const statement = (id: string, rest: Partial<MedicationStatement> = {}): MedicationStatement => ({
  resourceType: "MedicationStatement",
  id,
  status: "active",
  medicationCodeableConcept: paracetamol.brand,
  subject,
  ...rest,
});
export const prescription = (id: string, day: string, rest: Partial<MedicationRequest> = {}): MedicationRequest => ({
  resourceType: "MedicationRequest",
  id,
  status: "active",
  intent: "order",
  medicationCodeableConcept: paracetamol.brand,
  subject,
  authoredOn: day,
  ...rest,
});
export const delivery = (id: string, day: string, rest: Partial<MedicationDispense> = {}): MedicationDispense => ({
  resourceType: "MedicationDispense",
  id,
  status: "completed",
  medicationCodeableConcept: paracetamol.generic,
  subject,
  whenHandedOver: day,
  ...rest,
});

export interface TreatmentStory {
  readonly status: string | undefined;
  readonly over: boolean | undefined;
  readonly earlier: number | undefined;
  readonly events: readonly {
    readonly kind: string | undefined;
    readonly date: string | undefined;
    readonly sources: readonly string[];
    readonly product: string | undefined;
  }[];
}
export const storyOf = (resource: FhirResource | undefined): TreatmentStory => {
  const extensions = resource && "extension" in resource ? (resource.extension ?? []) : [];
  const story = extensions.find((one) => one.url === extensionUrl.treatment)?.extension ?? [];
  return {
    status: story.find((one) => one.url === "status")?.valueCode,
    over: story.find((one) => one.url === "over")?.valueBoolean,
    earlier: story.find((one) => one.url === "earlierEvents")?.valueInteger,
    events: story
      .filter((one) => one.url === "event")
      .map(({ extension = [] }) => ({
        kind: extension.find((one) => one.url === "kind")?.valueCode,
        date: extension.find((one) => one.url === "date")?.valueDateTime,
        sources: extension.flatMap((one) => (one.url === "source" ? (one.valueUri ?? []) : [])),
        product: extension.find((one) => one.url === "product")?.valueCodeableConcept?.coding?.[0]?.code,
      })),
  };
};

/** Every document that speaks of an entry, with what it calls it; a treatment has the name of each of its events. */
export const saidOf = (resource: FhirResource): string[] => {
  const { events } = storyOf(resource);
  if (events.length > 0)
    return events.flatMap(({ sources, product }) => sources.map((source) => `${source} medicine ${product}`));
  const kind = resource.resourceType.startsWith("Medication") ? "medicine" : resource.resourceType;
  return sourcesOf(resource).map((source) => `${source} ${kind} ${codeOf(resource)}`);
};
export const codeOf = (resource: FhirResource): string => {
  switch (resource.resourceType) {
    case "Condition":
    case "Observation":
    case "AllergyIntolerance":
      return resource.code?.coding?.[0]?.code ?? resource.code?.text?.toLowerCase() ?? "";
    case "Immunization":
      return resource.vaccineCode.coding?.[0]?.code ?? "";
    case "MedicationStatement":
    case "MedicationRequest":
    case "MedicationDispense":
      return resource.medicationCodeableConcept?.coding?.[0]?.code ?? "";
    default:
      return "";
  }
};

/** A record of many documents, as a long illness makes: each brings three results, every tenth renews a prescription. */
export const longRecord = (count: number): Bundle[] =>
  Array.from({ length: count }, (_, at) => {
    const date = new Date(Date.UTC(2006, 0, 1) + at * 86_400_000 * 3.6).toISOString();
    const results = ["2823-3", "2160-0", "718-7"].map((loinc, index) =>
      result(`o${index}`, 4 + (at % 13) / 10, { code: coding(loinc, "http://loinc.org"), effectiveDateTime: date }),
    );
    const renewal = at % 10 === 0 ? [prescription("m", date, { dosageInstruction: [{ text: "2 par repas" }] })] : [];
    return letter(`urn:oid:2.25.${at + 1}`, [...results, ...renewal, condition("c", "N18")], { date });
  });

/** On this day tests look at treatments. */
export const treatmentsNow = "2026-02-01T00:00:00Z";
/** The day of a document. */
export const at = (day: string) => ({ date: `${day}T10:00:00Z` });
/** The treatments of a summary, without what only says that there are none. */
export const treatmentsOf = (...documents: readonly Bundle[]) => {
  const summary = summarise(documents, { now: treatmentsNow });
  return ["MedicationStatement", "MedicationRequest", "MedicationDispense"]
    .flatMap((kind) => factsOf(summary, kind))
    .filter((one) => one.meta?.source !== undefined);
};
