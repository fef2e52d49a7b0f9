/** The habilitation matrix (matrice d'habilitations): which profession may consult which document type. R80 to R84. */
import type { ProfessionalActor } from "./actor.ts";
import { columnOfActivityKind, columnsOfProfession } from "./generated/columns.ts";
import { matrixColumns, matrixMarks } from "./generated/matrix.ts";

export type MatrixColumn = (typeof matrixColumns)[number];

const marks: ReadonlyMap<string, string> = new Map(Object.entries(matrixMarks));
const columnIndex: ReadonlyMap<string, number> = new Map(matrixColumns.map((column, index) => [column, index]));
const byProfession: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(columnsOfProfession));
const byActivityKind: ReadonlyMap<string, string> = new Map(Object.entries(columnOfActivityKind));

/** Pharmacy technicians (préparateurs) read as pharmacists, through their role. R83. */
const PHARMACY_ROLES: ReadonlySet<string> = new Set(["316", "317"]);
const TECHNICIAN_PROFESSIONS: ReadonlySet<string> = new Set(["38", "39", "99"]);
/** Sections of the order of pharmacists for biologists, and the medical biology specialties. R83. */
const BIOLOGIST = /^(G|EG|SM03|SM6[3-7])$/;
/** Occupational medicine (médecine du travail) in the lists of specialties and competences. R65. */
const OCCUPATIONAL = /^(SM25|C41|CAPA11)$/;

/** `G15_10` and `10` are the same profession. */
export function professionCode(code: string): string {
  return code.startsWith("G15_") ? code.slice(4) : code;
}

export function isDoctor(actor: ProfessionalActor): boolean {
  return professionCode(actor.profession) === "10";
}

/** R65: an occupational doctor (médecin du travail) feeds and never consults. */
export function isOccupationalDoctor(actor: ProfessionalActor): boolean {
  return isDoctor(actor) && OCCUPATIONAL.test(actor.specialty ?? "");
}

/** The one column that a professional falls in, or undefined: then nothing is read. R50, R83, R84. */
export function columnOf(actor: ProfessionalActor): MatrixColumn | undefined {
  const profession = professionCode(actor.profession);
  if (isOccupationalDoctor(actor)) return undefined;
  if (TECHNICIAN_PROFESSIONS.has(profession) && PHARMACY_ROLES.has(actor.role ?? "")) return "pharmacien";
  if (profession === "99") return asColumn(byActivityKind.get(actor.activityKind ?? ""));
  if (profession === "21") return BIOLOGIST.test(actor.specialty ?? "") ? "pharmacien-biologiste" : "pharmacien";
  return asColumn(byProfession.get(profession)?.[0]);
}

function asColumn(name: string | undefined): MatrixColumn | undefined {
  return matrixColumns.find((column) => column === name);
}

/** Every type that has a row in the matrix, sourced or assumed. R81. */
export function matrixTypes(): readonly string[] {
  return [...marks.keys()];
}

/** Whether the matrix knows the type at all. R84. */
export function isKnownType(typeCode: string): boolean {
  return marks.has(typeCode);
}

/** The mark of one cell; an unknown type has none. R80, R84. */
export function mayConsult(column: MatrixColumn, typeCode: string): boolean {
  const index = columnIndex.get(column);
  return index !== undefined && marks.get(typeCode)?.[index] === "1";
}

/** Types that a column may consult: to narrow a search before each document is decided. */
export function readableTypes(column: MatrixColumn): readonly string[] {
  const known = readableByColumn.get(column);
  if (known) return known;
  const list = [...marks.keys()].filter((type) => mayConsult(column, type));
  readableByColumn.set(column, list);
  return list;
}
const readableByColumn = new Map<MatrixColumn, readonly string[]>();
