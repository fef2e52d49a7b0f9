/** 0 = foreign, 1 = blank, 2 = padding, 3 + value otherwise. */
const alphabet = new Uint8Array(128);
for (const blank of [9, 10, 13, 32]) alphabet[blank] = 1;
alphabet[61] = 2;
[..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].forEach((letter, value) => {
  alphabet[letter.charCodeAt(0)] = value + 3;
});

/** Decodes base64 with or without line breaks; `undefined` when it is not base64 or is cut short. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4) + 3);
  let length = 0;
  let buffer = 0;
  let held = 0;
  let padding = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const kind = code < 128 ? (alphabet[code] ?? 0) : 0;
    if (kind === 0) return undefined;
    if (kind === 1) continue;
    if (kind === 2) {
      padding += 1;
      continue;
    }
    if (padding > 0) return undefined;
    buffer = (buffer << 6) | (kind - 3);
    held += 1;
    if (held === 4) {
      bytes[length] = buffer >> 16;
      bytes[length + 1] = (buffer >> 8) & 255;
      bytes[length + 2] = buffer & 255;
      length += 3;
      buffer = 0;
      held = 0;
    }
  }
  if (held === 1 || (padding > 0 && held + padding !== 4)) return undefined;
  if (held === 0 && padding > 0) return undefined;
  if (held === 2) bytes[length++] = (buffer >> 4) & 255;
  if (held === 3) {
    bytes[length++] = (buffer >> 10) & 255;
    bytes[length++] = (buffer >> 2) & 255;
  }
  return bytes.subarray(0, length);
}
