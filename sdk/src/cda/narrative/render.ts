import type { NarrativeNode } from "./node.ts";

/**
 * Builds the narrative in a page, element by element: no HTML string is ever parsed, so that it works under
 * `require-trusted-types-for 'script'`. Places of files become `<span data-attachment="ID">` for the host to fill.
 *
 * @param nodes - Blocks of a section, from `readCdaView`.
 * @param document - The page's document (or that of a print window).
 * @example
 * panel.replaceChildren(renderNarrative(section.blocks, document));
 */
export function renderNarrative(nodes: readonly NarrativeNode[], document: Document): DocumentFragment {
  const fragment = document.createDocumentFragment();
  for (const node of nodes) fragment.append(render(node, document));
  return fragment;
}

function render(node: NarrativeNode, document: Document): Node {
  if (node.kind === "text") return document.createTextNode(node.text);
  if (node.kind === "media") {
    const place = document.createElement("span");
    place.setAttribute("data-attachment", node.attachmentId);
    place.textContent = node.caption ?? "";
    return place;
  }
  const element = document.createElement(node.name);
  for (const [name, value] of Object.entries(node.attributes)) element.setAttribute(name, String(value));
  if (node.attributes.href !== undefined && !node.attributes.href.startsWith("#")) {
    element.setAttribute("target", "_blank");
    element.setAttribute("rel", "noopener noreferrer nofollow");
  }
  for (const child of node.children) element.append(render(child, document));
  return element;
}
