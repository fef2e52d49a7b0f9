import type { RowStrings } from "./row-strings.ts";

/** Words of a document's row in English. */
export const rowEnglish: RowStrings = {
  untitled: "Untitled document",
  hidden: "Hidden from professionals",
  invisibleToPatient: "Not visible to the patient",
  archived: "Archived",
  superseded: "Superseded",
  isNew: "New",
  noDate: "Date not recorded",
};
