import { defineStrings } from "../shared/locale.ts";

/** Words of a document's row: apart from those of the full list, because the summary needs them at once. */
export const rowStrings = defineStrings({
  fr: {
    untitled: "Document sans titre",
    hidden: "Masqué aux professionnels",
    invisibleToPatient: "Non visible du patient",
    archived: "Archivé",
    superseded: "Remplacé",
    isNew: "Nouveau",
    noDate: "Date non renseignée",
  },
  en: {
    untitled: "Untitled document",
    hidden: "Hidden from professionals",
    invisibleToPatient: "Not visible to the patient",
    archived: "Archived",
    superseded: "Superseded",
    isNew: "New",
    noDate: "Date not recorded",
  },
});
