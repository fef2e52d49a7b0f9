/**
 * The Carnet elements, defined by importing this module:
 * `<carnet-summary>`, `<carnet-documents>`, `<carnet-document>`, `<carnet-deposit>`.
 * The last three are fetched when the page uses them: a first paint pays for the summary alone.
 */
import { define } from "./shared/define.ts";
import { defineWhenUsed } from "./shared/define-when-used.ts";
import { CarnetSummary } from "./summary/carnet-summary.ts";

export type { PanelState } from "./shared/problem.ts";
export { CarnetSummary, type OpenDocumentDetail } from "./summary/carnet-summary.ts";

define("carnet-summary", CarnetSummary);
defineWhenUsed({
  "carnet-documents": () => import("./documents/define.ts"),
  "carnet-document": () => import("./viewer/define.ts"),
  "carnet-deposit": () => import("./deposit/define.ts"),
});
