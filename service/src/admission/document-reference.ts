/**
 * DocumentReference of a deposit: comprehensive (ITI-65) and simplified (ITI-105).
 * Source: PDSm 3.1.1 profiles, wire.md "Minimum the record accepts", rules.md R100 to R107, R117, R140.
 */

import { type DocumentReference, extensionUrl } from "@carnet/sdk/fhir";
import {
  type AdmittedCoding,
  type AdmittedVisibility,
  readCategory,
  readFacilityType,
  readFormat,
  readPracticeSetting,
  readSecurityLabels,
  readType,
} from "./codes.ts";
import type { Contained } from "./contained.ts";
import { type AdmittedContent, admitContent, checkMediaType, essenceOf } from "./content.ts";
import type { Report } from "./issue.ts";
import { isObject, type JsonObject, objects, text } from "./json.ts";
import { isOid, isUuid } from "./primitives.ts";
import { readReference } from "./reference.ts";
import { type PatientReference, readSubject } from "./subject.ts";

/** The document that a new one replaces (TD2.1), as the sender named it. */
export interface ReplacedDocument {
  readonly expression: string;
  /** `DocumentReference/[id]`, when named by the record's id. */
  readonly id?: string;
  /** uniqueId or logicalId, when named by an identifier. */
  readonly identifier?: { readonly system?: string; readonly value: string };
}

/** One document of a submission, checked and decoded. */
export interface AdmittedDocument {
  /** Place in the body, for later remarks: `Bundle.entry[1].resource`, `DocumentReference`. */
  readonly expression: string;
  /** As sent, without the bytes; `masterIdentifier.use` is filled in when it was left out. */
  readonly resource: DocumentReference;
  /** `urn:oid:…` or `urn:uuid:…`, the key of idempotence (R106). */
  readonly uniqueId: string;
  readonly subject: PatientReference;
  readonly type: AdmittedCoding;
  readonly category: AdmittedCoding;
  readonly format?: AdmittedCoding;
  readonly facilityType?: AdmittedCoding;
  readonly practiceSetting?: AdmittedCoding;
  readonly visibility: AdmittedVisibility;
  readonly replaces?: ReplacedDocument;
  readonly content: AdmittedContent;
}

const required = { fr: "Élément exigé par le profil.", en: "Element required by the profile." };
const forbidden = { fr: "Élément exclu par le profil.", en: "Element excluded by the profile." };

const requiredAlways = ["masterIdentifier", "type", "category", "subject", "date", "author", "custodian"];
const requiredComprehensive = ["contained", "securityLabel", "context"];

export function isUniqueId(value: unknown): value is string {
  return typeof value === "string" && (isOid(value) || isUuid(value));
}

/** Checks what the profile adds to the R4 shape. The shape, contained resources and references come first. */
export function checkDocumentProfile(
  resource: JsonObject,
  isComprehensive: boolean,
  expression: string,
  contained: Contained,
  report: Report,
): void {
  const need = (name: string) => {
    if (resource[name] === undefined) report.refuse("required", `${expression}.${name}`, required.fr, required.en);
  };
  const exclude = (parent: JsonObject, name: string, place: string) => {
    if (parent[name] !== undefined) report.refuse("structure", `${place}.${name}`, forbidden.fr, forbidden.en);
  };
  for (const name of requiredAlways) need(name);
  if (isComprehensive) for (const name of requiredComprehensive) need(name);
  for (const name of ["docStatus", "modifierExtension"]) exclude(resource, name, expression);
  if (!isComprehensive) exclude(resource, "identifier", expression);
  const archived = objects(resource.extension).flatMap((one, index) =>
    one.url === extensionUrl.isArchived ? index : [],
  );
  if (archived.length > 1) {
    const fr = "Une seule marque d’archivage (R119).";
    report.refuse("structure", `${expression}.extension[${archived[1]}]`, fr, "One archived mark only (R119).");
  }
  if (objects(resource.category).length > 1) {
    report.refuse("structure", `${expression}.category`, "Une seule classe (R101).", "One class only (R101).");
  }
  if (objects(resource.content).length > 1) {
    report.refuse("structure", `${expression}.content`, "Un seul contenu.", "One content only.");
  }
  if (resource.status !== "current") {
    const fr = "Un document déposé a le statut « current ».";
    report.refuse("value", `${expression}.status`, fr, "A deposited document has the status “current”.");
  }
  checkIdentifiers(resource, isComprehensive, expression, report);
  checkAuthors(resource, isComprehensive, expression, contained, report);
  checkContext(resource.context, isComprehensive, expression, contained, report);
  checkAttachment(resource, isComprehensive, expression, report);
}

function checkIdentifiers(resource: JsonObject, isComprehensive: boolean, expression: string, report: Report): void {
  const master = resource.masterIdentifier;
  if (isObject(master)) {
    const place = `${expression}.masterIdentifier`;
    if (master.system !== "urn:ietf:rfc:3986") {
      report.refuse("value", `${place}.system`, "urn:ietf:rfc:3986 est attendu.", "urn:ietf:rfc:3986 is expected.");
    }
    if (!isUniqueId(master.value)) {
      const fr = "urn:oid:… ou urn:uuid:… est attendu (R106).";
      report.refuse("value", `${place}.value`, fr, "urn:oid:… or urn:uuid:… is expected (R106).");
    }
    if (isComprehensive && master.use !== undefined && master.use !== "usual") {
      report.refuse("value", `${place}.use`, "« usual » est attendu.", "“usual” is expected.");
    }
  }
  objects(resource.identifier).forEach((identifier, index) => {
    if (identifier.use !== "official") return;
    if (identifier.system === "urn:ietf:rfc:3986" && isUuid(text(identifier.value) ?? "")) return;
    const place = `${expression}.identifier[${index}]`;
    report.refuse("value", place, "L’entryUUID est un urn:uuid:.", "The entryUUID is a urn:uuid:.");
  });
}

const authorTypes = new Set(["Practitioner", "PractitionerRole", "Device", "Patient"]);

function checkAuthors(
  resource: JsonObject,
  isComprehensive: boolean,
  expression: string,
  contained: Contained,
  report: Report,
): void {
  if (!isComprehensive) return;
  const check = (reference: unknown, place: string, types: ReadonlySet<string>) => {
    const resolved = resolveContained(reference, contained);
    if (!resolved) {
      report.refuse("structure", place, "Une ressource contenue est attendue.", "A contained resource is expected.");
    } else if (!types.has(text(resolved.resourceType) ?? "")) {
      report.refuse("structure", place, "Type d’auteur non permis.", "This type may not be an author.");
    }
  };
  objects(resource.author).forEach((author, index) => {
    check(author, `${expression}.author[${index}]`, authorTypes);
  });
  if (resource.authenticator !== undefined) {
    const types = new Set(["Practitioner", "PractitionerRole", "Organization"]);
    check(resource.authenticator, `${expression}.authenticator`, types);
  }
}

/** The contained resource that a reference names, if it names one. */
export function resolveContained(reference: unknown, contained: Contained): JsonObject | undefined {
  if (!isObject(reference) || typeof reference.reference !== "string") return undefined;
  const target = readReference(reference.reference);
  return target.kind === "contained" ? contained.get(target.id) : undefined;
}

function checkContext(
  context: unknown,
  isComprehensive: boolean,
  expression: string,
  contained: Contained,
  report: Report,
): void {
  if (!isObject(context)) return;
  const place = `${expression}.context`;
  if (!isComprehensive) {
    if (objects(context.event).length > 1) {
      report.refuse("structure", `${place}.event`, "Un seul acte.", "One event only.");
    }
    return;
  }
  for (const name of ["period", "facilityType", "practiceSetting", "sourcePatientInfo"]) {
    if (context[name] === undefined) report.refuse("required", `${place}.${name}`, required.fr, required.en);
  }
  if (isObject(context.period) && context.period.start === undefined) {
    report.refuse("required", `${place}.period.start`, required.fr, required.en);
  }
  if (context.sourcePatientInfo === undefined) return;
  if (resolveContained(context.sourcePatientInfo, contained)?.resourceType !== "Patient") {
    const fr = "Le patient source est une ressource contenue.";
    report.refuse("structure", `${place}.sourcePatientInfo`, fr, "The source patient is a contained resource.");
  }
}

function checkAttachment(resource: JsonObject, isComprehensive: boolean, expression: string, report: Report): void {
  const content = objects(resource.content)[0];
  if (!content || !isObject(content.attachment)) return;
  const attachment = content.attachment;
  const place = `${expression}.content[0].attachment`;
  const names = isComprehensive
    ? ["contentType", "language", "url", "size", "hash", "title", "creation"]
    : ["contentType", "data", "title"];
  for (const name of names) {
    if (attachment[name] === undefined) report.refuse("required", `${place}.${name}`, required.fr, required.en);
  }
  const excluded = isComprehensive ? "data" : "url";
  if (attachment[excluded] !== undefined) {
    report.refuse("structure", `${place}.${excluded}`, forbidden.fr, forbidden.en);
  }
  if (isComprehensive && content.format === undefined) {
    report.refuse("required", `${expression}.content[0].format`, required.fr, required.en);
  }
  if (typeof attachment.contentType === "string") {
    checkMediaType(attachment.contentType, `${place}.contentType`, report);
  }
}

/** Reads `relatesTo`: at most one replacement, and nothing else asks for an act of the record (R117). */
function readReplaced(resource: JsonObject, expression: string, report: Report): ReplacedDocument | undefined {
  const replaced: ReplacedDocument[] = [];
  objects(resource.relatesTo).forEach((relation, index) => {
    if (relation.code !== "replaces" || !isObject(relation.target)) return;
    const place = `${expression}.relatesTo[${index}].target`;
    const { reference, identifier } = relation.target;
    const target = typeof reference === "string" ? readReference(reference) : undefined;
    if (target?.kind === "resource") replaced.push({ expression: place, id: target.id });
    else if (isObject(identifier) && typeof identifier.value === "string") {
      const system = text(identifier.system);
      const named = { value: identifier.value, ...(system === undefined ? {} : { system }) };
      replaced.push({ expression: place, identifier: named });
    } else {
      const fr = "Le document remplacé se nomme par DocumentReference/[id] ou par son identifiant.";
      report.refuse("value", place, fr, "Name the replaced document by DocumentReference/[id] or by its identifier.");
    }
  });
  if (replaced.length > 1) {
    const fr = "Un document n’en remplace qu’un (R117).";
    report.refuse("structure", `${expression}.relatesTo`, fr, "A document replaces one document only (R117).");
  }
  return replaced[0];
}

/** Where the bytes of a document are, and the media type stated beside them. */
export interface FoundContent {
  readonly bytes: Uint8Array;
  readonly contentType?: string;
}

/** Reads a document whose profile was checked. @returns undefined when something in it is refused. */
export function readDocument(
  resource: JsonObject,
  isComprehensive: boolean,
  expression: string,
  found: FoundContent | undefined,
  report: Report,
): AdmittedDocument | undefined {
  const type = resource.type === undefined ? undefined : readType(resource.type, `${expression}.type`, report);
  const concept = objects(resource.category)[0];
  const category = concept && readCategory(concept, type, `${expression}.category[0]`, report);
  const context = isObject(resource.context) ? resource.context : {};
  const place = `${expression}.context`;
  const facilityType =
    context.facilityType === undefined
      ? undefined
      : readFacilityType(context.facilityType, isComprehensive, `${place}.facilityType`, report);
  const practiceSetting =
    context.practiceSetting === undefined
      ? undefined
      : readPracticeSetting(context.practiceSetting, `${place}.practiceSetting`, report);
  const visibility = readSecurityLabels(resource.securityLabel, `${expression}.securityLabel`, report);
  const replaces = readReplaced(resource, expression, report);
  const subject = readSubject(resource.subject, `${expression}.subject`, report);
  const content = objects(resource.content)[0];
  const formatPlace = `${expression}.content[0].format`;
  const format = content?.format === undefined ? undefined : readFormat(content.format, formatPlace, report);
  const attachment = isObject(content?.attachment) ? content.attachment : undefined;
  const attachmentPlace = `${expression}.content[0].attachment`;
  const bytes = attachment && found && admitContent(attachment, found.bytes, attachmentPlace, report);
  if (bytes && found?.contentType !== undefined && essenceOf(found.contentType) !== bytes.contentType) {
    const fr = "Le type de contenu n’est pas celui du Binary.";
    report.refuse("value", `${attachmentPlace}.contentType`, fr, "The content type is not that of the Binary.");
  }
  const master = isObject(resource.masterIdentifier) ? resource.masterIdentifier : undefined;
  if (!type || !category || !subject || !bytes || !isUniqueId(master?.value)) return undefined;
  return {
    expression,
    resource: withoutBytes(resource),
    uniqueId: master.value,
    subject,
    type,
    category,
    ...(format && { format }),
    ...(facilityType && { facilityType }),
    ...(practiceSetting && { practiceSetting }),
    visibility,
    ...(replaces && { replaces }),
    content: bytes,
  };
}

function withoutBytes(resource: JsonObject): DocumentReference {
  const content = objects(resource.content).map((one) => {
    if (!isObject(one.attachment)) return one;
    const { data: _, ...attachment } = one.attachment;
    return { ...one, attachment };
  });
  const master = isObject(resource.masterIdentifier) ? { use: "usual", ...resource.masterIdentifier } : undefined;
  // The walk over the table of shapes is the parser: what passed it is a DocumentReference.
  return { ...resource, masterIdentifier: master, content } as unknown as DocumentReference;
}
