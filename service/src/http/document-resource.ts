/**
 * The DocumentReference as the record keeps and sends it: the sender's, with the record's own ids, and completed to the
 * comprehensive profile where a simplified deposit left something out.
 */
import type { CodeableConcept, DocumentReference, FhirResource, Reference } from "@carnet/sdk/fhir";
import { codeSystem, extensionUrl, identifierSystem, profileUrl } from "@carnet/sdk/fhir";
import type { AdmittedDocument } from "../admission/index.ts";
import type { Actor } from "../rules/index.ts";
import type { LoadedRecord } from "../store/records.ts";
import type { DocumentTable } from "../store/tables.ts";
import { wireId } from "./ids.ts";
import { identityResource } from "./patient-resource.ts";

/** What only the record can say about a document that it keeps. */
export interface Keeping {
  readonly record: LoadedRecord;
  readonly documentId: string;
  readonly actor: Actor;
  readonly now: Date;
  /** Id on the wire of the document that this one replaces. */
  readonly replaces?: string | undefined;
}

const PDF_FORMAT = { system: codeSystem.formatIhe, code: "urn:ihe:iti:xds-sd:pdf:2008" };
const TEXT_FORMAT = { system: codeSystem.formatIhe, code: "urn:ihe:iti:xds-sd:text:2008" };

export type Flags = Pick<
  DocumentTable,
  "confidentiality" | "is_hidden" | "is_invisible_to_patient" | "is_invisible_to_representatives"
>;

/** `securityLabel`: the base confidentiality, then the flags that are set. R140. */
export function securityLabels(flags: Flags): CodeableConcept[] {
  const label = (system: string, code: string) => ({ coding: [{ system, code }] });
  return [
    label(codeSystem.confidentiality, flags.confidentiality),
    ...(flags.is_hidden ? [label(codeSystem.visibility, "MASQUE_PS")] : []),
    ...(flags.is_invisible_to_patient ? [label(codeSystem.visibility, "INVISIBLE_PATIENT")] : []),
    ...(flags.is_invisible_to_representatives ? [label(codeSystem.visibility, "INVISIBLE_REPRESENTANTS_LEGAUX")] : []),
  ];
}

/** Address of the content: a FHIR document is read as a Bundle, everything else as a Binary. */
export function contentUrl(id: string, contentType: string): string {
  return `${contentType === "application/fhir+json" ? "Bundle" : "Binary"}/${id}`;
}

export function keptDocumentReference(document: AdmittedDocument, keeping: Keeping): DocumentReference {
  const { record, documentId, now, replaces } = keeping;
  const sent = document.resource;
  const id = wireId(record.id, documentId);
  const attachment = sent.content[0]?.attachment ?? {};
  const sentContext = sent.context ?? {};
  const people = completePeople(sent, keeping);
  const { id: _id, meta: _meta, identifier, relatesTo, contained: _contained, author: _author, ...rest } = sent;
  const otherRelations = (relatesTo ?? []).filter((relation) => relation.code !== "replaces");
  const relations = replaces
    ? [...otherRelations, { code: "replaces" as const, target: { reference: `DocumentReference/${replaces}` } }]
    : otherRelations;
  return {
    ...rest,
    resourceType: "DocumentReference",
    id,
    meta: {
      versionId: "1",
      lastUpdated: now.toISOString(),
      profile: [profileUrl.comprehensiveDocumentReference],
    },
    contained: [...people.contained],
    identifier: [
      ...(identifier ?? []).filter((one) => one.use !== "official"),
      { use: "official", system: identifierSystem.uri, value: `urn:uuid:${documentId}` },
    ],
    status: "current",
    subject: {
      reference: `Patient/${record.id}`,
      type: "Patient",
      identifier: { system: record.row.ins_system, value: record.row.ins_value },
    },
    author: [...people.author],
    ...(relations.length > 0 ? { relatesTo: relations } : {}),
    securityLabel: securityLabels({
      confidentiality: document.visibility.confidentiality,
      is_hidden: document.visibility.hiddenFromProfessionals,
      is_invisible_to_patient: document.visibility.invisibleToPatient,
      is_invisible_to_representatives: document.visibility.invisibleToRepresentatives,
    }),
    content: [
      {
        attachment: {
          ...attachment,
          contentType: document.content.contentType,
          language: attachment.language ?? "fr-FR",
          url: contentUrl(id, document.content.contentType),
          size: document.content.bytes.length,
          hash: document.content.sha1,
          creation: attachment.creation ?? sent.date ?? now.toISOString(),
        },
        format:
          sent.content[0]?.format ?? (document.content.contentType === "application/pdf" ? PDF_FORMAT : TEXT_FORMAT),
      },
    ],
    context: {
      ...sentContext,
      period: { ...sentContext.period, start: sentContext.period?.start ?? sent.date ?? now.toISOString() },
      facilityType: sentContext.facilityType ?? facilityOf(keeping.actor),
      practiceSetting: sentContext.practiceSetting ?? settingOf(keeping.actor),
      sourcePatientInfo: people.sourcePatient,
    },
  };
}

interface People {
  readonly contained: readonly FhirResource[];
  readonly author: readonly Reference[];
  readonly sourcePatient: Reference;
}

/** The profile wants authors and the source patient contained: what a simplified deposit only names is filled in. */
function completePeople(sent: DocumentReference, { actor, record }: Keeping): People {
  const contained = [...(sent.contained ?? [])];
  const add = (resource: FhirResource): Reference => {
    contained.push(resource);
    return { reference: `#${resource.id}` };
  };
  const isContained = (reference: Reference | undefined) =>
    contained.some((one) => reference?.reference === `#${one.id}`);
  // Only the record's own words say who the holder is: a contained Patient may be anybody.
  const holder = (): Reference => {
    const existing = contained.find((one) => one.id === "record-holder");
    return existing ? { reference: `#${existing.id}` } : add({ ...identityResource(record.row), id: "record-holder" });
  };
  const stated = sent.context?.sourcePatientInfo;
  const sourcePatient = stated && isContained(stated) ? stated : holder();
  const author = (sent.author ?? []).map((one): Reference => {
    if (isContained(one)) return one;
    return actor.kind === "patient" ? holder() : authorOf(actor, one, contained, add);
  });
  return { contained, author, sourcePatient };
}

/** A contained author from what the token says, for a document that names its author by a bare reference. */
function authorOf(
  actor: Exclude<Actor, { kind: "patient" }>,
  named: Reference,
  contained: readonly FhirResource[],
  add: (resource: FhirResource) => Reference,
): Reference {
  const existing = contained.find((one) => one.id === "depositor");
  if (existing) return { reference: "#depositor" };
  if (actor.kind === "establishment") {
    return add({
      resourceType: "PractitionerRole",
      id: "depositor",
      organization: {
        type: "Organization",
        identifier: { system: identifierSystem.structure, value: actor.structure.id },
        display: named.display ?? actor.structure.name,
      },
    });
  }
  return add({
    resourceType: "Practitioner",
    id: "depositor",
    identifier: [
      {
        use: "official",
        type: { coding: [{ system: "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203", code: "IDNPS" }] },
        system: identifierSystem.professional,
        value: actor.rpps,
      },
      {
        use: "official",
        type: { coding: [{ system: "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203", code: "RPPS" }] },
        system: "https://rpps.esante.gouv.fr",
        value: actor.rpps.slice(1),
      },
    ],
    name: [{ text: actor.name, family: actor.name }],
  });
}

function facilityOf(actor: Actor): CodeableConcept {
  if (actor.kind === "patient") return { coding: [{ system: codeSystem.nonProfessionalAuthor, code: "EXP_PATIENT" }] };
  return { coding: [{ system: codeSystem.facilityType, code: actor.structure?.facilityType ?? "SA07" }] };
}

function settingOf(actor: Actor): CodeableConcept {
  if (actor.kind === "patient") return { coding: [{ system: codeSystem.nonProfessionalAuthor, code: "EXP_PATIENT" }] };
  return { coding: [{ system: codeSystem.practiceSetting, code: actor.structure?.practiceSetting ?? "AMBULATOIRE" }] };
}

/** The kept resource after a change of its attributes: labels, archived mark, status and version; nothing else. R115. */
export function withAttributes(
  resource: DocumentReference,
  attributes: Flags & Pick<DocumentTable, "is_archived" | "status" | "version">,
  now: Date,
): DocumentReference {
  const others = (resource.extension ?? []).filter((one) => one.url !== extensionUrl.isArchived);
  const wasMarked = others.length !== (resource.extension ?? []).length;
  const archived =
    attributes.is_archived || wasMarked ? [{ url: extensionUrl.isArchived, valueBoolean: attributes.is_archived }] : [];
  const { extension: _extension, ...rest } = resource;
  const extension = [...others, ...archived];
  return {
    ...rest,
    ...(extension.length > 0 ? { extension } : {}),
    meta: { ...resource.meta, versionId: String(attributes.version), lastUpdated: now.toISOString() },
    status: attributes.status,
    securityLabel: securityLabels(attributes),
  };
}
