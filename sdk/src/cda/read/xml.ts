import { SaxesParser } from "saxes";
import { CdaError } from "./errors.ts";
import { liftBase64, restoreBase64 } from "./lift-base64.ts";

/**
 * An element of the document. Names are canonical: bare for `urn:hl7-org:v3`, `sdtc:`, `pharm:`, `lab:`, `dicom:` for the
 * extensions of French documents, `{uri}local` for anything else, whatever prefixes the file uses.
 */
export interface XmlElement {
  readonly name: string;
  /** By canonical name, trimmed; `xsi:type` holds the resolved type name (`CD`, `IVL_TS`). */
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: readonly (XmlElement | string)[];
  readonly parent: XmlElement | undefined;
  /** Roots of its templateId: asked of every statement, many times. */
  readonly templates: readonly string[];
}

export interface ParsedCda {
  readonly root: XmlElement;
  /** Elements that bear an `ID`, which narrative references point to: the first of each. */
  readonly ids: ReadonlyMap<string, XmlElement>;
  /** Further elements that bear an `ID` already given, which XML forbids: the first sixteen of each. */
  readonly repeatedIds: ReadonlyMap<string, readonly XmlElement[]>;
}

/**
 * Bounds that no real document meets: the biggest official sample has 0.4 million characters of markup. They keep any
 * document under 2 s and 300 MB. Embedded files count towards `characters` alone.
 */
const limits = {
  characters: 96_000_000,
  markup: 8_000_000,
  elements: 200_000,
  depth: 200,
  attributes: 200,
  attributeLength: 100_000,
  /** Of one ID: beyond, it names nothing. */
  repeatedIds: 16,
};

const v3 = "urn:hl7-org:v3";
const xmlNamespace = "http://www.w3.org/XML/1998/namespace";
const xsl = "http://www.w3.org/1999/XSL/Transform";
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

interface Scope {
  readonly parent: Scope | undefined;
  readonly uris: Readonly<Record<string, string>>;
  readonly elementNames: Map<string, string>;
  readonly attributeNames: Map<string, string>;
}

interface BuiltElement extends XmlElement {
  content: (XmlElement | string)[];
  templates: string[];
}

const noTemplates: string[] = [];
Object.freeze(noTemplates);

function openScope(parent: Scope | undefined, uris: Readonly<Record<string, string>>): Scope {
  return { parent, uris, elementNames: new Map(), attributeNames: new Map() };
}

function canonical(uri: string, local: string): string {
  const prefix = Object.hasOwn(prefixes, uri) ? prefixes[uri] : undefined;
  return prefix === undefined ? `{${uri}}${local}` : prefix + local;
}

function resolveElement(scope: Scope, name: string): string | undefined {
  const known = scope.elementNames.get(name);
  if (known !== undefined) return known;
  const colon = name.indexOf(":");
  const prefix = colon < 0 ? "" : name.slice(0, colon);
  const uri = Object.hasOwn(scope.uris, prefix) ? scope.uris[prefix] : prefix === "" ? "" : undefined;
  if (uri === undefined) return undefined;
  const resolved = canonical(uri, colon < 0 ? name : name.slice(colon + 1));
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
const Attributes = bareObject as unknown as new () => Record<string, string>;

/** Attributes as the file writes them. */
type Written = Readonly<Record<string, string>>;

/** Namespaces are resolved here rather than in the parser: three times as fast, and only the forms CDA uses. */
function declaredScope(scope: Scope, written: Written): Scope {
  let uris = scope.uris;
  for (const name in written) {
    if (name === "xmlns") uris = { ...uris, "": written[name] ?? "" };
    else if (name.startsWith("xmlns:")) uris = { ...uris, [name.slice(6)]: written[name] ?? "" };
  }
  return openScope(scope, uris);
}

const noAttributes: Readonly<Record<string, string>> = Object.freeze(new Attributes());

function canonicalAttributes(scope: Scope, written: Written): Readonly<Record<string, string>> | undefined {
  const result = new Attributes();
  for (const name in written) {
    const value = written[name] ?? "";
    const key = resolveAttribute(scope, name);
    if (key === "") continue;
    if (key === undefined || key in result) return undefined;
    result[key] = key === "xsi:type" ? (resolveElement(scope, value) ?? value) : value;
  }
  return result;
}

const noContent: (XmlElement | string)[] = [];
Object.freeze(noContent);

/** Most elements hold one thing: a list made of it takes a sixteenth of the room that a first `push` sets aside. */
function addTo(element: BuiltElement, item: XmlElement | string): void {
  if (element.content === noContent) element.content = [item];
  else element.content.push(item);
}

/**
 * Parses a document strictly, refusing DOCTYPE and entities, and keeps its ClinicalDocument. Processing instructions,
 * stylesheets and whatever surrounds the ClinicalDocument in a self-presenting file are never run, only passed over.
 *
 * @param keepBody - `false` keeps the header alone; the rest is still checked for well-formedness to the end.
 * @throws CdaError
 */
export function parseCda(xml: string, keepBody = true): ParsedCda {
  if (xml.length > limits.characters) throw new CdaError("cda-too-large");
  const lifted = liftBase64(xml);
  if (lifted.text.length > limits.markup) throw new CdaError("cda-too-large");

  const parser = new SaxesParser({ xmlns: false, position: false });
  // The parser's own table inherits from Object.prototype: "&constructor;" would pass as an entity.
  parser.ENTITIES = Object.assign(Object.create(null), { amp: "&", gt: ">", lt: "<", quot: '"', apos: "'" });

  const ids = new Map<string, XmlElement>();
  const repeatedIds = new Map<string, XmlElement[]>();
  const path: string[] = [];
  const scopes: Scope[] = [openScope(undefined, {})];
  let root: BuiltElement | undefined;
  let current: BuiltElement | undefined;
  let elements = 0;
  let rootDepth = -1;
  let skipDepth = -1;
  let narrativeDepth = -1;
  const place = () => `/${path.map((name) => (name.startsWith("{") ? "*" : name)).join("/")}`;

  // Seven listeners at most, hence none for errors: with eight, V8 makes a dictionary of the parser, half as fast.
  parser.on("doctype", () => {
    throw new CdaError("cda-doctype");
  });
  // The parser gathers attributes in an object that can be kept as it is: hardly any bears a prefix.
  let count = 0;
  parser.on("opentagstart", (tag) => {
    tag.attributes = new Attributes();
    count = 0;
  });
  // Refused as they come: a table of a million names takes long to make.
  parser.on("attribute", ({ value }) => {
    count += 1;
    if (count > limits.attributes || value.length > limits.attributeLength) throw new CdaError("cda-too-large");
  });
  parser.on("opentag", (tag) => {
    const around = scopes[scopes.length - 1] as Scope;
    const written = tag.attributes;
    let hasPrefix = false;
    let hasDeclaration = false;
    for (const each in written) {
      const value = written[each] ?? "";
      // Once here rather than at each of the readings to come.
      const trimmed = value.trim();
      if (trimmed.length < value.length) written[each] = trimmed;
      if (each.includes(":")) hasPrefix = true;
      if (each.startsWith("xmlns")) hasDeclaration = true;
    }
    const scope = hasDeclaration ? declaredScope(around, written) : around;
    scopes.push(scope);
    const name = resolveElement(scope, tag.name);
    if (name === undefined) throw new CdaError("cda-malformed", place());
    path.push(name);
    if (path.length > limits.depth) throw new CdaError("cda-too-deep");
    elements += 1;
    if (elements > limits.elements) throw new CdaError("cda-too-large");
    if (path.length === 1 && name !== "ClinicalDocument" && !name.startsWith(`{${xsl}}`))
      throw new CdaError("cda-not-clinical-document");
    const attributes =
      count === 0 ? noAttributes : hasPrefix || hasDeclaration ? canonicalAttributes(scope, written) : written;
    if (attributes === undefined) throw new CdaError("cda-malformed", place());
    if (skipDepth >= 0) return;
    if (!root) {
      if (name !== "ClinicalDocument") return;
    } else if (current === undefined) return;
    else if (!keepBody && path.length === rootDepth + 1 && name === "component") {
      skipDepth = path.length;
      return;
    }
    const element: BuiltElement = {
      name,
      attributes,
      content: noContent,
      parent: current,
      templates: noTemplates,
    };
    if (current) {
      addTo(current, element);
      if (name === "templateId" && attributes.root) {
        if (current.templates === noTemplates) current.templates = [];
        current.templates.push(attributes.root);
      }
    } else {
      root = element;
      rootDepth = path.length;
    }
    current = element;
    if (narrativeDepth < 0 && name === "text" && element.parent?.name === "section") narrativeDepth = path.length;
    const id = attributes.ID;
    if (id === undefined) return;
    if (!ids.has(id)) ids.set(id, element);
    else {
      const others = repeatedIds.get(id);
      if (!others) repeatedIds.set(id, [element]);
      else if (others.length < limits.repeatedIds) others.push(element);
    }
  });
  parser.on("closetag", () => {
    if (skipDepth === path.length) skipDepth = -1;
    else if (current && skipDepth < 0 && path.length >= rootDepth) current = current.parent as BuiltElement | undefined;
    if (narrativeDepth === path.length) narrativeDepth = -1;
    path.pop();
    scopes.pop();
  });
  const addText = (text: string) => {
    if (!current || skipDepth >= 0) return;
    // Blanks between elements mean nothing outside of narrative, and are half of a document's text.
    if (narrativeDepth < 0 && isBlank(text)) return;
    addTo(current, restoreBase64(text, lifted));
  };
  parser.on("text", addText);
  parser.on("cdata", addText);

  try {
    parser.write(lifted.text.charCodeAt(0) === 0xfeff ? lifted.text.slice(1) : lifted.text).close();
  } catch (error) {
    // The parser throws plain errors; those of a kind are ours.
    if (!(error instanceof Error) || error.constructor !== Error) throw error;
    throw new CdaError(error.message.includes("entity") ? "cda-entity" : "cda-malformed", place());
  }
  if (!root) throw new CdaError("cda-not-clinical-document");
  return { root, ids, repeatedIds };
}

function isBlank(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 32) return false;
  return true;
}

/** First child element of that name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  if (element === undefined) return undefined;
  const { content } = element;
  // Asked thousands of times of a document: an index makes no iterator.
  for (let index = 0; index < content.length; index += 1) {
    const item = content[index];
    if (typeof item === "object" && item.name === name) return item;
  }
  return undefined;
}

/** All child elements, or those of that name. */
export function children(element: XmlElement | undefined, name?: string): XmlElement[] {
  const found: XmlElement[] = [];
  if (element === undefined) return found;
  const { content } = element;
  for (let index = 0; index < content.length; index += 1) {
    const item = content[index];
    if (typeof item === "object" && (name === undefined || item.name === name)) found.push(item);
  }
  return found;
}

/** Element at the end of a path of first children: `at(root, "custodian", "assignedCustodian")`. */
export function at(element: XmlElement | undefined, ...names: string[]): XmlElement | undefined {
  let found = element;
  for (const name of names) found = child(found, name);
  return found;
}

/** Attribute, trimmed; `undefined` when absent or empty. */
export function attribute(element: XmlElement | undefined, name: string): string | undefined {
  return element?.attributes[name] || undefined;
}

/** All text under an element, blanks collapsed; `undefined` when there is none. */
export function textOf(element: XmlElement | undefined): string | undefined {
  if (!element) return undefined;
  return (
    rawText(element)
      .replace(/[\s\u00a0]+/g, " ")
      .trim() || undefined
  );
}

/** All text under an element as it stands. */
export function rawText(element: XmlElement): string {
  const only = element.content[0];
  if (element.content.length === 1 && typeof only === "string") return only;
  let text = "";
  for (const item of element.content) text += typeof item === "string" ? item : rawText(item);
  return text;
}

/** `true` when one of the element's templateId has that root. */
export function hasTemplate(element: XmlElement, ...roots: string[]): boolean {
  return element.templates.some((each) => roots.includes(each));
}

/** `true` when one of the element's templateId is among those roots. */
export function follows(element: XmlElement, roots: ReadonlySet<string>): boolean {
  return element.templates.some((each) => roots.has(each));
}
