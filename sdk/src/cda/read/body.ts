import { decodeBase64 } from "./decode-base64.ts";
import { CdaError } from "./errors.ts";
import { sniffContentType } from "./sniff.ts";
import { at, attribute, child, parseCda, rawText, type XmlElement } from "./xml.ts";

/** The body of a document: structured sections, or one file. */
export type CdaBody =
  | { readonly level: 3 }
  | { readonly level: 1; readonly contentType: string; readonly bytes: Uint8Array };

/**
 * Reads the kind of body of a CDA document, and the file inside a document of level 1 (PDF, JPEG, TIFF, RTF, text).
 * The type is told from the bytes; the declared one serves only when they say nothing.
 *
 * @throws CdaError `cda-encoding` when the file is not base64, `cda-no-body` when there is neither body.
 */
export function readCdaBody(xml: string): CdaBody {
  return bodyOf(parseCda(xml).root);
}

/** The body of a parsed document. */
export function bodyOf(root: XmlElement): CdaBody {
  const component = child(root, "component");
  const text = at(component, "nonXMLBody", "text");
  if (text) return { level: 1, ...fileOf(text, "/ClinicalDocument/component/nonXMLBody/text") };
  if (child(component, "structuredBody")) return { level: 3 };
  throw new CdaError("cda-no-body", "/ClinicalDocument/component");
}

/** Decodes an ED element: base64 when it says so, else its text. */
export function fileOf(element: XmlElement, place: string): { contentType: string; bytes: Uint8Array } {
  const declared = attribute(element, "mediaType")?.toLowerCase();
  const text = rawText(element);
  if (attribute(element, "representation") !== "B64")
    return { contentType: declared ?? "text/plain", bytes: new TextEncoder().encode(text) };
  const bytes = decodeBase64(text);
  if (!bytes) throw new CdaError("cda-encoding", place);
  return { contentType: sniffContentType(bytes) ?? declared ?? "application/octet-stream", bytes };
}
