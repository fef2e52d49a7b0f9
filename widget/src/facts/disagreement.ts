import type { CodeableConcept, FhirResource } from "@carnet/sdk/fhir";
import { list, str } from "../shared/guards.ts";

/** What another document, or a document's own text, says differently of a fact. */
export type Disagreement =
  /** Another document gives another value of one detail (`clinicalStatus`, `dosage`…), or denies the fact in its own words. */
  | {
      readonly kind: "document";
      readonly uniqueId: string;
      readonly date: string;
      readonly detail?: string;
      /** The other document's value, as coded; its words when it denies. */
      readonly there: string;
      /** This fact's value of the same detail, as coded. */
      readonly here?: string;
    }
  /** A sentence for people, as the reader of the document wrote it. */
  | { readonly kind: "sentence"; readonly text: string };

const told = /^(urn:(?:oid|uuid):[\w.-]+) \((\d{4}(?:-\d\d){0,2})\) \S+ (?:([A-Za-z]+): |")([\s\S]*?)"?$/;

/** Reads one line of `extensionUrl.disagreement`: "urn:oid:… (2024-03-05) dit clinicalStatus: resolved". */
export function readDisagreement(line: string, resource: object): Disagreement {
  const parts = told.exec(line);
  if (parts === null) return { kind: "sentence", text: line };
  const [, uniqueId = "", date = "", detail, there = ""] = parts;
  if (detail === undefined) return { kind: "document", uniqueId, date, there };
  const here = ownValue(resource as FhirResource, detail);
  return { kind: "document", uniqueId, date, detail, there, ...(here === undefined ? {} : { here }) };
}

/** This side of the disagreement. `undefined` for details that the row shows anyway (a dose, a result). */
function ownValue(resource: FhirResource, detail: string): string | undefined {
  const field = (resource as unknown as Readonly<Record<string, unknown>>)[detail === "lot" ? "lotNumber" : detail];
  if (detail === "endDate") {
    return resource.resourceType === "MedicationStatement" ? str(resource.effectivePeriod?.end) : undefined;
  }
  if (typeof field === "string") return str(field);
  if (typeof field !== "object" || field === null || !("coding" in field || "text" in field)) return undefined;
  const concept = field as CodeableConcept;
  return str(list(concept.coding)[0]?.code) ?? str(concept.text);
}
