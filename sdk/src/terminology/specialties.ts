import { rows, systems } from "./generated/specialties.ts";
import { type Concept, findIn, readConcept } from "./table.ts";

/** A specialty of an author (authorSpecialty; JDV_J01), for instance `G15_10/SM26`. */
export type Specialty = Concept;

/** The 396 author specialties (spécialités, rôles, professions sociales). */
export const specialties: readonly Specialty[] = /* @__PURE__ */ rows.map((row) => readConcept(row, systems));

/** Finds an author specialty by its code in JDV_J01: `G15_10/SM26`, `G15_60`, `SECRETARIAT_MEDICAL`… */
export function findSpecialty(code: string, system?: string): Specialty | undefined {
  return findIn(specialties, code, system);
}
