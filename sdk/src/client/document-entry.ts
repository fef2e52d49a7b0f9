import type { CodeableConcept, Coding, DocumentReference, FhirResource, Reference } from "fhir/r4.js";
import { InvalidAnswer } from "../fhir/http/errors.ts";
import * as identifierSystem from "../fhir/identifier-systems.ts";
import { isFields } from "../fhir/parse.ts";
import { professionalName } from "./professional-name.ts";
import type { DocumentAuthor, DocumentEntry } from "./types.ts";

/** Visibility flags of `securityLabel` (R140). */
export const visibilityFlag = {
  hidden: "MASQUE_PS",
  invisibleToPatient: "INVISIBLE_PATIENT",
  invisibleToRepresentatives: "INVISIBLE_REPRESENTANTS_LEGAUX",
} as const;

export type VisibilityFlag = (typeof visibilityFlag)[keyof typeof visibilityFlag];

/**
 * The DocumentReference of the wire as a list shows it. What an entry cannot do without is asked for; the rest is read where
 * it is, so that other servers' documents show too.
 */
export function toDocumentEntry(resource: unknown, request: string): DocumentEntry {
  let cause: unknown;
  if (isFields(resource) && resource.resourceType === "DocumentReference" && text(resource.id)) {
    try {
      return read(resource as unknown as DocumentReference & { id: string });
    } catch (error) {
      // A list where one value belongs, or the like.
      cause = error;
    }
  }
  throw new InvalidAnswer(request, "not a DocumentReference", { cause });
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function read(reference: DocumentReference & { id: string }): DocumentEntry {
  const { meta, type, context, status, extension = [], securityLabel = [], contained = [], author = [] } = reference;
  const { attachment = {} } = reference.content[0] ?? {};
  // By the code alone: no other system has these words, and a server that leaves the system out still hides.
  const hasFlag = (flag: VisibilityFlag) =>
    securityLabel.some(({ coding = [] }) => coding.some(({ code }) => code === flag));
  const actStart = text(context?.period?.start);
  return {
    id: reference.id,
    uniqueId: text(reference.masterIdentifier?.value) ?? text(reference.identifier?.[0]?.value) ?? reference.id,
    versionId: text(meta?.versionId) ?? "",
    title: text(attachment.title) ?? text(reference.description) ?? text(type?.text) ?? "",
    type: toCoding(type),
    category: toCoding(reference.category?.[0]),
    date: text(reference.date) ?? text(attachment.creation) ?? text(meta?.lastUpdated) ?? "",
    ...(actStart && { actStart }),
    authors: author.flatMap((one) => toAuthor(one, contained)),
    contentType: text(attachment.contentType) ?? "application/octet-stream",
    ...(typeof attachment.size === "number" && { size: attachment.size }),
    status: status === "superseded" ? status : "current",
    isHidden: hasFlag(visibilityFlag.hidden),
    isInvisibleToPatient: hasFlag(visibilityFlag.invisibleToPatient),
    isInvisibleToRepresentatives: hasFlag(visibilityFlag.invisibleToRepresentatives),
    // By its end: the whole address, which only writing needs, would weigh in every page.
    isArchived: extension.some((one) => one.valueBoolean === true && /pdsm-ext-is-archived$/.test(one.url)),
    resource: reference,
  };
}

function toCoding(concept: CodeableConcept | undefined): Coding {
  const { system, code, display = concept?.text } = concept?.coding?.[0] ?? {};
  return {
    ...(text(system) && { system }),
    ...(text(code) && { code }),
    ...(text(display) && { display }),
  };
}

function toAuthor(reference: Reference, contained: readonly FhirResource[]): DocumentAuthor[] {
  const find = (one: Reference | undefined) =>
    contained.find(({ id }) => id !== undefined && one?.reference === `#${id}`);
  let target = find(reference);
  let person = reference;
  let organization: string | undefined;
  let code: CodeableConcept | undefined;
  if (target?.resourceType === "PractitionerRole") {
    const structure = find(target.organization);
    organization = structure?.resourceType === "Organization" ? structure.name : target.organization?.display;
    code = target.code?.[0];
    person = target.practitioner ?? {};
    target = find(person);
  }
  let name: string | undefined;
  let identifiers = person.identifier ? [person.identifier] : [];
  switch (target?.resourceType) {
    case "Practitioner":
      code ??= target.qualification?.[0]?.code;
      identifiers = target.identifier ?? [];
      name = professionalName(target.name?.[0]);
      break;
    case "Patient":
      name = professionalName(target.name?.[0]);
      break;
    case "Organization":
      organization = target.name;
      break;
    case "Device":
      name = target.deviceName?.[0]?.name;
  }
  const rpps = identifiers.find(({ system }) => system === identifierSystem.professional)?.value;
  const profession = code?.coding?.[0]?.code;
  name ??= person.display ?? reference.display ?? organization;
  if (!name && !rpps && !organization) return [];
  return [
    {
      name: name ?? "",
      ...(rpps && { rpps }),
      ...(profession && { profession }),
      ...(organization && { organization }),
    },
  ];
}
