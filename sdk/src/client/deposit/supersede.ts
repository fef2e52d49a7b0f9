import type { BundleEntry } from "fhir/r4.js";

/** In the transaction that brings a new version: the former one becomes superseded (TD2.1, R117). */
export function supersede(id: string): BundleEntry {
  const part = [
    { name: "type", valueCode: "replace" },
    { name: "path", valueString: "DocumentReference.status" },
    { name: "value", valueCode: "superseded" },
  ];
  return {
    fullUrl: "urn:uuid:00000000-0000-4000-8000-000000000004",
    resource: { resourceType: "Parameters", parameter: [{ name: "operation", part }] },
    request: { method: "PATCH", url: `DocumentReference/${id}` },
  };
}
