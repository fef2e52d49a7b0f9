import type {
  Bundle,
  BundleEntry,
  DocumentReference,
  FhirResource,
  Identifier,
  List,
  Patient,
  Practitioner,
  PractitionerRole,
  Reference,
} from "fhir/r4.js";
import { codeSystem, extensionUrl, identifierSystem, profileUrl } from "../../fhir/systems.ts";
import type { Ins } from "../../identity/index.ts";
import type { AuthorMetadata, Code, DocumentMetadata, Visibility } from "../types.ts";

const ACTIVITY_TYPE = "https://mos.esante.gouv.fr/NOS/TRE_R209-TypeActivite/FHIR/TRE-R209-TypeActivite";
const FR_IDENTIFIER_TYPE = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203";
const V2_IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203";
const RPPS = "https://rpps.esante.gouv.fr";
const BIRTH_GIVEN_NAMES = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient-birth-list-given-name";

/** One document ready to be sent, and the numbers that make a repeat recognisable. */
export interface Submission {
  readonly ins: Ins;
  readonly metadata: DocumentMetadata;
  /** Code system of a profession, by its code without prefix. */
  readonly professionSystem: (code: string) => string | undefined;
  readonly category: Code;
  readonly format: Code;
  readonly contentType: string;
  readonly base64: string;
  readonly size: number;
  /** SHA-1, base64. */
  readonly hash: string;
  readonly visibility: Visibility;
  readonly submissionSetId: string;
  /** The depositing software, `urn:oid:…`. */
  readonly sourceId: string;
  /** ISO 8601. */
  readonly submittedAt: string;
  /** Logical id of the document that this one replaces. */
  readonly replaces?: string | undefined;
  /** What else the transaction does. */
  readonly further?: readonly BundleEntry[] | undefined;
}

const LIST = "urn:uuid:00000000-0000-4000-8000-000000000001";
const REFERENCE = "urn:uuid:00000000-0000-4000-8000-000000000002";
const BINARY = "urn:uuid:00000000-0000-4000-8000-000000000003";

/** The ITI-65 transaction Bundle of one document, valid against PDSm (TD2; TD2.1 with `replaces`). */
export function toProvideBundle(submission: Submission): Bundle {
  const post = (fullUrl: string, resource: FhirResource): BundleEntry => ({
    fullUrl,
    resource,
    request: { method: "POST", url: resource.resourceType },
  });
  const { contentType, base64: data } = submission;
  const entry = [
    post(LIST, toList(submission)),
    post(REFERENCE, toDocumentReference(submission)),
    post(BINARY, { resourceType: "Binary", contentType, data }),
    ...(submission.further ?? []),
  ];
  return { resourceType: "Bundle", meta: { profile: [profileUrl.provideBundle] }, type: "transaction", entry };
}

/** The DocumentReference of ITI-65; with `data` instead of `url` it serves ITI-105. */
export function toDocumentReference(submission: Submission): DocumentReference {
  const { metadata, visibility } = submission;
  const authors = metadata.authors.map((author, index) => toContainedAuthor(submission, author, index + 1));
  const organization = metadata.custodian ?? metadata.authors.find((one) => one.organization)?.organization;
  return {
    resourceType: "DocumentReference",
    meta: { profile: [profileUrl.comprehensiveDocumentReference] },
    contained: [toContainedPatient(submission), ...authors.flatMap((one) => one.contained)],
    masterIdentifier: { use: "usual", system: identifierSystem.uri, value: metadata.uniqueId },
    status: "current",
    type: { coding: [toCoding(metadata.type)] },
    category: [{ coding: [toCoding(submission.category, codeSystem.documentClass)] }],
    subject: toSubject(submission.ins),
    date: toInstant(metadata.date),
    author: authors.map((one) => one.reference),
    custodian: toOrganizationReference(organization),
    ...(submission.replaces
      ? {
          relatesTo: [{ code: "replaces" as const, target: { reference: `DocumentReference/${submission.replaces}` } }],
        }
      : {}),
    description: metadata.title,
    securityLabel: [
      toConcept(codeSystem.confidentiality, metadata.confidentiality ?? "N"),
      ...(visibility.hiddenFromProfessionals ? [toConcept(codeSystem.visibility, "MASQUE_PS")] : []),
      ...(visibility.invisibleToPatient ? [toConcept(codeSystem.visibility, "INVISIBLE_PATIENT")] : []),
      ...(visibility.invisibleToRepresentatives
        ? [toConcept(codeSystem.visibility, "INVISIBLE_REPRESENTANTS_LEGAUX")]
        : []),
    ],
    content: [
      {
        attachment: {
          contentType: submission.contentType,
          language: metadata.language ?? "fr-FR",
          url: BINARY,
          size: submission.size,
          hash: submission.hash,
          title: metadata.title,
          creation: toInstant(metadata.date),
        },
        format: toCoding(submission.format, codeSystem.formatIhe),
      },
    ],
    context: {
      ...(metadata.act.code ? { event: [{ coding: [toCoding(metadata.act.code)] }] } : {}),
      period: {
        start: toInstant(metadata.act.start),
        ...(metadata.act.end ? { end: toInstant(metadata.act.end) } : {}),
      },
      facilityType: { coding: [toCoding(metadata.facilityType, codeSystem.facilityType)] },
      practiceSetting: { coding: [toCoding(metadata.practiceSetting, codeSystem.practiceSetting)] },
      sourcePatientInfo: { reference: "#patient" },
    },
  };
}

function toList(submission: Submission): List {
  const first = submission.metadata.authors[0];
  const source = first ? toContainedAuthor(submission, first, 1, true) : undefined;
  const isPatient = first?.isPatient === true || source === undefined;
  return {
    resourceType: "List",
    meta: { profile: [profileUrl.submissionSet] },
    contained: isPatient ? [toContainedPatient(submission)] : source.contained,
    extension: [
      {
        url: extensionUrl.designationType,
        valueCodeableConcept: isPatient
          ? toConcept(codeSystem.nonProfessionalAuthor, "EXP_PATIENT")
          : toConcept(ACTIVITY_TYPE, "07"),
      },
      { url: extensionUrl.sourceId, valueIdentifier: { system: identifierSystem.uri, value: submission.sourceId } },
    ],
    identifier: [{ use: "usual", system: identifierSystem.uri, value: submission.submissionSetId }],
    status: "current",
    mode: "working",
    title: submission.metadata.title,
    code: toConcept(codeSystem.mhdListType, "submissionset"),
    subject: toSubject(submission.ins),
    date: submission.submittedAt,
    source: isPatient ? { reference: "#patient" } : source.reference,
    entry: [{ item: { reference: REFERENCE } }],
  };
}

/** A logical reference: the record finds its patient by INS, never by a number of its own. */
function toSubject(ins: Ins): Reference {
  return { type: "Patient", identifier: { system: ins.system, value: ins.value } };
}

function toOrganizationReference(organization: { id?: string; name?: string } | undefined): Reference {
  return {
    type: "Organization",
    ...(organization?.id ? { identifier: { system: identifierSystem.structure, value: organization.id } } : {}),
    display: organization?.name ?? organization?.id ?? "Non renseigné",
  };
}

function toContainedPatient({ ins, metadata: { patient } }: Submission): Patient {
  const given = patient.birthGivenNames ?? (patient.firstGivenName ? [patient.firstGivenName] : []);
  const first = patient.firstGivenName ?? given[0];
  const used = patient.usedName || patient.usedGivenName;
  return {
    resourceType: "Patient",
    id: "patient",
    identifier: [
      {
        use: "official",
        type: toConcept(V2_IDENTIFIER_TYPE, ins.system === identifierSystem.insNir ? "NH" : "NI"),
        system: ins.system,
        value: ins.value,
      },
    ],
    name: [
      {
        use: "official",
        ...(given.length > 0 ? { extension: [{ url: BIRTH_GIVEN_NAMES, valueString: given.join(" ") }] } : {}),
        family: patient.birthName ?? "",
        given: first ? [first] : [],
      },
      ...(used
        ? [
            {
              use: "usual" as const,
              family: patient.usedName ?? patient.birthName ?? "",
              given: [patient.usedGivenName ?? first ?? ""].filter(Boolean),
            },
          ]
        : []),
    ],
    gender: patient.sex ?? "unknown",
    ...(patient.birthDate ? { birthDate: patient.birthDate } : {}),
  };
}

function toContainedAuthor(
  submission: Submission,
  author: AuthorMetadata,
  index: number,
  mustBeRole = false,
): { readonly contained: FhirResource[]; readonly reference: Reference } {
  if (author.isPatient) return { contained: [], reference: { reference: "#patient" } };
  const id = `author-${index}`;
  if (author.deviceName) {
    const owner = author.organization ? { owner: toOrganizationReference(author.organization) } : {};
    const deviceName = [{ name: author.deviceName, type: "user-friendly-name" as const }];
    return { contained: [{ resourceType: "Device", id, deviceName, ...owner }], reference: { reference: `#${id}` } };
  }
  const practitioner: Practitioner = {
    resourceType: "Practitioner",
    id,
    ...(author.rpps ? { identifier: professionalIdentifiers(author.rpps) } : {}),
    name: [
      {
        ...(author.family ? { family: author.family } : {}),
        ...(author.given ? { given: [author.given] } : {}),
        ...(author.prefix ? { prefix: [author.prefix] } : {}),
        ...(author.suffix ? { suffix: [author.suffix] } : {}),
        ...(author.family || author.given ? {} : { text: author.organization?.name ?? "Non renseigné" }),
      },
    ],
  };
  if (!author.organization && !author.profession && !mustBeRole) {
    return { contained: [practitioner], reference: { reference: `#${id}` } };
  }
  const role: PractitionerRole = {
    resourceType: "PractitionerRole",
    id: `${id}-role`,
    practitioner: { reference: `#${id}` },
    ...(author.organization ? { organization: toOrganizationReference(author.organization) } : {}),
    ...rolesOf(submission, author),
  };
  return { contained: [practitioner, role], reference: { reference: `#${id}-role` } };
}

/**
 * Profession (TRE_G15 and its neighbours), and the skill as the nomenclature writes the pair: `G15_10/SM26`.
 * The pair is a role too: `specialty` is bound to a table that lacks half of the skills.
 */
function rolesOf(submission: Submission, { profession, specialty }: AuthorMetadata): Partial<PractitionerRole> {
  const code = profession?.replace(/^G15_/, "");
  if (!code) return {};
  const system = submission.professionSystem(code);
  const pair = `${system === codeSystem.profession ? "G15_" : ""}${code}/${specialty}`;
  return {
    code: [{ coding: [{ ...(system ? { system } : {}), code }] }, ...(specialty ? [toConcept(SPECIALTY, pair)] : [])],
  };
}

const SPECIALTY =
  "https://mos.esante.gouv.fr/NOS/TRE_A02-ProfessionSavFaire-CISIS/FHIR/TRE-A02-ProfessionSavFaire-CISIS";

function professionalIdentifiers(id: string): Identifier[] {
  const national: Identifier = {
    use: "official",
    type: toConcept(FR_IDENTIFIER_TYPE, "IDNPS"),
    system: identifierSystem.professional,
    value: id,
  };
  // `8` + 11 digits is the national form of the RPPS; other prefixes (ADELI, employees) have no RPPS number (R107).
  if (!/^8\d{11}$/.test(id)) return [national];
  const rpps: Identifier = {
    use: "official",
    type: toConcept(FR_IDENTIFIER_TYPE, "RPPS"),
    system: RPPS,
    value: id.slice(1),
  };
  return [national, rpps];
}

function toCoding(code: Code, system?: string): { system?: string; code: string; display?: string } {
  const of = code.system ?? system;
  return { ...(of ? { system: of } : {}), code: code.code, ...(code.display ? { display: code.display } : {}) };
}

function toConcept(system: string, code: string) {
  return { coding: [{ system, code }] };
}

/** FHIR instants need a time and a zone; a day alone is taken at midnight UTC (R105). */
function toInstant(date: string): string {
  if (/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(date)) {
    return /T\d{2}:\d{2}(Z|[+-])/.test(date) ? date.replace(/(T\d{2}:\d{2})/, "$1:00") : date;
  }
  const parsed = Date.parse(date);
  return Number.isNaN(parsed) ? date : new Date(parsed).toISOString();
}
