/** What a FHIR reference points to, without fetching anything. */

/** Parts of a literal reference. */
export type ReferenceTarget =
  | { readonly kind: "contained"; readonly id: string }
  | { readonly kind: "entry"; readonly urn: string }
  | { readonly kind: "resource"; readonly type: string; readonly id: string; readonly base?: string }
  | { readonly kind: "search"; readonly type: string; readonly query: string }
  | { readonly kind: "other" };

const literal = /^(https?:\/\/\S+\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;
const conditional = /^([A-Z][A-Za-z]+)\?(\S+)$/;

/** Reads the `reference` text of a FHIR Reference. */
export function readReference(text: string): ReferenceTarget {
  if (text.startsWith("#")) return { kind: "contained", id: text.slice(1) };
  if (text.startsWith("urn:")) return { kind: "entry", urn: text };
  const match = literal.exec(text);
  if (match) {
    const [, base, type = "", id = ""] = match;
    return base === undefined ? { kind: "resource", type, id } : { kind: "resource", type, id, base };
  }
  const search = conditional.exec(text);
  if (search) return { kind: "search", type: search[1] ?? "", query: search[2] ?? "" };
  return { kind: "other" };
}

/** An identifier as `system` and `value`. */
export interface BusinessIdentifier {
  readonly system: string;
  readonly value: string;
}

/** `identifier=system|value` of a conditional reference. */
export function identifierOfSearch(query: string): BusinessIdentifier | undefined {
  const parameter = new URLSearchParams(query).get("identifier");
  const bar = parameter?.indexOf("|") ?? -1;
  if (parameter === null || bar < 1 || bar === parameter.length - 1) return undefined;
  return { system: parameter.slice(0, bar), value: parameter.slice(bar + 1) };
}
