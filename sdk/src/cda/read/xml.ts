import { SaxesParser, type SaxesStartTagPlain } from "saxes";
import { CdaError } from "./errors.ts";
import { liftBase64, restoreBase64 } from "./lift-base64.ts";
import {
  Attributes,
  canonicalAttributes,
  declaredScope,
  interned,
  mostNames,
  noAttributes,
  openScope,
  resolveElement,
  type Scope,
} from "./xml-names.ts";

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

const xsl = "http://www.w3.org/1999/XSL/Transform";

interface BuiltElement extends XmlElement {
  content: (XmlElement | string)[];
  templates: string[];
}

const noTemplates: string[] = [];
Object.freeze(noTemplates);

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
  const scopes: Scope[] = [openScope({})];
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
  let opened: SaxesStartTagPlain | undefined;
  let count = 0;
  let hasNamespace = false;
  let id: string | undefined;
  parser.on("opentagstart", (tag) => {
    opened = tag;
    count = 0;
    hasNamespace = false;
    id = undefined;
  });
  const plainNames = new Map<string, string>();
  parser.on("attribute", (written) => {
    const { value } = written;
    if (count === 0 && opened) opened.attributes = new Attributes();
    count += 1;
    // Refused as they come: a table of a million names takes long to make.
    if (count > limits.attributes || value.length > limits.attributeLength) throw new CdaError("cda-too-large");
    const plain = plainNames.get(written.name);
    if (plain !== undefined) written.name = plain;
    else if (written.name === "xmlns" || written.name.includes(":")) hasNamespace = true;
    else if (plainNames.size < mostNames) {
      written.name = interned(written.name);
      plainNames.set(written.name, written.name);
    }
    // Once here rather than at each of the readings to come.
    const trimmed = value.trim();
    if (trimmed.length < value.length) written.value = trimmed;
    if (written.name === "ID") id = trimmed;
  });
  parser.on("opentag", (tag) => {
    const around = scopes[scopes.length - 1] as Scope;
    const written = tag.attributes;
    const scope = hasNamespace ? declaredScope(around, written) : around;
    scopes.push(scope);
    const name = resolveElement(scope, tag.name);
    if (name === undefined) throw new CdaError("cda-malformed", place());
    path.push(name);
    if (path.length > limits.depth) throw new CdaError("cda-too-deep");
    elements += 1;
    if (elements > limits.elements) throw new CdaError("cda-too-large");
    if (path.length === 1 && name !== "ClinicalDocument" && !name.startsWith(`{${xsl}}`))
      throw new CdaError("cda-not-clinical-document");
    const attributes = count === 0 ? noAttributes : hasNamespace ? canonicalAttributes(scope, written) : written;
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
    if (hasNamespace) id = attributes.ID;
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

/** What is read in each child element of that name, where it says something. */
export function readEach<T>(
  element: XmlElement | undefined,
  name: string,
  read: (each: XmlElement) => T | undefined,
): T[] {
  const found: T[] = [];
  // In one pass: `children(…).flatMap(…)` takes several times as long, most of all where there is no such child.
  for (const item of element?.content ?? noContent) {
    if (typeof item === "string" || item.name !== name) continue;
    const one = read(item);
    if (one !== undefined) found.push(one);
  }
  return found;
}

/** Element at the end of a path of first children: `at(root, "custodian", "assignedCustodian")`. */
export function at(element: XmlElement | undefined, ...names: string[]): XmlElement | undefined {
  let found = element;
  for (const name of names) found = child(found, name);
  return found;
}

/** The whole document that an element stands in. */
export function rootOf(element: XmlElement): XmlElement {
  let root = element;
  while (root.parent) root = root.parent;
  return root;
}

/** Attribute, trimmed; `undefined` when absent or empty. */
export function attribute(element: XmlElement | undefined, name: string): string | undefined {
  // Half of what is asked for is asked of an element that has none.
  if (element === undefined || element.attributes === noAttributes) return undefined;
  return element.attributes[name] || undefined;
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

/** All text under an element as it stands; a line break parts words. */
export function rawText(element: XmlElement): string {
  if (element.name === "br") return "\n";
  const only = element.content[0];
  if (element.content.length === 1 && typeof only === "string") return only;
  let text = "";
  for (const item of element.content) text += typeof item === "string" ? item : rawText(item);
  return text;
}

/** `true` when one of the element's templateId has that root. */
export function hasTemplate(element: XmlElement, ...roots: string[]): boolean {
  for (const each of element.templates) if (roots.includes(each)) return true;
  return false;
}

/** `true` when one of the element's templateId is among those roots. */
export function follows(element: XmlElement, roots: ReadonlySet<string>): boolean {
  for (const each of element.templates) if (roots.has(each)) return true;
  return false;
}
