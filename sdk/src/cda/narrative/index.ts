export type { CdaHeaderRow, CdaHeaderWords } from "./header-rows.ts";
export { narrativeToHtml, narrativeToText } from "./html.ts";
export {
  type NarrativeAttributes,
  type NarrativeElementName,
  type NarrativeNode,
  narrativeElementNames,
} from "./node.ts";
export { plainToText } from "./plain-text.ts";
export { renderNarrative } from "./render.ts";
export { type RtfOptions, type RtfRun, rtfToRuns, rtfToText } from "./rtf.ts";
export { type CdaAttachment, type CdaView, type CdaViewSection, readCdaView, sectionsToText } from "./view.ts";
