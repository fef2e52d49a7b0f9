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
  const numbered: Patient[] = [];
  const unnumbered: Patient[] = [];
  let ins: Identifier | undefined;
  for (const patient of patients) {
    const own = (patient.identifier ?? []).filter(({ system = "", value }) => value && INS_SYSTEMS.has(system));
    for (const identifier of own) {
      // Not even a temporary number (INS-NIA) beside a final one: a newborn's document may bear the mother's.
      if (ins && ins.value !== identifier.value) throw new SummaryError("several-patients");
      ins ??= identifier;
    }
    (own.length > 0 ? numbered : unnumbered).push(patient);
  }
  // The INS says who it is, however a birth date is written beside it. Who bears none must be that person by another
  // number, or contradict nothing.
  const known = numbered.flatMap(({ identifier = [] }) => identifier.filter(({ system, value }) => system && value));
  const numbers = new Set(known.map(numberOf));
  const registers = new Set(known.map(({ system }) => system));
  const birthDates = numbered.flatMap(({ birthDate }) => birthDate ?? []);
  const strangers = unnumbered.filter(({ identifier = [] }) => !identifier.some((one) => numbers.has(numberOf(one))));
  const isAnother = ({ identifier = [], birthDate }: Patient) =>
    identifier.some(({ system, value }) => value && registers.has(system)) ||
    (birthDate !== undefined && birthDates.length > 0 && !birthDates.some((one) => mayBeOneDate(one, birthDate)));
  if (areSeveral(strangers) || strangers.some(isAnother)) throw new SummaryError("several-patients");
}

/** "1950" and "1950-03-12" may be one day, written at two precisions. */
const mayBeOneDate = (one: string, other: string) => one.startsWith(other) || other.startsWith(one);

/** The same register naming two people, or two birth dates, is enough. */
function areSeveral(patients: readonly Patient[]): boolean {
  const numbers = new Map<string, string>();
  for (const patient of patients) {
    for (const { system, value } of patient.identifier ?? []) {
      if (!system || !value) continue;
      const other = numbers.get(system);
      if (other !== undefined && other !== value && !hasValue(patients, system, value)) return true;
      numbers.set(system, value);
    }
  }
  const dates = [...new Set(patients.flatMap(({ birthDate }) => birthDate ?? []))];
  return dates.some((one) => dates.some((other) => !mayBeOneDate(one, other)));
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
