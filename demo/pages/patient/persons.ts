/** Whose records the signed-in person may open: their own, and those of the minors they represent (R9). */
import type { Bundle, Patient } from "@carnet/sdk/fhir";
import * as v from "valibot";

export interface PersonOfRecord {
  readonly ins: { readonly system: string; readonly value: string };
  readonly name: string;
  readonly birthDate?: string;
  readonly isClosed: boolean;
}

const insRoot = "urn:oid:1.2.250.1.213.1.4.";

const bundleSchema = v.object({
  resourceType: v.literal("Bundle"),
  entry: v.optional(v.array(v.looseObject({ resource: v.optional(v.looseObject({ resourceType: v.string() })) }))),
});

/** Asks the service. An empty list means that the person has no record. */
export async function fetchPersons(
  accessToken: () => Promise<string>,
  signal?: AbortSignal,
): Promise<readonly PersonOfRecord[]> {
  const response = await fetch("/fhir/Patient", {
    headers: { authorization: `Bearer ${await accessToken()}`, accept: "application/fhir+json" },
    ...(signal && { signal }),
  });
  if (!response.ok)
    throw Object.assign(new Error(`Patient: ${response.status}`), {
      code: response.status === 401 ? "unauthorised" : "unavailable",
    });
  return personsOf(v.parse(bundleSchema, await response.json()) as Bundle);
}

/** The patients of a search answer. */
export function personsOf(bundle: Bundle): readonly PersonOfRecord[] {
  return (bundle.entry ?? []).flatMap(({ resource }) =>
    resource?.resourceType === "Patient" ? personOf(resource) : [],
  );
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
      isClosed: patient.active === false,
    },
  ];
}
