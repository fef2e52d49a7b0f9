import type { Bundle, FhirResource } from "fhir/r4.js";
import * as v from "valibot";
import { InvalidAnswer } from "./http/index.ts";

const text = v.optional(v.string());
const resource = v.looseObject({ resourceType: v.string(), id: text });
const bundle = v.looseObject({
  resourceType: v.literal("Bundle"),
  type: text,
  total: v.optional(v.number()),
  meta: v.optional(v.looseObject({ lastUpdated: text })),
  link: v.optional(v.array(v.looseObject({ relation: v.string(), url: v.string() }))),
  entry: v.optional(
    v.array(
      v.looseObject({
        fullUrl: text,
        resource: v.optional(resource),
        response: v.optional(v.looseObject({ status: v.string(), location: text })),
      }),
    ),
  ),
});

/** The resource kinds by their `resourceType`. */
export type ResourceOf<T extends FhirResource["resourceType"]> = Extract<FhirResource, { resourceType: T }>;

/** An answer's body as a Bundle, its frame checked; the resources inside are checked where they are read. */
export function parseBundle(body: unknown, request: string): Bundle {
  const parsed = v.safeParse(bundle, body);
  if (!parsed.success) throw new InvalidAnswer(request, "the answer is not a FHIR Bundle");
  // The frame is checked above; FHIR's own type says the same with the choice of resources, which valibot cannot name.
  return parsed.output as unknown as Bundle;
}

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
  const parsed = v.safeParse(resource, body);
  if (!parsed.success || parsed.output.resourceType !== kind) {
    throw new InvalidAnswer(request, `the answer is not a FHIR ${kind}`);
  }
  return parsed.output as unknown as ResourceOf<T>;
}

/** Address of the next page, when there is one. */
export function nextPage(page: Bundle): string | undefined {
  return page.link?.find((link) => link.relation === "next")?.url;
}
