/** File extensions of the formats that the record keeps (R103). */
const extensions: Readonly<Record<string, string>> = {
  "text/xml": "xml",
  "application/xml": "xml",
  "application/pdf": "pdf",
  "application/fhir+json": "json",
  "text/plain": "txt",
  "text/rtf": "rtf",
  "application/rtf": "rtf",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/tiff": "tiff",
};

export function expectedExtension(contentType: string): string {
  return extensions[contentType] ?? "bin";
}
