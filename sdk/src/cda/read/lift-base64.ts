/**
 * Embedded files make up most of a document's characters and hold no markup. Their base64 is set aside before the
 * parser runs, which then passes over a 200 kB document of level 1 in the time of its header. Only runs made wholly of
 * the base64 alphabet and blanks, between `>` and `<`, are set aside: well-formedness is the same with or without them.
 */
export interface LiftedText {
  readonly text: string;
  readonly payloads: readonly string[];
}

/** Private-use character: marks the place of a payload. A document that uses it itself is parsed whole. */
const mark = "\ue000";
const shortestRun = 2048;

/** Sets base64 payloads of 2 048 characters and more aside. */
export function liftBase64(xml: string): LiftedText {
  if (xml.length < shortestRun || !xml.includes("B64") || xml.includes(mark)) return { text: xml, payloads: [] };
  const payloads: string[] = [];
  let text = "";
  let kept = 0;
  let from = 0;
  for (;;) {
    const found = xml.indexOf("B64", from);
    if (found < 0) break;
    const start = xml.indexOf(">", found) + 1;
    if (start === 0) break;
    // Whatever else says "B64" before this `>` would lead to the same place.
    from = start;
    const end = xml.indexOf("<", start);
    if (end - start < shortestRun || !isBase64(xml, start, end)) continue;
    text += `${xml.slice(kept, start)}${mark}${payloads.length}${mark}`;
    payloads.push(xml.slice(start, end));
    kept = end;
    from = end;
  }
  return payloads.length === 0 ? { text: xml, payloads } : { text: text + xml.slice(kept), payloads };
}

/** Puts payloads back into a text that holds their marks. */
export function restoreBase64(text: string, lifted: LiftedText): string {
  if (lifted.payloads.length === 0 || !text.includes(mark)) return text;
  if (text.startsWith(mark) && text.indexOf(mark, 1) === text.length - 1)
    return lifted.payloads[Number(text.slice(1, -1))] ?? "";
  return text.replace(new RegExp(`${mark}(\\d+)${mark}`, "g"), (_, index) => lifted.payloads[Number(index)] ?? "");
}

/** `true` when nothing foreign to base64 stands before that end. */
function isBase64(text: string, start: number, end: number): boolean {
  foreign.lastIndex = start;
  return foreign.exec(text)?.index === end;
}

const foreign = /[^A-Za-z0-9+/=\t\n\r ]/g;

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
