/**
 * The Carnet elements, defined by importing this module:
 * `<carnet-summary>`, `<carnet-documents>`, `<carnet-document>`, `<carnet-deposit>`, `<carnet-document-actions>`,
 * `<carnet-access>`, `<carnet-patient-messages>`.
 * All but the first are fetched when the page uses them: a first paint pays for the summary alone.
 */

import type { WordsFlaw } from "./language-file/check.ts";
import { define } from "./shared/define.ts";
import { defineWhenUsed } from "./shared/define-when-used.ts";
import { CarnetSummary } from "./summary/carnet-summary.ts";

export type { AccessDetail } from "./access/carnet-access.ts";
export type { DocumentChangedDetail } from "./acting/carnet-document-actions.ts";
export type { DepositAuthor } from "./deposit/draft.ts";
export type { CarnetElements, CarnetEvents } from "./jsx.ts";
export type { WordsFlaw } from "./language-file/check.ts";
export type { WordsProblem } from "./language-file/load.ts";
export type { RenewSession, SessionEnd, SessionEndingDetail } from "./session/carnet-session-end.ts";
export type { PanelState } from "./shared/problem.ts";
export { CarnetSummary } from "./summary/carnet-summary.ts";
export type { OpenDocumentDetail } from "./summary/views.ts";

const others = {
  "carnet-documents": () => import("./documents/define.ts"),
  "carnet-document": () => import("./viewer/define.ts"),
  "carnet-deposit": () => import("./deposit/define.ts"),
  "carnet-document-actions": () => import("./acting/define.ts"),
  "carnet-access": () => import("./access/define.ts"),
  "carnet-patient-messages": () => import("./messages/define.ts"),
};

define("carnet-summary", CarnetSummary);
defineWhenUsed(others);

/**
 * Makes a language known from the table that the host holds: the parsed JSON of a language file
 * (`languages/template.en.json`). Elements whose `locale` it is say everything again.
 * @returns what the table does not say as it should, by the names of its entries; there its base language stands in
 * @throws an error with the code "words-unusable" when it is no language file
 */
export async function addLanguage(table: unknown): Promise<readonly WordsFlaw[]> {
  return (await import("./language-file/load.ts")).addLanguage(table);
}

/** Defines the other elements at once; needed only where they stand in a shadow root, out of the page's sight. */
export async function defineAll(): Promise<void> {
  await Promise.all(Object.values(others).map((load) => load()));
}
