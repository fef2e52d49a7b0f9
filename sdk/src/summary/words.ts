import type { CodeableConcept } from "fhir/r4.js";

/** The words of a concept, to compare with. */
export function wordsOf(concept: CodeableConcept | undefined): string {
  return normalise(concept?.text ?? concept?.coding?.[0]?.display ?? "");
}

/** Letters and digits without case and accents, one space between words. */
export function normalise(text: string): string {
  const plain = PLAIN.test(text) ? text : text.normalize("NFD").replace(/\p{M}/gu, "");
  return plain
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** Nearly half of all words have no accent: looking costs less than decomposing. */
const PLAIN = /^[\x20-\x7e]*$/;
