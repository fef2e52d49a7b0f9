const DECLARED = /^\uFEFF?<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/;

/** Encoding that an XML text declares, in lower case; `utf-8` when it declares none. */
export function declaredEncoding(xml: string): string {
  return DECLARED.exec(xml.slice(0, 200))?.[1]?.toLowerCase() ?? "utf-8";
}

/** XML bytes as text, in the encoding that they declare. Unknown encodings are read as UTF-8. */
export function decodeXml(bytes: Uint8Array): string {
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  try {
    return new TextDecoder(declaredEncoding(head)).decode(bytes);
  } catch {
    // A label that no browser knows: the parser says what it thinks of the text.
    return new TextDecoder().decode(bytes);
  }
}

const LATIN: ReadonlySet<string> = new Set(["iso-8859-1", "latin1", "us-ascii"]);

/**
 * XML text as bytes in the encoding that it declares: a document that says ISO-8859-1 and travels as UTF-8 would be
 * read with broken accents. Undefined when this cannot be done; then the file's own bytes are needed.
 */
export function encodeXml(xml: string): Uint8Array | undefined {
  const encoding = declaredEncoding(xml);
  if (encoding === "utf-8" || encoding === "utf8") return new TextEncoder().encode(xml);
  if (!LATIN.has(encoding)) return undefined;
  const bytes = new Uint8Array(xml.length);
  for (let index = 0; index < xml.length; index++) {
    const code = xml.charCodeAt(index);
    // TextDecoder reads ISO-8859-1 as windows-1252: 0x80 to 0x9F would come back as other characters.
    if (code > 0xff || (code >= 0x80 && code <= 0x9f)) return undefined;
    bytes[index] = code;
  }
  return bytes;
}
