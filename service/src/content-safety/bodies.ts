/** Files inside a CDA document: a level 1 body in base64, and the images that a narrative shows. R103. Pure. */

export interface InnerFile {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** An element with its text, whatever its prefix; the attributes that say what it holds may come in any order. */
const element = /<(?:[\w.-]+:)?(text|value)\b([^<>]*\brepresentation\s*=\s*["']B64["'][^<>]*)>([^<]*)</g;

/** The files that this XML holds in base64. What is not base64 is left to the reader of CDA to refuse. */
export function filesInCda(xml: string): readonly InnerFile[] {
  return [...xml.matchAll(element)].flatMap(([, , attributes = "", content = ""]) => {
    const contentType = /\bmediaType\s*=\s*["']([^"']+)["']/.exec(attributes)?.[1]?.split(";")[0]?.trim().toLowerCase();
    return contentType ? [{ contentType, bytes: Buffer.from(content, "base64") }] : [];
  });
}
