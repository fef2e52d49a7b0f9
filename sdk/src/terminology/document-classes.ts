import { rows, systems } from "./generated/document-classes.ts";
import { type Concept, findIn, readConcept } from "./table.ts";

/** A document class (classCode; JDV_J06). Source: R101. */
export type DocumentClass = Concept;

/** The 12 document classes (classes de document) and the class of signatures. */
export const documentClasses: readonly DocumentClass[] = /* @__PURE__ */ rows.map((row) => readConcept(row, systems));

/** Finds a document class by its code. */
export function findDocumentClass(code: string, system?: string): DocumentClass | undefined {
  return findIn(documentClasses, code, system);
}
