import type {
  Bundle,
  Composition,
  CompositionSection,
  FhirResource,
  Identifier,
  Patient,
  Reference,
} from "@carnet/sdk/fhir";
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
  /** The document was entered in error: nothing of it is told. */
  readonly isWithdrawn: boolean;
  readonly sections: readonly SectionPlace[];
  /** Every entry that is, or may be, about the patient. */
  readonly resources: readonly FhirResource[];
  /** Entries about another Patient of the Bundle: never told as this patient's. */
  readonly ofOthers: readonly FhirResource[];
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

/** One person told twice: both entries have one identifier in common. */
function isSamePerson(one: FhirResource, other: FhirResource | undefined): boolean {
  const identifiersOf = (patient: FhirResource | undefined) =>
    list((patient as Patient | undefined)?.identifier).map(({ system, value }) => value && `${system}|${value}`);
  const known = identifiersOf(other);
  return one === other || identifiersOf(one).some((identifier) => identifier && known.includes(identifier));
}

export function indexBundle(bundle: Bundle): BundleIndex {
  /** `undefined` for a `Type/id` of several servers: which one is meant, its owner's own server says. */
  const byKey = new Map<string, FhirResource | undefined>();
  const bases = new Map<unknown, string>();
  /** Of a contained resource, the one that holds it and what it may name. */
  const holders = new Map<unknown, unknown>();
  const entries: FhirResource[] = [];
  for (const entry of list(bundle.entry)) {
    const resource = entry.resource;
    if (typeof resource !== "object" || resource === null || typeof resource.resourceType !== "string") continue;
    entries.push(resource);
    const fullUrl = str(entry.fullUrl);
    if (fullUrl !== undefined && !byKey.has(fullUrl)) byKey.set(fullUrl, resource);
    if (str(resource.id) !== undefined) {
      const key = `${resource.resourceType}/${resource.id}`;
      const base = fullUrl?.endsWith(`/${key}`) ? fullUrl.slice(0, -key.length) : "";
      const known = byKey.get(key);
      bases.set(resource, base);
      if (!byKey.has(key)) byKey.set(key, resource);
      else if (known !== undefined && bases.get(known) !== base) byKey.set(key, undefined);
    }
  }

  const resolve = (reference: Reference | undefined, owner?: unknown): FhirResource | undefined => {
    const address = str(reference?.reference)?.replace(/\/_history\/[^/]+$/, "");
    if (address === undefined) return undefined;
    if (address.startsWith("#")) {
      const holder = holders.get(owner) ?? owner;
      const contained = list((holder as { contained?: FhirResource[] } | undefined)?.contained);
      const found = contained.find((resource) => resource.id === address.slice(1));
      if (found !== undefined) holders.set(found, holder);
      return found;
    }
    return byKey.get((bases.get(owner) ?? "") + address) ?? byKey.get(address);
  };

  const compositions = entries.filter((resource): resource is Composition => resource.resourceType === "Composition");
  const composition = compositions.find(({ status }) => status !== "entered-in-error");
  const isWithdrawn = compositions.length > 0 && composition === undefined;
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

  const subjectOfAll = resolve(composition?.subject, composition);
  const patients = entries.filter((resource): resource is Patient => resource.resourceType === "Patient");
  const [first] = patients;
  const patient =
    subjectOfAll?.resourceType === "Patient"
      ? subjectOfAll
      : patients.every((one) => isSamePerson(one, first))
        ? first
        : undefined;
  /** Bears a number of a kind that the patient has too, and it is not theirs. */
  const isNumberedApart = (identifiers: readonly Identifier[]) => {
    const known = list(patient?.identifier);
    const alike = identifiers.filter(({ system }) => known.some((own) => own.system === system));
    return (
      alike.length > 0 &&
      !alike.some(({ system, value }) => known.some((own) => own.system === system && own.value === value))
    );
  };
  const isOfAnother = (resource: FhirResource) => {
    const { subject, patient: whose } = resource as { subject?: Reference; patient?: Reference };
    const reference = subject ?? whose;
    const person = resolve(reference, resource);
    const address = str(reference?.reference);
    if (person === undefined && reference !== undefined && resource !== composition) {
      if (isNumberedApart(list([reference.identifier]))) return true;
      const [, type, id] = /(?:^|\/)([A-Z][A-Za-z]+)\/([^/]+)(?:\/_history\/[^/]+)?$/.exec(address ?? "") ?? [];
      // An address of the document's own subject is the patient's, though nothing in the Bundle bears it.
      if (type === undefined || address === str(composition?.subject?.reference)) return false;
      return type !== "Patient" || (patient?.id !== undefined && patient.id !== id);
    }
    if (person?.resourceType !== "Patient") return person !== undefined && person !== subjectOfAll;
    // A Patient inside the entry, which often has a name alone, is ours unless its number is another's.
    return (
      !isSamePerson(person, patient) &&
      (isNumberedApart(list(person.identifier)) || (patients.length > 1 && patients.includes(person)))
    );
  };
  const told = isWithdrawn ? [] : entries;
  const ofOthers = new Set(told.filter(isOfAnother));
  return {
    bundle,
    ...(patient === undefined ? {} : { patient }),
    ...(composition === undefined ? {} : { composition }),
    isWithdrawn,
    sections,
    resources: told.filter((resource) => !ofOthers.has(resource)),
    ofOthers: [...ofOthers],
    resolve,
    sectionOf: (resource) => places.get(resource)?.place,
    position: (resource) => places.get(resource)?.position ?? Number.MAX_SAFE_INTEGER,
  };
}
