/**
 * Persons inside a deposit: fr-core-patient, as-practitioner, as-practitionerrole.
 * Source: fr-core 2.1.0, annuaire 1.1.0; rules.md R31 to R34 (INS), R107 (professional identifiers).
 */

import { identifierSystem } from "@carnet/sdk/fhir";
import { InsError, isInsSystem, parseIns } from "@carnet/sdk/identity";
import { findProfession } from "@carnet/sdk/terminology";
import type { Report } from "./issue.ts";
import { codings, type JsonObject, objects } from "./json.ts";

const v2Identifiers = "http://terminology.hl7.org/CodeSystem/v2-0203";
const frIdentifiers = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203";
const rpps = "https://rpps.esante.gouv.fr";
const adeli = "https://adeli.esante.gouv.fr";

const testInsSystems: readonly string[] = [identifierSystem.insTest, identifierSystem.insDemonstration];

/**
 * Checks the shape and the key of an INS (R32, R33).
 * @param isSubject the subject of a document must have a right key; the identity that a document carries may have a
 *   wrong one under the test systems, because published samples have (R34).
 */
export function checkIns(system: string, value: string, isSubject: boolean, expression: string, report: Report): void {
  if (!isRightIns(system, value)) {
    const fr = "INS invalide : forme ou clé de contrôle (R33).";
    const en = "Invalid INS: form or check key (R33).";
    if (isSubject || !testInsSystems.includes(system)) report.refuse("value", expression, fr, en);
    else report.warn("value", expression, fr, en);
  }
}

function isRightIns(system: string, value: string): boolean {
  try {
    // The reader forgives blanks; the wire does not.
    return parseIns({ system, value }).value === value;
  } catch (error) {
    if (error instanceof InsError) return false;
    throw error;
  }
}

function hasType(identifier: JsonObject, system: string, code: string): boolean {
  return codings(identifier.type).some((coding) => coding.system === system && coding.code === code);
}

function need(value: unknown, expression: string, report: Report): void {
  if (value === undefined) {
    report.refuse("required", expression, "Élément exigé par le profil.", "Element required by the profile.");
  }
}

function checkNames(names: readonly JsonObject[], expression: string, report: Report): void {
  names.forEach((name, index) => {
    if (Array.isArray(name.prefix) && name.prefix.length > 1) {
      report.refuse("structure", `${expression}.name[${index}].prefix`, "Une seule civilité.", "One prefix only.");
    }
  });
}

/** Rules of fr-core-patient on a Patient whose shape was checked. */
export function checkPatient(patient: JsonObject, expression: string, report: Report): void {
  objects(patient.identifier).forEach((identifier, index) => {
    const place = `${expression}.identifier[${index}]`;
    if (hasType(identifier, v2Identifiers, "PI")) {
      need(identifier.system, `${place}.system`, report);
      need(identifier.value, `${place}.value`, report);
      if (identifier.use !== undefined && identifier.use !== "usual") {
        report.refuse("value", `${place}.use`, "« usual » est attendu.", "“usual” is expected.");
      }
    }
    if (typeof identifier.system === "string" && isInsSystem(identifier.system)) {
      if (typeof identifier.value !== "string") need(identifier.value, `${place}.value`, report);
      else checkIns(identifier.system, identifier.value, false, `${place}.value`, report);
    }
  });
  const names = objects(patient.name);
  checkNames(names, expression, report);
  names.forEach((name, index) => {
    if (name.use !== "official") return;
    need(name.family, `${expression}.name[${index}].family`, report);
    need(name.given, `${expression}.name[${index}].given`, report);
  });
}

/** Rules of as-practitioner on a Practitioner whose shape was checked. */
export function checkPractitioner(practitioner: JsonObject, expression: string, report: Report): void {
  const numbers = objects(practitioner.identifier);
  numbers.forEach((identifier, index) => {
    const place = `${expression}.identifier[${index}]`;
    const isOther = numbers.findIndex(({ system }) => system === identifier.system) !== index;
    // Whose document it is hangs on it: who may delete or replace it (R117, R120).
    if (identifier.system === identifierSystem.professional && isOther) {
      report.refuse("structure", place, "Un seul numéro national par auteur.", "One national number for an author.");
    }
    need(identifier.system, `${place}.system`, report);
    need(identifier.value, `${place}.value`, report);
    const expected = identifier.system === identifierSystem.professional ? "IDNPS" : "RPPS";
    const isTyped = identifier.system === identifierSystem.professional || identifier.system === rpps;
    if (isTyped && !hasType(identifier, frIdentifiers, expected)) {
      report.refuse("required", `${place}.type`, `Le type ${expected} est attendu.`, `Type ${expected} is expected.`);
    }
    if (identifier.system === adeli) {
      report.refuse("structure", place, "Identifiant ADELI non permis.", "ADELI identifiers are not allowed.");
    }
    const value = identifier.value;
    if (
      identifier.system === identifierSystem.professional &&
      typeof value === "string" &&
      /^8/.test(value) &&
      !/^8\d{11}$/.test(value)
    ) {
      report.refuse("value", `${place}.value`, "8 puis 11 chiffres attendus (R107).", "8 then 11 digits (R107).");
    }
  });
  checkNames(objects(practitioner.name), expression, report);
  objects(practitioner.telecom).forEach((telecom, index) => {
    need(telecom.system, `${expression}.telecom[${index}].system`, report);
    need(telecom.value, `${expression}.telecom[${index}].value`, report);
  });
  objects(practitioner.qualification).forEach((qualification, index) => {
    checkProfessions(qualification.code, `${expression}.qualification[${index}].code`, report);
  });
}

/** Rules of as-practitionerrole on a PractitionerRole whose shape was checked. */
export function checkPractitionerRole(role: JsonObject, expression: string, report: Report): void {
  objects(role.code).forEach((code, index) => {
    checkProfessions(code, `${expression}.code[${index}]`, report);
  });
  objects(role.telecom).forEach((telecom, index) => {
    need(telecom.system, `${expression}.telecom[${index}].system`, report);
    need(telecom.value, `${expression}.telecom[${index}].value`, report);
  });
}

/** A profession that the record does not know has no column in the matrix: it is refused at the door (R50). */
function checkProfessions(concept: unknown, expression: string, report: Report): void {
  codings(concept).forEach((coding, index) => {
    const { system, code } = coding;
    if (typeof system !== "string" || typeof code !== "string") return;
    if (!/TRE_G15-ProfessionSante|^urn:oid:1\.2\.250\.1\.71\.1\.2\.7$/.test(system)) return;
    if (!findProfession(code, system)) {
      const place = `${expression}.coding[${index}].code`;
      report.refuse("code-invalid", place, "Profession inconnue (TRE_G15).", "Unknown profession (TRE_G15).");
    }
  });
}
