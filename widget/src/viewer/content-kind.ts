/** How a document's bytes can be shown. */
export type ContentKind = "cda" | "pdf" | "image" | "tiff" | "text" | "rtf" | "fhir" | "other";

const startsWith = (bytes: Uint8Array, ...values: readonly number[]) =>
  values.every((value, at) => bytes[at] === value);

/** Image types that browsers draw; SVG is not one: it can hold scripts and links. */
function imageType(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return "image/jpeg";
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47)) return "image/png";
  if (startsWith(bytes, 0x47, 0x49, 0x46, 0x38)) return "image/gif";
  if (startsWith(bytes, 0x52, 0x49, 0x46, 0x46) && bytes[8] === 0x57 && bytes[9] === 0x45) return "image/webp";
  return undefined;
}

export interface SniffedContent {
  readonly kind: ContentKind;
  /** Media type given to the browser: told from the bytes, never the declared one, so that nothing runs by surprise. */
  readonly contentType: string;
}

/**
 * What the bytes are. The declared type only decides between forms of text: a PDF that says it is HTML is shown as a
 * PDF, and HTML that says it is a PDF is never handed to the browser as anything but a download.
 */
export function sniffContent(bytes: Uint8Array, declared: string): SniffedContent {
  const image = imageType(bytes);
  if (image !== undefined) return { kind: "image", contentType: image };
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 1024));
  if (head.includes("%PDF-")) return { kind: "pdf", contentType: "application/pdf" };
  const start = head
    .replace(/^(\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/, "")
    .replaceAll("\u0000", "")
    .trimStart();
  if (/^(II\*\0|MM\0\*)/.test(head)) return { kind: "tiff", contentType: "image/tiff" };
  if (start.startsWith("{\\rtf")) return { kind: "rtf", contentType: "text/rtf" };
  if (/xml/i.test(declared) || /^<\?xml|^<ClinicalDocument/.test(start))
    return { kind: "cda", contentType: "text/xml" };
  if (/json/i.test(declared) && start.startsWith("{")) return { kind: "fhir", contentType: "application/fhir+json" };
  if (/^text\/plain/i.test(declared)) return { kind: "text", contentType: "text/plain" };
  return { kind: "other", contentType: "application/octet-stream" };
}

/** What users call a format; `undefined` when its media type says it best. */
export function formatName(contentType: string): string | undefined {
  return { "image/tiff": "TIFF", "text/rtf": "RTF", "application/rtf": "RTF", "text/html": "HTML" }[contentType];
}

/** File name extension for a download. */
export function extensionOf(contentType: string): string {
  const known: Record<string, string> = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/tiff": "tif",
    "text/xml": "xml",
    "application/xml": "xml",
    "text/plain": "txt",
    "text/rtf": "rtf",
    "application/rtf": "rtf",
    "application/fhir+json": "json",
    "application/json": "json",
  };
  return known[contentType] ?? "bin";
}

/** Text of bytes: UTF-8, else the encoding an XML declaration names, else Latin-1 (old producers). */
export function decodeText(bytes: Uint8Array): string {
  const declared = /encoding=["']([\w-]+)["']/.exec(new TextDecoder("latin1").decode(bytes.subarray(0, 200)))?.[1];
  if (startsWith(bytes, 0xff, 0xfe)) return new TextDecoder("utf-16le").decode(bytes);
  if (startsWith(bytes, 0xfe, 0xff)) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder(declared ?? "utf-8", { fatal: declared === undefined || /utf-?8/i.test(declared) }).decode(
      bytes,
    );
  } catch {
    // Not valid in the encoding it claims: Latin-1 maps every byte, so that the text is shown rather than lost.
    return new TextDecoder("latin1").decode(bytes);
  }
}
