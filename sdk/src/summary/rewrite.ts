import type { FhirResource, PractitionerRole, Reference } from "fhir/r4.js";
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
  /** Addresses already given, by the resource of the document. */
  readonly supportUrls: Map<FhirResource, string>;
}

/**
 * A resource as it stands in the summary: own id, references that lead inside the summary, no foreign narrative.
 * Parts without a reference are shared with the document, not copied: neither is ever changed in place.
 */
export function copyResource(resource: FhirResource, document: SourceDocument, map: ReferenceMap): FhirResource {
  const copy: Record<string, unknown> = {};
  const source = resource as unknown as Record<string, unknown>;
  for (const key of Object.keys(source)) {
    if (key === "id" || key === "meta" || key === "text" || key === "implicitRules" || key === "__proto__") continue;
    const value = redirect(source[key], document, map);
    if (value !== undefined) copy[key] = value;
  }
  return copy as unknown as FhirResource;
}

/** The same value when nothing in it points anywhere; `undefined` when it pointed at a fact that vanished. */
function redirect(value: unknown, document: SourceDocument, map: ReferenceMap): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value)
    ? redirectList(value, document, map)
    : redirectObject(value as Record<string, unknown>, document, map);
}

function redirectList(list: readonly unknown[], document: SourceDocument, map: ReferenceMap): unknown {
  let changed: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const item = list[index];
    const value = redirect(item, document, map);
    if (value === item && !changed) continue;
    changed ??= list.slice(0, index);
    if (value !== undefined) changed.push(value);
  }
  if (!changed) return list;
  return changed.length > 0 ? changed : undefined;
}

function redirectObject(source: Record<string, unknown>, document: SourceDocument, map: ReferenceMap): unknown {
  let changed: Record<string, unknown> | undefined;
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (key === "reference" && typeof value === "string") {
      const target = follow(value, document, map);
      if (target === GONE) return undefined;
      changed ??= { ...source };
      if (target !== undefined) changed.reference = target;
      else {
        delete changed.reference;
        if (source.display === undefined && source.identifier === undefined) changed.display = kindOf(value);
      }
      continue;
    }
    if (typeof value !== "object") continue;
    const redirected = redirect(value, document, map);
    if (redirected === value) continue;
    changed ??= { ...source };
    if (redirected === undefined) delete changed[key];
    else changed[key] = redirected;
  }
  return changed ?? source;
}

const GONE = Symbol("a fact that vanished");

/** An address inside the summary, `undefined` when the target is not in the document, GONE when it must not be told. */
function follow(reference: string, document: SourceDocument, map: ReferenceMap): string | typeof GONE | undefined {
  if (reference.startsWith("#")) return reference;
  const target = document.resolve(reference);
  if (!target || document.others.has(target)) return undefined;
  if (target.resourceType === "Patient") return map.patientUrl;
  if (map.isFact(target)) return map.factUrl(target) ?? GONE;
  return supportUrl(target, document, map);
}

/** The one copy of a practitioner, an organisation, a device…; the newest document's, as documents come newest first. */
export function supportUrl(resource: FhirResource, document: SourceDocument, map: ReferenceMap): string {
  const given = map.supportUrls.get(resource);
  if (given) return given;
  const url = urlOfSupport(resource, document, map);
  map.supportUrls.set(resource, url);
  return url;
}

function urlOfSupport(resource: FhirResource, document: SourceDocument, map: ReferenceMap): string {
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
  if (resource.resourceType === "PractitionerRole") {
    return roleName(resource, document) ?? `PractitionerRole ${document.id} ${JSON.stringify(resource)}`;
  }
  return identifiedName(resource) ?? `${resource.resourceType} ${document.id} ${JSON.stringify(resource)}`;
}

function identifiedName(resource: FhirResource): string | undefined {
  const identifiers: unknown = "identifier" in resource ? resource.identifier : undefined;
  if (!Array.isArray(identifiers) || identifiers.length === 0) return undefined;
  const names = identifiers.map((one: { system?: string; value?: string }) => `${one.system ?? ""}|${one.value ?? ""}`);
  return `${resource.resourceType} ${names.sort().join(" ")}`;
}

/** The same person (RPPS…) in the same structure, described alike: one role, in however many documents. */
function roleName(role: PractitionerRole, document: SourceDocument): string | undefined {
  const { id: _id, meta: _meta, text: _text, practitioner, organization, ...own } = role;
  const who = actorName(practitioner, document);
  const where = organization ? actorName(organization, document) : "";
  if (who === undefined || where === undefined) return undefined;
  const rest = JSON.stringify(own);
  // What points elsewhere (places, services) names things of its own document.
  return rest.includes('"reference"') ? undefined : `PractitionerRole ${who} ${where} ${rest}`;
}

function actorName(reference: Reference | undefined, document: SourceDocument): string | undefined {
  const target = reference?.reference ? document.resolve(reference.reference) : undefined;
  if (target) return identifiedName(target);
  const { system, value } = reference?.identifier ?? {};
  return system && value ? `${system}|${value}` : undefined;
}

function kindOf(reference: string): string | undefined {
  return /([A-Z][A-Za-z]+)\/[^/]+$/.exec(reference)?.[1] ?? "Reference";
}
