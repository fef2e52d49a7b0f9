import { Problem } from "../shared/problem.ts";
import { maximumBytes } from "./fetch-document.ts";
import { documentOfFhir } from "./fhir-json.ts";
import { type FileKind, kindOfMediaType, sniff } from "./sniff.ts";
import type { ShownTitle } from "./titled.ts";

/** Kinds that can be filed: bodies of rules.md R103, images that become a PDF, and CDA as it is. */
export type DocumentKind = "pdf" | "jpeg" | "tiff" | "rtf" | "text" | "image" | "cda";

export interface CapturedFile {
  readonly kind: DocumentKind;
  /** Media type of the body as it will be filed; for `image`, of what the browser can draw. */
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly fileName: string;
  /** What the page calls it (the text of its link): a hint for the type, never shown as a fact. */
  readonly calledOnPage: string;
  /** Pictures of the page that its PDF does not hold: told to the person before anything is sent. */
  readonly leftOut?: number;
  /** Frames of the page that nobody could read: what they say, and whom they name, is not in its PDF. */
  readonly unreadFrames?: number;
  /** Of a document that was read again at the address of a viewer: what the viewer calls the one on screen, once it knows. */
  readonly shown?: () => Promise<ShownTitle>;
}

const filed: Partial<Record<FileKind, Pick<CapturedFile, "kind" | "contentType">>> = {
  pdf: { kind: "pdf", contentType: "application/pdf" },
  jpeg: { kind: "jpeg", contentType: "image/jpeg" },
  tiff: { kind: "tiff", contentType: "image/tiff" },
  rtf: { kind: "rtf", contentType: "text/rtf" },
  text: { kind: "text", contentType: "text/plain" },
  png: { kind: "image", contentType: "image/png" },
  gif: { kind: "image", contentType: "image/gif" },
  webp: { kind: "image", contentType: "image/webp" },
};

/**
 * Bytes to a document that can be filed, or the reason why not.
 * @param claims media types that the page or the answer announced: when one names another kind than the bytes show,
 *   what was read is not what was on screen (a login page, an error text), and nothing is filed.
 */
export function admit(
  bytes: Uint8Array<ArrayBuffer>,
  claims: readonly (string | undefined)[],
  fileName: string,
  calledOnPage = "",
): CapturedFile {
  if (bytes.length === 0) throw new Problem("capture-empty");
  if (bytes.length > maximumBytes) throw new Problem("capture-too-large");
  const kind = sniff(bytes);
  // "Your session has ended", as a text, is no PDF either.
  if (/\.pdf$/i.test(fileName) && kind === "text") throw new Problem("capture-type-changed", { detail: "pdf, text" });
  for (const claim of claims) {
    const claimed = kindOfMediaType(claim);
    if (claimed !== undefined && claimed !== kind && !(claimed === "text" && kind === "rtf")) {
      throw new Problem("capture-type-changed", { detail: `${claimed}, ${kind}` });
    }
  }
  if (kind === "dicom") throw new Problem("capture-dicom");
  if (kind === "json") {
    const carried = documentOfFhir(bytes);
    // A document within a document within a document is nobody's habit: JSON is opened once.
    if (sniff(carried.bytes) === "json") throw new Problem("capture-fhir-document");
    return admit(carried.bytes, [carried.contentType], fileName, carried.title === "" ? calledOnPage : carried.title);
  }
  if (kind === "xml") return { kind: "cda", contentType: "text/xml", bytes, fileName, calledOnPage };
  const known = filed[kind];
  if (known === undefined) throw new Problem("capture-unknown-type", { detail: kind });
  return { ...known, bytes, fileName, calledOnPage };
}

/** The last segment of an address, decoded: a hint for the title, never shown as a fact. */
export function fileNameOf(address: string): string {
  if (!/^https?:/.test(address)) return "";
  const last = new URL(address).pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
