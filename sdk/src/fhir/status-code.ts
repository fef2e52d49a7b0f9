import type { CodeableConcept } from "fhir/r4.js";

/** How far an allergy or a problem is certain, what rules it out first. */
export const certainties = [
  "entered-in-error",
  "refuted",
  "unconfirmed",
  "provisional",
  "differential",
  "confirmed",
] as const;

/** Whether an allergy or a problem goes on, the narrower first. */
export const clinicalStates = ["recurrence", "relapse", "remission", "resolved", "inactive", "active"] as const;

/**
 * Which code of FHIR's own list a status bears: beside codes of other systems, before or after them; where it has no code
 * at all, its words. The first of the list when it bears several.
 */
export function statusCode<Code extends string>(
  status: CodeableConcept | undefined,
  known: readonly Code[],
): Code | undefined {
  if (!status) return undefined;
  // A document of an older FHIR has the bare word.
  const { coding = [], text = `${status}` } = status;
  const codes = coding.flatMap(({ code }) => code ?? []);
  const said = codes.length > 0 ? codes : [text.toLowerCase()];
  return known.find((code) => said.includes(code));
}
