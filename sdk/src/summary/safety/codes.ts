import type { Coding } from "fhir/r4.js";

/** Code systems and extensions of safety results. Carnet's own only where no standard has one (docs/safety.md). */
export const safetySystem = {
  act: "http://terminology.hl7.org/CodeSystem/v3-ActCode",
  /** `CI`, `AD`, `PE`, `PC`: levels of the French thesaurus. */
  level: "https://carnet.example/fhir/CodeSystem/interaction-level",
  /** `not-checked` and its reasons. */
  check: "https://carnet.example/fhir/CodeSystem/safety-check",
  /** Extension on a DetectedIssue: `title`, `date`, `licence` and `warning` of the reference data. */
  referenceData: "https://carnet.example/fhir/StructureDefinition/reference-data",
} as const;

const ATC_SYSTEMS: ReadonlySet<string> = new Set([
  "http://www.whocc.no/atc",
  "urn:oid:2.16.840.1.113883.6.73",
  "urn:oid:1.2.250.1.215.200.1.2.2",
]);

/** The ATC code of a coding, of any level. */
export function atcCode({ system, code }: Coding): string | undefined {
  if (!system || !code || !ATC_SYSTEMS.has(system)) return undefined;
  const upper = code.trim().toUpperCase();
  return /^[A-Z](\d\d([A-Z]([A-Z](\d\d)?)?)?)?$/.test(upper) ? upper : undefined;
}
