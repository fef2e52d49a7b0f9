import { Problem } from "../shared/problem.ts";

/** Largest document taken, in bytes: base64 twice on its way (CDA, then FHIR), it stays under the service's limit. */
export const maximumBytes = 20 * 1024 * 1024;

export interface FetchedDocument {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Media type announced by the answer, possibly empty. */
  readonly type: string;
}

/**
 * The one place where the extension reads an address that is not the service's. `allowed` is the origin that the click
 * or the person's permission covers; an answer that came from elsewhere after a redirect is refused.
 */
export async function fetchDocument(
  address: string,
  options: { allowed: string; signal: AbortSignal },
): Promise<FetchedDocument> {
  let response: Response;
  try {
    response = await fetch(address, { cache: "force-cache", credentials: "include", signal: options.signal });
  } catch (cause) {
    options.signal.throwIfAborted();
    throw new Problem("capture-network", { cause });
  }
  if (/^https?:/.test(response.url) && new URL(response.url).origin !== options.allowed) {
    throw new Problem("capture-type-changed", { detail: "redirect to another origin" });
  }
  if (!response.ok) throw new Problem("capture-gone", { detail: String(response.status) });
  const announced = Number(response.headers.get("content-length") ?? 0);
  if (announced > maximumBytes) throw new Problem("capture-too-large");
  return { bytes: await readWithin(response, maximumBytes), type: response.headers.get("content-type") ?? "" };
}

/** Counted as it comes: an answer that announces no length can go on for ever. */
async function readWithin(response: Response, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body?.getReader();
  for (let size = 0; reader !== undefined; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > most) {
      await reader.cancel();
      throw new Problem("capture-too-large");
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
