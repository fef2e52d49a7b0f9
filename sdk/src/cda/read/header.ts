import type { Coding } from "../../fhir/index.ts";
import type { IdentityTraits } from "../../identity/index.ts";
import { systemOfOid, uriOfIdentifier } from "./code-systems.ts";
import { CdaError } from "./errors.ts";
import { dateTimeOf } from "./times.ts";
import { at, attribute, child, children, parseCda, readEach, textOf, type XmlElement } from "./xml.ts";

/** An author of the document: a professional, a device, or the patient. */
export interface CdaAuthor {
  readonly kind: "professional" | "device" | "patient";
  /** National identifier as recorded: `8` + RPPS for professionals. */
  readonly id?: string;
  /** The 11 digits of the RPPS. */
  readonly rpps?: string;
  readonly family?: string;
  readonly given?: string;
  /** Civility (M, MME) and title (DR, PR) as recorded. */
  readonly prefix?: string;
  readonly suffix?: string;
  /** Name of the software, for a device. */
  readonly deviceName?: string;
  /** Profession and skill as recorded: `G15_10/SM26` under `urn:oid:1.2.250.1.213.1.1.4.5`. */
  readonly role?: Coding;
  /** `G15_10`. */
  readonly professionCode?: string;
  /** `SM26`. */
  readonly specialtyCode?: string;
  /** `PCP` for the referring doctor (médecin traitant). */
  readonly functionCode?: string;
  /** When the author validated the document, ISO 8601. */
  readonly time?: string;
  readonly organization?: { readonly id?: string; readonly name?: string };
}

/** What a document says of itself before its first section. */
export interface CdaHeader {
  /** `urn:oid:…` or `urn:uuid:…`: the document's identity for ever. */
  readonly uniqueId: string;
  /** Shared by all versions of the document. */
  readonly setId?: string;
  readonly version?: number;
  /** uniqueId of the document this one replaces (relatedDocument RPLC). */
  readonly replaces?: string;
  readonly type: Coding;
  readonly title: string;
  /** ISO 8601, at the precision recorded. */
  readonly effectiveTime: string;
  /** `N`, `R` or `V`. */
  readonly confidentiality?: string;
  /** `fr-FR`. */
  readonly language?: string;
  readonly patient: IdentityTraits;
  readonly authors: readonly CdaAuthor[];
  readonly custodian?: { readonly id?: string; readonly name?: string };
  /** Main act documented (documentationOf). */
  readonly act?: { readonly start?: string; readonly end?: string; readonly code?: Coding };
  readonly facilityType?: Coding;
  readonly practiceSetting?: Coding;
  readonly templateIds: readonly string[];
}

/** Roots of the national health identity: NIR, NIA, test, demonstration, and the test NIA. */
export const insRoots: readonly string[] = [
  "1.2.250.1.213.1.4.8",
  "1.2.250.1.213.1.4.9",
  "1.2.250.1.213.1.4.10",
  "1.2.250.1.213.1.4.11",
];

const professionalRoot = "1.2.250.1.71.4.2.1";

/**
 * Reads the header of a CDA document. The body is passed over, yet the whole document is checked for well-formedness.
 *
 * @param xml - The document, decoded to a string. At most 50 MB.
 * @returns Patient traits, identifiers, type, authors and act as recorded: nothing is checked against a nomenclature.
 * @throws CdaError
 * @example
 * const { uniqueId, patient } = readCdaHeader(xml);
 */
export function readCdaHeader(xml: string): CdaHeader {
  const { root } = parseCda(xml, false);
  checkOnePatient(root);
  return headerOf(root);
}

/** CI-SIS has one patient to a document; CDA would allow several, whose facts nothing tells apart. */
export function checkOnePatient(root: XmlElement): void {
  const [first, ...others] = children(root, "recordTarget").map((each) => traitsOf(child(each, "patientRole")));
  const isFirst = (other: IdentityTraits) =>
    first?.ins && other.ins
      ? first.ins.value === other.ins.value
      : first?.birthName === other.birthName &&
        first?.birthDate === other.birthDate &&
        first?.firstGivenName === other.firstGivenName;
  if (!others.every(isFirst)) throw new CdaError("cda-several-patients", "/ClinicalDocument/recordTarget[2]");
}

/** What a document is, apart from its people and its act. */
export type DocumentItself = Pick<
  CdaHeader,
  "uniqueId" | "setId" | "title" | "effectiveTime" | "confidentiality" | "language"
>;

/** What a parsed document says that it is. */
export function documentItself(root: XmlElement): DocumentItself {
  const uniqueId = identifierUri(child(root, "id"));
  if (!uniqueId) throw new CdaError("cda-no-identifier", "/ClinicalDocument/id");
  return withoutUndefined<DocumentItself>({
    uniqueId,
    setId: identifierUri(child(root, "setId")),
    title: textOf(child(root, "title")) ?? attribute(child(root, "code"), "displayName") ?? "",
    effectiveTime: dateTimeOf(attribute(child(root, "effectiveTime"), "value")) ?? "",
    confidentiality: attribute(child(root, "confidentialityCode"), "code"),
    language: attribute(child(root, "languageCode"), "code"),
  });
}

/** The header of a parsed document. */
export function headerOf(root: XmlElement): CdaHeader {
  const version = Number(attribute(child(root, "versionNumber"), "value") ?? Number.NaN);
  const replaced = children(root, "relatedDocument").find((related) => attribute(related, "typeCode") === "RPLC");
  return withoutUndefined<CdaHeader>({
    ...documentItself(root),
    version: Number.isInteger(version) ? version : undefined,
    replaces: identifierUri(at(replaced, "parentDocument", "id")),
    type: codingOf(child(root, "code")) ?? {},
    patient: traitsOf(at(root, "recordTarget", "patientRole")),
    authors: children(root, "author").map(authorOf),
    custodian: organizationOf(at(root, "custodian", "assignedCustodian", "representedCustodianOrganization")),
    act: actOf(root),
    facilityType: codingOf(at(root, "componentOf", "encompassingEncounter", "location", "healthCareFacility", "code")),
    practiceSetting: codingOf(
      at(mainService(root), "performer", "assignedEntity", "representedOrganization", "standardIndustryClassCode"),
    ),
    templateIds: readEach(root, "templateId", (template) => attribute(template, "root")),
  });
}

/** An `id` as a URI; `undefined` when it is null or malformed. */
export function identifierUri(id: XmlElement | undefined): string | undefined {
  const root = attribute(id, "root");
  return root ? uriOfIdentifier(root, attribute(id, "extension")) : undefined;
}

/** Code, system and display of a coded element, without its translations. */
export function codingOf(element: XmlElement | undefined): Coding | undefined {
  const code = attribute(element, "code")?.replace(/\s+/g, " ");
  const oid = attribute(element, "codeSystem");
  const display = attribute(element, "displayName")?.replace(/\s+/g, " ");
  if (!code) return undefined;
  return { ...(oid ? { system: systemOfOid(oid) } : {}), code, ...(display ? { display } : {}) };
}

function organizationOf(element: XmlElement | undefined): { id?: string; name?: string } | undefined {
  const id = children(element, "id")
    .map((each) => attribute(each, "extension"))
    .find(Boolean);
  const name = textOf(child(element, "name"));
  return id || name ? { ...(id ? { id } : {}), ...(name ? { name } : {}) } : undefined;
}

function authorOf(author: XmlElement): CdaAuthor {
  const assigned = child(author, "assignedAuthor");
  const ids = children(assigned, "id").filter((each) => attribute(each, "extension"));
  const national = ids.find((each) => attribute(each, "root") === professionalRoot) ?? ids[0];
  const id = attribute(national, "extension");
  const isPatient = ids.some((each) => insRoots.includes(attribute(each, "root") ?? ""));
  const device = child(assigned, "assignedAuthoringDevice");
  const name = at(assigned, "assignedPerson", "name");
  const role = codingOf(child(assigned, "code"));
  const [professionCode, specialtyCode] = role?.code?.split("/") ?? [];
  const deviceName = textOf(child(device, "softwareName")) ?? textOf(child(device, "manufacturerModelName"));
  const functionCode = attribute(child(author, "functionCode"), "code");
  const time = dateTimeOf(attribute(child(author, "time"), "value"));
  const organization = organizationOf(child(assigned, "representedOrganization"));
  const part = (key: string) => textOf(child(name, key));
  return withoutUndefined<CdaAuthor>({
    kind: device ? "device" : isPatient ? "patient" : "professional",
    id,
    rpps: id && attribute(national, "root") === professionalRoot && /^8\d{11}$/.test(id) ? id.slice(1) : undefined,
    family: part("family"),
    given: part("given"),
    prefix: part("prefix"),
    suffix: part("suffix"),
    deviceName: device ? deviceName : undefined,
    role,
    professionCode,
    specialtyCode,
    functionCode,
    time,
    organization,
  });
}

/** The act with a performer that names its practice setting is the main one (CI-SIS: the first). */
function mainService(root: XmlElement): XmlElement | undefined {
  const services = readEach(root, "documentationOf", (each) => child(each, "serviceEvent"));
  return services.find((service) => child(service, "performer")) ?? services[0];
}

function actOf(root: XmlElement): CdaHeader["act"] {
  const service = mainService(root);
  const time = child(service, "effectiveTime");
  const start = dateTimeOf(attribute(child(time, "low"), "value") ?? attribute(time, "value"));
  const end = dateTimeOf(attribute(child(time, "high"), "value"));
  const code = codingOf(child(service, "code"));
  if (!start && !end && !code) return undefined;
  return { ...(start ? { start } : {}), ...(end ? { end } : {}), ...(code ? { code } : {}) };
}

/** Identity traits of the patient as recorded. `BR` marks birth names, `CL` the names in use. */
export function traitsOf(role: XmlElement | undefined): IdentityTraits {
  const ids = children(role, "id");
  const ins = insRoots
    .map((root) => ids.find((id) => attribute(id, "root") === root && attribute(id, "extension")))
    .find(Boolean);
  const patient = child(role, "patient");
  const names = namesOf(patient);
  const sex = sexOf(attribute(child(patient, "administrativeGenderCode"), "code"));
  const birthDate = dateTimeOf(attribute(child(patient, "birthTime"), "value"))?.slice(0, 10);
  const birthPlaceCode = textOf(at(patient, "birthplace", "place", "addr", "county"));
  return withoutUndefined<IdentityTraits>({
    ins: ins ? { system: `urn:oid:${attribute(ins, "root")}`, value: attribute(ins, "extension") ?? "" } : undefined,
    ...names,
    sex,
    birthDate,
    birthPlaceCode,
  });
}

interface PatientNames {
  birthName?: string | undefined;
  usedName?: string | undefined;
  birthGivenNames?: readonly string[] | undefined;
  firstGivenName?: string | undefined;
  usedGivenName?: string | undefined;
}

/** The names of a patient, spread by CI-SIS over qualifiers of one or several `name` elements. */
export function namesOf(patient: XmlElement | undefined): PatientNames {
  const parts = children(patient, "name").flatMap((name) => children(name));
  const find = (part: string, ...qualifiers: (string | undefined)[]) =>
    parts
      .filter((each) => each.name === part && qualifiers.includes(attribute(each, "qualifier")) && textOf(each))
      .map((each) => textOf(each) as string);
  const unqualifiedGivens = find("given", undefined);
  const birthFamily = find("family", "BR")[0];
  const usedFamily = find("family", "CL", "SP")[0];
  const firstGiven = find("given", "BR")[0];
  const usedGiven = find("given", "CL")[0];
  return {
    birthName: birthFamily ?? find("family", undefined)[0],
    usedName: usedFamily,
    birthGivenNames: unqualifiedGivens.length > 0 ? unqualifiedGivens.flatMap((names) => names.split(" ")) : undefined,
    firstGivenName: firstGiven,
    usedGivenName: usedGiven,
  };
}

function sexOf(code: string | undefined): "male" | "female" | "unknown" | undefined {
  if (code === undefined) return undefined;
  return code === "M" ? "male" : code === "F" ? "female" : "unknown";
}

type Defined<T> = { readonly [K in keyof T]: T[K] | undefined };

/** Drops members that are not there, so that absent reads as absent. */
export function withoutUndefined<T>(value: Defined<T>): T {
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) if (item !== undefined) result[key] = item;
  return result as T;
}
