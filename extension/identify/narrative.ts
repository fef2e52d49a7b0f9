import { type CdaViewSection, narrativeToText, readCdaView } from "@carnet/sdk/narrative";

/** The words of a CDA's sections, titles with them, as a person reads them: they may name somebody else than its header. */
export function narrativeOf(xml: string): string {
  return readCdaView(xml).sections.flatMap(wordsOf).join("\n");
}

function wordsOf({ title, blocks, sections }: CdaViewSection): readonly string[] {
  return [title, narrativeToText(blocks), ...sections.flatMap(wordsOf)];
}
