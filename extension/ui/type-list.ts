import { type DocumentType, documentTypes } from "@carnet/sdk/terminology";
import { fold } from "../describe/fold.ts";

/** Types a professional may choose: those a CDA header may carry, without the technical and the patients' own ones. */
/** Written by machines for machines. */
const technical = new Set(["IMG-KOS", "FEUILLE-DE-STYLE", "INSCR_RCP"]);

export const offered = documentTypes.filter(
  (type) =>
    type.isInValueSet &&
    type.status === "active" &&
    !type.isDepositedByPatient &&
    type.category !== undefined &&
    !technical.has(type.code),
);

const searchable = offered.map((type) => ({ type, text: fold(`${type.display} ${type.code} ${type.category ?? ""}`) }));

/** Every word of the query, in any order, anywhere in the label. */
export function searchTypes(query: string): readonly DocumentType[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  return searchable.filter(({ text }) => words.every((word) => text.includes(word))).map(({ type }) => type);
}
