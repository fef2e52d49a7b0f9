import type { FhirResource, Observation, Reference, RelatedPerson } from "fhir/r4.js";
import type { SourceDocument, SourceFact } from "./source-document.ts";

/** Panels in panels: deeper than any document goes, shallow enough for one that goes round in a circle. */
const MAX_DEPTH = 5;

/**
 * What a document tells of somebody else than its patient (the mother of a child, the unborn child of a mother): a fact
 * whose subject is another of its patients, an Observation with a `focus`, a panel of nothing but these, and the person
 * that only they point at. It stays in its document: in a summary it would read as the patient's own.
 */
export function concernsAnother({ resource, section }: SourceFact, document: SourceDocument): boolean {
  if (document.others.size > 0 && isAnothers(resource, document)) return true;
  switch (resource.resourceType) {
    case "Observation":
      return isOfAnother(resource, document, 0);
    case "RelatedPerson":
      return section === undefined && isNoContact(resource, document);
    default:
      return false;
  }
}

function isAnothers(resource: FhirResource, { others, resolve }: SourceDocument): boolean {
  const { subject, patient } = resource as { subject?: Reference; patient?: Reference };
  const target = resolve((subject ?? patient)?.reference ?? "");
  return target !== undefined && others.has(target);
}

function isOfAnother(observation: Observation, document: SourceDocument, depth: number): boolean {
  if (observation.focus?.length) {
    return !observation.focus.every(({ reference }) => {
      const target = reference ? document.resolve(reference) : undefined;
      return target !== undefined && target === document.patient;
    });
  }
  if (!observation.hasMember?.length || depth > MAX_DEPTH) return false;
  if (Object.keys(observation).some((key) => /^_?(value|component|note|interpretation)/.test(key))) return false;
  return observation.hasMember.every(({ reference }) => {
    const member = reference ? document.resolve(reference) : undefined;
    return member?.resourceType === "Observation" && isOfAnother(member, document, depth + 1);
  });
}

/** Nobody to call, and named by nothing but facts about that person. */
function isNoContact(person: RelatedPerson, document: SourceDocument): boolean {
  return !person.telecom?.length && !namedIn(document).has(person);
}

/** What the document points at, other than to say whom an observation is about. Read once, where it is asked for. */
const named = new WeakMap<SourceDocument, ReadonlySet<FhirResource>>();

function namedIn(document: SourceDocument): ReadonlySet<FhirResource> {
  const known = named.get(document);
  if (known) return known;
  const found = new Set<FhirResource>();
  const visit = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, part] of Object.entries(value)) {
      if (key === "reference" && typeof part === "string") {
        const target = document.resolve(part);
        if (target) found.add(target);
      } else if (typeof part === "object") visit(part);
    }
  };
  for (const { resource } of document.bundle.entry ?? []) {
    if (resource?.resourceType === "Observation") {
      const { focus: _, ...rest } = resource;
      visit(rest);
    } else visit(resource);
  }
  named.set(document, found);
  return found;
}
