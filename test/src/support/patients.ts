/** The identity of a demo patient as documents must state it: read from the record itself (TD0.2), as a practice that qualified it would hold it. */
import { clientOf, insOf } from "./demo.ts";
import type { PatientOfDocument } from "./documents.ts";

/** Traits of the record of a demo patient, in the shape that `wrapInCda` takes. */
export async function patientOf(origin: string, account: string): Promise<PatientOfDocument> {
  const ins = await insOf(origin, account);
  const { traits } = await clientOf(origin, "dr-martin").record(ins).status();
  if (!traits?.birthName || !traits.birthGivenNames?.[0] || !traits.birthDate)
    throw new Error(`no traits for ${account}`);
  return {
    ins,
    birthName: traits.birthName,
    firstGivenName: traits.firstGivenName ?? traits.birthGivenNames[0],
    birthGivenNames: [...traits.birthGivenNames],
    sex: traits.sex ?? "unknown",
    birthDate: traits.birthDate,
    birthPlaceCode: traits.birthPlaceCode ?? "75056",
    ...(traits.usedName ? { usedName: traits.usedName } : {}),
  };
}
