/**
 * The words of a plain text file: UTF-8, or what older software wrote (windows-1252). For searching and for finding whom it
 * names: an accent that is lost makes another name.
 *
 * @param options.maxBytes reading ends there; default: the whole file
 * @example
 * plainToText(Uint8Array.of(0x4c, 0xe9, 0x61)) // "Léa"
 */
export function plainToText(bytes: Uint8Array, options: { readonly maxBytes?: number } = {}): string {
  const head = bytes.subarray(0, options.maxBytes);
  try {
    // What was cut may end within a letter.
    return new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: head.length < bytes.length });
  } catch {
    return new TextDecoder("windows-1252").decode(head);
  }
}
