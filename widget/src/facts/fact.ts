import { type Annotation, type Element, extensionUrl, type Meta } from "@carnet/sdk/fhir";
import { list, str } from "../shared/guards.ts";
import type { BundleIndex } from "./bundle-index.ts";
import { type Disagreement, readDisagreement } from "./disagreement.ts";

/** One document that states a fact. */
export interface FactSource {
  /** uniqueId of the document (`urn:oid:…`, `urn:uuid:…`). */
  readonly uniqueId: string;
  /** LOINC code of the section that states it, where known: the viewer opens there. */
  readonly section?: string;
}

/** What every fact of the summary carries beside its own content. */
export interface Fact {
  /** Stable within the Bundle, for keyed rendering. */
  readonly key: string;
  /** The entry itself, for what its row does not say. */
  readonly resource?: object;
  /** Documents that state it, the newest first. Empty when the maker of the Bundle did not say. */
  readonly sources: readonly FactSource[];
  /** What the documents, or a document's code and its own text, say differently. Shown side by side. */
  readonly disagreements: readonly Disagreement[];
  /** What the document's own text says beside the coded entry. */
  readonly narrative?: string;
  /** Name of the person or organisation that stated it, where the resource says so. */
  readonly author?: string;
  /** When it was recorded. */
  readonly recorded?: string;
}

/** The state of a section's content once the Bundle is there (STYLE 1 and 2). */
export type Absence =
  | {
      readonly kind: "known-absent";
      /** True for "no known food allergy" and the like: it says nothing of the rest. */
      readonly isPartial?: boolean;
      readonly text?: string;
      readonly author?: string;
      readonly date?: string;
      readonly sources: readonly FactSource[];
    }
  | { readonly kind: "withheld" | "unavailable" };

export interface FactSection<T extends Fact> {
  readonly facts: readonly T[];
  /** Said by somebody; none of them and no facts means that nobody recorded anything. */
  readonly absences: readonly Absence[];
}

interface AnyResource {
  readonly resourceType: string;
  readonly id?: string;
  readonly meta?: Meta;
  readonly extension?: Element["extension"];
}

/** Sources of a fact: `meta.source` first, then each `fact-source` extension. */
export function sourcesOf(resource: AnyResource, index: BundleIndex): readonly FactSource[] {
  const section = index.sectionOf(resource as never)?.code;
  const found: FactSource[] = [];
  const add = (address: string | undefined) => {
    if (address === undefined || !/^urn:(oid|uuid):/.test(address)) return;
    const uniqueId = address.replace(/#.*$/, "");
    const fragment = /#(.+)$/.exec(address)?.[1];
    if (found.some((source) => source.uniqueId === uniqueId)) return;
    const place = fragment ?? section;
    found.push({ uniqueId, ...(place === undefined ? {} : { section: place }) });
  };
  add(str(resource.meta?.source));
  for (const extension of list(resource.extension)) {
    if (extension.url === extensionUrl.factSource) add(str(extension.valueUri));
  }
  return found;
}

export function disagreementsOf(resource: AnyResource): readonly Disagreement[] {
  return list(resource.extension)
    .filter((extension) => extension.url === extensionUrl.disagreement)
    .flatMap((extension) => {
      const line = str(extension.valueString);
      return line === undefined ? [] : [readDisagreement(line, resource)];
    });
}

/** The part that all facts share. */
export function baseOf(resource: AnyResource, index: BundleIndex): Fact {
  const narrative = list(resource.extension)
    .filter((extension) => extension.url === extensionUrl.narrativeText)
    .map((extension) => str(extension.valueString))
    .find((text) => text !== undefined);
  return {
    ...(narrative === undefined ? {} : { narrative }),
    resource,
    key: `${resource.resourceType}/${str(resource.id) ?? `#${index.resources.indexOf(resource as never)}`}`,
    sources: sourcesOf(resource, index),
    disagreements: disagreementsOf(resource),
  };
}

/** What its author added in free words. */
export function notes({ note }: { readonly note?: readonly Annotation[] }): { note?: string } {
  const words = list(note).flatMap(({ text }) => str(text) ?? []);
  return words.length === 0 ? {} : { note: words.join(" ") };
}
