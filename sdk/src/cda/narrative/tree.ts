import { attribute, child, textOf, type XmlElement } from "../read/xml.ts";
import type { NarrativeAttributes, NarrativeElementName, NarrativeNode } from "./node.ts";

/** Narrative elements of CDA, and the HTML some producers write in their place. */
const elements: Readonly<Record<string, NarrativeElementName>> = {
  paragraph: "p",
  p: "p",
  div: "div",
  h1: "p",
  h2: "p",
  h3: "p",
  h4: "p",
  content: "span",
  span: "span",
  b: "strong",
  strong: "strong",
  i: "em",
  em: "em",
  u: "u",
  sub: "sub",
  sup: "sup",
  br: "br",
  list: "ul",
  ul: "ul",
  ol: "ol",
  item: "li",
  li: "li",
  table: "table",
  thead: "thead",
  tbody: "tbody",
  tfoot: "tfoot",
  tr: "tr",
  th: "th",
  td: "td",
  footnote: "small",
  footnoteRef: "sup",
  linkHtml: "a",
  a: "a",
};

/** Elements whose text is not prose. */
const dropped = new Set(["script", "style", "iframe", "object", "embed", "template", "noscript", "head", "title"]);
/** Elements in which blanks and loose text have no place. */
const structural = new Set(["table", "thead", "tbody", "tfoot", "tr", "ul", "ol"]);
const blocks = new Set(["p", "div", "ul", "ol", "table"]);

const localName = (name: string) => name.slice(Math.max(name.lastIndexOf("}"), name.lastIndexOf(":")) + 1);

/** Turns a narrative block (`section/text`) into a tree of allowed nodes. */
export function narrativeTree(block: XmlElement): NarrativeNode[] {
  return nodesOf(block, undefined);
}

function nodesOf(parent: XmlElement, inside: NarrativeElementName | undefined): NarrativeNode[] {
  const nodes: NarrativeNode[] = [];
  for (const item of parent.content) {
    if (typeof item !== "string") for (const node of elementNodes(item, inside)) nodes.push(node);
    else if (!(inside && structural.has(inside)) || item.trim() !== "") nodes.push({ kind: "text", text: item });
  }
  return nodes;
}

function elementNodes(item: XmlElement, inside: NarrativeElementName | undefined): NarrativeNode[] {
  const local = Object.hasOwn(elements, item.name) ? item.name : localName(item.name);
  const name = Object.hasOwn(elements, local) ? elements[local] : undefined;
  if (name !== undefined) return [build(item, local, name)];
  if (dropped.has(local.toLowerCase())) return [];
  if (local === "renderMultiMedia") return mediaNodes(item);
  if (local === "caption") return captionNodes(item, inside);
  if (local === "col" || local === "colgroup") return [];
  // What is not known is shown as its text: nothing written in the document is lost.
  return nodesOf(item, inside);
}

function build(item: XmlElement, local: string, mapped: NarrativeElementName): NarrativeNode {
  let name = mapped;
  if (local === "list" && attribute(item, "listType") === "ordered") name = "ol";
  const revised = attribute(item, "revised");
  if (local === "content" && (revised === "insert" || revised === "delete"))
    name = revised === "insert" ? "ins" : "del";
  let children = name === "br" ? [] : nodesOf(item, name);
  if (local === "footnoteRef") children = [{ kind: "text", text: "*" }];
  const attributes = attributesOf(item, local, name);
  if (name === "a" && attributes.href === undefined) name = "span";
  if (
    name === "p" &&
    children.some((node) => node.kind === "media" || (node.kind === "element" && blocks.has(node.name)))
  )
    name = "div";
  if (name === "ul" || name === "ol" || name === "table" || name === "tr")
    return { kind: "element", name, attributes, children };
  return { kind: "element", name, attributes, children: styled(item, local, children) };
}

function styled(item: XmlElement, local: string, children: NarrativeNode[]): NarrativeNode[] {
  const style = attribute(item, "styleCode")?.toLowerCase() ?? "";
  // No other known name begins so.
  const isHeading = local[0] === "h";
  if (!isHeading && style === "") return children;
  const names: NarrativeElementName[] = [];
  if (isHeading || style.includes("bold")) names.push("strong");
  if (/italics|emphasis/.test(style)) names.push("em");
  if (style.includes("underline")) names.push("u");
  let result = children;
  for (const name of names) result = [{ kind: "element", name, attributes: {}, children: result }];
  return result;
}

function attributesOf(item: XmlElement, local: string, name: NarrativeElementName): NarrativeAttributes {
  const attributes: { -readonly [K in keyof NarrativeAttributes]: NarrativeAttributes[K] } = {};
  const id = anchorOf(attribute(item, "ID"));
  if (id) attributes.id = id;
  if (name === "td" || name === "th") {
    const colspan = spanOf(attribute(item, "colspan"));
    const rowspan = spanOf(attribute(item, "rowspan"));
    if (colspan) attributes.colspan = colspan;
    if (rowspan) attributes.rowspan = rowspan;
    if (name === "th") attributes.scope = item.parent?.parent?.name === "thead" ? "col" : "row";
    const align = attribute(item, "align")?.toLowerCase();
    if (align === "left" || align === "center" || align === "right") attributes.class = `align-${align}`;
  }
  if (local === "footnote") attributes.class = "footnote";
  if (name === "a") {
    const href = safeHref(attribute(item, "href"));
    if (href) attributes.href = href;
  }
  return attributes;
}

function spanOf(value: string | undefined): string | undefined {
  return value && /^[1-9]\d{0,2}$/.test(value) && value !== "1" ? value : undefined;
}

/** `id` of a narrative element in the page, from its ID in the document. */
export function anchorOf(id: string | undefined): string | undefined {
  return id && /^[\p{L}\p{N}_.-]{1,200}$/u.test(id) ? `cda-${id}` : undefined;
}

/** An address that may be followed: https, http, mailto, tel, or a place of the same document. Others are dropped. */
export function safeHref(href: string | undefined): string | undefined {
  if (!href || href.length > 2000) return undefined;
  if (href.startsWith("#")) {
    const anchor = anchorOf(href.slice(1));
    return anchor ? `#${anchor}` : undefined;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers drop control characters inside a scheme
  if (/[\u0000-\u0020\u007f-\u009f"'<>`\\]/.test(href)) return undefined;
  return /^(https?:\/\/[^/]|mailto:|tel:)/i.test(href) ? href : undefined;
}

function mediaNodes(item: XmlElement): NarrativeNode[] {
  const caption = textOf(child(item, "caption"));
  return (attribute(item, "referencedObject") ?? "")
    .split(/\s+/)
    .filter((id) => id !== "")
    .slice(0, 20)
    .map((attachmentId) => ({ kind: "media", attachmentId, ...(caption ? { caption } : {}) }));
}

function captionNodes(item: XmlElement, inside: NarrativeElementName | undefined): NarrativeNode[] {
  if (inside === "table")
    return [{ kind: "element", name: "caption", attributes: {}, children: nodesOf(item, "caption") }];
  const children = [{ kind: "element", name: "strong", attributes: {}, children: nodesOf(item, "strong") } as const];
  return [{ kind: "element", name: inside === "ul" || inside === "ol" ? "li" : "div", attributes: {}, children }];
}
