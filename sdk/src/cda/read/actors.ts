import type {
  Device,
  HumanName,
  Identifier,
  Organization,
  Practitioner,
  PractitionerRole,
  Reference,
  RelatedPerson,
} from "../../fhir/index.ts";
import type { Conversion } from "./conversion.ts";
import { filled } from "./filled.ts";
import { insRoots } from "./header.ts";
import { addresses, humanName, identifiers, organizationName, telecoms } from "./names.ts";
import { dateOf } from "./times.ts";
import { at, attribute, child, children, readEach, rootOf, textOf, type XmlElement } from "./xml.ts";

const organizationParts = [
  "representedOrganization",
  "scopingOrganization",
  "receivedOrganization",
  "representedCustodianOrganization",
];
const personParts = ["assignedPerson", "associatedPerson", "informationRecipient", "relatedPerson", "playingEntity"];

/**
 * A role of the header or of an entry (assignedAuthor, assignedEntity, associatedEntity, intendedRecipient…) as a
 * reference: to a PractitionerRole when profession or structure is known, else Practitioner, Device, Organization or
 * the patient. The same actor met again gives the same reference.
 */
export function actor(conversion: Conversion, role: XmlElement | undefined): Reference | undefined {
  if (!role) return undefined;
  if (children(role, "id").some((id) => insRoots.includes(attribute(id, "root") ?? "")) && isPatient(conversion, role))
    return conversion.patient;
  const organization = organizationParts.map((part) => child(role, part)).find(Boolean);
  const organizationReference = organizationOf(conversion, organization);
  const device = child(role, "assignedAuthoringDevice") ?? child(role, "playingDevice");
  if (device) return deviceOf(conversion, role, device, organizationReference);
  const own = nameIn(role);
  const ids = identifiers(role).concat(identifiers(role, "sdtc:id"));
  if (!own && ids.length === 0) return organizationReference;
  const code = conversion.concept(child(role, "code"));
  const named = own ? undefined : namedInHeader(role, ids);
  // An identifier alone refers to somebody whom the header describes.
  if (named && !code && !organizationReference) return actor(conversion, named);
  const name = own ?? nameIn(named);
  const telecom = telecoms(role);
  const address = addresses(role);
  const practitioner = filled<Practitioner>({
    resourceType: "Practitioner",
    identifier: ids,
    ...(name ? { name: [name] } : {}),
    telecom,
    address,
  });
  const practitionerReference = once(conversion, practitioner, name ? nameText(name) : undefined);
  if (!code && !organizationReference) return practitionerReference;
  const practitionerRole = filled<PractitionerRole>({
    resourceType: "PractitionerRole",
    practitioner: practitionerReference,
    organization: organizationReference,
    ...(code ? { code: [code] } : {}),
  });
  return once(conversion, practitionerRole, practitionerReference.display ?? code?.text);
}

function nameIn(role: XmlElement | undefined): HumanName | undefined {
  return personParts.map((part) => humanName(at(role, part, "name"))).find(Boolean);
}

/**
 * The role of the header that names whoever bears an identifier, as CDA lets an entry name its author by that alone;
 * `undefined` where the header gives that identifier to several persons.
 */
function namedInHeader(role: XmlElement, ids: readonly Identifier[]): XmlElement | undefined {
  const root = rootOf(role);
  let known = headers.get(root);
  if (!known) {
    known = new Map();
    for (const part of children(root)) if (part.name !== "component") gatherRoles(part, known);
    headers.set(root, known);
  }
  for (const id of ids) {
    const found = known.get(`${id.system}|${id.value}`);
    if (found) return found;
  }
  return undefined;
}

function gatherRoles(element: XmlElement, known: Map<string, XmlElement | undefined>): void {
  const name = nameIn(element);
  if (name)
    for (const id of identifiers(element)) {
      const key = `${id.system}|${id.value}`;
      const other = nameIn(known.get(key));
      const isAnother = known.has(key) && (!other || nameText(other) !== nameText(name));
      known.set(key, isAnother ? undefined : (known.get(key) ?? element));
    }
  for (const each of children(element)) gatherRoles(each, known);
}

/** Gathered once, and only for a document that names somebody by an identifier alone. */
const headers = new WeakMap<XmlElement, Map<string, XmlElement | undefined>>();

/** The patient of the document may be its author: told by the identity, whatever the role around it. */
function isPatient(conversion: Conversion, role: XmlElement): boolean {
  const own = identifiers(at(rootOf(role), "recordTarget", "patientRole")).map((id) => `${id.system}|${id.value}`);
  return conversion.patient !== undefined && identifiers(role).some((id) => own.includes(`${id.system}|${id.value}`));
}

/** Adds a resource unless an equal one is there. */
function once(
  conversion: Conversion,
  resource: Practitioner | PractitionerRole | Organization | Device | RelatedPerson,
  display?: string,
): Reference {
  const key = JSON.stringify(resource);
  const known = conversion.actors.get(key);
  if (known) return known;
  const reference = conversion.add(resource);
  const named: Reference = display ? { ...reference, display } : reference;
  conversion.actors.set(key, named);
  return named;
}

export function nameText(name: {
  text?: string;
  prefix?: string[];
  given?: string[];
  family?: string;
  suffix?: string[];
}): string {
  return (
    name.text ??
    [...(name.suffix ?? []), ...(name.prefix ?? []), ...(name.given ?? []), name.family].filter(Boolean).join(" ")
  );
}

/** An organization, and the one it is part of. */
export function organizationOf(conversion: Conversion, organization: XmlElement | undefined): Reference | undefined {
  if (!organization) return undefined;
  const ids = identifiers(organization);
  const name = organizationName(organization);
  if (ids.length === 0 && !name) return undefined;
  // FHIR knows no home of an organization.
  const telecom = telecoms(organization).map(withoutHome);
  const address = addresses(organization).map(withoutHome);
  const partOf = organizationOf(conversion, at(organization, "asOrganizationPartOf", "wholeOrganization"));
  const type = conversion.concept(child(organization, "standardIndustryClassCode"));
  const resource = filled<Organization>({
    resourceType: "Organization",
    identifier: ids,
    ...(type ? { type: [type] } : {}),
    name,
    telecom,
    address,
    partOf,
  });
  return once(conversion, resource, name);
}

function withoutHome<T extends { use?: string }>(contact: T): T {
  if (contact.use !== "home") return contact;
  const { use: _, ...rest } = contact;
  return rest as T;
}

function deviceOf(
  conversion: Conversion,
  role: XmlElement,
  device: XmlElement,
  owner: Reference | undefined,
): Reference | undefined {
  const software = textOf(child(device, "softwareName"));
  const model = textOf(child(device, "manufacturerModelName"));
  const ids = identifiers(role);
  const type = conversion.concept(child(device, "code"));
  if (!software && !model && !type && ids.length === 0) return owner;
  const resource = filled<Device>({
    resourceType: "Device",
    identifier: ids,
    ...(software || model
      ? {
          deviceName: [software, model].flatMap((name, index) =>
            name ? [{ name, type: index === 0 ? ("user-friendly-name" as const) : ("model-name" as const) }] : [],
          ),
        }
      : {}),
    type,
    owner,
  });
  return once(conversion, resource, software ?? model);
}

const genders: Readonly<Record<string, NonNullable<RelatedPerson["gender"]>>> = {
  M: "male",
  F: "female",
  U: "unknown",
};

/** A relative of the patient: legal representative, person to call, trusted person, parent described in an entry. */
export function relatedPerson(
  conversion: Conversion,
  options: {
    readonly owner: XmlElement | undefined;
    readonly name?: XmlElement | undefined;
    readonly code?: XmlElement | undefined;
    /** `subject` of a relatedSubject: sex and birth. */
    readonly person?: XmlElement | undefined;
    /** HL7 role class: ECON, NOK, GUARD, PRS. */
    readonly roleClass?: string | undefined;
    /** What somebody of whom nothing is told is called; without it, there is nobody. */
    readonly fallback?: string;
  },
): Reference | undefined {
  const name = humanName(options.name);
  const relationship =
    conversion.concept(options.code) ?? (!name && options.fallback ? { text: options.fallback } : undefined);
  const telecom = telecoms(options.owner);
  const address = addresses(options.owner);
  if (!name && !relationship && telecom.length === 0) return undefined;
  const role = options.roleClass
    ? [
        {
          coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-RoleClass", code: options.roleClass }],
        },
      ]
    : [];
  const gender = genders[attribute(child(options.person, "administrativeGenderCode"), "code") ?? ""];
  const birthDate = dateOf(attribute(child(options.person, "birthTime"), "value"));
  const resource = filled<RelatedPerson>({
    resourceType: "RelatedPerson",
    patient: conversion.patient,
    relationship: [...(relationship ? [relationship] : []), ...role],
    ...(name ? { name: [name] } : {}),
    telecom,
    gender,
    birthDate,
    address,
  });
  if (resource.relationship?.length === 0) delete resource.relationship;
  return once(conversion, resource, name ? nameText(name) : relationship?.text);
}

/** Performers and authors of a statement, in order, as references. */
export function performersOf(conversion: Conversion, statement: XmlElement, ...names: string[]): Reference[] {
  const wanted = names.length > 0 ? names : ["performer", "author"];
  return wanted.flatMap((name) =>
    readEach(statement, name, (each) =>
      actor(conversion, child(each, "assignedEntity") ?? child(each, "assignedAuthor")),
    ),
  );
}

/** The first performer or author of a statement, where FHIR has room for one: of the others no resource is made. */
export function firstActor(conversion: Conversion, statement: XmlElement, ...names: string[]): Reference | undefined {
  for (const name of names)
    for (const each of children(statement, name)) {
      const found = actor(conversion, child(each, "assignedEntity") ?? child(each, "assignedAuthor"));
      if (found) return found;
    }
  return undefined;
}

/** What somebody told in words is called: a name (of their own, or by which the header knows them), else a number. */
export function calledInWords(conversion: Conversion, role: XmlElement | undefined): string | undefined {
  if (!role) return undefined;
  if (isPatient(conversion, role)) return "le patient";
  const ids = identifiers(role);
  const name = nameIn(role) ?? nameIn(namedInHeader(role, ids));
  if (name) return nameText(name);
  const device = child(role, "assignedAuthoringDevice") ?? child(role, "playingDevice");
  const called = textOf(child(device, "softwareName")) ?? textOf(child(device, "manufacturerModelName"));
  const structure = organizationParts.map((part) => organizationName(child(role, part))).find(Boolean);
  const number = ids.find((id) => id.value)?.value;
  return called ?? structure ?? (number && `numéro ${number}`);
}

/** Those who validated what a laboratory reports (participant AUTHEN). */
export function validatorsOf(conversion: Conversion, statement: XmlElement): Reference[] {
  return readEach(statement, "participant", (each) =>
    attribute(each, "typeCode") === "AUTHEN" ? actor(conversion, child(each, "participantRole")) : undefined,
  );
}
