import type { DocumentEntry, DocumentRight, RecordHandle } from "@carnet/sdk";
import { css, html, nothing, type TemplateResult } from "lit";
import { writtenDate } from "../../dates.ts";
import { base } from "../../styles.ts";
import { AnswerView, type Change } from "../../view.ts";
import { ownDeposits } from "../documents/own-document.ts";
import { askWish, type Written } from "./wish-form.ts";
import { ageOn, type Wish, wishTitles, wishTypes } from "./wishes.ts";
import { type SettingsWords, settingsWords } from "./words.ts";

const majority = 18;
const wishes = ["trusted", "directives"] as const;

/** The text that holds, and what the record lets its reader do with it; `undefined`: it does not say. */
interface WrittenWish {
  readonly entry: DocumentEntry;
  readonly rights: readonly DocumentRight[] | undefined;
}
type WrittenWishes = Readonly<Partial<Record<Wish, WrittenWish>>>;

const allows = ({ rights }: WrittenWish, right: DocumentRight) => rights?.includes(right) ?? true;

/**
 * The trusted person and the advance directives: written, changed as a new version, deleted. What a professional wrote
 * stays theirs (R117, R120): the person's own words are then a document of their own. R161, R162.
 *
 * @event open-document - A text is to be read; detail `{entry}`.
 */
export class WishesView extends AnswerView<WrittenWishes> {
  static override styles = [
    base,
    css`
      .rows h3 { margin: 0; font-size: 1.05rem; }
    `,
  ];

  protected override async read(record: RecordHandle, signal: AbortSignal): Promise<WrittenWishes> {
    const all = await record.documents({ type: Object.values(wishTypes) }, { signal }).toArray({ limit: 20 });
    const written = wishes.map(async (wish): Promise<WrittenWishes> => {
      const entry = all.find(({ type }) => type.code === wishTypes[wish]);
      return entry ? { [wish]: { entry, rights: await record.rights(entry, { signal }) } } : {};
    });
    return Object.assign({}, ...(await Promise.all(written)));
  }

  get #words(): SettingsWords["wishes"] {
    return settingsWords[this.locale].wishes;
  }

  override render(): TemplateResult {
    const words = this.#words;
    return html`<section class="part"><h2>${words.title}</h2><p class="intro">${words.intro}</p>
      ${this.shown((all) => html`<ul class="card rows">${wishes.map((wish) => this.#row(wish, all[wish]))}</ul>`)}
      ${this.outcomeBlock()}</section>`;
  }

  #row(wish: Wish, written: WrittenWish | undefined): TemplateResult {
    const words = this.#words;
    const isForAdults = wish === "directives" && (ageOn(this.person?.birthDate, new Date()) ?? majority) < majority;
    const name = html`<span class="visually-hidden"> : ${words[wish]}</span>`;
    return html`<li data-wish=${wish}>
      <div>
        <h3>${words[wish]}</h3>
        <p>${wish === "trusted" ? words.trustedText : words.directivesText}</p>
        <p class="meta">${written ? words.written(writtenDate(written.entry.date, this.locale)) : isForAdults ? words.minors : words.none}</p>
      </div>
      <div class="actions no-print">
        ${written ? html`<button class="button" data-action="open" @click=${() => this.#open(written.entry)}>${words.open}${name}</button>` : nothing}
        ${isForAdults ? nothing : html`<button class="button" data-action="write" @click=${() => this.#write(wish, written)}>${written ? words.change : words.write}${name}</button>`}
        ${written && allows(written, "delete") ? html`<button class="button button--danger" data-action="remove" @click=${() => this.#remove(written.entry)}>${words.remove}${name}</button>` : nothing}
      </div>
    </li>`;
  }

  async #write(wish: Wish, former: WrittenWish | undefined): Promise<void> {
    const words = this.#words;
    const depositOf = ownDeposits();
    const date = new Date().toISOString();
    const changeOf = (written: Written): Change => ({
      run: async (record, signal) => {
        const { traits } = await record.status({ signal });
        if (!traits) throw new Error("the record states no identity");
        const input = depositOf({
          ...written,
          typeCode: wishTypes[wish],
          title: wishTitles[wish],
          date,
          patient: traits,
        });
        const isOwn = former !== undefined && allows(former, "replace");
        await (isOwn ? record.replace(former.entry, input, { signal }) : record.deposit(input, { signal }));
      },
      done: words.saved,
    });
    await this.changeByForm<Written>((keep) => askWish(this.renderRoot, words, this.say.cancel, wish, keep), changeOf);
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
