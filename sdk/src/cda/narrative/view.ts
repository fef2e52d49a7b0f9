import type { Coding } from "../../fhir/index.ts";
import { bodyOf, type CdaBody, fileOf } from "../read/body.ts";
import { codingOf } from "../read/header.ts";
import { at, attribute, child, children, parseCda, textOf, type XmlElement } from "../read/xml.ts";
import { type CdaHeaderRow, type CdaHeaderWords, headerRows } from "./header-rows.ts";
import { narrativeToText } from "./html.ts";
import type { NarrativeNode } from "./node.ts";
import { narrativeTree } from "./tree.ts";

/** A section as shown: its narrative, then its sub-sections. */
export interface CdaViewSection {
  /** Stable within the document: `section-2-1` is the first sub-section of the second section. */
  readonly id: string;
  readonly code?: Coding;
  readonly title: string;
  readonly blocks: readonly NarrativeNode[];
  readonly sections: readonly CdaViewSection[];
}

/** A file inside the document. */
export interface CdaAttachment {
  readonly id: string;
  /** Told from the bytes; the declared type serves only when they say nothing. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
  readonly title?: string;
}

/** A document ready to be shown, holding nothing that runs. */
export interface CdaView {
  readonly title: string;
  /** Who, what, when, in the order French documents give them. */
  readonly header: readonly CdaHeaderRow[];
  readonly sections: readonly CdaViewSection[];
  readonly attachments: readonly CdaAttachment[];
  /** The file of a document of level 1. */
  readonly body?: { readonly contentType: string; readonly bytes: Uint8Array };
}

/**
 * Reads a CDA document for display. Stylesheets and scripts of the document are neither run nor kept.
 *
 * @param xml - The document, decoded to a string.
 * @param options.locale - Language of the header's labels and dates. Default `fr`.
 * @param options.words - Dates and sex in another language; labels go by the `key` of each line.
 * @throws CdaError
 */
export function readCdaView(
  xml: string,
  options: { readonly locale?: "fr" | "en"; readonly words?: CdaHeaderWords } = {},
): CdaView {
  const { root } = parseCda(xml);
  const body: CdaBody = bodyOf(root);
  const attachments = attachmentsOf(root);
  return {
    title: textOf(child(root, "title")) ?? attribute(child(root, "code"), "displayName") ?? "",
    header: headerRows(root, options.locale ?? "fr", options.words),
    sections: sectionsOf(at(root, "component", "structuredBody"), "section"),
    attachments,
    ...(body.level === 1 ? { body: { contentType: body.contentType, bytes: body.bytes } } : {}),
  };
}

function sectionsOf(parent: XmlElement | undefined, prefix: string): CdaViewSection[] {
  return children(parent, "component")
    .flatMap((component) => child(component, "section") ?? [])
    .map((section, index) => {
      const id = `${prefix}-${index + 1}`;
      const code = codingOf(child(section, "code"));
      const text = child(section, "text");
      return {
        id,
        ...(code ? { code } : {}),
        title: textOf(child(section, "title")) ?? code?.display ?? "",
        blocks: text ? narrativeTree(text) : [],
        sections: sectionsOf(section, id),
      };
    });
}

/** Files embedded in the sections: observationMedia, or the value of an observation. One that cannot be decoded is left out. */
function attachmentsOf(root: XmlElement): CdaAttachment[] {
  const found: CdaAttachment[] = [];
  const visit = (element: XmlElement) => {
    if (element.name === "observationMedia" || element.name === "observation") {
      const value = child(element, "value");
      const id = attribute(element, "ID") ?? `attachment-${found.length + 1}`;
      if (value && attribute(value, "representation") === "B64") {
        try {
          found.push({ id, ...fileOf(value, "observationMedia/value") });
        } catch {
          // Not base64: the narrative shows the place of the file as empty, the rest of the document stays readable.
        }
      }
    }
    for (const item of element.content) if (typeof item !== "string") visit(item);
  };
  const body = at(root, "component", "structuredBody");
  if (body) visit(body);
  return found;
}

/** The words of sections, titles with them, as a person reads them. For searching and for finding whom they name, not for display. */
export function sectionsToText(sections: readonly CdaViewSection[]): string {
  return sections.flatMap(wordsOf).join("\n");
}

function wordsOf({ title, blocks, sections }: CdaViewSection): readonly string[] {
  return [title, narrativeToText(blocks), ...sections.flatMap(wordsOf)];
}
