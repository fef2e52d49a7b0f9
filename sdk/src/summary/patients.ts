import type { Identifier, Patient } from "fhir/r4.js";
import { identifierSystem } from "../fhir/systems.ts";
import { SummaryError } from "./errors.ts";

const INS_SYSTEMS: ReadonlySet<string> = new Set([
  identifierSystem.insNir,
  identifierSystem.insNia,
  identifierSystem.insTest,
  identifierSystem.insDemonstration,
]);

/** Two descriptions of one person: a register numbers both alike, or all that names them is the same. */
export function isSamePerson(one: Patient, other: Patient): boolean {
  const numbers = new Set((one.identifier ?? []).map(numberOf));
  if ((other.identifier ?? []).some((identifier) => identifier.value && numbers.has(numberOf(identifier)))) return true;
  if (!one.birthDate || one.birthDate !== other.birthDate) return false;
  return one.name !== undefined && JSON.stringify(one.name) === JSON.stringify(other.name);
}

const numberOf = ({ system = "", value = "" }: Identifier) => `${system}|${value}`;

/** Never mixes persons. @throws SummaryError `several-patients` */
export function assertOnePatient(patients: readonly Patient[]): void {
  let ins: Identifier | undefined;
  const others = new Map<string, string>();
  let birthDate: string | undefined;
  for (const patient of patients) {
    for (const identifier of patient.identifier ?? []) {
      if (!identifier.system || !identifier.value) continue;
      if (INS_SYSTEMS.has(identifier.system)) {
        if (ins && !isSameInsOrChanged(ins, identifier)) throw new SummaryError("several-patients");
        ins ??= identifier;
      }
    }
  }
  if (ins) return;
  // Without an INS: the same register naming two people, or two birth dates, is enough to stop.
  for (const patient of patients) {
    for (const { system, value } of patient.identifier ?? []) {
      if (!system || !value) continue;
      if (others.has(system) && others.get(system) !== value && !hasValue(patients, system, value)) {
        throw new SummaryError("several-patients");
      }
      others.set(system, value);
    }
    if (birthDate && patient.birthDate && birthDate !== patient.birthDate) throw new SummaryError("several-patients");
    birthDate ??= patient.birthDate;
  }
}

/** One number per system; a temporary NIA beside the final NIR is the same person only if the documents agree on it elsewhere. */
function isSameInsOrChanged(a: Identifier, b: Identifier): boolean {
  return a.value === b.value;
}

/** A person may carry two numbers of one register, when each document says both. */
function hasValue(patients: readonly Patient[], system: string, value: string): boolean {
  return patients.every((one) => (one.identifier ?? []).some((id) => id.system === system && id.value === value));
}

/** The person, from the given Patient or the newest document, with what the others add. */
export function composePatient(patients: readonly Patient[]): Patient {
  const merged: Patient = { resourceType: "Patient" };
  const identifiers = new Map<string, Identifier>();
  for (const patient of patients) {
    for (const identifier of patient.identifier ?? []) {
      const key = `${identifier.system ?? ""}|${identifier.value ?? ""}`;
      if (!identifiers.has(key)) identifiers.set(key, identifier);
    }
    if (patient.extension) merged.extension ??= patient.extension;
    if (patient.name?.length) merged.name ??= patient.name;
    if (patient.gender) merged.gender ??= patient.gender;
    if (patient.birthDate) merged.birthDate ??= patient.birthDate;
    if (patient.telecom) merged.telecom ??= patient.telecom;
    if (patient.address) merged.address ??= patient.address;
    if (patient.contact) merged.contact ??= patient.contact;
    if (patient.communication) merged.communication ??= patient.communication;
    if (patient.maritalStatus) merged.maritalStatus ??= patient.maritalStatus;
    if (patient.deceasedBoolean !== undefined) merged.deceasedBoolean ??= patient.deceasedBoolean;
    if (patient.deceasedDateTime) merged.deceasedDateTime ??= patient.deceasedDateTime;
  }
  if (identifiers.size > 0) merged.identifier = [...identifiers.values()];
  if (merged.deceasedDateTime) delete merged.deceasedBoolean;
  return merged;
}
