import type { CodeableConcept } from "@carnet/sdk/fhir";
import { list, str } from "../shared/guards.ts";

/**
 * The words of a concept as its author wrote them: `text`, else the display of the coding the author chose, else any
 * display, else the code itself. `undefined` when it has none of them: the caller says "Non renseigné".
 */
export function conceptText(concept: CodeableConcept | undefined): string | undefined {
  if (concept === undefined || concept === null || typeof concept !== "object") return undefined;
  const codings = list(concept.coding);
  return (
    str(concept.text) ??
    str(codings.find((coding) => coding.userSelected === true)?.display) ??
    codings.map((coding) => str(coding.display)).find((display) => display !== undefined) ??
    codings.map((coding) => str(coding.code)).find((code) => code !== undefined)
  );
}

/** Every code of a concept, for comparison with a closed list. */
export function codesOf(concept: CodeableConcept | undefined): readonly string[] {
  return list(concept?.coding)
    .map((coding) => str(coding.code))
    .filter((code) => code !== undefined);
}

/** True when one of the concept's codes is in the list; where it has none, its words are, or it is a bare word itself. */
export function hasCode(concept: CodeableConcept | undefined, ...codes: readonly string[]): boolean {
  const given = codesOf(concept);
  const words = str(concept?.text) ?? str(concept);
  return (given.length > 0 ? given : [words?.toLowerCase() ?? ""]).some((code) => codes.includes(code));
}

/** `system|code` of the first coding that has both, else of what there is: two concepts with the same key are the same. */
export function conceptKey(concept: CodeableConcept | undefined): string {
  const coding = list(concept?.coding).find((candidate) => str(candidate.code) !== undefined);
  return coding === undefined ? (conceptText(concept) ?? "").toLowerCase() : `${coding.system ?? ""}|${coding.code}`;
}
