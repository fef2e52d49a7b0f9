import type { Bundle, FhirResource } from "fhir/r4.js";
import { InvalidAnswer } from "./http/errors.ts";
import { isFields, isResource } from "./parse.ts";

// Apart from the frame of a Bundle: what only lists and reads documents asks for neither of these.

/** The resource kinds by their `resourceType`. */
export type ResourceOf<T extends FhirResource["resourceType"]> = Extract<FhirResource, { resourceType: T }>;

/** The resources of one kind in a Bundle, in its order. */
export function resourcesOf<T extends FhirResource["resourceType"]>(from: Bundle, kind: T): ResourceOf<T>[] {
  return (from.entry ?? []).flatMap((entry) =>
    entry.resource?.resourceType === kind ? [entry.resource as ResourceOf<T>] : [],
  );
}

/** An answer's body as one resource of the expected kind. */
export function parseResource<T extends FhirResource["resourceType"]>(
  body: unknown,
  kind: T,
  request: string,
): ResourceOf<T> {
  if (!isFields(body) || body.resourceType !== kind || !isResource(body)) {
    throw new InvalidAnswer(request, `the answer is not a FHIR ${kind}`);
  }
  return body as unknown as ResourceOf<T>;
}
