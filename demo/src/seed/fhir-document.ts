/** Makes the FHIR R4 document Bundle of a structured document: Composition, people, facts, each with its reference. */
import type {
  Bundle,
  BundleEntry,
  Composition,
  CompositionSection,
  Organization,
  Patient,
  Practitioner,
  PractitionerRole,
  Reference,
} from "@carnet/sdk/fhir";
import { codeSystem, identifierSystem } from "@carnet/sdk/fhir";
import { findDocumentType } from "@carnet/sdk/terminology";
import type { Fact, FhirDocument, Section, StructuredDocument } from "./document.ts";
import { uniqueIdOf } from "./document.ts";
import type { Person } from "./people.ts";
import type { SeedProfessional, SeedStructure } from "./professionals.ts";
import { uuidOf } from "./unique-id.ts";

/** The document as a Bundle of type `document`, its `identifier` being the uniqueId. */
export function fhirDocument(document: StructuredDocument | FhirDocument): Bundle {
  const urn = (part: string) => `urn:uuid:${uuidOf(`${document.person.id}/${document.key}/${part}`)}`;
  const structure = document.structure ?? document.author.structure;
  const entries = new EntryList(urn);
  const subject = entries.add("patient", patientResource(document.person));
  const organization = entries.add("organization", organizationResource(structure));
  const practitioner = entries.add("practitioner", practitionerResource(document.author));
  const author = entries.add("role", roleResource(document.author, practitioner, organization));
  const sections = document.sections.map((section, index) => compositionSection(section, index, entries, subject));
  const composition: Composition = {
    resourceType: "Composition",
    identifier: { system: identifierSystem.uri, value: uniqueIdOf(document) },
    status: "final",
    type: documentType(document.type),
    subject,
    date: document.date,
    author: [author],
    title: document.title,
    confidentiality: "N",
    language: "fr-FR",
    custodian: organization,
    event: [{ period: document.act ?? { start: document.date } }],
    section: sections,
  };
  return {
    resourceType: "Bundle",
    type: "document",
    identifier: { system: identifierSystem.uri, value: uniqueIdOf(document) },
    timestamp: document.date,
    entry: [{ fullUrl: urn("composition"), resource: composition }, ...entries.all],
  };
}

/** Entries in the order they came, each under its own `urn:uuid:`. */
class EntryList {
  readonly all: BundleEntry[] = [];
  readonly #urn: (part: string) => string;

  constructor(urn: (part: string) => string) {
    this.#urn = urn;
  }

  add(part: string, resource: NonNullable<BundleEntry["resource"]>): Reference {
    const fullUrl = this.#urn(part);
    this.all.push({ fullUrl, resource });
    return { reference: fullUrl };
  }
}

function compositionSection(
  section: Section,
  index: number,
  entries: EntryList,
  subject: Reference,
): CompositionSection {
  const entry = (section.facts ?? []).map((fact, rank) => addFact(`fact/${index}/${rank}`, fact, entries, subject));
  return {
    title: section.title,
    code: { coding: [{ system: codeSystem.loinc, code: section.code, display: section.title }] },
    ...(section.text && { text: { status: "generated", div: narrative(section.text) } }),
    ...(entry.length > 0 && { entry }),
  };
}

/** A fact, and the product of a treatment beside it: the IPS wants an entry rather than a contained resource. */
function addFact(part: string, fact: Fact, entries: EntryList, subject: Reference): Reference {
  if (fact.resourceType !== "MedicationStatement") return entries.add(part, withSubject(fact, subject));
  const { contained, medicationReference, ...statement } = fact;
  const [product] = contained ?? [];
  if (product?.resourceType !== "Medication") return entries.add(part, { ...fact, subject });
  const { id: _, ...medication } = product;
  const { reference } = entries.add(`${part}/product`, medication);
  return entries.add(part, {
    ...statement,
    subject,
    medicationReference: { ...medicationReference, ...(reference && { reference }) },
  });
}

function withSubject(fact: Fact, subject: Reference): Fact {
  switch (fact.resourceType) {
    case "AllergyIntolerance":
    case "FamilyMemberHistory":
    case "Immunization":
      return { ...fact, patient: subject };
    default:
      return { ...fact, subject };
  }
}

function narrative(words: string): string {
  const escaped = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const paragraphs = escaped.split("\n").map((line) => `<p>${line}</p>`);
  return `<div xmlns="http://www.w3.org/1999/xhtml">${paragraphs.join("")}</div>`;
}

/** The type of a document with its system and French label. */
export function documentType(code: string) {
  const type = findDocumentType(code);
  if (!type) throw new Error(`The seed uses a document type that the terminology does not have: ${code}`);
  return { coding: [{ system: type.system, code: type.code, display: type.display }] };
}

function patientResource(person: Person): Patient {
  return {
    resourceType: "Patient",
    identifier: [{ use: "official", system: person.ins.system, value: person.ins.value }],
    name: [
      { use: "official", family: person.birthName, given: [...person.birthGivenNames] },
      { use: "usual", family: person.usedName ?? person.birthName, given: [person.firstGivenName] },
    ],
    telecom: [{ system: "phone", value: person.phone.replaceAll(" ", ""), use: "mobile" }],
    gender: person.sex,
    birthDate: person.birthDate,
    address: [
      { use: "home", line: [person.address.line], postalCode: person.address.postalCode, city: person.address.city },
    ],
    extension: [
      {
        url: "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
        valueAddress: {
          city: person.birthPlace,
          extension: [
            {
              url: "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code",
              valueCoding: {
                system: "https://mos.esante.gouv.fr/NOS/TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM",
                code: person.birthPlaceCode,
              },
            },
          ],
        },
      },
    ],
  };
}

function organizationResource(structure: SeedStructure): Organization {
  return {
    resourceType: "Organization",
    identifier: [{ system: identifierSystem.structure, value: structure.id }],
    type: [{ coding: [{ system: codeSystem.facilityType, code: structure.facilityType }] }],
    name: structure.name,
  };
}

function practitionerResource(professional: SeedProfessional): Practitioner {
  return {
    resourceType: "Practitioner",
    identifier: [{ system: identifierSystem.professional, value: professional.rpps }],
    name: [
      {
        family: professional.family,
        given: [professional.given],
        prefix: [professional.prefix],
        ...(professional.suffix && { suffix: [professional.suffix] }),
      },
    ],
  };
}

function roleResource(
  professional: SeedProfessional,
  practitioner: Reference,
  organization: Reference,
): PractitionerRole {
  return {
    resourceType: "PractitionerRole",
    practitioner,
    organization,
    code: [{ coding: [{ system: codeSystem.profession, code: professional.profession.replace("G15_", "") }] }],
    ...(professional.specialty && {
      specialty: [{ coding: [{ code: professional.specialty }], text: professional.title }],
    }),
  };
}
