import { documentClasses } from "./document-classes.ts";
import { rows, systems } from "./generated/document-types.ts";
import { type Concept, findIn, readConcept, wordsOf } from "./table.ts";

/** A document type (typeCode; JDV_J07, JDV_J66). Source: R100, R101. */
export interface DocumentType extends Concept {
  /** Class of the type (classCode): each type has exactly one. */
  readonly classCode: string;
  /** French label of the class; absent for the technical signature type. */
  readonly category?: string;
  /** `active` in the current value set, or why not: `requested` codes are not published yet. */
  readonly status: "active" | "superseded" | "deprecated" | "requested";
  /** Part of JDV_J07 (what CDA headers may carry), editions 2024 or 2026. */
  readonly isInValueSet: boolean;
  /** The habilitation matrix has a row of its own for this type. */
  readonly isInHabilitationMatrix: boolean;
  /** Types that a patient deposits (R102). */
  readonly isDepositedByPatient: boolean;
  /** Code that took the place of a superseded one. */
  readonly replacedBy?: string;
}

function statusOf(word: string | undefined): DocumentType["status"] {
  switch (word) {
    case "superseded":
    case "deprecated":
    case "requested":
      return word;
    default:
      return "active";
  }
}

/** The 142 document types (types de document), in the order of the value set. */
export const documentTypes: readonly DocumentType[] = /* @__PURE__ */ rows.map((row): DocumentType => {
  const [, , , classCode = "", status, marks, replacedBy] = row;
  const flags = wordsOf(marks);
  const category = documentClasses.find((one) => one.code === classCode && one.system.includes("TRE_A03"))?.display;
  return {
    ...readConcept(row, systems),
    classCode,
    ...(category === undefined ? {} : { category }),
    status: statusOf(status),
    isInValueSet: flags.includes("j07-2024") || flags.includes("j07-2026"),
    isInHabilitationMatrix: flags.includes("matrix"),
    isDepositedByPatient: flags.includes("patient"),
    ...(replacedBy ? { replacedBy } : {}),
  };
});

/**
 * Finds a document type by its code.
 * @param system uri, OID or `urn:oid:` of the code system; omit it to take the code alone (codes are unique in the set).
 */
export function findDocumentType(code: string, system?: string): DocumentType | undefined {
  return findIn(documentTypes, code, system);
}
