import type { Bundle, Composition, CompositionSection, FhirResource, Patient, Reference } from "@carnet/sdk/fhir";
import { list, str } from "../shared/guards.ts";

/** A section of the Composition as the facts need it: its LOINC code, its title and its own narrative. */
export interface SectionPlace {
  readonly code?: string;
  readonly title?: string;
  readonly section: CompositionSection;
}

/**
 * The entries of a Bundle by exact identity. References are resolved by whole `fullUrl` or whole `Type/id`, never by
 * part of a string: a near miss would put one person's fact under another. Source: STYLE 6; FHIR R4 Bundle, "Resolving references".
 */
export interface BundleIndex {
  readonly bundle: Bundle;
  readonly patient?: Patient;
  readonly composition?: Composition;
  readonly sections: readonly SectionPlace[];
  readonly resources: readonly FhirResource[];
  /** The resource that a reference names, in the Bundle or contained in `owner`. */
  resolve(reference: Reference | undefined, owner?: unknown): FhirResource | undefined;
  /** The section that lists this resource, the first one when several do. */
  sectionOf(resource: FhirResource): SectionPlace | undefined;
  /** How far apart two resources of the same section stand in it; used to keep the author's order. */
  position(resource: FhirResource): number;
}

function flatten(sections: readonly CompositionSection[], depth = 0): CompositionSection[] {
  if (depth > 8) return [];
  return sections.flatMap((section) => [section, ...flatten(list(section.section), depth + 1)]);
}

export function indexBundle(bundle: Bundle): BundleIndex {
  const byKey = new Map<string, FhirResource>();
  const resources: FhirResource[] = [];
  for (const entry of list(bundle.entry)) {
    const resource = entry.resource;
    if (typeof resource !== "object" || resource === null || typeof resource.resourceType !== "string") continue;
    resources.push(resource);
    const fullUrl = str(entry.fullUrl);
    if (fullUrl !== undefined && !byKey.has(fullUrl)) byKey.set(fullUrl, resource);
    if (str(resource.id) !== undefined) {
      const key = `${resource.resourceType}/${resource.id}`;
      if (!byKey.has(key)) byKey.set(key, resource);
    }
  }

  const resolve = (reference: Reference | undefined, owner?: unknown): FhirResource | undefined => {
    const address = str(reference?.reference)?.replace(/\/_history\/[^/]+$/, "");
    if (address === undefined) return undefined;
    if (address.startsWith("#")) {
      const contained = list((owner as { contained?: FhirResource[] } | undefined)?.contained);
      return contained.find((resource) => resource.id === address.slice(1));
    }
    return byKey.get(address) ?? byKey.get(/([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})$/.exec(address)?.[1] ?? "");
  };

  const composition = resources.find((resource) => resource.resourceType === "Composition");
  const sections = flatten(list(composition?.section)).map((section): SectionPlace => {
    const codings = list(section.code?.coding);
    const code = str((codings.find((coding) => coding.system === "http://loinc.org") ?? codings[0])?.code);
    const title = str(section.title) ?? str(section.code?.text) ?? str(codings[0]?.display);
    return { section, ...(code === undefined ? {} : { code }), ...(title === undefined ? {} : { title }) };
  });
  const places = new Map<FhirResource, { place: SectionPlace; position: number }>();
  for (const place of sections) {
    for (const [position, reference] of list(place.section.entry).entries()) {
      const resource = resolve(reference, composition);
      if (resource !== undefined && !places.has(resource)) places.set(resource, { place, position });
    }
  }

  const subject = resolve(composition?.subject, composition);
  const patients = resources.filter((resource) => resource.resourceType === "Patient");
  const patient = subject?.resourceType === "Patient" ? subject : patients.length === 1 ? patients[0] : undefined;
  return {
    bundle,
    ...(patient === undefined ? {} : { patient }),
    ...(composition === undefined ? {} : { composition }),
    sections,
    resources,
    resolve,
    sectionOf: (resource) => places.get(resource)?.place,
    position: (resource) => places.get(resource)?.position ?? Number.MAX_SAFE_INTEGER,
  };
}
