import type { FhirResource } from "fhir/r4.js";
import type { SourceDocument } from "./source-document.ts";
import { stableUuid } from "./stable-id.ts";

/** A resource that facts point at: who, where, with what. */
export interface Support {
  readonly url: string;
  readonly resource: FhirResource;
}

/** Where the references of copied resources lead in the summary. */
export interface ReferenceMap {
  /** Address of the summary's Patient. */
  readonly patientUrl: string;
  /** Address of a merged fact, by any of its tellings; `undefined` for a fact that vanished. */
  readonly factUrl: (resource: FhirResource) => string | undefined;
  readonly isFact: (resource: FhirResource) => boolean;
  readonly supports: Map<string, Support>;
}

const DROPPED = new Set(["id", "meta", "text", "implicitRules"]);

/** Copies a resource into the summary: own id, references that lead inside the summary, no foreign narrative. */
export function copyResource(resource: FhirResource, document: SourceDocument, map: ReferenceMap): FhirResource {
  const copy: Record<string, unknown> = {};
  const source: Record<string, unknown> = { ...resource };
  for (const key in source) if (!DROPPED.has(key)) put(copy, key, copyValue(source[key], document, map));
  return copy as unknown as FhirResource;
}

function copyValue(value: unknown, document: SourceDocument, map: ReferenceMap): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    for (const item of value) {
      const copied = copyValue(item, document, map);
      if (copied !== undefined) list.push(copied);
    }
    return list.length > 0 ? list : undefined;
  }
  const source = value as Record<string, unknown>;
  const copy: Record<string, unknown> = {};
  for (const key in source) {
    if (key === "reference" && typeof source[key] === "string") {
      const target = follow(source[key], document, map);
      if (target === GONE) return undefined;
      if (target !== undefined) copy[key] = target;
      else if (source.display === undefined && source.identifier === undefined) copy.display = kindOf(source[key]);
    } else put(copy, key, copyValue(source[key], document, map));
  }
  return copy;
}

const GONE = Symbol("a fact that vanished");

/** An address inside the summary, `undefined` when the target is not in the document, GONE when it must not be told. */
function follow(reference: string, document: SourceDocument, map: ReferenceMap): string | typeof GONE | undefined {
  if (reference.startsWith("#")) return reference;
  const target = document.resolve(reference)?.resource;
  if (!target) return undefined;
  if (target.resourceType === "Patient") return map.patientUrl;
  if (map.isFact(target)) return map.factUrl(target) ?? GONE;
  return supportUrl(target, document, map);
}

/** The one copy of a practitioner, an organisation, a device…; the newest document's, as documents come newest first. */
export function supportUrl(resource: FhirResource, document: SourceDocument, map: ReferenceMap): string {
  const name = supportName(resource, document);
  const known = map.supports.get(name);
  if (known) return known.url;
  const id = stableUuid(name);
  const url = `urn:uuid:${id}`;
  // Entered before it is copied: supports may point at one another in a circle.
  map.supports.set(name, { url, resource });
  const copy = copyResource(resource, document, map);
  map.supports.set(name, { url, resource: Object.assign(copy, { id }) });
  return url;
}

/** Same kind and same identifiers are one; without an identifier each document keeps its own. */
function supportName(resource: FhirResource, document: SourceDocument): string {
  const identifiers: unknown = "identifier" in resource ? resource.identifier : undefined;
  if (Array.isArray(identifiers) && identifiers.length > 0 && resource.resourceType !== "PractitionerRole") {
    const names = identifiers.map(
      (one: { system?: string; value?: string }) => `${one.system ?? ""}|${one.value ?? ""}`,
    );
    return `${resource.resourceType} ${names.sort().join(" ")}`;
  }
  return `${resource.resourceType} ${document.id} ${JSON.stringify(resource)}`;
}

function kindOf(reference: string): string | undefined {
  return /([A-Z][A-Za-z]+)\/[^/]+$/.exec(reference)?.[1] ?? "Reference";
}

function put(into: Record<string, unknown>, key: string, value: unknown): void {
  if (value !== undefined) into[key] = value;
}
