/** Whose records the signed-in person may open: their own, and those of whom they represent or help (R9, R13, R14). */
import type { CarnetClient } from "@carnet/sdk";
import { extensionUrl, type Patient } from "@carnet/sdk/fhir";

/** What the reader is to the holder; a carer reads, and manages nothing (R14). */
export type Relation = "self" | "representative" | "carer" | "heir";

export interface PersonOfRecord {
  readonly ins: { readonly system: string; readonly value: string };
  readonly name: string;
  readonly birthDate?: string;
  readonly state: "open" | "closed" | "suspended";
  readonly relation: Relation;
}

const insRoot = "urn:oid:1.2.250.1.213.1.4.";

const relations: readonly Relation[] = ["self", "representative", "carer", "heir"];

/** Asks the service. An empty list means that the person has no record. */
export async function fetchPersons(client: CarnetClient, signal?: AbortSignal): Promise<readonly PersonOfRecord[]> {
  return personsOf(await client.myRecords({ signal }));
}

/** One's own record comes first. */
export function personsOf(patients: readonly Patient[]): readonly PersonOfRecord[] {
  const persons = patients.flatMap(personOf);
  return [
    ...persons.filter(({ relation }) => relation === "self"),
    ...persons.filter(({ relation }) => relation !== "self"),
  ];
}

function personOf(patient: Patient): readonly PersonOfRecord[] {
  const ins = patient.identifier?.find(({ system }) => system?.startsWith(insRoot));
  if (!ins?.system || !ins.value) return [];
  const name = patient.name?.find(({ use }) => use === "usual") ?? patient.name?.[0];
  return [
    {
      ins: { system: ins.system, value: ins.value },
      name: [name?.given?.[0], name?.family].filter(Boolean).join(" ") || (name?.text ?? ""),
      ...(patient.birthDate && { birthDate: patient.birthDate }),
      state: stateOf(patient),
      relation: relations.find((one) => one === codeOf(patient, extensionUrl.relation)) ?? "self",
    },
  ];
}

/** A suspended record is out of use without a closure (R18). */
function stateOf(patient: Patient): PersonOfRecord["state"] {
  if (patient.active !== false) return "open";
  return patient.extension?.some(({ url }) => url === extensionUrl.closure) ? "closed" : "suspended";
}

function codeOf(patient: Patient, url: string): string | undefined {
  return patient.extension?.find((one) => one.url === url)?.valueCode;
}
