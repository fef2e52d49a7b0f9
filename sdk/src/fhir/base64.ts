/** Base64 of bytes, in slices so that a large document does not overflow the call stack. */
export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let start = 0; start < bytes.length; start += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(binary);
}

/**
 * SHA-1 in base64, as `attachment.hash` wants it. Undefined where WebCrypto is absent (a page on plain http that is not
 * the local machine).
 */
export async function sha1Base64(bytes: Uint8Array): Promise<string | undefined> {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return undefined;
  return toBase64(new Uint8Array(await subtle.digest("SHA-1", bytes as Uint8Array<ArrayBuffer>)));
}
