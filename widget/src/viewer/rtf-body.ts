import type { RtfRun } from "@carnet/sdk/narrative";
import { html } from "lit";
import type { ViewerStrings } from "./strings.ts";

/**
 * The words of an RTF file, and what is said of the rest: a reader must not take them for all there is. Words struck through
 * stay so.
 */
export function rtfBody(runs: readonly RtfRun[], say: ViewerStrings): unknown {
  const isBlank = runs.every(({ text }) => text.trim() === "");
  return html`<p class="cut" data-words-alone>${isBlank ? say.noWords : say.wordsAlone}</p>
    ${isBlank ? "" : html`<pre>${runs.map(({ text, isStruck }) => (isStruck ? html`<s>${text}</s>` : text))}</pre>`}`;
}
