/** What the bytes are, by their first ones: names, extensions and headers are only claims. */
export type FileKind =
  | "pdf"
  | "jpeg"
  | "png"
  | "tiff"
  | "gif"
  | "webp"
  | "rtf"
  | "xml"
  | "dicom"
  | "zip"
  | "html"
  | "json"
  | "text"
  | "unknown";

const ascii = (bytes: Uint8Array, start: number, length: number) =>
  String.fromCharCode(...bytes.subarray(start, start + length));

export function sniff(bytes: Uint8Array): FileKind {
  // A PDF may carry junk before its header: readers look in the first 1 024 bytes, and so do we.
  if (ascii(bytes, 0, 1024).includes("%PDF-")) return "pdf";
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "jpeg";
  if (ascii(bytes, 0, 8) === "\x89PNG\r\n\x1a\n") return "png";
  if (ascii(bytes, 0, 4) === "II*\0" || ascii(bytes, 0, 4) === "MM\0*") return "tiff";
  if (ascii(bytes, 0, 4) === "GIF8") return "gif";
  if (ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 4) === "WEBP") return "webp";
  if (ascii(bytes, 0, 5) === "{\\rtf") return "rtf";
  if (ascii(bytes, 128, 4) === "DICM") return "dicom";
  if (ascii(bytes, 0, 4) === "PK\x03\x04") return "zip";
  return sniffText(bytes);
}

function sniffText(bytes: Uint8Array): FileKind {
  const head = bytes.subarray(0, 1024);
  const text = new TextDecoder("utf-8")
    .decode(head)
    .replace(/^\uFEFF/, "")
    .trimStart();
  const lower = text.slice(0, 200).toLowerCase();
  if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) return "html";
  if (text.startsWith("<?xml") || /^<(?:[A-Za-z_][\w.-]*:)?ClinicalDocument[\s>]/.test(text)) return "xml";
  if (/^\{\s*"/.test(text)) return "json";
  if (head.length === 0) return "unknown";
  // Control characters other than tab, line feed, form feed and carriage return do not occur in text.
  const isBinary = head.some((byte) => byte < 9 || byte === 11 || (byte > 13 && byte < 32) || byte === 127);
  return isBinary ? "unknown" : "text";
}

const kindOfType: Readonly<Record<string, FileKind>> = {
  "application/pdf": "pdf",
  "image/jpeg": "jpeg",
  "image/png": "png",
  "image/tiff": "tiff",
  "image/gif": "gif",
  "image/webp": "webp",
  "text/rtf": "rtf",
  "application/rtf": "rtf",
  "text/xml": "xml",
  "application/xml": "xml",
  "application/dicom": "dicom",
  "application/json": "json",
  "text/html": "html",
  "text/plain": "text",
};

/** The kind that a media type announces; undefined when it announces nothing definite (`application/octet-stream`). */
export function kindOfMediaType(type: string | undefined): FileKind | undefined {
  const bare = type?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (bare.endsWith("+json")) return "json";
  return kindOfType[bare] ?? (bare.endsWith("+xml") && bare !== "image/svg+xml" ? "xml" : undefined);
}
