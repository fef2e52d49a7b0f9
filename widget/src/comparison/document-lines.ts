import type { CdaViewSection } from "@carnet/sdk/narrative";
import { renderNarrative } from "@carnet/sdk/narrative";
import { render } from "lit";
import type { Locale } from "../shared/locale.ts";
import { decodeText } from "../viewer/content-kind.ts";
import { fhirBody } from "../viewer/fhir-body.ts";
import type { OpenedDocument } from "../viewer/open-document.ts";

const blocks = new Set(
  "ADDRESS ARTICLE BLOCKQUOTE BR CAPTION DD DETAILS DIV DL DT FIGURE H1 H2 H3 H4 H5 H6 HEADER HR LI OL P PRE SECTION SUMMARY TABLE TR UL".split(
    " ",
  ),
);

/** The text of a tree as its reader sees it: a line per paragraph, item or table row. */
function linesOf(root: Node): string[] {
  const lines: string[] = [];
  let line = "";
  const end = () => {
    const text = line.replace(/\s+/g, " ").trim();
    if (text !== "") lines.push(text);
    line = "";
  };
  const walk = (node: Node) => {
    if (node.nodeType === Node.TEXT_NODE) line += node.nodeValue ?? "";
    else if (node instanceof Element && /^(style|script|svg|button)$/i.test(node.tagName)) return;
    else {
      const tag = node.nodeName;
      if (blocks.has(tag)) end();
      if ((tag === "TD" || tag === "TH") && line !== "") line += " | ";
      for (const child of node.childNodes) walk(child);
      if (blocks.has(tag)) end();
    }
  };
  walk(root);
  end();
  return lines;
}

const textLines = (text: string) =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line !== "");

function sectionLines({ title, blocks: narrative, sections }: CdaViewSection): string[] {
  return [
    ...(title === "" ? [] : [title]),
    ...linesOf(renderNarrative(narrative, document)),
    ...sections.flatMap(sectionLines),
  ];
}

/**
 * What a document says, line by line; `undefined` when it is no text (an image, a scan without a text layer, a format
 * that is not read here), which is not the same as an empty one.
 */
export async function documentLines(
  opened: OpenedDocument,
  locale: Locale,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  if (opened.isUnreadable === true) return undefined;
  const { file, view, text, fhir } = opened;
  if (file !== undefined) {
    if (file.sniffed.kind === "text") return textLines(decodeText(file.bytes));
    if (file.sniffed.kind !== "pdf") return undefined;
    const { readPdfLines } = await import("../viewer/pdf-pages.ts");
    const lines = await readPdfLines(file.bytes, signal);
    return lines.length === 0 ? undefined : lines;
  }
  if (view !== undefined) return view.sections.flatMap(sectionLines);
  if (text !== undefined) return textLines(text);
  if (fhir === undefined || fhir.isWithdrawn) return undefined;
  const place = document.createElement("div");
  render(fhirBody(fhir, locale), place);
  return linesOf(place);
}
