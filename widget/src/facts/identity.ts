import { identifierSystem, type Patient } from "@carnet/sdk/fhir";
import type { IdentityTraits } from "@carnet/sdk/identity";
import { list, str } from "../shared/guards.ts";
import { humanName, inUse } from "./people.ts";

/** What the identity strip shows. Every field is what the source says, or absent: nothing is deduced. STYLE 7. */
export interface Identity {
  readonly birthName?: string;
  readonly birthGivenNames?: string;
  readonly usedName?: string;
  readonly usedGivenName?: string;
  /** A name without parts, as another maker's Bundle may give it. */
  readonly wholeName?: string;
  readonly birthDate?: string;
  readonly birthPlaceCode?: string;
  readonly sex?: "male" | "female" | "unknown";
  readonly ins?: { readonly system: string; readonly value: string };
  /** True when the source says that the identity is qualified (INS qualifiée, status VALI). */
  readonly isQualified?: boolean;
  readonly deceased?: string | true;
}

const insSystems: readonly string[] = [
  identifierSystem.insNir,
  identifierSystem.insNia,
  identifierSystem.insTest,
  identifierSystem.insDemonstration,
];

/** The INS of a Patient, if it has one. */
export function insOf(patient: Patient | undefined): { system: string; value: string } | undefined {
  for (const identifier of list(patient?.identifier)) {
    const system = str(identifier.system);
    const value = str(identifier.value)?.replace(/\s/g, "");
    if (identifier.use === "old") continue;
    if (system !== undefined && value !== undefined && insSystems.includes(system)) return { system, value };
  }
  return undefined;
}

const birthListExtension = "http://interopsante.org/fhir/StructureDefinition/FrPatientBirthListGivenName";
const reliability = /identity-reliability$/i;
const birthNames = /birth-list-given-name$/i;

/** Identity from a FHIR Patient (FR Core names: `official` = birth name, `usual` = name used). */
export function identityOfPatient(patient: Patient): Identity {
  const names = inUse(list(patient.name));
  const official = names.find((name) => name.use === "official") ?? names.find((name) => name.use === "maiden");
  const usual = names.find((name) => name.use === "usual");
  const main = official ?? names.find((name) => name !== usual) ?? usual;
  const birthList = list(main?.extension).find(
    (extension) => extension.url === birthListExtension || birthNames.test(extension.url),
  )?.valueString;
  const birthName = str(main?.family)?.toLocaleUpperCase("fr");
  const given = str(birthList) ?? str(list(main?.given).map(str).filter(Boolean).join(" "));
  const usedName = str(usual === main ? undefined : usual?.family)?.toLocaleUpperCase("fr");
  const usedGivenName = str(usual === main ? undefined : list(usual?.given).map(str).filter(Boolean).join(" "));
  const wholeName = birthName === undefined && given === undefined ? humanName(main ?? usual) : undefined;
  const birthDate = str(patient.birthDate);
  const ins = insOf(patient);
  const reliable = list(patient.extension).find((extension) => reliability.test(extension.url));
  const status =
    str(reliable?.valueCoding?.code) ??
    list(reliable?.extension)
      .map((part) => str(part.valueCoding?.code) ?? str(part.valueCode))
      .find((code) => code !== undefined);
  const deceased = str(patient.deceasedDateTime) ?? (patient.deceasedBoolean === true ? true : undefined);
  return {
    ...(birthName === undefined ? {} : { birthName }),
    ...(given === undefined ? {} : { birthGivenNames: given }),
    ...(usedName === undefined ? {} : { usedName }),
    ...(usedGivenName === undefined ? {} : { usedGivenName }),
    ...(wholeName === undefined ? {} : { wholeName }),
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(sexOf(patient.gender) === undefined ? {} : { sex: sexOf(patient.gender) as "male" }),
    ...(ins === undefined ? {} : { ins }),
    ...(status === "VALI" ? { isQualified: true } : {}),
    ...(deceased === undefined ? {} : { deceased }),
  };
}

function sexOf(gender: unknown): Identity["sex"] {
  return gender === "male" || gender === "female" ? gender : gender === undefined ? undefined : "unknown";
}

/** Identity from the traits that the record's own status answer gives (TD0.2). */
export function identityOfTraits(traits: IdentityTraits): Identity {
  const birthName = str(traits.birthName)?.toLocaleUpperCase("fr");
  const given = str(list(traits.birthGivenNames).join(" ")) ?? str(traits.firstGivenName);
  const usedName = str(traits.usedName)?.toLocaleUpperCase("fr");
  const usedGivenName = str(traits.usedGivenName);
  const birthDate = str(traits.birthDate);
  const birthPlaceCode = str(traits.birthPlaceCode);
  return {
    ...(birthName === undefined ? {} : { birthName }),
    ...(given === undefined ? {} : { birthGivenNames: given }),
    ...(usedName === undefined ? {} : { usedName }),
    ...(usedGivenName === undefined ? {} : { usedGivenName }),
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(birthPlaceCode === undefined ? {} : { birthPlaceCode }),
    ...(traits.sex === undefined ? {} : { sex: traits.sex }),
    ...(traits.ins === undefined ? {} : { ins: traits.ins }),
  };
}

/** The record's own status wins over the summary's Patient, field by field. */
export function mergeIdentity(own: Identity | undefined, other: Identity | undefined): Identity | undefined {
  return own === undefined ? other : other === undefined ? own : { ...other, ...own };
}
