import { browser } from "../platform/browser.ts";
import { Problem } from "../shared/problem.ts";
import { fetchDocument } from "./fetch-document.ts";

/**
 * Reads a document from its own address, with what the click or a permission allows.
 * @throws Problem `capture-needs-permission` with the pattern to ask for, when the browser lets nothing through
 */
export async function fetchAllowed(address: string, signal: AbortSignal) {
  if (!/^https?:/.test(address)) throw new Problem("capture-gone");
  const { origin, protocol, hostname } = new URL(address);
  try {
    return await fetchDocument(address, { allowed: origin, signal });
  } catch (error) {
    const pattern = `${protocol}//${hostname}/*`;
    const isNetwork = error instanceof Problem && error.code === "capture-network";
    if (isNetwork && !(await browser.permissions.contains({ origins: [pattern] }))) {
      throw new Problem("capture-needs-permission", { detail: pattern });
    }
    throw error;
  }
}
