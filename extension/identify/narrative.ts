import { readCdaView, sectionsToText } from "@carnet/sdk/narrative";

/** The words of a CDA's sections: they may name somebody else than its header. */
export function narrativeOf(xml: string): string {
  return sectionsToText(readCdaView(xml).sections);
}
