/**
 * A uuid that depends on the text alone, so that the same documents give the same summary, byte for byte.
 * Not a secret and not a proof: only a name (four rounds of the murmur3 finaliser; RFC 9562 version 8).
 */
export function stableUuid(text: string): string {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  let c = 0xc2b2ae35;
  let d = 0x27d4eb2f;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca77) + a;
    c = Math.imul(c ^ code, 0xc2b2ae3d) + b;
    d = Math.imul(d ^ code, 0x165667b1) + c;
  }
  a = mix(a ^ d);
  b = mix(b ^ a);
  c = mix(c ^ b);
  d = mix(d ^ c);
  const e = hex((b & 0xffff0fff) | 0x8000);
  const f = hex((c & 0x3fffffff) | 0x80000000);
  return `${hex(a)}-${e.slice(0, 4)}-${e.slice(4)}-${f.slice(0, 4)}-${f.slice(4)}${hex(d)}`;
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hex(value: number): string {
  return `${BYTES[value >>> 24]}${BYTES[(value >>> 16) & 255]}${BYTES[(value >>> 8) & 255]}${BYTES[value & 255]}`;
}
