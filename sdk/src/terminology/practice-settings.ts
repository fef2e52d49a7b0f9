import { rows, systems } from "./generated/practice-settings.ts";
import { type Concept, findIn, readConcept } from "./table.ts";

/** A practice setting (cadre d'exercice, practiceSettingCode; JDV_J04). */
export type PracticeSetting = Concept;

/** The 12 practice settings (cadres d'exercice). */
export const practiceSettings: readonly PracticeSetting[] = /* @__PURE__ */ rows.map((row) =>
  readConcept(row, systems),
);

/** Finds one by its code. */
export function findPracticeSetting(code: string, system?: string): PracticeSetting | undefined {
  return findIn(practiceSettings, code, system);
}
