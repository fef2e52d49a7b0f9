import { fromBase64 } from "../shared/bytes.ts";
import { Problem } from "../shared/problem.ts";

/** The document that a `data:` address is: decoded here, because a page's policy may forbid it to read its own. */
export function bytesOfDataAddress(address: string): { bytes: Uint8Array<ArrayBuffer>; type: string } {
  const comma = address.indexOf(",");
  if (!address.startsWith("data:") || comma < 0) throw new Problem("capture-gone", { detail: "data" });
  const parts = address.slice("data:".length, comma).split(";");
  const type = parts[0]?.trim() ?? "";
  try {
    const content = address.slice(comma + 1);
    if (parts.at(-1)?.trim().toLowerCase() === "base64")
      return { bytes: fromBase64(decodeURIComponent(content)), type };
    return { bytes: bytesOfEscaped(content), type };
  } catch (cause) {
    throw new Problem("capture-gone", { detail: "data", cause });
  }
}

/** `%25` is a byte, whatever the bytes spell: a PDF is not UTF-8. */
function bytesOfEscaped(content: string): Uint8Array<ArrayBuffer> {
  const plain = new TextEncoder().encode(content);
  const bytes = new Uint8Array(plain.length);
  let length = 0;
  for (let index = 0; index < plain.length; index += 1) {
    const escaped = plain[index] === 0x25 ? /^%([0-9a-f]{2})/i.exec(content.slice(index, index + 3))?.[1] : undefined;
    bytes[length] = escaped === undefined ? (plain[index] ?? 0) : Number.parseInt(escaped, 16);
    length += 1;
    if (escaped !== undefined) index += 2;
  }
  return bytes.slice(0, length);
}
