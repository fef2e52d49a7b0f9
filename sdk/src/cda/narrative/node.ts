/** The only elements a narrative can become. */
export const narrativeElementNames = [
  "p",
  "div",
  "span",
  "strong",
  "em",
  "u",
  "sub",
  "sup",
  "ins",
  "del",
  "small",
  "br",
  "ul",
  "ol",
  "li",
  "table",
  "caption",
  "thead",
  "tbody",
  "tfoot",
  "tr",
  "th",
  "td",
  "a",
] as const;

export type NarrativeElementName = (typeof narrativeElementNames)[number];

/** The only attributes, each with values of a closed form. */
export interface NarrativeAttributes {
  /** `cda-` + the ID of the document, which coded entries point to. */
  readonly id?: string;
  /** 1–999. */
  readonly colspan?: string;
  /** 1–999. */
  readonly rowspan?: string;
  readonly scope?: "col" | "row";
  /** http, https, mailto or tel; or `#cda-…` within the document. */
  readonly href?: string;
  readonly class?: "align-left" | "align-center" | "align-right" | "footnote";
}

/**
 * Narrative text of a document as a tree. Safe by construction: text is text, elements and attributes come from closed
 * lists, files are named, not embedded.
 */
export type NarrativeNode =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "element";
      readonly name: NarrativeElementName;
      readonly attributes: NarrativeAttributes;
      readonly children: readonly NarrativeNode[];
    }
  /** Place of an image or file; `attachmentId` names one of the view's attachments, if the document holds it. */
  | { readonly kind: "media"; readonly attachmentId: string; readonly caption?: string };
