/** Kinds of problem: condition, diagnosis, symptom, complaint, finding, functional limitation (SNOMED CT, then LOINC). */
const kinds: ReadonlySet<string> = new Set([
  ...["55607006", "64572001", "282291009", "418799008", "409586006", "404684003", "248536006"],
  ...["75326-9", "75323-6", "29308-4", "75325-1", "75322-8", "75321-0", "75318-6", "75319-4"],
]);

/** `true` when the code of a problem entry (FR-Probleme) says what kind of statement it is, not what is found. */
export const isProblemKind = (code: string): boolean => kinds.has(code);
