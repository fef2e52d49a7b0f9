/** Names of elements and attributes: their namespaces, and one copy of each. */

/** Beyond, names are no longer kept in one copy: some hundred in a real document, as many as it likes in a hostile one. */
export const mostNames = 1000;

const v3 = "urn:hl7-org:v3";
const xmlNamespace = "http://www.w3.org/XML/1998/namespace";
const prefixes: Readonly<Record<string, string>> = {
  [v3]: "",
  "urn:hl7-org:sdtc": "sdtc:",
  "urn:ihe:pharm:medication": "pharm:",
  "urn:ihe:pharm": "pharm:",
  "urn:oid:1.3.6.1.4.1.19376.1.3.2": "lab:",
  "urn:hl7-org:lab": "lab:",
  "urn:dicom-org:ps3-20": "dicom:",
  "http://www.w3.org/2001/XMLSchema-instance": "xsi:",
  [xmlNamespace]: "xml:",
};

export interface Scope {
  readonly uris: Readonly<Record<string, string>>;
  readonly elementNames: Map<string, string>;
  readonly attributeNames: Map<string, string>;
}

export function openScope(uris: Readonly<Record<string, string>>): Scope {
  return { uris, elementNames: new Map(), attributeNames: new Map() };
}

/** The one copy of a name that the engine keeps for keys: compared by its address, however often the document writes it. */
export function interned(name: string): string {
  return Object.keys({ [name]: true })[0] ?? name;
}

function canonical(uri: string, local: string): string {
  const prefix = Object.hasOwn(prefixes, uri) ? prefixes[uri] : undefined;
  return prefix === undefined ? `{${uri}}${local}` : prefix + local;
}

export function resolveElement(scope: Scope, name: string): string | undefined {
  const known = scope.elementNames.get(name);
  if (known !== undefined) return known;
  const colon = name.indexOf(":");
  const prefix = colon < 0 ? "" : name.slice(0, colon);
  const uri = Object.hasOwn(scope.uris, prefix) ? scope.uris[prefix] : prefix === "" ? "" : undefined;
  if (uri === undefined) return undefined;
  const own = canonical(uri, colon < 0 ? name : name.slice(colon + 1));
  const resolved = scope.elementNames.size < mostNames ? interned(own) : own;
  scope.elementNames.set(name, resolved);
  return resolved;
}

/** Canonical name of an attribute; empty for a declaration of namespace, `undefined` for an unbound prefix. */
function resolveAttribute(scope: Scope, name: string): string | undefined {
  const known = scope.attributeNames.get(name);
  if (known !== undefined) return known;
  const colon = name.indexOf(":");
  const prefix = colon < 0 ? "" : name.slice(0, colon);
  const uri = prefix === "xml" ? xmlNamespace : Object.hasOwn(scope.uris, prefix) ? scope.uris[prefix] : undefined;
  const resolved =
    name === "xmlns" || prefix === "xmlns"
      ? ""
      : colon < 0
        ? name
        : uri === undefined
          ? undefined
          : canonical(uri, name.slice(colon + 1));
  if (resolved !== undefined) scope.attributeNames.set(name, resolved);
  return resolved;
}

/**
 * Attributes of an element: no inherited name, yet an object of known shape, which V8 reads several times as fast as the
 * tables made by `Object.create(null)`.
 */
function bareObject(): void {}
bareObject.prototype = Object.create(null);
export const Attributes = bareObject as unknown as new () => Record<string, string>;

/** Attributes as the file writes them. */
type Written = Readonly<Record<string, string>>;

/** The scope within an element. Namespaces are resolved here rather than in the parser: three times as fast, and only the forms CDA uses. */
export function declaredScope(scope: Scope, written: Written): Scope {
  let uris = scope.uris;
  for (const name in written) {
    if (name === "xmlns") uris = { ...uris, "": written[name] ?? "" };
    else if (name.startsWith("xmlns:")) uris = { ...uris, [name.slice(6)]: written[name] ?? "" };
  }
  return uris === scope.uris ? scope : openScope(uris);
}

export const noAttributes: Readonly<Record<string, string>> = Object.freeze(new Attributes());

export function canonicalAttributes(scope: Scope, written: Written): Readonly<Record<string, string>> | undefined {
  const result = new Attributes();
  for (const name in written) {
    const value = written[name] ?? "";
    const key = resolveAttribute(scope, name);
    if (key === "") continue;
    if (key === undefined || key in result) return undefined;
    // A type without prefix is CDA's own, also where the elements of CDA bear one.
    result[key] = key === "xsi:type" && value.includes(":") ? (resolveElement(scope, value) ?? value) : value;
  }
  return result;
}
