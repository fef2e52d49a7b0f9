import type { CodeableConcept, Observation } from "../../../../fhir/index.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext } from "../context.ts";
import { sampleIds } from "./collection.ts";

/** What a result was found in: for its entry, and in words for its line. */
export interface WrittenSpecimen {
  readonly element: XmlPiece | undefined;
  readonly words: string;
}

/**
 * Specimen of a result: its kind and identifiers. When it was taken stands with the act of taking it, which bears the same
 * number (`writeCollections`).
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
        sampleIds(specimen, specimen && context.sampleNumbers?.get(specimen)),
        element("specimenPlayingEntity", {}, writeConcept("code", type, { reference: id })),
      ),
    ),
    words,
  };
}
