import type { DocumentEntry, RecordHandle } from "@carnet/sdk";
import { css, html, nothing, type TemplateResult } from "lit";
import { writtenDate } from "../../dates.ts";
import { base } from "../../styles.ts";
import { AnswerView } from "../../view.ts";
import { ownDeposit } from "../documents/own-document.ts";
import { askWish } from "./wish-form.ts";
import { ageOn, type Wish, wishTitles, wishTypes } from "./wishes.ts";
import { type SettingsWords, settingsWords } from "./words.ts";

const majority = 18;

/**
 * The trusted person and the advance directives: written, changed as a new version, deleted. R161, R162.
 *
 * @event open-document - A text is to be read; detail `{entry}`.
 */
export class WishesView extends AnswerView<readonly DocumentEntry[]> {
  static override styles = [
    base,
    css`
      .rows h3 { margin: 0; font-size: 1.05rem; }
    `,
  ];

  protected override read(record: RecordHandle, signal: AbortSignal): Promise<readonly DocumentEntry[]> {
    return record.documents({ type: Object.values(wishTypes) }, { signal }).toArray({ limit: 20 });
  }

  get #words(): SettingsWords["wishes"] {
    return settingsWords[this.locale].wishes;
  }

  override render(): TemplateResult {
    const words = this.#words;
    return html`<section class="part"><h2>${words.title}</h2><p class="intro">${words.intro}</p>
      ${this.shown((all) => html`<ul class="card rows">${this.#row("trusted", all)}${this.#row("directives", all)}</ul>`)}
      ${this.outcomeBlock()}</section>`;
  }

  #row(wish: Wish, all: readonly DocumentEntry[]): TemplateResult {
    const words = this.#words;
    const written = all.find(({ type }) => type.code === wishTypes[wish]);
    const isForAdults = wish === "directives" && (ageOn(this.person?.birthDate, new Date()) ?? majority) < majority;
    const name = html`<span class="visually-hidden"> : ${words[wish]}</span>`;
    return html`<li data-wish=${wish}>
      <div>
        <h3>${words[wish]}</h3>
        <p>${wish === "trusted" ? words.trustedText : words.directivesText}</p>
        <p class="meta">${written ? words.written(writtenDate(written.date, this.locale)) : isForAdults ? words.minors : words.none}</p>
      </div>
      <div class="actions no-print">
        ${written ? html`<button class="button" data-action="open" @click=${() => this.#open(written)}>${words.open}${name}</button>` : nothing}
        ${isForAdults ? nothing : html`<button class="button" data-action="write" @click=${() => this.#write(wish, written)}>${written ? words.change : words.write}${name}</button>`}
        ${written ? html`<button class="button button--danger" data-action="remove" @click=${() => this.#remove(written)}>${words.remove}${name}</button>` : nothing}
      </div>
    </li>`;
  }

  async #write(wish: Wish, former: DocumentEntry | undefined): Promise<void> {
    const words = this.#words;
    const written = await askWish(this.renderRoot, words, this.say.cancel, wish);
    if (!written) return;
    await this.change({
      run: async (record, signal) => {
        const { traits } = await record.status({ signal });
        if (!traits) throw new Error("the record states no identity");
        const date = new Date().toISOString();
        const input = ownDeposit({
          ...written,
          typeCode: wishTypes[wish],
          title: wishTitles[wish],
          date,
          patient: traits,
        });
        await (former ? record.replace(former, input, { signal }) : record.deposit(input, { signal }));
      },
      done: words.saved,
    });
  }

  async #remove(written: DocumentEntry): Promise<void> {
    const words = this.#words;
    const isSure = await this.confirm({
      title: words.removeTitle,
      text: [words.removeText],
      understood: words.understood,
      action: words.remove,
      isDanger: true,
    });
    if (isSure) await this.change({ run: (record, signal) => record.remove(written, { signal }), done: words.removed });
  }

  #open(entry: DocumentEntry): void {
    this.dispatchEvent(new CustomEvent("open-document", { detail: { entry }, bubbles: true, composed: true }));
  }
}
