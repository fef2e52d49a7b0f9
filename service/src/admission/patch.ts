/**
 * The patch that an ITI-65 replacement carries for the old version: `status` → `superseded`.
 * Source: wire.md (TD2.1), MHD 4.2.3 (Parameters with a FHIRPath patch).
 */

import type { Report } from "./issue.ts";
import { type JsonObject, objects, text } from "./json.ts";
import { type BusinessIdentifier, identifierOfSearch, readReference } from "./reference.ts";

/** An old version to supersede. */
export interface StatusPatch {
  readonly expression: string;
  readonly id?: string;
  readonly identifier?: BusinessIdentifier;
  readonly status: "superseded";
  /** The version that the sender read, as `If-Match` of a PATCH on its own. */
  readonly ifMatch?: string;
}

/** Reads a FHIRPath patch whose shape was checked. @returns undefined when it is refused. */
export function readPatch(
  parameters: JsonObject,
  { url, ifMatch }: { readonly url: string | undefined; readonly ifMatch: string | undefined },
  expression: string,
  report: Report,
): StatusPatch | undefined {
  const operations = objects(parameters.parameter);
  const parts = objects(operations[0]?.part);
  const partNamed = (name: string) => parts.find((part) => part.name === name);
  const isReplacement =
    operations.length === 1 &&
    operations[0]?.name === "operation" &&
    text(partNamed("type")?.valueCode ?? partNamed("type")?.valueString) === "replace" &&
    text(partNamed("path")?.valueString) === "DocumentReference.status" &&
    text(partNamed("value")?.valueCode ?? partNamed("value")?.valueString) === "superseded";
  if (!isReplacement) {
    const fr = "Seul le passage du statut à « superseded » est permis dans un dépôt.";
    const en = "Only the change of status to “superseded” is allowed in a deposit.";
    report.refuse("business-rule", `${expression}.resource`, fr, en);
    return undefined;
  }
  const target = readReference(url ?? "");
  const patch = { expression, status: "superseded", ...(ifMatch === undefined ? {} : { ifMatch }) } as const;
  if (target.kind === "resource" && target.type === "DocumentReference") {
    return { ...patch, id: target.id };
  }
  const identifier =
    target.kind === "search" && target.type === "DocumentReference" ? identifierOfSearch(target.query) : undefined;
  if (identifier) return { ...patch, identifier };
  const place = `${expression}.request.url`;
  report.refuse("value", place, "Un DocumentReference est attendu.", "A DocumentReference is expected.");
  return undefined;
}
