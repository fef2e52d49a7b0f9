import { Problem } from "../shared/problem.ts";

/**
 * XML bytes to text such that the text encodes back to the same bytes: the document is filed as it is.
 * Only UTF-8 (with or without byte order mark) can promise that.
 */
export function decodeUtf8(bytes: Uint8Array<ArrayBuffer>): string {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const declared = /encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1]?.toLowerCase() ?? "utf-8";
  if (declared !== "utf-8" && declared !== "utf8" && declared !== "us-ascii") {
    throw new Problem("capture-encoding", { detail: declared });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Problem("capture-encoding", { cause });
  }
}
