/** Records of fictitious people beyond the demo's own, opened by the demo's sandbox address (docs/demo.md). */
import type { IdentityTraits, Ins } from "@carnet/sdk/identity";

/**
 * Opens a record for the identity that a document states, as the demo allows for fictitious people only.
 * Opening again with other traits replaces the qualified identity, so that samples which give one INS to several people can all be filed.
 */
export async function openFictitiousRecord(origin: string, traits: IdentityTraits): Promise<Ins> {
  if (!traits.ins) throw new Error("the document states no INS");
  const response = await fetch(`${origin}/demo/records`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(traits),
  });
  if (!response.ok) throw new Error(`no record: ${response.status} ${await response.text()}`);
  return traits.ins;
}
