import { readCdaView, sectionsToText } from "@carnet/sdk/narrative";
import type { EnclosedFile } from "./enclosed.ts";

/**
 * The words of a CDA's sections, and the files within them (the paper of a laboratory, mostly): both may name somebody else
 * than its header. Pictures among the words (a logo, a curve) are no papers of their own.
 */
export function narrativeOf(xml: string): { readonly words: string; readonly enclosed: readonly EnclosedFile[] } {
  const { sections, attachments } = readCdaView(xml);
  const files = attachments.filter(({ contentType }) => !contentType.startsWith("image/"));
  return {
    words: sectionsToText(sections),
    enclosed: files.map(({ id, title, bytes }) => ({ name: title ?? id, bytes })),
  };
}
