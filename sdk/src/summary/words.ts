import type { CodeableConcept } from "fhir/r4.js";

/** The words of a concept, to compare with. */
export function wordsOf(concept: CodeableConcept | undefined): string {
  return normalise(concept?.text ?? concept?.coding?.[0]?.display ?? "");
}

/** Letters, digits and signs that change the meaning ("HLA-B27 +", "> 140"), without case and accents, one space between words. */
export function normalise(text: string): string {
  const last = recent.get(text);
  if (last !== undefined) return last;
  const words = compute(text);
  // Labels repeat from document to document; the memory of them stays small.
  if (recent.size >= 2000) recent.clear();
  recent.set(text, words);
  return words;
}

const recent = new Map<string, string>();

/** Words are a person's: they are not kept beyond the summary that they were read for. */
export function forgetWords(): void {
  recent.clear();
}

function compute(text: string): string {
  const plain = PLAIN.test(text) ? text : text.normalize("NFD").replace(/\p{M}/gu, "");
  const signed = SIGNED.test(plain) ? plain.replace(SIGNS, (sign) => ` ${WORD_OF[sign] ?? ""} `) : plain;
  return signed
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

const SIGNED = /[-+−<>≤≥?]/;
/** A plus or a minus behind a word says how a test came out; between two words it only joins them. */
const SIGNS = /[<>≤≥?]|(?<=[\p{L}\p{N}])[-+−](?![\p{L}\p{N}])|(?<=[\p{L}\p{N}]\s)[-+−](?=\s*$)|(?<=\()[-+−](?=\))/gu;
const WORD_OF: Readonly<Record<string, string>> = {
  "+": "plus",
  "-": "minus",
  "−": "minus",
  "<": "below",
  ">": "above",
  "≤": "atmost",
  "≥": "atleast",
  "?": "maybe",
};

/** Nearly half of all words have no accent: looking costs less than decomposing. */
const PLAIN = /^[\x20-\x7e]*$/;
