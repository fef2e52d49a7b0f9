/** Who walks through the records of the model-based test: every kind of actor, seen from the record of `anna` or of `leo`. */
import { hospital } from "../people.ts";
import type { Person } from "./record-model.ts";

export type RecordName = "anna" | "leo";

const professional = (id: string, column: Person["column"], more: Partial<Person> = {}): Person => ({
  id,
  kind: "professional",
  ...(column ? { column } : {}),
  ...more,
});

export const professionals: readonly Person[] = [
  professional("gp", "doctor"),
  professional("cardiologist", "doctor", { structure: hospital.id }),
  professional("colleague", "doctor", { structure: hospital.id }),
  professional("nurse", "nurse"),
  professional("pharmacist", "pharmacist"),
  professional("optician", "optician"),
  professional("occupational", "occupational"),
  professional("dental-assistant", "none"),
  professional("dispatch", "doctor", { isDispatcher: true }),
];

export const establishment: Person = { id: "secretariat", kind: "establishment", structure: hospital.id };

/** Patients, as they stand to one of the two records: anna is the mother of leo. R9, R78. */
export function patientsOf(record: RecordName): readonly Person[] {
  const stranger: Person = { id: "bruno", kind: "stranger" };
  return record === "anna"
    ? [{ id: "anna", kind: "holder" }, { id: "leo", kind: "minor" }, stranger]
    : [{ id: "anna", kind: "representative" }, { id: "leo", kind: "minor" }, stranger];
}

export function everybody(record: RecordName): readonly Person[] {
  return [...professionals, establishment, ...patientsOf(record)];
}
