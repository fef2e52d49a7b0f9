/**
 * ITI-105, Simplified Publish: one DocumentReference with its content inside.
 * Source: wire.md (TD2, "Simplified"), PDSm 3.1.1 simplified-publish.
 */

import { checkResource, type Walk } from "./check.ts";
import { checkContained } from "./contained.ts";
import { type AdmittedDocument, checkDocumentProfile, readDocument } from "./document-reference.ts";
import { type AdmissionIssue, Report } from "./issue.ts";
import { isObject } from "./json.ts";

/** One document deposited alone. */
export interface AdmittedPublication {
  readonly document: AdmittedDocument;
  readonly warnings: readonly AdmissionIssue[];
}

const noEntries: ReadonlyMap<string, string> = new Map();

/**
 * Admits a DocumentReference deposited alone (ITI-105). Pure: no database, no network.
 * @param json the parsed body, trusted in nothing
 * @throws AdmissionError 400 when it is not FHIR R4, 422 when a profile or a rule refuses it
 */
export function admitDocumentReference(json: unknown): AdmittedPublication {
  const report = new Report();
  const walk: Walk = { report, contents: new Map(), references: [] };
  const expression = "DocumentReference";
  if (!isObject(json) || json.resourceType !== "DocumentReference") {
    report.malformed("structure", expression, "Un DocumentReference est attendu.", "A DocumentReference is expected.");
    report.close();
    throw new Error("unreachable");
  }
  checkResource(json, "DocumentReference", expression, walk);
  const contained = checkContained(json, "DocumentReference", expression, walk, noEntries);
  checkDocumentProfile(json, false, expression, contained, report);
  const bytes = walk.contents.get(`${expression}.content[0].attachment.data`);
  const document = readDocument(json, false, expression, bytes && { bytes }, report);
  const warnings = report.close();
  if (!document) throw new Error("a publication without a document passed");
  return { document, warnings };
}
