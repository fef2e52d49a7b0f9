/**
 * A folder (classeur): a `List` with code `folder`, in a deposit or made by the patient.
 * Source: PDSm 3.1.1 folder-comprehensive, MHD 4.2.3; rules.md R114, R169.
 */

import type { List } from "@carnet/sdk/fhir";
import { extensionUrl } from "@carnet/sdk/fhir";
import { checkResource, type Walk } from "./check.ts";
import { Report } from "./issue.ts";
import { codings, isObject, type JsonObject, objects, text } from "./json.ts";
import { readListIdentifiers } from "./list-identifiers.ts";
import { identifierOfSearch, readReference } from "./reference.ts";
import { type PatientReference, readSubject } from "./subject.ts";

/** A document that a folder names: one of the same deposit, or one of the record. */
export type FolderItem =
  | { readonly kind: "entry"; readonly fullUrl: string; readonly expression: string }
  | { readonly kind: "id"; readonly id: string; readonly expression: string }
  | { readonly kind: "identifier"; readonly value: string; readonly expression: string };

export interface AdmittedFolder {
  readonly expression: string;
  readonly resource: List;
  readonly uniqueId?: string;
  readonly subject: PatientReference;
  readonly title: string;
  /** As sent; the record's time when absent. */
  readonly date?: string;
  readonly designationType?: string;
  readonly items: readonly FolderItem[];
}

/** A list that the patient makes: a folder, or what is pinned. */
export interface AdmittedOwnList extends AdmittedFolder {
  readonly code: string;
}

const MAX_TITLE = 200;
const excluded = ["encounter", "source", "orderedBy", "emptyReason", "modifierExtension"];
const excludedFromEntry = ["flag", "deleted", "date"];

/**
 * Checks a folder whose shape was checked. In a deposit the comprehensive profile holds: title, date, designation and a
 * document. @returns undefined when something is refused
 */
export function readFolder(
  list: JsonObject,
  expression: string,
  report: Report,
  isComprehensive: boolean,
): AdmittedFolder | undefined {
  const required = isComprehensive ? ["title", "subject", "date", "entry"] : ["title", "subject"];
  for (const name of required) {
    if (list[name] !== undefined) continue;
    const place = `${expression}.${name}`;
    report.refuse("required", place, "Élément exigé par le profil.", "Element required by the profile.");
  }
  for (const name of excluded) {
    if (list[name] === undefined) continue;
    const place = `${expression}.${name}`;
    report.refuse("structure", place, "Élément exclu par le profil.", "Element excluded by the profile.");
  }
  if (list.status !== "current") {
    report.refuse("value", `${expression}.status`, "« current » est attendu.", "“current” is expected.");
  }
  if (list.mode !== "working") {
    report.refuse("value", `${expression}.mode`, "« working » est attendu.", "“working” is expected.");
  }
  const title = text(list.title)?.trim() ?? "";
  if (list.title !== undefined && (title === "" || title.length > MAX_TITLE)) {
    const fr = `Titre de 1 à ${MAX_TITLE} caractères attendu.`;
    report.refuse("value", `${expression}.title`, fr, `A title of 1 to ${MAX_TITLE} characters is expected.`);
  }
  const designation = objects(list.extension).filter((one) => one.url === extensionUrl.designationType);
  if (isComprehensive && designation.length !== 1) {
    const fr = "L’extension ihe-designationType est exigée, une fois.";
    report.refuse("required", `${expression}.extension`, fr, "Extension ihe-designationType is required, once.");
  }
  const designationType = text(codings(designation[0]?.valueCodeableConcept)[0]?.code);
  if (isComprehensive && objects(list.note).length > 1) {
    report.refuse("structure", `${expression}.note`, "Une seule note.", "One note only.");
  }
  const uniqueId = isComprehensive
    ? readListIdentifiers(list, expression, report)
    : text(objects(list.identifier).find((one) => one.use === "usual")?.value);
  const items = objects(list.entry).flatMap((entry, index) => readItem(entry, `${expression}.entry[${index}]`, report));
  const subject = readSubject(list.subject, `${expression}.subject`, report);
  if (!subject) return undefined;
  const { contained: _contained, text: _text, ...kept } = list;
  return {
    expression,
    // The walk over the table of shapes is the parser: what passed it is a List.
    resource: kept as unknown as List,
    ...(uniqueId !== undefined && { uniqueId }),
    subject,
    title,
    ...(typeof list.date === "string" && { date: list.date }),
    ...(designationType !== undefined && { designationType }),
    items,
  };
}

function readItem(entry: JsonObject, expression: string, report: Report): FolderItem[] {
  for (const name of excludedFromEntry) {
    if (entry[name] === undefined) continue;
    const place = `${expression}.${name}`;
    report.refuse("structure", place, "Élément exclu par le profil.", "Element excluded by the profile.");
  }
  const place = `${expression}.item`;
  const reference = isObject(entry.item) ? text(entry.item.reference) : undefined;
  const target = reference === undefined ? undefined : readReference(reference);
  if (target?.kind === "entry") return [{ kind: "entry", fullUrl: target.urn, expression: place }];
  if (target?.kind === "resource" && target.type === "DocumentReference") {
    return [{ kind: "id", id: target.id, expression: place }];
  }
  const searched =
    target?.kind === "search" && target.type === "DocumentReference" ? identifierOfSearch(target.query) : undefined;
  if (searched) return [{ kind: "identifier", value: searched.value, expression: place }];
  report.refuse("not-found", place, "Un document est attendu.", "A document is expected.");
  return [];
}

/**
 * Admits a list that the patient makes (`POST List`, `PUT List/[id]`). Pure: no database, no network.
 * @throws AdmissionError 400 when it is not FHIR R4, 422 when the profile refuses it
 */
export function admitOwnList(json: unknown): AdmittedOwnList {
  const report = new Report();
  const walk: Walk = { report, contents: new Map(), references: [] };
  if (!isObject(json) || json.resourceType !== "List") {
    report.malformed("structure", "List", "Une List est attendue.", "A List is expected.");
    report.close();
    throw new Error("unreachable");
  }
  checkResource(json, "List", "List", walk);
  if (report.isMalformed) report.close();
  const folder = readFolder(json, "List", report, false);
  for (const item of folder?.items ?? []) {
    if (item.kind !== "entry") continue;
    const fr = "Un document du dossier est attendu : DocumentReference/[id].";
    report.refuse("not-found", item.expression, fr, "A document of the record is expected: DocumentReference/[id].");
  }
  report.close();
  if (!folder) throw new Error("a folder without a subject passed");
  return { ...folder, code: text(codings(json.code)[0]?.code) ?? "" };
}
