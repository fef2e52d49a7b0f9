import type { RecordHandle } from "@carnet/sdk";
import type { Communication } from "@carnet/sdk/fhir";
import { css, html, nothing, type TemplateResult } from "lit";
import { writtenDay, writtenTime } from "../../dates.ts";
import { base } from "../../styles.ts";
import { type Answer, RecordView } from "../../view.ts";
import { accessWords } from "./words.ts";

const shownAtFirst = 5;

/** What the person was told, newest first, and which of it comes by mail. R190 to R196. */
export class NoticesView extends RecordView {
  static override styles = [
    base,
    css`
      h2 { margin: 2.4rem 0 0.3rem; }
      .rows { margin-top: 0.9rem; }
      .more { margin-top: 1rem; }
      .choice:first-child { border-top: 0; }
    `,
  ];

  #notices: Answer<readonly Communication[]> = { state: "loading" };
  #preferences: Answer<Readonly<Record<string, boolean>>> | undefined;
  #isWhole = false;

  protected override load(record: RecordHandle): void {
    this.#isWhole = false;
    this.#preferences = undefined;
    void this.ask(
      (signal) => record.notices({ signal }),
      (answer) => {
        this.#notices = answer;
      },
    );
  }

  protected override refresh(record: RecordHandle): Promise<void> {
    return this.#readPreferences(record, true);
  }

  #readPreferences(record: RecordHandle, isQuiet = false): Promise<void> {
    return this.ask(
      (signal) => record.noticePreferences({}, { signal }),
      (answer) => {
        this.#preferences = answer;
      },
      { isQuiet },
    );
  }

  override render(): TemplateResult {
    const { notices: words } = accessWords[this.locale];
    return html`<h2>${words.title}</h2><p class="intro">${words.intro}</p>
      ${this.answered(this.#notices, (all) => this.#list(all))}
      <details class="help no-print" @toggle=${this.#open}><summary>${words.preferences}</summary>
        <p>${words.preferencesText}</p>
        ${this.#preferences ? this.answered(this.#preferences, (wanted) => html`<div class="card rows">${Object.entries(wanted).map(([kind, isWanted]) => this.#switch(kind, isWanted))}</div>`) : nothing}
      </details>
      ${this.outcomeBlock()}`;
  }

  #list(all: readonly Communication[]): TemplateResult {
    const { notices: words } = accessWords[this.locale];
    if (all.length === 0) return html`<p class="quiet">${words.none}</p>`;
    const shown = this.#isWhole ? all : all.slice(0, shownAtFirst);
    return html`<ul class="card rows">${shown.map((one) => this.#row(one))}</ul>
      ${shown.length < all.length ? html`<p class="more"><button class="button" data-more @click=${this.#showAll}>${this.say.showAll(all.length)}</button></p>` : nothing}`;
  }

  #row({ topic, payload, sent }: Communication): TemplateResult {
    const when = sent ? `${writtenDay(sent, this.locale)}, ${writtenTime(sent, this.locale)}` : "";
    return html`<li><div><p class="who">${topic?.text}</p><p class="meta">${when}</p><p>${payload?.[0]?.contentString}</p></div></li>`;
  }

  #switch(kind: string, isWanted: boolean): TemplateResult {
    const { notices: words } = accessWords[this.locale];
    return html`<label class="choice"><input type="checkbox" role="switch" name=${kind} .checked=${isWanted} @change=${(event: Event) => this.#set(kind, event.currentTarget as HTMLInputElement)} /><span>${words.kinds[kind] ?? kind}</span></label>`;
  }

  async #set(kind: string, box: HTMLInputElement): Promise<void> {
    const { saved } = accessWords[this.locale].notices;
    const isWanted = box.checked;
    const set = (wanted: boolean) => (record: RecordHandle, signal: AbortSignal) =>
      record.noticePreferences({ [kind]: wanted }, { signal });
    const undo = { run: set(!isWanted), done: saved };
    // The box says what the service holds, not what was wished.
    if (!(await this.change({ run: set(isWanted), done: saved, undo }))) box.checked = !isWanted;
  }

  readonly #open = (event: Event) => {
    const isOpen = event.currentTarget instanceof HTMLDetailsElement && event.currentTarget.open;
    if (isOpen && !this.#preferences && this.record) void this.#readPreferences(this.record);
  };

  readonly #showAll = () => {
    this.#isWhole = true;
    this.requestUpdate();
  };
}
