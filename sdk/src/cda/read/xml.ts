import { CdaError } from "./errors.ts";
import { type LiftedText, liftBase64, restoreBase64 } from "./lift-base64.ts";
import { isXmlName, type MarkupFault, type MarkupReader, readMarkup, type WrittenAttribute } from "./markup.ts";

/**
 * An element of the document. Names are canonical: bare for `urn:hl7-org:v3`, `sdtc:`, `pharm:`, `lab:`, `dicom:` for the
 * extensions of French documents, `{uri}local` for anything else, whatever prefixes the file uses.
 */
export interface XmlElement {
  readonly name: string;
  /** By canonical name; `xsi:type` holds the resolved type name (`CD`, `IVL_TS`). */
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
  readonly uris: ReadonlyMap<string, string>;
  readonly elementNames: Map<string, string>;
  readonly attributeNames: Map<string, string>;
}

interface BuiltElement extends XmlElement {
  content: (XmlElement | string)[];
  readonly parent: BuiltElement | undefined;
  templates: string[];
}

const noTemplates: string[] = [];
Object.freeze(noTemplates);

const openScope = (uris: ReadonlyMap<string, string>): Scope => ({
  uris,
  elementNames: new Map(),
  attributeNames: new Map(),
});

function canonical(uri: string, local: string): string {
  const prefix = Object.hasOwn(prefixes, uri) ? prefixes[uri] : undefined;
  return prefix === undefined ? `{${uri}}${local}` : prefix + local;
}

/** Canonical name of an element; `undefined` for an unbound prefix, or for what is no name. */
function resolveElement(scope: Scope, name: string): string | undefined {
  const known = scope.elementNames.get(name);
  if (known !== undefined) return known;
  const colon = name.indexOf(":");
  const prefix = colon < 0 ? "" : name.slice(0, colon);
  const uri = scope.uris.get(prefix) ?? (prefix === "" ? "" : undefined);
  if (uri === undefined || !isXmlName(name)) return undefined;
  const resolved = canonical(uri, colon < 0 ? name : name.slice(colon + 1));
  scope.elementNames.set(name, resolved);
  return resolved;
}

/** Canonical name of an attribute; empty for a declaration of namespace, `undefined` for an unbound prefix or no name. */
function resolveAttribute(scope: Scope, name: string): string | undefined {
  const known = scope.attributeNames.get(name);
  if (known !== undefined) return known;
  if (!isXmlName(name)) return undefined;
  const resolved = attributeName(scope, name);
  if (resolved !== undefined) scope.attributeNames.set(name, resolved);
  return resolved;
}

function attributeName(scope: Scope, name: string): string | undefined {
  if (name === "xmlns" || name.startsWith("xmlns:")) return "";
  const colon = name.indexOf(":");
  if (colon < 0) return name;
  const prefix = name.slice(0, colon);
  const uri = prefix === "xml" ? xmlNamespace : scope.uris.get(prefix);
  return uri === undefined ? undefined : canonical(uri, name.slice(colon + 1));
}

/**
 * Attributes of an element: no inherited name, yet an object of known shape, which V8 reads several times as fast as the
 * tables made by `Object.create(null)`.
 */
function bareObject(): void {}
bareObject.prototype = Object.create(null);
const BareObject = bareObject as unknown as new () => Record<string, string>;
type Attributes = Readonly<Record<string, string>>;

/** Does an element declare a namespace? Hardly any does, and each is asked. */
function declaresNamespace(written: readonly WrittenAttribute[]): boolean {
  for (const { name } of written) if (name.charCodeAt(0) === 120 && name.startsWith("xmlns")) return true;
  return false;
}

/** The scope that an element opens by what it declares; `undefined` where it declares a prefix twice. */
function declaredScope(scope: Scope, written: readonly WrittenAttribute[]): Scope | undefined {
  const declared = new Map<string, string>();
  for (const { name, value } of written) {
    if (name !== "xmlns" && !name.startsWith("xmlns:")) continue;
    const prefix = name.slice(6);
    if (declared.has(prefix)) return undefined;
    declared.set(prefix, value);
  }
  return openScope(new Map([...scope.uris, ...declared]));
}

const noAttributes: Attributes = Object.freeze(new BareObject());

function canonicalAttributes(scope: Scope, written: readonly WrittenAttribute[]): Attributes | undefined {
  if (written.length > limits.attributes) throw new CdaError("cda-too-large");
  let result: Record<string, string> | undefined;
  for (const { name, value } of written) {
    if (value.length > limits.attributeLength) throw new CdaError("cda-too-large");
    const key = resolveAttribute(scope, name);
    if (key === "") continue;
    result ??= new BareObject();
    if (key === undefined || key in result) return undefined;
    result[key] = key === "xsi:type" ? (resolveElement(scope, value.trim()) ?? value.trim()) : value;
  }
  return result ?? noAttributes;
}

const noContent: (XmlElement | string)[] = [];
Object.freeze(noContent);

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
  const tree = new TreeBuilder(lifted, keepBody);
  readMarkup(lifted.text.charCodeAt(0) === 0xfeff ? lifted.text.slice(1) : lifted.text, tree);
  if (!tree.root) throw new CdaError("cda-not-clinical-document");
  return { root: tree.root, ids: tree.ids, repeatedIds: tree.repeatedIds };
}

class TreeBuilder implements MarkupReader {
  readonly ids = new Map<string, XmlElement>();
  readonly repeatedIds = new Map<string, XmlElement[]>();
  root: BuiltElement | undefined;
  /** Blanks between elements mean nothing outside of narrative, and are half of a document's text. */
  keepsBlanks = false;
  private readonly lifted: LiftedText;
  private readonly keepBody: boolean;
  private readonly path: string[] = [];
  private readonly scopes: Scope[] = [openScope(new Map())];
  private current: BuiltElement | undefined;
  private elements = 0;
  private rootDepth = -1;
  private skipDepth = -1;
  private narrativeDepth = -1;

  constructor(lifted: LiftedText, keepBody: boolean) {
    this.lifted = lifted;
    this.keepBody = keepBody;
  }

  open(tagName: string, written: readonly WrittenAttribute[]): void {
    const { path, current } = this;
    const around = this.scopes[path.length] as Scope;
    const scope = declaresNamespace(written) ? declaredScope(around, written) : around;
    const name = scope && resolveElement(scope, tagName);
    if (scope === undefined || name === undefined) this.fail("cda-malformed");
    path.push(name);
    this.scopes.push(scope);
    if (path.length > limits.depth) throw new CdaError("cda-too-deep");
    this.elements += 1;
    if (this.elements > limits.elements) throw new CdaError("cda-too-large");
    if (path.length === 1 && name !== "ClinicalDocument" && !name.startsWith(`{${xsl}}`))
      throw new CdaError("cda-not-clinical-document");
    const attributes = canonicalAttributes(scope, written);
    if (attributes === undefined) this.fail("cda-malformed");
    if (this.skipDepth >= 0) return;
    if (!this.root) {
      if (name !== "ClinicalDocument") return;
    } else if (current === undefined) return;
    else if (!this.keepBody && path.length === this.rootDepth + 1 && name === "component") {
      this.skipDepth = path.length;
      return;
    }
    this.current = this.build(name, attributes, current);
  }

  private build(name: string, attributes: Attributes, parent: BuiltElement | undefined): BuiltElement {
    const element: BuiltElement = { name, attributes, content: noContent, parent, templates: noTemplates };
    if (parent) {
      append(parent, element);
      if (name === "templateId" && attributes.root) {
        if (parent.templates === noTemplates) parent.templates = [];
        parent.templates.push(attributes.root);
      }
      if (!this.keepsBlanks && name === "text" && parent.name === "section") {
        this.keepsBlanks = true;
        this.narrativeDepth = this.path.length;
      }
    } else {
      this.root = element;
      this.rootDepth = this.path.length;
    }
    if (attributes.ID !== undefined) this.identify(attributes.ID, element);
    return element;
  }

  private identify(id: string, element: XmlElement): void {
    if (!this.ids.has(id)) this.ids.set(id, element);
    else {
      const others = this.repeatedIds.get(id);
      if (!others) this.repeatedIds.set(id, [element]);
      else if (others.length < limits.repeatedIds) others.push(element);
    }
  }

  close(): void {
    const depth = this.path.length;
    if (this.skipDepth === depth) this.skipDepth = -1;
    else if (this.current && this.skipDepth < 0 && depth >= this.rootDepth) this.current = this.current.parent;
    if (this.narrativeDepth === depth) {
      this.narrativeDepth = -1;
      this.keepsBlanks = false;
    }
    this.path.pop();
    this.scopes.pop();
  }

  text(run: string): void {
    // Blanks may be written as references, `&#13;`: nothing to a run without them.
    const isNothing = !this.keepsBlanks && run.charCodeAt(0) <= 32 && run.trim() === "";
    if (this.current && this.skipDepth < 0 && !isNothing) append(this.current, restoreBase64(run, this.lifted));
  }

  fail(fault: MarkupFault): never {
    throw new CdaError(fault, `/${this.path.map((name) => (name.startsWith("{") ? "*" : name)).join("/")}`);
  }
}

/** Most elements hold one thing: a list made for it is of that length, one that grows is of seventeen. */
function append(parent: BuiltElement, item: XmlElement | string): void {
  if (parent.content === noContent) parent.content = [item];
  else parent.content.push(item);
}

/** First child element of that name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  if (element) for (const item of element.content) if (typeof item !== "string" && item.name === name) return item;
  return undefined;
}

/** All child elements, or those of that name. */
export function children(element: XmlElement | undefined, name?: string): XmlElement[] {
  const found: XmlElement[] = [];
  if (element)
    for (const item of element.content)
      if (typeof item !== "string" && (name === undefined || item.name === name)) found.push(item);
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
  return element?.attributes[name]?.trim() || undefined;
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
