/** Whether a document is archived (R119): the one extension that every list needs, apart so that a reader stays small. */
export const isArchivedUrl = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived";
