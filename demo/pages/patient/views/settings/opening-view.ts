import { html, type TemplateResult } from "lit";
import { base } from "../../styles.ts";
import { RecordView } from "../../view.ts";
import { settingsWords } from "./words.ts";

/**
 * For somebody without a record, who objected or was never announced: what a record would be, and the way to open it. R7.
 *
 * @event record-changed - The record was opened.
 */
export class OpeningView extends RecordView {
  static override styles = [base];

  protected override load(): void {}

  override render(): TemplateResult {
    const words = settingsWords[this.locale].none;
    return html`<div class="message card"><h1 tabindex="-1">${words.title}</h1><p>${words.text}</p><p>${words.text2}</p>
      <button class="button button--main" data-action="open" ?disabled=${!this.record} @click=${this.#open}>${words.open}</button></div>
      ${this.outcomeBlock()}`;
  }

  readonly #open = async () => {
    const words = settingsWords[this.locale].none;
    const isOpened = await this.change({ run: (record, signal) => record.open({ signal }), done: words.opened });
    if (isOpened)
      this.dispatchEvent(
        new CustomEvent("record-changed", { detail: { said: words.opened }, bubbles: true, composed: true }),
      );
  };
}
