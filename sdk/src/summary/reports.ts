import type { FhirResource } from "fhir/r4.js";
import type { SourceDocument } from "./source-document.ts";

/** What a report repeats from its results, or what only files it. */
const FRAME: ReadonlySet<string> = new Set([
  "resourceType",
  "id",
  "meta",
  "language",
  "text",
  "identifier",
  "status",
  "category",
  "code",
  "subject",
  "encounter",
  "effectiveDateTime",
  "effectivePeriod",
  "issued",
  "performer",
  "result",
]);

/**
 * A chapter of results ("Biochimie") that has neither conclusion nor attachment nor remark: its results say all it
 * says. A report whose results are not in its document, or are not final, says something of its own.
 */
export function isBareReport(report: FhirResource, document: SourceDocument): boolean {
  if (report.resourceType !== "DiagnosticReport" || report.status !== "final" || !report.result?.length) return false;
  for (const key of Object.keys(report)) if (!FRAME.has(key)) return false;
  return report.result.every(
    ({ reference }) => reference !== undefined && document.resolve(reference)?.resourceType === "Observation",
  );
}
