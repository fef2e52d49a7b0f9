/** A FHIR document Bundle as a content: whom it is about, and which of its resources speak of that person. R40. */
import type { Patient } from "@carnet/sdk/fhir";

/** Untrusted: only what is asked of it below is looked at, and every step of that is checked. */
export interface DocumentBundle {
  readonly entry: readonly unknown[];
}

export function isDocumentBundle(value: unknown): value is DocumentBundle {
  return isObject(value) && value.resourceType === "Bundle" && value.type === "document" && Array.isArray(value.entry);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

interface Entry {
  readonly fullUrl: string | undefined;
  readonly resource: Readonly<Record<string, unknown>>;
}

function entriesOf({ entry }: DocumentBundle): readonly Entry[] {
  return entry.flatMap((one) =>
    isObject(one) && isObject(one.resource)
      ? [{ fullUrl: typeof one.fullUrl === "string" ? one.fullUrl : undefined, resource: one.resource }]
      : [],
  );
}

const referenceIn = (value: unknown): string | undefined =>
  isObject(value) && typeof value.reference === "string" ? value.reference : undefined;

const isNamed = ({ fullUrl, resource }: Entry, reference: string): boolean =>
  fullUrl === reference ||
  (typeof resource.id === "string" && `${String(resource.resourceType)}/${resource.id}` === reference);

/** The Patient that the Composition is about. */
export function subjectOf(bundle: DocumentBundle): Patient | undefined {
  const entries = entriesOf(bundle);
  const composition = entries.find(({ resource }) => resource.resourceType === "Composition");
  const reference = referenceIn(composition?.resource.subject);
  const subject = reference === undefined ? undefined : entries.find((one) => isNamed(one, reference));
  return subject?.resource.resourceType === "Patient" ? (subject.resource as unknown as Patient) : undefined;
}

/**
 * The document without what it tells of anybody but its subject: a mother's illness in her child's letter is not the
 * child's. What names nobody is about the subject, as the Composition says.
 */
export function aboutSubjectOnly<Document extends DocumentBundle>(bundle: Document): Document {
  const subject: unknown = subjectOf(bundle);
  const own = entriesOf(bundle).find(({ resource }) => resource === subject);
  const isAboutOther = (entry: unknown) => {
    const resource = isObject(entry) && isObject(entry.resource) ? entry.resource : undefined;
    if (resource?.resourceType === "Patient") return resource !== subject;
    const reference = referenceIn(resource?.subject) ?? referenceIn(resource?.patient);
    return reference !== undefined && !(own && isNamed(own, reference));
  };
  const entry = bundle.entry.filter((one) => !isAboutOther(one));
  return entry.length === bundle.entry.length ? bundle : { ...bundle, entry };
}
