import type { HumanName, Patient } from "fhir/r4.js";
import type { IdentityTraits } from "../identity/index.ts";

const BIRTH_PLACE = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace";
const INSEE_CODE = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code";
const BIRTH_GIVEN_NAMES = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient-birth-list-given-name";

/** The five traits of the INS as fr-core carries them (R35): birth names are `official`, used names `usual`. */
export function toTraits(patient: Patient): IdentityTraits {
  const official = patient.name?.find((name) => name.use === "official") ?? patient.name?.[0];
  const usual = patient.name?.find((name) => name.use === "usual");
  const ins = patient.identifier?.find((one) => one.system?.startsWith("urn:oid:1.2.250.1.213.1.4."));
  const birthGivenNames = givenNamesOf(official);
  const place = patient.extension?.find((one) => one.url === BIRTH_PLACE)?.valueAddress;
  const birthPlaceCode =
    place?.extension?.find((one) => one.url === INSEE_CODE)?.valueCoding?.code ??
    place?._city?.extension?.[0]?.valueCoding?.code;
  const firstGivenName = official?.given?.[0];
  const sex = patient.gender === "male" || patient.gender === "female" ? patient.gender : undefined;
  return {
    ...(ins?.system && ins.value ? { ins: { system: ins.system, value: ins.value } } : {}),
    ...(official?.family ? { birthName: official.family } : {}),
    ...(birthGivenNames.length > 0 ? { birthGivenNames } : {}),
    ...(firstGivenName ? { firstGivenName } : {}),
    ...(usual?.family ? { usedName: usual.family } : {}),
    ...(usual?.given?.[0] ? { usedGivenName: usual.given[0] } : {}),
    ...(sex ? { sex } : patient.gender ? { sex: "unknown" as const } : {}),
    ...(patient.birthDate ? { birthDate: patient.birthDate } : {}),
    ...(birthPlaceCode ? { birthPlaceCode } : {}),
  };
}

function givenNamesOf(name: HumanName | undefined): readonly string[] {
  const list = name?.extension?.find((one) => one.url === BIRTH_GIVEN_NAMES)?.valueString;
  return list ? list.split(/\s+/) : (name?.given ?? []);
}
