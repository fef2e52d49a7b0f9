/**
 * The lot of a deposit (lot de soumission): a `List` with code `submissionset`.
 * Source: PDSm 3.1.1 submissionset-comprehensive, MHD 4.2.3; rules.md R114.
 */

import type { List } from "@carnet/sdk/fhir";
import { codeSystem, extensionUrl } from "@carnet/sdk/fhir";
import type { Contained } from "./contained.ts";
import { resolveContained } from "./document-reference.ts";
import type { Report } from "./issue.ts";
import { codings, isObject, type JsonObject, objects, text } from "./json.ts";
import { readListIdentifiers } from "./list-identifiers.ts";
import { isOid } from "./primitives.ts";
import { type PatientReference, readSubject } from "./subject.ts";

export interface AdmittedSubmissionSet {
  readonly expression: string;
  readonly resource: List;
  /** `urn:oid:…` set by the sender, when given. */
  readonly uniqueId?: string;
  readonly subject: PatientReference;
  /** Instant or date of the submission (R105). */
  readonly date: string;
}

const required = { fr: "Élément exigé par le profil.", en: "Element required by the profile." };
const excludedElements = ["encounter", "orderedBy", "emptyReason", "modifierExtension"];
const excludedFromEntry = ["flag", "deleted", "date"];
const sourceTypes = new Set(["PractitionerRole", "Device", "Patient"]);

/** The MHD list type of a List: `submissionset`, `folder`, or undefined. */
export function listTypeOf(list: JsonObject): string | undefined {
  return text(codings(list.code).find((coding) => coding.system === codeSystem.mhdListType)?.code);
}

/** Checks the profile of a SubmissionSet whose shape was checked. @returns undefined when something is refused. */
export function readSubmissionSet(
  list: JsonObject,
  expression: string,
  contained: Contained,
  report: Report,
): AdmittedSubmissionSet | undefined {
  const need = (name: string) => {
    if (list[name] === undefined) report.refuse("required", `${expression}.${name}`, required.fr, required.en);
  };
  for (const name of ["contained", "code", "subject", "date", "source"]) need(name);
  for (const name of excludedElements) {
    if (list[name] === undefined) continue;
    report.refuse(
      "structure",
      `${expression}.${name}`,
      "Élément exclu par le profil.",
      "Element excluded by the profile.",
    );
  }
  if (list.code !== undefined && listTypeOf(list) !== "submissionset") {
    report.refuse("value", `${expression}.code`, "« submissionset » est attendu.", "“submissionset” is expected.");
  }
  if (list.status !== "current") {
    report.refuse("value", `${expression}.status`, "« current » est attendu.", "“current” is expected.");
  }
  if (list.mode !== "working") {
    report.refuse("value", `${expression}.mode`, "« working » est attendu.", "“working” is expected.");
  }
  if (objects(list.note).length > 1) {
    report.refuse("structure", `${expression}.note`, "Une seule note.", "One note only.");
  }
  checkExtensions(list, expression, report);
  const uniqueId = readListIdentifiers(list, expression, report);
  const source = list.source === undefined ? undefined : resolveContained(list.source, contained);
  if (list.source !== undefined && !sourceTypes.has(text(source?.resourceType) ?? "")) {
    const fr = "L’émetteur est une ressource contenue : PractitionerRole, Device ou Patient.";
    const en = "The source is a contained resource: PractitionerRole, Device or Patient.";
    report.refuse("structure", `${expression}.source`, fr, en);
  }
  objects(list.entry).forEach((entry, index) => {
    for (const name of excludedFromEntry) {
      if (entry[name] === undefined) continue;
      const place = `${expression}.entry[${index}].${name}`;
      report.refuse("structure", place, "Élément exclu par le profil.", "Element excluded by the profile.");
    }
  });
  const subject = readSubject(list.subject, `${expression}.subject`, report);
  if (!subject || typeof list.date !== "string") return undefined;
  return {
    expression,
    // The walk over the table of shapes is the parser: what passed it is a List.
    resource: list as unknown as List,
    ...(uniqueId !== undefined && { uniqueId }),
    subject,
    date: list.date,
  };
}

function checkExtensions(list: JsonObject, expression: string, report: Report): void {
  const place = `${expression}.extension`;
  const extensions = objects(list.extension);
  for (const url of [extensionUrl.designationType, extensionUrl.sourceId]) {
    const count = extensions.filter((extension) => extension.url === url).length;
    const name = url.slice(url.lastIndexOf("/") + 1);
    if (count === 1) continue;
    report.refuse(
      "required",
      place,
      `L’extension ${name} est exigée, une fois.`,
      `Extension ${name} is required, once.`,
    );
  }
  extensions.forEach((extension, index) => {
    if (extension.url !== extensionUrl.sourceId || !isObject(extension.valueIdentifier)) return;
    if (isOid(text(extension.valueIdentifier.value) ?? "")) return;
    const where = `${place}[${index}].valueIdentifier.value`;
    report.refuse("value", where, "L’émetteur se nomme par un urn:oid:.", "The source is named by a urn:oid:.");
  });
}
