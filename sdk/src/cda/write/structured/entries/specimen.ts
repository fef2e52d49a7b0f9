import type { CodeableConcept, Observation } from "../../../../fhir/index.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext } from "../context.ts";

/** What a result was found in: for its entry, and in words for its line. */
export interface WrittenSpecimen {
  readonly element: XmlPiece | undefined;
  readonly words: string;
}

/**
 * Specimen of a result: its kind and identifiers. When it was taken is no part of it in CDA, and stands with the act of
 * taking it, which results do not tell of.
 *
 * @param id - Narrative ID of its words.
 */
export function writeSpecimen(observation: Observation, context: EntryContext, id: string): WrittenSpecimen {
  const resource = context.resolve(observation.specimen, observation);
  const specimen = resource?.resourceType === "Specimen" ? resource : undefined;
  const display = observation.specimen?.display;
  const type: CodeableConcept | undefined = specimen?.type ?? (display ? { text: display } : undefined);
  const words = wordsOf(type);
  if (!type || words === "") return { element: undefined, words: "" };
  return {
    element: element(
      "specimen",
      { typeCode: "SPC" },
      element(
        "specimenRole",
        { classCode: "SPEC" },
        (specimen?.identifier ?? []).map(({ system, value }) =>
          system?.startsWith("urn:oid:") && value
            ? element("id", { root: system.slice("urn:oid:".length), extension: value })
            : undefined,
        ),
        element("specimenPlayingEntity", {}, writeConcept("code", type, { reference: id })),
      ),
    ),
    words,
  };
}
