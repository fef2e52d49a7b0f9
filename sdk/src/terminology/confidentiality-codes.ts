import { rows, systems } from "./generated/confidentiality-codes.ts";
import { type Concept, findIn, readConcept } from "./table.ts";

/** A confidentiality or visibility code (JDV_J58). Source: R140. */
export type ConfidentialityCode = Concept;

/** Base confidentiality (N, R, V) and the visibility marks of the record (MASQUE_PS, INVISIBLE_PATIENT…). */
export const confidentialityCodes: readonly ConfidentialityCode[] = /* @__PURE__ */ rows.map((row) =>
  readConcept(row, systems),
);

/** Finds one by its code. */
export function findConfidentialityCode(code: string, system?: string): ConfidentialityCode | undefined {
  return findIn(confidentialityCodes, code, system);
}
