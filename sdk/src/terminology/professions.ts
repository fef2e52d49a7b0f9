import { rows, systems } from "./generated/professions.ts";
import { type Concept, findIn, readConcept, wordsOf } from "./table.ts";

/** A profession, or an author that is no person. Source: R50, R83, R107. */
export interface Profession extends Concept {
  readonly kind:
    | "health-profession"
    | "professional-title-user"
    | "social-profession"
    | "role-defined-actor"
    | "in-training"
    | "non-professional-author";
  /** Columns of the habilitation matrix (matrice d'habilitations) this profession can fall in; none = reads nothing. */
  readonly matrixColumns: readonly string[];
}

function kindOf(word: string | undefined): Profession["kind"] {
  switch (word) {
    case "professional-title-user":
    case "social-profession":
    case "role-defined-actor":
    case "in-training":
    case "non-professional-author":
      return word;
    default:
      return "health-profession";
  }
}

/** Professions and non-professional authors (professions, producteurs non PS). Some codes stand in two systems. */
export const professions: readonly Profession[] = /* @__PURE__ */ rows.map((row): Profession => {
  const [, , , kind, columns] = row;
  return { ...readConcept(row, systems), kind: kindOf(kind), matrixColumns: wordsOf(columns) };
});

/**
 * Finds a profession by its code (`10`) or by the form of documents and cards (`G15_10`, `G16_10`).
 * Without a system the health profession wins over the one in training that shares its code.
 */
export function findProfession(code: string, system?: string): Profession | undefined {
  const prefixed = /^(G1[56])_(.+)$/.exec(code);
  if (!prefixed) return findIn(professions, code, system);
  const [, table = "", bare = ""] = prefixed;
  return professions.find((one) => one.code === bare && one.system.includes(`TRE_${table}-`));
}
