import type { NarrativeAttributes, NarrativeNode } from "./node.ts";

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeText = (text: string) =>
  /[&<>"]/.test(text) ? text.replace(/[&<>"]/g, (character) => escapes[character] ?? "") : text;
/** Characters that XML 1.0 cannot hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/**
 * Narrative as an HTML string, every text and attribute escaped: for print and export. Pages use `renderNarrative`.
 *
 * @example
 * const html = view.sections.map((section) => narrativeToHtml(section.blocks)).join("");
 */
export function narrativeToHtml(nodes: readonly NarrativeNode[]): string {
  return writeAll(nodes, false);
}

/** Narrative as the XHTML that FHIR allows in `Narrative.div`: no revision marks, no ids, empty elements closed. */
export function narrativeToXhtml(nodes: readonly NarrativeNode[]): string {
  return writeAll(nodes, true);
}

function writeAll(nodes: readonly NarrativeNode[], forFhir: boolean): string {
  let html = "";
  for (const node of nodes) html += write(node, forFhir);
  return html;
}

function write(node: NarrativeNode, forFhir: boolean): string {
  if (node.kind === "text") return escapeText(forFhir ? node.text.replace(notXml, "") : node.text);
  if (node.kind === "media") return `<span>[${escapeText(node.caption ?? node.attachmentId)}]</span>`;
  const name = forFhir && (node.name === "ins" || node.name === "del" || node.name === "u") ? "span" : node.name;
  if (name === "br") return forFhir ? "<br/>" : "<br>";
  const deleted = forFhir && node.name === "del";
  const inner = writeAll(node.children, forFhir);
  // An empty paragraph or cell says something in a table; FHIR refuses none of them.
  return `<${name}${attributesText(node.attributes, forFhir)}>${deleted ? `[supprimé : ${inner}]` : inner}</${name}>`;
}

function attributesText(attributes: NarrativeAttributes, forFhir: boolean): string {
  let text = "";
  // Own attributes alone: a page may have put names of its own into every object.
  for (const [name, value] of Object.entries(attributes)) {
    if (forFhir && (name === "id" || (name === "href" && value.startsWith("#")))) continue;
    text += ` ${name}="${escapeText(value)}"`;
  }
  if (attributes.href !== undefined && !forFhir && !attributes.href.startsWith("#"))
    text += ' target="_blank" rel="noopener noreferrer nofollow"';
  return text;
}

/** The words of a narrative, rows and breaks as lines, cells joined by ` | `. */
export function narrativeToText(nodes: readonly NarrativeNode[]): string {
  return nodes
    .map(plain)
    .join("")
    .replace(/[^\S\n]+/g, " ")
    .replace(/ *\n\s*/g, "\n")
    .trim();
}

function plain(node: NarrativeNode): string {
  if (node.kind === "text") return node.text.replace(/\s+/g, " ");
  if (node.kind === "media") return node.caption ?? "";
  if (node.name === "br") return "\n";
  if (node.name === "tr") {
    const cells = node.children.map((cell) => narrativeToText([cell]).replaceAll("\n", " "));
    return `${cells.join(" | ")}\n`;
  }
  const inner = node.children.map(plain).join("");
  return ["p", "div", "li", "table", "caption", "ul", "ol"].includes(node.name) ? `${inner}\n` : inner;
}
