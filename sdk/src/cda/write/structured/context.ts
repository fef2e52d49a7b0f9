import type { Bundle, FhirResource, Reference, Specimen } from "../../../fhir/index.ts";
import type { HeaderData } from "../header-data.ts";
import type { XmlPiece } from "../xml.ts";
import type { DocumentKind } from "./kinds.ts";
import type { Row } from "./narrative.ts";

/** What an entry writer may use: names for the narrative, identifiers, the other resources of the Bundle. */
export interface EntryContext {
  /** LOINC code of the section the entry stands in. */
  readonly sectionCode: string;
  readonly sectionTitle?: string | undefined;
  readonly kind: DocumentKind["name"];
  readonly header: HeaderData;
  /** The meeting that the whole document is about. */
  readonly stay?: FhirResource | undefined;
  /** Numbers made for the samples of the section's results that have none of their own. */
  readonly sampleNumbers?: ReadonlyMap<Specimen, string>;
  /** A new narrative ID. */
  nextId(prefix: string): string;
  /** A new identifier: the same at each writing of the same document. */
  nextUuid(): string;
  resolve(reference: Reference | undefined, from?: FhirResource): FhirResource | undefined;
  /** The same for one that is named in words alone: a fact must be written elsewhere too, or it is lost. */
  readonly named: Resolve;
}

/** An entry and the rows of the narrative that say the same. */
export interface WrittenEntry {
  readonly entry: XmlPiece;
  readonly rows: readonly Row[];
}

/** Rows alone for what only words can hold. */
export interface WrittenFact extends Pick<WrittenEntry, "rows"> {
  readonly entry?: XmlPiece;
}

export type Resolve = EntryContext["resolve"];

/** Finds resources of a Bundle by fullUrl, by `Type/id` or among the contained ones. */
export function resolver(bundle: Bundle): Resolve {
  const byAddress = new Map<string, FhirResource>();
  for (const { fullUrl, resource } of bundle.entry ?? []) {
    if (!resource) continue;
    if (fullUrl) byAddress.set(fullUrl, resource);
    if (resource.id) byAddress.set(`${resource.resourceType}/${resource.id}`, resource);
  }
  return (reference, from) => {
    const address = reference?.reference;
    if (!address) return undefined;
    if (address.startsWith("#")) {
      const contained = from && "contained" in from ? from.contained : undefined;
      return contained?.find((resource) => resource.id === address.slice(1));
    }
    return byAddress.get(address);
  };
}

/** Identifiers derived from the document's own: stable, and unlike those of any other document. */
export function uuidSequence(seed: string): () => string {
  let count = 0;
  return () => {
    count++;
    const words = [0, 1, 2, 3].map((index) => hash(`${seed}/${count}/${index}`));
    const hex = words.map((word) => word.toString(16).padStart(8, "0")).join("");
    // Version 8: an identifier made by a method of one's own (RFC 9562).
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`.toUpperCase();
  };
}

/** FNV-1a with a final mix. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
