import { table } from "../shared/locale.ts";

/** Words of a document's row in French: apart from those of the full list, because the summary needs them at once. */
export const rowFrench = table({
  untitled: "Document sans titre",
  hidden: "Masqué aux professionnels",
  invisibleToPatient: "Non visible du patient",
  archived: "Archivé",
  superseded: "Remplacé",
  isNew: "Nouveau",
  noDate: "Date non renseignée",
});
