import type {
  Bundle,
  BundleEntry,
  CompositionSection,
  FhirResource,
  Organization,
  Patient,
  Practitioner,
  PractitionerRole,
  Reference,
} from "../../../fhir/index.ts";
import { codeSystem, identifierSystem } from "../../../fhir/systems.ts";
import { findDocumentType, findFacilityType, findPracticeSetting } from "../../../terminology/index.ts";
import { CdaInputError } from "../errors.ts";
import type { WrapAuthor, WrapPatient } from "../wrap-input.ts";
import { uuidSequence } from "./context.ts";
import { narrativeOf } from "./narrative.ts";
import { sectionModel } from "./section-models.ts";

/** A section: facts, words, or both. */
export interface DocumentSection {
  /** LOINC code of the section: `11450-4` active problems, `48765-2` allergies, `10160-0` treatments… */
  readonly code: string;
  readonly title: string;
  /** Resources without subject or with any: the patient of the document is put in. */
  readonly facts?: readonly FhirResource[];
  /** Plain words; one paragraph per line. */
  readonly text?: string;
}

/** A document as an author sees it. Dates are ISO 8601. */
export interface DocumentInput {
  readonly uniqueId: string;
  /** Type of the document, in JDV_J07: `SYNTH`, `11502-2`, `11490-0`… */
  readonly type: string;
  readonly title: string;
  /** Creation. */
  readonly date: string;
  /** Act documented; the creation when absent. */
  readonly act?: { readonly start: string; readonly end?: string };
  readonly replaces?: string;
  readonly patient: WrapPatient;
  /** `"patient"` for the patient's own documents. */
  readonly author: WrapAuthor | "patient";
  readonly sections: readonly DocumentSection[];
}

/**
 * Makes the FHIR R4 document Bundle that `fhirToCda` takes, from the same patient and author as `wrapInCda`.
 *
 * @throws {CdaInputError} `cda-input-code` when the type is not in the value set
 * @example
 * const xml = fhirToCda(documentBundle({ uniqueId, type: "SYNTH", title: "Synthèse médicale", date, patient, author, sections }));
 */
export function documentBundle(input: DocumentInput): Bundle {
  const type = findDocumentType(input.type);
  if (!type) throw new CdaInputError("cda-input-code", "type");
  const nextUuid = uuidSequence(input.uniqueId);
  const entry: BundleEntry[] = [];
  const add = (resource: FhirResource): Reference => {
    const fullUrl = `urn:uuid:${nextUuid().toLowerCase()}`;
    entry.push({ fullUrl, resource });
    return { reference: fullUrl };
  };
  const subject = add(patientResource(input.patient));
  const { author, custodian } = authorOf(input.author, subject, add);
  const section = input.sections.map((one) => sectionOf(one, subject, add));
  const composition: FhirResource = {
    resourceType: "Composition",
    identifier: { system: identifierSystem.uri, value: input.uniqueId },
    status: "final",
    type: { coding: [{ system: type.system, code: type.code, display: type.display }] },
    subject,
    date: input.date,
    author: [author],
    title: input.title,
    confidentiality: "N",
    language: "fr-FR",
    ...(custodian ? { custodian } : {}),
    ...(input.replaces
      ? { relatesTo: [{ code: "replaces", targetIdentifier: { system: identifierSystem.uri, value: input.replaces } }] }
      : {}),
    event: [{ period: input.act ?? { start: input.date } }],
    section,
  };
  return {
    resourceType: "Bundle",
    type: "document",
    identifier: { system: identifierSystem.uri, value: input.uniqueId },
    timestamp: input.date,
    entry: [{ fullUrl: `urn:uuid:${nextUuid().toLowerCase()}`, resource: composition }, ...entry],
  };
}

function authorOf(
  author: WrapAuthor | "patient",
  subject: Reference,
  add: (resource: FhirResource) => Reference,
): { author: Reference; custodian?: Reference } {
  if (author === "patient") return { author: subject };
  const custodian = add(organizationResource(author));
  const practitioner = add(practitionerResource(author));
  return { author: add(roleResource(author, practitioner, custodian)), custodian };
}

function sectionOf(
  section: DocumentSection,
  subject: Reference,
  add: (resource: FhirResource) => Reference,
): CompositionSection {
  const display = sectionModel(section.code)?.display ?? section.title;
  const entry = (section.facts ?? []).map((fact) => add(withPatient(fact, subject)));
  return {
    title: section.title,
    code: { coding: [{ system: codeSystem.loinc, code: section.code, display }] },
    ...(section.text ? { text: { status: "additional", div: narrativeOf(section.text.split("\n")) } } : {}),
    ...(entry.length > 0 ? { entry } : {}),
  };
}

function withPatient(fact: FhirResource, subject: Reference): FhirResource {
  switch (fact.resourceType) {
    case "AllergyIntolerance":
    case "Consent":
    case "FamilyMemberHistory":
    case "Immunization":
    case "ImmunizationRecommendation":
    case "SupplyDelivery":
      return { ...fact, patient: subject };
    case "AdverseEvent":
    case "CarePlan":
    case "Condition":
    case "DeviceRequest":
    case "DeviceUseStatement":
    case "DiagnosticReport":
    case "DocumentReference":
    case "Encounter":
    case "Goal":
    case "ImagingStudy":
    case "MedicationAdministration":
    case "MedicationDispense":
    case "MedicationRequest":
    case "MedicationStatement":
    case "Observation":
    case "Procedure":
    case "ServiceRequest":
      return { ...fact, subject };
    default:
      return fact;
  }
}

function patientResource(patient: WrapPatient): Patient {
  return {
    resourceType: "Patient",
    identifier: [{ use: "official", system: patient.ins.system, value: patient.ins.value }],
    name: [
      {
        use: "official",
        family: patient.birthName,
        given: [patient.firstGivenName],
        extension: [
          {
            url: "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient-birth-list-given-name",
            valueString: patient.birthGivenNames.join(" "),
          },
        ],
      },
      ...(patient.usedName || patient.usedGivenName
        ? [
            {
              use: "usual" as const,
              family: patient.usedName ?? patient.birthName,
              given: [patient.usedGivenName ?? patient.firstGivenName],
            },
          ]
        : []),
    ],
    gender: patient.sex,
    birthDate: patient.birthDate,
    extension: [
      {
        url: "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
        valueAddress: {
          extension: [
            {
              url: "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code",
              valueCoding: {
                system: "https://mos.esante.gouv.fr/NOS/TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM",
                code: patient.birthPlaceCode,
              },
            },
          ],
        },
      },
    ],
  };
}

function organizationResource({ organization }: WrapAuthor): Organization {
  const facility = findFacilityType(organization.facilityType);
  const setting = findPracticeSetting(organization.practiceSetting);
  return {
    resourceType: "Organization",
    identifier: [{ system: identifierSystem.structure, value: organization.id }],
    type: [facility, setting].flatMap((one) =>
      one ? [{ coding: [{ system: one.system, code: one.code, display: one.display }] }] : [],
    ),
    name: organization.name,
  };
}

function practitionerResource(author: WrapAuthor): Practitioner {
  return {
    resourceType: "Practitioner",
    // The national identifier: the RPPS behind its prefix.
    identifier: [
      { system: identifierSystem.professional, value: /^\d{11}$/.test(author.rpps) ? `8${author.rpps}` : author.rpps },
    ],
    name: [
      {
        family: author.family,
        given: [author.given],
        ...(author.prefix ? { prefix: [author.prefix] } : {}),
        ...(author.suffix ? { suffix: [author.suffix] } : {}),
      },
    ],
  };
}

function roleResource(author: WrapAuthor, practitioner: Reference, organization: Reference): PractitionerRole {
  const specialty =
    author.specialty && !author.specialty.includes("/") ? `${author.profession}/${author.specialty}` : author.specialty;
  return {
    resourceType: "PractitionerRole",
    practitioner,
    organization,
    code: [{ coding: [{ system: "urn:oid:1.2.250.1.213.1.1.4.5", code: specialty ?? author.profession }] }],
  };
}
