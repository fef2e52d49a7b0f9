import type { DocumentReference, FhirResource, Practitioner, PractitionerRole, Reference } from "fhir/r4.js";
import { extensionUrl } from "../fhir/extension-urls.ts";
import { InvalidAnswer } from "../fhir/http/errors.ts";
import { identifierSystem } from "../fhir/identifier-systems.ts";
import { type Fields, isFields, isListOf, isMaybe } from "../fhir/parse.ts";
import { professionalName } from "./professional-name.ts";
import type { DocumentAuthor, DocumentEntry } from "./types.ts";

const isTextOrNone = (value: unknown) => value === undefined || typeof value === "string";
const isCoding = (coding: Fields) => isTextOrNone(coding.code) && isTextOrNone(coding.display);
const isConcept = (concept: Fields) => isTextOrNone(concept.text) && isListOf(concept.coding, isCoding);

/** What an entry cannot do without; the rest is read where present, so that other servers' documents show too. */
function isDocumentReference(value: unknown): value is Fields & { readonly id: string } {
  return (
    isFields(value) &&
    value.resourceType === "DocumentReference" &&
    typeof value.id === "string" &&
    typeof value.status === "string" &&
    isMaybe(value.type, isConcept) &&
    isListOf(value.category, isConcept) &&
    isListOf(value.securityLabel, isConcept) &&
    isListOf(value.extension, (extension) => typeof extension.url === "string") &&
    isListOf(value.author, () => true) &&
    isListOf(value.contained, () => true) &&
    Array.isArray(value.content) &&
    value.content.length > 0 &&
    isListOf(value.content, (content) =>
      isMaybe(content.attachment, ({ contentType, url }) => isTextOrNone(contentType) && isTextOrNone(url)),
    )
  );
}

/** Visibility flags of `securityLabel` (R140). */
export const visibilityFlag = {
  hidden: "MASQUE_PS",
  invisibleToPatient: "INVISIBLE_PATIENT",
  invisibleToRepresentatives: "INVISIBLE_REPRESENTANTS_LEGAUX",
} as const;

export type VisibilityFlag = (typeof visibilityFlag)[keyof typeof visibilityFlag];

/** The DocumentReference of the wire as a list shows it. */
export function toDocumentEntry(resource: unknown, request: string): DocumentEntry {
  if (!isDocumentReference(resource))
    throw new InvalidAnswer(request, "the answer holds a DocumentReference that cannot be read");
  const reference = resource as unknown as DocumentReference & { id: string };
  const attachment = reference.content[0]?.attachment ?? {};
  const actStart = reference.context?.period?.start;
  return {
    id: reference.id,
    uniqueId: reference.masterIdentifier?.value ?? reference.identifier?.[0]?.value ?? reference.id,
    versionId: reference.meta?.versionId ?? "",
    title: attachment.title ?? reference.description ?? reference.type?.text ?? "",
    type: reference.type?.coding?.[0] ?? { ...(reference.type?.text ? { display: reference.type.text } : {}) },
    category: reference.category?.[0]?.coding?.[0] ?? {},
    date: reference.date ?? attachment.creation ?? reference.meta?.lastUpdated ?? "",
    ...(actStart ? { actStart } : {}),
    authors: (reference.author ?? []).flatMap((author) => toAuthor(author, reference.contained ?? [])),
    contentType: attachment.contentType ?? "application/octet-stream",
    ...(typeof attachment.size === "number" ? { size: attachment.size } : {}),
    status: reference.status === "superseded" ? "superseded" : "current",
    isHidden: hasFlag(reference, visibilityFlag.hidden),
    isInvisibleToPatient: hasFlag(reference, visibilityFlag.invisibleToPatient),
    isInvisibleToRepresentatives: hasFlag(reference, visibilityFlag.invisibleToRepresentatives),
    isArchived: (reference.extension ?? []).some(
      (one) => one.url === extensionUrl.isArchived && one.valueBoolean === true,
    ),
    resource: reference,
  };
}

/** By the code alone: no other system has these words, and a server that leaves the system out still hides. */
function hasFlag(reference: DocumentReference, flag: VisibilityFlag): boolean {
  return (reference.securityLabel ?? []).some((label) => label.coding?.some((coding) => coding.code === flag));
}

function toAuthor(reference: Reference, contained: readonly FhirResource[]): DocumentAuthor[] {
  const target = resolve(reference, contained);
  const display = reference.display;
  switch (target?.resourceType) {
    case "PractitionerRole": {
      const practitioner = resolve(target.practitioner, contained);
      const organization = resolve(target.organization, contained);
      const name = practitioner?.resourceType === "Practitioner" ? nameOf(practitioner) : target.practitioner?.display;
      const organizationName =
        organization?.resourceType === "Organization" ? organization.name : target.organization?.display;
      const rpps =
        practitioner?.resourceType === "Practitioner"
          ? rppsOf(practitioner)
          : rppsOf({ identifier: target.practitioner?.identifier ? [target.practitioner.identifier] : [] });
      const profession = target.code?.[0]?.coding?.[0]?.code;
      return author(name ?? display ?? organizationName, rpps, profession, organizationName);
    }
    case "Practitioner":
      return author(nameOf(target) ?? display, rppsOf(target), target.qualification?.[0]?.code?.coding?.[0]?.code);
    case "Organization":
      return author(target.name ?? display, undefined, undefined, target.name);
    case "Patient":
      return author(target.name?.[0] ? nameOf({ name: target.name }) : display);
    case "Device":
      return author(target.deviceName?.[0]?.name ?? display);
    default:
      return author(display, reference.identifier ? rppsOf({ identifier: [reference.identifier] }) : undefined);
  }
}

function author(name?: string, rpps?: string, profession?: string, organization?: string): DocumentAuthor[] {
  if (!name && !rpps && !organization) return [];
  return [
    {
      name: name ?? organization ?? "",
      ...(rpps ? { rpps } : {}),
      ...(profession ? { profession } : {}),
      ...(organization ? { organization } : {}),
    },
  ];
}

function resolve(reference: Reference | undefined, contained: readonly FhirResource[]): FhirResource | undefined {
  const id = reference?.reference?.startsWith("#") ? reference.reference.slice(1) : undefined;
  return id === undefined ? undefined : contained.find((resource) => resource.id === id);
}

function nameOf(person: Pick<Practitioner, "name">): string | undefined {
  return professionalName(person.name?.[0]);
}

function rppsOf(person: Pick<Practitioner | PractitionerRole, "identifier">): string | undefined {
  for (const identifier of person.identifier ?? []) {
    if (identifier.system === identifierSystem.professional) return identifier.value;
  }
  return undefined;
}
