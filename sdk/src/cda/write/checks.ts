import { InsError, parseIns } from "../../identity/index.ts";
import {
  type Concept,
  findConfidentialityCode,
  findDocumentType,
  findFacilityType,
  findPracticeSetting,
  findSpecialty,
} from "../../terminology/index.ts";
import { oidOfSystem } from "../read/code-systems.ts";
import { CdaInputError } from "./errors.ts";
import type {
  CdaCode,
  CdaId,
  HeaderAuthor,
  HeaderOrganization,
  HeaderPatient,
  HeaderProfessional,
} from "./header-data.ts";
import { toHl7Time } from "./times.ts";
import type { WrapAuthor, WrapCoding, WrapOrganization, WrapPatient } from "./wrap-input.ts";

/** Text that must be there; blanks around it are dropped. */
export function requireText(value: unknown, path: string): string {
  if (value === undefined || value === null || value === "") throw new CdaInputError("cda-input-missing", path);
  if (typeof value !== "string") throw new CdaInputError("cda-input-shape", path);
  const text = value.trim();
  if (text === "") throw new CdaInputError("cda-input-missing", path);
  return text;
}

export function optionalText(value: unknown, path: string): string | undefined {
  return value === undefined || value === null || value === "" ? undefined : requireText(value, path);
}

export function requireObject<T extends object>(value: T, path: string): T {
  if (value === undefined || value === null) throw new CdaInputError("cda-input-missing", path);
  if (typeof value !== "object") throw new CdaInputError("cda-input-shape", path);
  return value;
}

/** `urn:oid:…`, `urn:uuid:…` or a bare OID → root, and extension after `^`. */
export function readIdentifier(value: unknown, path: string): CdaId {
  const [root = "", extension, ...rest] = requireText(value, path)
    .replace(/^urn:(?:oid|uuid):/i, "")
    .split("^");
  const isOid = /^[0-2](?:\.(?:0|[1-9]\d*))+$/.test(root) && root.length <= 64;
  const isUuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(root);
  if (rest.length > 0 || !(isOid || (isUuid && extension === undefined)))
    throw new CdaInputError("cda-input-identifier", path);
  return extension ? { root, extension } : { root: isUuid ? root.toUpperCase() : root };
}

/** Type of document: must be in JDV_J07; its label is the nomenclature's, whatever the input says. */
export function readDocumentType(coding: WrapCoding, path: string): CdaCode {
  const { code, system } = requireObject(coding, path);
  const name = requireText(code, `${path}.code`);
  const uri = requireText(system, `${path}.system`);
  // The guides spell the national nomenclature in two ways (TRE_A05-TypeDocComplementaire and …CISIS).
  const type =
    findDocumentType(name, uri) ?? (/TRE_A05/.test(uri) ? findDocumentType(name, "1.2.250.1.213.1.1.4.12") : undefined);
  if (!type?.isInValueSet) throw new CdaInputError("cda-input-code", `${path}.code`);
  return codeOf(type, `${path}.code`);
}

/** A code of any system that has an OID. */
export function readCode(coding: WrapCoding, path: string): CdaCode {
  const { code, system, display } = requireObject(coding, path);
  const oid = oidOfSystem(requireText(system, `${path}.system`));
  if (!oid) throw new CdaInputError("cda-input-code", `${path}.system`);
  const name = requireText(code, `${path}.code`);
  return { code: name, oid, display: optionalText(display, `${path}.display`) ?? name };
}

export function readConfidentiality(value: unknown, path: string): CdaCode {
  const found = findConfidentialityCode(optionalText(value, path) ?? "N", "2.16.840.1.113883.5.25");
  if (!found) throw new CdaInputError("cda-input-code", path);
  return codeOf(found, path);
}

/** R35, R36: with an INS every strict trait is required. */
export function readPatient(patient: WrapPatient, path: string): HeaderPatient {
  requireObject(patient, path);
  const text = (key: keyof WrapPatient) => requireText(patient[key], `${path}.${key}`);
  requireObject(patient.ins, `${path}.ins`);
  const { sex, birthGivenNames } = patient;
  if (sex !== "male" && sex !== "female" && sex !== "unknown")
    throw new CdaInputError(sex === undefined ? "cda-input-missing" : "cda-input-shape", `${path}.sex`);
  if (!Array.isArray(birthGivenNames) || birthGivenNames.length === 0)
    throw new CdaInputError("cda-input-missing", `${path}.birthGivenNames`);
  const birthDate = text("birthDate");
  if (birthDate.length !== 10) throw new CdaInputError("cda-input-date", `${path}.birthDate`);
  const birthPlaceCode = text("birthPlaceCode").toUpperCase();
  if (!/^(?:\d{5}|2[AB]\d{3})$/.test(birthPlaceCode))
    throw new CdaInputError("cda-input-shape", `${path}.birthPlaceCode`);
  const usedName = optionalText(patient.usedName, `${path}.usedName`);
  const usedGivenName = optionalText(patient.usedGivenName, `${path}.usedGivenName`);
  return {
    ins: readIns(patient.ins, `${path}.ins`),
    birthName: text("birthName"),
    firstGivenName: text("firstGivenName"),
    birthGivenNames: birthGivenNames.map((name, index) => requireText(name, `${path}.birthGivenNames[${index}]`)),
    ...(usedName ? { usedName } : {}),
    ...(usedGivenName ? { usedGivenName } : {}),
    sex,
    birthTime: toHl7Time(birthDate, `${path}.birthDate`),
    birthPlaceCode,
  };
}

function readIns(ins: WrapPatient["ins"], path: string): HeaderPatient["ins"] {
  const input = { system: requireText(ins.system, `${path}.system`), value: requireText(ins.value, `${path}.value`) };
  try {
    return parseIns(input);
  } catch (error) {
    if (!(error instanceof InsError)) throw error;
    throw new CdaInputError("cda-input-identifier", error.code === "ins-system" ? `${path}.system` : `${path}.value`);
  }
}

/** A professional, or `"patient"`: the author of the patient's own documents. */
export function readAuthorOrPatient(author: WrapAuthor | "patient", path: string): HeaderAuthor {
  return author === "patient" ? author : readAuthor(author, path);
}

export function readAuthor(author: WrapAuthor, path: string): HeaderProfessional {
  requireObject(author, path);
  const prefix = readTitle(author.prefix, `${path}.prefix`);
  const suffix = readTitle(author.suffix, `${path}.suffix`);
  // "Dr" is a professional title: vendors often hand it over as a civility.
  const civility = prefix && civilities.has(prefix) ? prefix : undefined;
  const title = suffix ?? (prefix && !civility ? prefix : undefined);
  const specialty = readSpecialty(author, path);
  return {
    id: readProfessionalId(author.rpps, `${path}.rpps`),
    family: requireText(author.family, `${path}.family`),
    given: requireText(author.given, `${path}.given`),
    ...(civility ? { prefix: civility } : {}),
    ...(title ? { suffix: title } : {}),
    ...(specialty ? { specialty } : {}),
    organization: readOrganization(author.organization, `${path}.organization`),
  };
}

/** RPPS of 11 digits get their prefix; other national identifiers carry one already (R107). */
function readProfessionalId(value: unknown, path: string): string {
  const id = requireText(value, path).replace(/\s/g, "");
  if (/^\d{11}$/.test(id)) return `8${id}`;
  if (/^8\d{11}$/.test(id) || /^0[\dAB]{9}$/.test(id) || /^[3-6][\dAB]{9,14}(?:\/[\w.-]{1,32})?$/.test(id)) return id;
  throw new CdaInputError("cda-input-identifier", path);
}

const civilities: ReadonlySet<string> = new Set(["M", "MME", "MLLE"]);
const titles: Readonly<Record<string, string>> = {
  M: "M",
  MR: "M",
  MONSIEUR: "M",
  MME: "MME",
  MADAME: "MME",
  MLLE: "MLLE",
  MADEMOISELLE: "MLLE",
  DR: "DR",
  DOCTEUR: "DR",
  PR: "PR",
  PROFESSEUR: "PR",
  PG: "PG",
  MC: "MC",
  MG: "MG",
  PC: "PC",
};

function readTitle(value: unknown, path: string): string | undefined {
  const text = optionalText(value, path);
  if (text === undefined) return undefined;
  const title = titles[text.replace(/\./g, "").toUpperCase()];
  if (!title) throw new CdaInputError("cda-input-code", path);
  return title;
}

/** Profession and skill as one code of JDV_J01: `G15_10` and `SM26` → `G15_10/SM26`. */
function readSpecialty(author: WrapAuthor, path: string): CdaCode {
  const profession = requireText(author.profession, `${path}.profession`);
  const specialty = optionalText(author.specialty, `${path}.specialty`);
  const code =
    specialty === undefined || specialty.includes("/") ? (specialty ?? profession) : `${profession}/${specialty}`;
  const found = findSpecialty(code);
  if (!found)
    throw new CdaInputError("cda-input-code", `${path}.${specialty === undefined ? "profession" : "specialty"}`);
  return codeOf(found, `${path}.profession`);
}

export function readOrganization(organization: WrapOrganization, path: string): HeaderOrganization {
  requireObject(organization, path);
  const id = requireText(organization.id, `${path}.id`).replace(/\s/g, "");
  if (!/^(?:[01][\dAB]{9}|2\d{9}|3\d{14}|4\d{11,16})$/i.test(id))
    throw new CdaInputError("cda-input-identifier", `${path}.id`);
  const pick = (found: Concept | undefined, key: "facilityType" | "practiceSetting") => {
    if (!found) throw new CdaInputError("cda-input-code", `${path}.${key}`);
    return codeOf(found, `${path}.${key}`);
  };
  return {
    id,
    name: requireText(organization.name, `${path}.name`),
    facilityType: pick(
      findFacilityType(requireText(organization.facilityType, `${path}.facilityType`)),
      "facilityType",
    ),
    practiceSetting: pick(
      findPracticeSetting(requireText(organization.practiceSetting, `${path}.practiceSetting`)),
      "practiceSetting",
    ),
  };
}

function codeOf(concept: Concept, path: string): CdaCode {
  if (concept.oid === undefined) throw new CdaInputError("cda-input-code", path);
  return { code: concept.code, oid: concept.oid, display: concept.display };
}
