import type { CodeableConcept, FhirResource } from "@carnet/sdk/fhir";
import { list, str } from "../shared/guards.ts";
import type { BundleIndex } from "./bundle-index.ts";
import { codesOf, conceptText } from "./concept.ts";
import { type Absence, sourcesOf } from "./fact.ts";
import { firstName } from "./people.ts";

/**
 * "Known absent" is a statement that somebody made; "no information" is not. The two must never read alike (STYLE 1, 2).
 * Codes: IPS absent-unknown-uv-ips, the SNOMED CT codes that IPS 2 uses instead, and the French CDA ones.
 */
const knownAbsent = new Set([
  "no-known-allergies",
  "no-known-medication-allergies",
  "no-known-environmental-allergies",
  "no-known-food-allergies",
  "no-known-medications",
  "no-known-problems",
  "no-known-procedures",
  "no-known-immunizations",
  "no-known-devices",
  "716186003",
  "409137002",
  "428607008",
  "429625007",
  "160244002",
  "160245001",
  "787481004",
  "787480003",
  "787482006",
  "787483001",
  "1234391000168107",
]);

const noInformation = new Set([
  "no-allergy-info",
  "no-medication-info",
  "no-problem-info",
  "no-procedure-info",
  "no-immunization-info",
  "no-device-info",
]);

const partialAbsence = new Set([
  "no-known-medication-allergies",
  "no-known-environmental-allergies",
  "no-known-food-allergies",
  "409137002",
  "428607008",
  "429625007",
]);

export type Statement = "absent" | "partly-absent" | "no-information" | "fact";

/** Whether a code states an absence, a lack of information, or a fact. */
export function statementOf(concept: CodeableConcept | undefined): Statement {
  const codes = codesOf(concept);
  if (codes.some((code) => partialAbsence.has(code))) return "partly-absent";
  if (codes.some((code) => knownAbsent.has(code))) return "absent";
  return codes.some((code) => noInformation.has(code)) ? "no-information" : "fact";
}

/** The absence that a coded entry states, with who and when. */
export function absenceOf(
  resource: FhirResource,
  concept: CodeableConcept | undefined,
  date: string | undefined,
  author: string | undefined,
  index: BundleIndex,
): Absence {
  const sources = sourcesOf(resource, index);
  // Whoever put documents together said nothing of what one of them states.
  const who = author ?? (sources.length === 0 ? compositionAuthor(index) : undefined);
  const when = date ?? str(index.composition?.date);
  const text = statementOf(concept) === "partly-absent" ? conceptText(concept) : undefined;
  return {
    kind: "known-absent",
    sources,
    ...(text === undefined ? {} : { text, isPartial: true }),
    ...(who === undefined ? {} : { author: who }),
    ...(when === undefined ? {} : { date: when }),
  };
}

/** The absence that a section states by `emptyReason` (FHIR list-empty-reason). */
export function sectionAbsence(codes: readonly string[], index: BundleIndex): Absence[] {
  for (const { code, section } of index.sections) {
    if (code === undefined || !codes.includes(code)) continue;
    const reason = codesOf(section.emptyReason)[0];
    if (reason === "nilknown") {
      const author = compositionAuthor(index);
      const date = str(index.composition?.date);
      return [
        {
          kind: "known-absent",
          sources: [],
          ...(author === undefined ? {} : { author }),
          ...(date === undefined ? {} : { date }),
        },
      ];
    }
    if (reason === "withheld" || reason === "unavailable") return [{ kind: reason }];
  }
  return [];
}

function compositionAuthor(index: BundleIndex): string | undefined {
  return firstName(list(index.composition?.author), index, index.composition);
}
