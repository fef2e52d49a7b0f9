import type {
  Bundle,
  Composition,
  CompositionRelatesTo,
  FhirResource,
  Organization,
  Patient,
  Practitioner,
  PractitionerRole,
} from "../../../fhir/index.ts";
import { codeSystem, identifierSystem } from "../../../fhir/systems.ts";
import { isInsSystem } from "../../../identity/index.ts";
import { findFacilityType, findPracticeSetting } from "../../../terminology/index.ts";
import { oidOfSystem } from "../../read/code-systems.ts";
import {
  optionalText,
  readAuthor,
  readCode,
  readConfidentiality,
  readDocumentType,
  readIdentifier,
  readPatient,
  requireText,
} from "../checks.ts";
import { CdaInputError } from "../errors.ts";
import type {
  HeaderAuthor,
  HeaderData,
  HeaderPatient,
  HeaderPatientDetails,
  HeaderProfessional,
} from "../header-data.ts";
import { toHl7Time } from "../times.ts";
import type { WrapAuthor, WrapPatient } from "../wrap-input.ts";
import type { Resolve } from "./context.ts";
import type { FhirToCdaOptions } from "./fhir-to-cda.ts";
import { mainEvent } from "./header/acts.ts";
import { hasNumberOf, whoIs } from "./identity.ts";
import { type DocumentKind, kindOf } from "./kinds.ts";

const birthPlaceUrl = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace";
const birthNamesUrl = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient-birth-list-given-name";

/** Header of the document, from the Composition and the people it names. */
export function readBundleHeader(
  bundle: Bundle,
  composition: Composition,
  resolve: Resolve,
  options: FhirToCdaOptions,
): { header: HeaderData; kind: DocumentKind } {
  const coding = composition.type.coding?.[0];
  const type = readDocumentType(
    { code: coding?.code ?? "", system: coding?.system ?? "" },
    "Composition.type.coding[0]",
  );
  const kind = kindOf(type.code);
  const uniqueId = options.uniqueId ?? bundle.identifier?.value;
  const id = readIdentifier(uniqueId, options.uniqueId === undefined ? "Bundle.identifier.value" : "options.uniqueId");
  const related = targetOf(composition.relatesTo?.find((one) => one.code === "replaces"));
  const replaced = options.replaces ?? related;
  const replaces =
    replaced === undefined ? undefined : readIdentifier(replaced, "Composition.relatesTo[0].targetIdentifier.value");
  const setId = options.setId === undefined ? setIdOf(composition, id) : readIdentifier(options.setId, "options.setId");
  const act = readAct(composition, kind);
  return {
    kind,
    header: {
      templateIds: kind.templateIds,
      id,
      type,
      title: requireText(composition.title, "Composition.title"),
      effectiveTime: toHl7Time(requireText(composition.date, "Composition.date"), "Composition.date"),
      confidentiality: readConfidentiality(composition.confidentiality, "Composition.confidentiality"),
      language: "fr-FR",
      setId: setId ?? replaces ?? id,
      version: options.version ?? (replaces ? 2 : 1),
      ...(replaces ? { replaces } : {}),
      patient: patientOf(composition, resolve, options),
      author: authorOf(composition, resolve, options),
      act,
      encounterCode: kind.encounter,
    },
  };
}

/** Identifier of another document that a Composition relates to. */
export const targetOf = (related: CompositionRelatesTo | undefined): string | undefined =>
  related?.targetIdentifier?.value ?? related?.targetReference?.identifier?.value;

/** The Composition's identifier names the set of versions when it is not that of this very document. */
function setIdOf(composition: Composition, own: HeaderData["id"]): HeaderData["setId"] | undefined {
  const value = composition.identifier?.value;
  if (value === undefined || !/^urn:(?:oid|uuid):/.test(value)) return undefined;
  const setId = readIdentifier(value, "Composition.identifier.value");
  return setId.root === own.root && setId.extension === own.extension ? undefined : setId;
}

function readAct(composition: Composition, kind: DocumentKind): HeaderData["act"] {
  const event = mainEvent(composition);
  const coding = event?.code?.[0]?.coding?.[0] ?? chapterOf(composition, kind);
  const start = event?.period?.start ?? composition.date;
  const end = event?.period?.end;
  const code =
    kind.act ??
    (coding?.code && coding.system
      ? readCode({ ...coding, code: coding.code, system: coding.system }, "Composition.event[0].code[0].coding[0]")
      : undefined);
  return {
    start: toHl7Time(start, "Composition.event[0].period.start"),
    ...(end ? { end: toHl7Time(end, "Composition.event[0].period.end") } : {}),
    ...(code ? { code } : {}),
  };
}

/** The act of a laboratory report is its first chapter. */
function chapterOf(composition: Composition, kind: DocumentKind) {
  return kind.name === "laboratory"
    ? composition.section?.find((section) => section.code?.coding?.[0]?.code)?.code?.coding?.[0]
    : undefined;
}

function patientOf(composition: Composition, resolve: Resolve, options: FhirToCdaOptions): HeaderPatient {
  if (options.patient) return readPatient(options.patient, "options.patient");
  const patient = resolve(composition.subject);
  if (patient?.resourceType !== "Patient") throw new CdaInputError("cda-input-missing", "Composition.subject");
  return { ...readPatient(toWrapPatient(patient), "Patient"), more: detailsOf(patient) };
}

/** What a Patient says beyond the strict traits. */
function detailsOf(patient: Patient): HeaderPatientDetails {
  const { deceasedBoolean, deceasedDateTime, multipleBirthInteger, address, telecom } = patient;
  const ids = (patient.identifier ?? []).flatMap(({ system, value }) =>
    value && system?.startsWith("urn:oid:") && !isInsSystem(system)
      ? [{ root: system.slice("urn:oid:".length), extension: value }]
      : [],
  );
  return {
    ids,
    addresses: address ?? [],
    telecoms: telecom ?? [],
    isDeceased: deceasedBoolean ?? (deceasedDateTime ? true : undefined),
    deceasedTime: deceasedDateTime && toHl7Time(deceasedDateTime, "Patient.deceasedDateTime"),
    birthOrder: multipleBirthInteger,
  };
}

function toWrapPatient(patient: Patient): WrapPatient {
  const ins = patient.identifier?.find(
    (identifier) => identifier.system !== undefined && isInsSystem(identifier.system),
  );
  const official = patient.name?.find((name) => name.use === "official") ?? patient.name?.[0];
  const usual = patient.name?.find((name) => name.use === "usual");
  const list = official?.extension?.find((extension) => extension.url === birthNamesUrl)?.valueString;
  const place = patient.extension?.find((extension) => extension.url === birthPlaceUrl)?.valueAddress;
  const insee = place?.extension?.find((extension) => extension.url.endsWith("insee-code"))?.valueCoding?.code;
  return {
    ins: { system: ins?.system ?? "", value: ins?.value ?? "" },
    birthName: official?.family ?? "",
    firstGivenName: official?.given?.[0] ?? "",
    birthGivenNames: list ? [list] : (official?.given ?? []),
    ...(usual?.family ? { usedName: usual.family } : {}),
    ...(usual?.given?.[0] ? { usedGivenName: usual.given[0] } : {}),
    sex: patient.gender === "male" || patient.gender === "female" ? patient.gender : "unknown",
    birthDate: patient.birthDate ?? "",
    birthPlaceCode: insee ?? place?.district ?? "",
  };
}

/** The patient signs what the patient writes: told by the Composition's author, or by the options. */
function authorOf(composition: Composition, resolve: Resolve, options: FhirToCdaOptions): HeaderAuthor {
  const isPatient = resolve(composition.author[0])?.resourceType === "Patient";
  if (options.author === "patient" || (options.author === undefined && isPatient)) return "patient";
  return professionalOf(composition, resolve, options, options.author);
}

function professionalOf(
  composition: Composition,
  resolve: Resolve,
  options: FhirToCdaOptions,
  given: WrapAuthor | undefined,
): HeaderProfessional {
  const own = given ?? toWrapAuthor(composition, resolve, options);
  const author = readAuthor(own, given ? "options.author" : "Composition.author[0]");
  const isReferringDoctor = options.isReferringDoctor ?? isDoctorOf(resolve(composition.subject), author, resolve);
  if (given) return { ...author, isReferringDoctor };
  const { role, person, structure } = authorResources(composition, resolve);
  return {
    ...author,
    isReferringDoctor,
    addresses: person?.address,
    telecoms: [...(person?.telecom ?? []), ...(role?.telecom ?? [])],
    organization: { ...author.organization, addresses: structure?.address, telecoms: structure?.telecom },
  };
}

/** Whether the patient names the author as their referring doctor. */
function isDoctorOf(patient: FhirResource | undefined, author: HeaderProfessional, resolve: Resolve): boolean {
  const doctor = patient?.resourceType === "Patient" ? patient.generalPractitioner?.[0] : undefined;
  return hasNumberOf(author, whoIs(doctor, { resolve }).practitioner);
}

function authorResources(composition: Composition, resolve: Resolve) {
  const { role, practitioner, organization } = whoIs(composition.author[0], { resolve });
  return {
    role,
    person: practitioner,
    structure: organization ?? whoIs(composition.custodian, { resolve }).organization,
  };
}

function toWrapAuthor(composition: Composition, resolve: Resolve, options: FhirToCdaOptions): WrapAuthor {
  const { role, person, structure } = authorResources(composition, resolve);
  if (!person) throw new CdaInputError("cda-input-missing", "Composition.author[0]");
  if (!structure) throw new CdaInputError("cda-input-missing", "Composition.custodian");
  const name = person.name?.find((one) => one.use === "official") ?? person.name?.[0];
  const { profession, specialty } = professionOf(role, person);
  const prefix = optionalText(name?.prefix?.[0], "Practitioner.name[0].prefix[0]");
  const suffix = optionalText(name?.suffix?.[0], "Practitioner.name[0].suffix[0]");
  const facilityType = codeIn(structure, codeSystem.facilityType, (code) => findFacilityType(code) !== undefined);
  return {
    rpps: person.identifier?.find((identifier) => identifier.system === identifierSystem.professional)?.value ?? "",
    family: name?.family ?? "",
    given: name?.given?.join(" ") ?? "",
    ...(prefix ? { prefix } : {}),
    ...(suffix ? { suffix } : {}),
    profession,
    ...(specialty ? { specialty } : {}),
    organization: {
      id: structure.identifier?.find((identifier) => identifier.system === identifierSystem.structure)?.value ?? "",
      name: structure.name ?? "",
      facilityType: facilityType ?? options.facilityType ?? "",
      practiceSetting:
        codeIn(structure, codeSystem.practiceSetting, (code) => findPracticeSetting(code) !== undefined) ??
        options.practiceSetting ??
        usualSetting(facilityType ?? options.facilityType),
    },
  };
}

/** Profession as `G15_10` and skill as `SM26`, from either the role or the qualifications. */
function professionOf(
  role: PractitionerRole | undefined,
  person: Practitioner,
): { profession: string; specialty?: string } {
  const concepts = [
    ...(role?.code ?? []),
    ...(role?.specialty ?? []),
    ...(person.qualification ?? []).map((one) => one.code),
  ];
  const codings = concepts.flatMap((concept) => concept.coding ?? []);
  const joined = codings.find((coding) => /^G1[56]_/.test(coding.code ?? ""))?.code;
  const bare = codings.find((coding) => coding.system === codeSystem.profession)?.code;
  const skill = codings.find((coding) => /^(?:SM|SCD|SI|DSM|DEC|SST|CAPA|PAC|FQ)\w*\d/.test(coding.code ?? ""))?.code;
  if (joined?.includes("/")) return { profession: joined.split("/")[0] ?? joined, specialty: joined };
  const profession = joined ?? (bare ? `G15_${bare}` : (codings[0]?.code ?? ""));
  return skill ? { profession, specialty: skill } : { profession };
}

function codeIn(structure: Organization, system: string, isKnown: (code: string) => boolean): string | undefined {
  const codings = (structure.type ?? []).flatMap((type) => type.coding ?? []);
  const oid = oidOfSystem(system);
  return codings.find(
    (coding) =>
      coding.code !== undefined &&
      isKnown(coding.code) &&
      (coding.system === system || oidOfSystem(coding.system ?? "") === oid),
  )?.code;
}

/** Hospitals work in an establishment, the others as outpatient practices, unless the Organization says otherwise. */
function usualSetting(facilityType: string | undefined): string {
  return facilityType !== undefined && /^SA0[1-4]$|^SA(?:12|30|36|51)$/.test(facilityType)
    ? "ETABLISSEMENT"
    : "AMBULATOIRE";
}
