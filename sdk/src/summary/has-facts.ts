import type { Bundle } from "fhir/r4.js";

/** Resources that describe the document itself. A Bundle of these alone has nothing to add to a summary. */
const ADMINISTRATIVE: ReadonlySet<string> = new Set([
  "Composition",
  "Patient",
  "Practitioner",
  "PractitionerRole",
  "Organization",
  "Encounter",
  "Location",
  "RelatedPerson",
  "Binary",
  "DocumentReference",
  "ServiceRequest",
]);

/** A synthesis (SYNTH, IPS 60591-5) speaks in words too: its sections join the summary even without a coded entry. */
const SYNTHESES: ReadonlySet<string> = new Set(["SYNTH", "60591-5"]);

/** Has this document anything to add to a summary? A letter around a PDF has not. */
export function hasFacts(bundle: Bundle): boolean {
  return (bundle.entry ?? []).some(
    ({ resource }) =>
      resource &&
      (!ADMINISTRATIVE.has(resource.resourceType) ||
        (resource.resourceType === "Composition" &&
          resource.type.coding?.some(({ code }) => SYNTHESES.has(code ?? "")))),
  );
}
