/**
 * Value sets of the shared record (jeux de valeurs du DMP): document types, classes, formats, professions, specialties,
 * practice settings, facility types and confidentiality. Each table is tree-shakeable on its own.
 */
export * from "./confidentiality-codes.ts";
export * from "./document-classes.ts";
export * from "./document-types.ts";
export * from "./facility-types.ts";
export * from "./formats.ts";
export * from "./practice-settings.ts";
export * from "./professions.ts";
export * from "./specialties.ts";
export type { Concept } from "./table.ts";
