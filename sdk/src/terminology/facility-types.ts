import { rows, systems } from "./generated/facility-types.ts";
import { type Concept, findIn, readConcept } from "./table.ts";

/** A facility type (secteur d'activité, healthcareFacilityTypeCode; JDV_J02). */
export type FacilityType = Concept;

/** The 69 facility types (secteurs d'activité). */
export const facilityTypes: readonly FacilityType[] = /* @__PURE__ */ rows.map((row) => readConcept(row, systems));

/** Finds one by its code. */
export function findFacilityType(code: string, system?: string): FacilityType | undefined {
  return findIn(facilityTypes, code, system);
}
