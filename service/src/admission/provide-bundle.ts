/**
 * ITI-65, Provide Document Bundle: one lot, its documents and their contents, in one transaction.
 * Source: wire.md (TD2, TD2.1), PDSm 3.1.1 comprehensive-provide-document-bundle, MHD 4.2.3.
 */

import { checkResource, type Walk } from "./check.ts";
import { checkContained } from "./contained.ts";
import { isOfOwnNumber, otherCondition } from "./create-condition.ts";
import { type AdmittedDocument, checkDocumentProfile, readDocument } from "./document-reference.ts";
import { type AdmittedFolder, readFolder } from "./folder.ts";
import { type AdmissionIssue, Report } from "./issue.ts";
import { isObject, type JsonObject, objects, text } from "./json.ts";
import { readPatch, type StatusPatch } from "./patch.ts";
import { isUuid } from "./primitives.ts";
import { isOtherPatient } from "./subject.ts";
import { type AdmittedSubmissionSet, listTypeOf, readSubmissionSet } from "./submission-set.ts";

/** What an entry of the Bundle is, in the order of the Bundle: the answer keeps that order. */
export type SubmissionEntry =
  | { readonly kind: "submission-set" }
  | { readonly kind: "document"; readonly index: number }
  | { readonly kind: "content"; readonly index: number }
  | { readonly kind: "folder"; readonly index: number }
  | { readonly kind: "patch"; readonly index: number };

/** A whole ITI-65 submission, checked and decoded. */
export interface AdmittedSubmission {
  readonly submissionSet: AdmittedSubmissionSet;
  readonly documents: readonly AdmittedDocument[];
  /** Folders (classeurs) of these documents and of others of the record. */
  readonly folders: readonly AdmittedFolder[];
  /** Old versions that the sender marks as superseded (TD2.1). */
  readonly patches: readonly StatusPatch[];
  /** One per entry of the Bundle. `index` of a content is the index of the document that it belongs to. */
  readonly entries: readonly SubmissionEntry[];
  /** `fullUrl` of each document, by index: `urn:uuid:…`. */
  readonly documentUrls: readonly string[];
  readonly warnings: readonly AdmissionIssue[];
}

interface Entry {
  readonly expression: string;
  readonly fullUrl: string | undefined;
  readonly resource: JsonObject;
  readonly type: string;
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly ifMatch: string | undefined;
}

const postable = new Set(["List", "DocumentReference", "Binary"]);

/** Reads the entries; what has no place in a deposit is refused here. */
function readEntries(bundle: JsonObject, report: Report): Entry[] {
  return objects(bundle.entry).flatMap((entry, index): Entry[] => {
    const expression = `Bundle.entry[${index}]`;
    const request = isObject(entry.request) ? entry.request : undefined;
    if (!request) report.refuse("required", `${expression}.request`, "La requête manque.", "The request is missing.");
    if (!isObject(entry.resource)) {
      report.refuse("required", `${expression}.resource`, "La ressource manque.", "The resource is missing.");
      return [];
    }
    const type = text(entry.resource.resourceType) ?? "";
    const method = text(request?.method);
    const url = text(request?.url);
    const ifMatch = text(request?.ifMatch);
    const condition = text(request?.ifNoneExist);
    if (condition !== undefined && !isOfOwnNumber(condition, entry.resource)) {
      report.refuse("value", `${expression}.request.ifNoneExist`, otherCondition.fr, otherCondition.en);
    }
    const isPatch = type === "Parameters" && method === "PATCH";
    if (!isPatch && !postable.has(type)) {
      const fr = "Cette ressource n’a pas sa place dans un dépôt.";
      report.refuse("structure", `${expression}.resource`, fr, "This resource has no place in a deposit.");
      return [];
    }
    if (request && !isPatch && method !== "POST") {
      report.refuse("value", `${expression}.request.method`, "POST est attendu.", "POST is expected.");
    }
    if (request && !isPatch && url !== type) {
      const fr = "L’adresse n’est pas celle du type de la ressource.";
      report.refuse("value", `${expression}.request.url`, fr, "The url is not that of the resource type.");
    }
    return [{ expression, fullUrl: text(entry.fullUrl), resource: entry.resource, type, method, url, ifMatch }];
  });
}

/** `fullUrl` → resource type. Each is a `urn:uuid:` and stands once (bdl-7). */
function readUrls(entries: readonly Entry[], report: Report): Map<string, string> {
  const types = new Map<string, string>();
  for (const { fullUrl, expression, type } of entries) {
    if (type === "Parameters" && fullUrl === undefined) continue;
    const place = `${expression}.fullUrl`;
    if (fullUrl === undefined) report.refuse("required", place, "L’adresse manque.", "The address is missing.");
    else if (!isUuid(fullUrl)) {
      report.refuse("value", place, "Un urn:uuid: en minuscules est attendu.", "A lower-case urn:uuid: is expected.");
    } else if (types.has(fullUrl)) {
      report.malformed("invariant", place, "Adresse déjà utilisée (bdl-7).", "This address is used twice (bdl-7).");
    } else types.set(fullUrl, type);
  }
  return types;
}

/**
 * Admits the Bundle of a deposit (ITI-65). Pure: no database, no network.
 * @param json the parsed body, trusted in nothing
 * @throws AdmissionError 400 when it is not FHIR R4, 422 when a profile or a rule refuses it
 */
export function admitProvideBundle(json: unknown): AdmittedSubmission {
  const report = new Report();
  const walk: Walk = { report, contents: new Map(), references: [] };
  if (!isObject(json) || json.resourceType !== "Bundle") {
    report.malformed("structure", "Bundle", "Un Bundle est attendu.", "A Bundle is expected.");
    report.close();
    throw new Error("unreachable");
  }
  checkResource(json, "Bundle", "Bundle", walk);
  walk.references.length = 0;
  if (report.isMalformed) report.close();
  if (json.type !== "transaction") {
    report.refuse("value", "Bundle.type", "« transaction » est attendu.", "“transaction” is expected.");
  }
  const entries = readEntries(json, report);
  const types = readUrls(entries, report);
  const sets: Entry[] = [];
  const read = {
    documents: [] as (AdmittedDocument | undefined)[],
    documentUrls: [] as string[],
    folders: [] as AdmittedFolder[],
    patches: [] as StatusPatch[],
  };
  let submissionSet: AdmittedSubmissionSet | undefined;
  const usedContents = new Map<string, number>();
  const order: { entry: Entry; kind: SubmissionEntry["kind"]; index: number }[] = [];
  // Contents first: a document needs the bytes of its Binary, wherever it stands.
  for (const { resource, type, expression } of entries) {
    if (type !== "Binary") continue;
    checkResource(resource, "Binary", `${expression}.resource`, walk);
    if (resource.data === undefined) {
      report.refuse("required", `${expression}.resource.data`, "Le contenu manque.", "The content is missing.");
    }
  }
  walk.references.length = 0;
  for (const entry of entries) {
    const place = `${entry.expression}.resource`;
    if (entry.type === "Binary") {
      order.push({ entry, kind: "content", index: -1 });
    } else if (entry.type === "Parameters") {
      checkResource(entry.resource, "Parameters", place, walk);
      walk.references.length = 0;
      const patch = readPatch(entry.resource, entry, entry.expression, report);
      order.push({ entry, kind: "patch", index: read.patches.length });
      if (patch) read.patches.push(patch);
    } else if (entry.type === "List") {
      checkResource(entry.resource, "List", place, walk);
      const contained = checkContained(entry.resource, "List", place, walk, types);
      if (listTypeOf(entry.resource) === "folder") {
        order.push({ entry, kind: "folder", index: read.folders.length });
        const folder = readFolder(entry.resource, place, report, true);
        if (folder) read.folders.push(folder);
        continue;
      }
      sets.push(entry);
      order.push({ entry, kind: "submission-set", index: 0 });
      if (sets.length > 1) {
        report.refuse("structure", entry.expression, "Un seul lot par dépôt.", "One SubmissionSet per deposit.");
      } else submissionSet = readSubmissionSet(entry.resource, place, contained, report);
    } else {
      checkResource(entry.resource, "DocumentReference", place, walk);
      const contained = checkContained(entry.resource, "DocumentReference", place, walk, types);
      checkDocumentProfile(entry.resource, true, place, contained, report);
      const index = read.documents.length;
      const content = findContent(entry, entries, types, walk, usedContents, index);
      read.documents.push(readDocument(entry.resource, true, place, content, report));
      read.documentUrls.push(entry.fullUrl ?? "");
      order.push({ entry, kind: "document", index });
    }
  }
  if (sets.length === 0) {
    const list = entries.find((entry) => entry.type === "List");
    const place = list ? `${list.expression}.resource.code` : "Bundle.entry";
    report.refuse("required", place, "Le lot (submissionset) manque.", "The submission set is missing.");
  }
  if (read.documents.length === 0) {
    report.refuse("required", "Bundle.entry", "Aucun document dans le lot.", "No document in the submission.");
  }
  checkMembers(sets[0], entries, types, report);
  const documents = read.documents.filter((document) => document !== undefined);
  checkAcross(submissionSet, documents, report);
  checkFolders(submissionSet, read.folders, types, report);
  for (const { entry, kind } of order) {
    if (kind !== "content" || usedContents.has(entry.fullUrl ?? "")) continue;
    const fr = "Aucun document ne renvoie à ce contenu.";
    report.refuse("structure", entry.expression, fr, "No document refers to this content.");
  }
  const warnings = report.close();
  // Nothing may be left out in silence: a document that was neither read nor refused is a fault of ours.
  if (!submissionSet || documents.length !== read.documents.length) throw new Error("a part of a submission was lost");
  return {
    submissionSet,
    documents,
    folders: read.folders,
    patches: read.patches,
    documentUrls: read.documentUrls,
    entries: order.map(({ entry, kind, index }): SubmissionEntry => {
      if (kind === "submission-set") return { kind };
      return { kind, index: kind === "content" ? (usedContents.get(entry.fullUrl ?? "") ?? 0) : index };
    }),
    warnings,
  };
}

/** The bytes that `attachment.url` names: a Binary of the same Bundle, used by this document only. */
function findContent(
  document: Entry,
  entries: readonly Entry[],
  types: ReadonlyMap<string, string>,
  walk: Walk,
  used: Map<string, number>,
  index: number,
): { bytes: Uint8Array; contentType: string } | undefined {
  const content = objects(document.resource.content)[0];
  const attachment = isObject(content?.attachment) ? content.attachment : undefined;
  const url = text(attachment?.url);
  if (url === undefined) return undefined;
  const place = `${document.expression}.resource.content[0].attachment.url`;
  if (types.get(url) !== "Binary") {
    const fr = "L’adresse n’est pas celle d’un Binary du lot.";
    walk.report.refuse("not-found", place, fr, "The url is not that of a Binary of the submission.");
    return undefined;
  }
  if (used.has(url)) {
    walk.report.refuse("structure", place, "Contenu déjà utilisé.", "This content is used by another document.");
    return undefined;
  }
  used.set(url, index);
  const binary = entries.find((entry) => entry.fullUrl === url);
  const bytes = binary && walk.contents.get(`${binary.expression}.resource.data`);
  const contentType = text(binary?.resource.contentType);
  return bytes && contentType !== undefined ? { bytes, contentType } : undefined;
}

/** Every document of the Bundle is a member of the lot, and the lot names nothing else. */
function checkMembers(
  set: Entry | undefined,
  entries: readonly Entry[],
  types: ReadonlyMap<string, string>,
  report: Report,
): void {
  if (!set) return;
  const members = new Set<string>();
  objects(set.resource.entry).forEach((member, index) => {
    const reference = isObject(member.item) ? text(member.item.reference) : undefined;
    const type = reference === undefined ? undefined : types.get(reference);
    if (reference !== undefined && (type === "DocumentReference" || type === "List")) members.add(reference);
    else {
      const place = `${set.expression}.resource.entry[${index}].item`;
      const fr = "Un document ou un classeur du lot est attendu.";
      report.refuse("not-found", place, fr, "A document or folder of the submission is expected.");
    }
  });
  for (const entry of entries) {
    if (entry.type !== "DocumentReference" || members.has(entry.fullUrl ?? "")) continue;
    const fr = "Le lot ne cite pas ce document.";
    report.refuse("invariant", entry.expression, fr, "The SubmissionSet does not list this document.");
  }
}

/** One patient per lot, and no uniqueId twice. */
function checkAcross(
  set: AdmittedSubmissionSet | undefined,
  documents: readonly AdmittedDocument[],
  report: Report,
): void {
  const seen = new Set<string>();
  for (const document of documents) {
    if (set && isOtherPatient(set.subject, document.subject)) {
      const fr = "Le document et le lot nomment deux patients (R40).";
      report.refuse("invariant", `${document.expression}.subject`, fr, "Document and lot name two patients (R40).");
    }
    if (seen.has(document.uniqueId)) {
      const place = `${document.expression}.masterIdentifier.value`;
      report.refuse("invariant", place, "uniqueId déjà utilisé dans ce lot (R116).", "uniqueId used twice (R116).");
    }
    seen.add(document.uniqueId);
  }
}

/** A folder is the patient's of the lot, and what it names in the Bundle is a document of it. */
function checkFolders(
  set: AdmittedSubmissionSet | undefined,
  folders: readonly AdmittedFolder[],
  types: ReadonlyMap<string, string>,
  report: Report,
): void {
  for (const { subject, expression, items } of folders) {
    if (set && isOtherPatient(set.subject, subject)) {
      const fr = "Le classeur et le lot nomment deux patients (R40).";
      report.refuse("invariant", `${expression}.subject`, fr, "Folder and lot name two patients (R40).");
    }
    for (const item of items) {
      if (item.kind !== "entry" || types.get(item.fullUrl) === "DocumentReference") continue;
      const fr = "Un document du dépôt est attendu.";
      report.refuse("not-found", item.expression, fr, "A document of the submission is expected.");
    }
  }
}
