/**
 * Codes of the metadata against the closed lists of the record.
 * Source: wire.md ("Code systems"); rules.md R100, R101, R104, R140; PDSm 3.1.1 (bindings stated in words).
 */

import {
  findConfidentialityCode,
  findDocumentClass,
  findDocumentType,
  findFacilityType,
  findFormat,
  findPracticeSetting,
} from "@carnet/sdk/terminology";
import type { Report } from "./issue.ts";
import { codings, type JsonObject, objects, text } from "./json.ts";

/** A code as the record keeps it beside the resource. */
export interface AdmittedCoding {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}

/** What the security labels ask for (R140): the base code and the visibility marks. */
export interface AdmittedVisibility {
  readonly confidentiality: string;
  readonly hiddenFromProfessionals: boolean;
  readonly invisibleToPatient: boolean;
  readonly invisibleToRepresentatives: boolean;
}

const tre = (name: string) => new RegExp(`^https://mos\\.esante\\.gouv\\.fr/NOS/${name}[^/]*/FHIR/`);
const typeSystems = [
  /^http:\/\/loinc\.org$/,
  tre("TRE_A05"),
  tre("TRE_A12"),
  /^urn:oid:1\.2\.250\.1\.213\.1\.1\.4\.12$/,
];
const classSystems = [tre("TRE_A03"), /^urn:oid:1\.2\.250\.1\.213\.1\.1\.4\.1$/];
const producerSystems = [tre("TRE_A00"), tre("TRE_R02"), /^urn:oid:1\.2\.250\.1\.71\.4\.2\.4$/];
const settingSystems = [tre("TRE_A00"), tre("TRE_A01"), /^urn:oid:1\.2\.250\.1\.213\.1\.1\.4\.9$/];
const formatSystems = [tre("TRE_A(06|09|10|11)-"), /formatcode/i, /^urn:oid:1\.3\.6\.1\.4\.1\.19376\.1\.2\.3$/];
const visibilitySystem = tre("TRE_A07");
const labelSystems = [/^http:\/\/terminology\.hl7\.org\/CodeSystem\/v3-Confidentiality$/, tre("TRE_A0[78]")];

function isFrom(systems: readonly RegExp[], system: unknown): system is string {
  return typeof system === "string" && systems.some((pattern) => pattern.test(system));
}

function firstFrom(concept: unknown, systems: readonly RegExp[]): AdmittedCoding | undefined {
  for (const coding of codings(concept)) {
    if (isFrom(systems, coding.system) && typeof coding.code === "string") return asCoding(coding.system, coding);
  }
  return undefined;
}

function asCoding(system: string, coding: JsonObject): AdmittedCoding {
  const display = text(coding.display);
  return { system, code: text(coding.code) ?? "", ...(display === undefined ? {} : { display }) };
}

const foreign = {
  fr: "Ce code ne vient pas d’une nomenclature permise ici.",
  en: "This code is not from a code system allowed here.",
};
const unknown = { fr: "Code inconnu de cette nomenclature.", en: "Code unknown to this code system." };

/** Document type (typeCode, R100). */
export function readType(concept: unknown, expression: string, report: Report): AdmittedCoding | undefined {
  const coding = firstFrom(concept, typeSystems);
  if (!coding) {
    report.refuse("code-invalid", expression, foreign.fr, foreign.en);
    return undefined;
  }
  if (!findDocumentType(coding.code)) {
    report.refuse("code-invalid", expression, "Type de document inconnu (R100).", "Unknown document type (R100).");
    return undefined;
  }
  return coding;
}

/** Document class (classCode, R101): the one class of the type. */
export function readCategory(
  concept: unknown,
  type: AdmittedCoding | undefined,
  expression: string,
  report: Report,
): AdmittedCoding | undefined {
  const coding = firstFrom(concept, classSystems);
  if (!coding) {
    report.refuse("code-invalid", expression, foreign.fr, foreign.en);
    return undefined;
  }
  if (!findDocumentClass(coding.code)) {
    report.refuse("code-invalid", expression, "Classe de document inconnue (R101).", "Unknown document class (R101).");
    return undefined;
  }
  if (type && findDocumentType(type.code)?.classCode !== coding.code) {
    const fr = "La classe n’est pas celle du type de document (R101).";
    report.refuse("business-rule", expression, fr, "The class is not the one of the document type (R101).");
  }
  return coding;
}

/**
 * Facility type (secteur d’activité). In ITI-65 a foreign system is refused, as PDSm says in words; in ITI-105 it is
 * kept with a remark, because the guide’s own simplified examples carry SNOMED CT.
 */
export function readFacilityType(
  concept: unknown,
  isComprehensive: boolean,
  expression: string,
  report: Report,
): AdmittedCoding | undefined {
  const coding = firstFrom(concept, producerSystems);
  if (coding) {
    if (!findFacilityType(coding.code)) report.refuse("code-invalid", expression, unknown.fr, unknown.en);
    return coding;
  }
  if (isComprehensive) report.refuse("code-invalid", expression, foreign.fr, foreign.en);
  else report.warn("code-invalid", expression, foreign.fr, foreign.en);
  return firstFrom(concept, [/./]);
}

/** Practice setting (cadre d’exercice): a foreign system is kept with a remark (wire.md). */
export function readPracticeSetting(concept: unknown, expression: string, report: Report): AdmittedCoding | undefined {
  const coding = firstFrom(concept, settingSystems);
  if (coding) {
    if (!findPracticeSetting(coding.code)) report.refuse("code-invalid", expression, unknown.fr, unknown.en);
    return coding;
  }
  report.warn("code-invalid", expression, foreign.fr, foreign.en);
  return firstFrom(concept, [/./]);
}

/** Format: the system is closed; a code newer than our list is kept with a remark, since formats appear every year. */
export function readFormat(coding: unknown, expression: string, report: Report): AdmittedCoding | undefined {
  const found = firstFrom({ coding: [coding] }, formatSystems);
  if (!found) {
    report.refuse("code-invalid", expression, foreign.fr, foreign.en);
    return undefined;
  }
  if (!findFormat(found.code)) report.warn("code-invalid", expression, unknown.fr, unknown.en);
  return found;
}

/** Is this a code of R140 in a system of its own: a base of one, a mark of another? */
export function isLabel(system: unknown, code: string): boolean {
  if (!isFrom(labelSystems, system) || findConfidentialityCode(code) === undefined) return false;
  const isBase = code === "N" || code === "R" || code === "V";
  return isBase !== visibilitySystem.test(system);
}

/**
 * Security labels (R140). A label that the record does not understand would not be obeyed: it is refused.
 * Without any label the document is `N`, visible.
 */
export function readSecurityLabels(labels: unknown, expression: string, report: Report): AdmittedVisibility {
  const codes = new Set<string>();
  objects(labels).forEach((label, index) => {
    const place = `${expression}[${index}]`;
    const all = codings(label);
    const found = all.filter((coding) => isFrom(labelSystems, coding.system));
    if (found.length === 0 || found.length !== all.length) {
      report.refuse("code-invalid", place, foreign.fr, foreign.en);
    }
    for (const coding of found) {
      const code = text(coding.code);
      if (code !== undefined && isLabel(coding.system, code)) codes.add(code);
      else report.refuse("code-invalid", place, unknown.fr, unknown.en);
    }
  });
  return {
    confidentiality: codes.has("V") ? "V" : codes.has("R") ? "R" : "N",
    hiddenFromProfessionals: codes.has("MASQUE_PS"),
    invisibleToPatient: codes.has("INVISIBLE_PATIENT"),
    invisibleToRepresentatives: codes.has("INVISIBLE_REPRESENTANTS_LEGAUX"),
  };
}
