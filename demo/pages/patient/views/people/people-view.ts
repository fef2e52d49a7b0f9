import type { RecordHandle } from "@carnet/sdk";
import type { Consent } from "@carnet/sdk/fhir";
import { css, html, nothing, type TemplateResult } from "lit";
import { writtenDate } from "../../dates.ts";
import { type Choice, chooseCare, readKnownCare } from "../../parts/choose-care.ts";
import { type KnownCare, whoOf } from "../../parts/known-care.ts";
import { base } from "../../styles.ts";
import { AnswerView, problemOf } from "../../view.ts";
import { type Authorisation, authorisationsOf } from "./authorisations.ts";
import { askEnd } from "./end-date.ts";
import { type PeopleWords, peopleWords } from "./words.ts";

/** "Qui peut regarder": whom the person authorised or blocked, until when, and who is their referring doctor. R53 to R64. */
export class PeopleView extends AnswerView<readonly Consent[]> {
  static override styles = [
    base,
    css`
      .rows .actions { justify-content: flex-end; }
      .rows .button { min-height: 40px; padding: 0.3rem 0.8rem; font-size: 0.95rem; }
      h2 { margin: 1.8rem 0 0.6rem; }
      h2 + .intro { margin-bottom: 0.8rem; }
      .add { margin-top: 1rem; }
      @media (max-width: 640px) { .rows .actions { justify-content: flex-start; } }
    `,
  ];

  protected override read(record: RecordHandle, signal: AbortSignal): Promise<readonly Consent[]> {
    return record.consents({ signal });
  }

  get #words(): PeopleWords {
    return peopleWords[this.locale];
  }

  override render(): TemplateResult {
    const words = this.#words;
    return html`<h1 tabindex="-1">${words.title(this.of)}</h1><p class="intro">${words.intro}</p>
      ${this.shown((consents) => this.#lists(authorisationsOf(consents)))}
      <carnet-emergency .record=${this.record} .locale=${this.locale} .of=${this.of}></carnet-emergency>
      ${this.outcomeBlock()}`;
  }

  #lists(all: readonly Authorisation[]): TemplateResult {
    const words = this.#words;
    const allowed = all.filter(({ kind }) => kind === "allowed");
    const blocked = all.filter(({ kind }) => kind === "blocked");
    return html`
      <h2>${words.allowed}</h2>
      ${allowed.length === 0 ? html`<p class="quiet">${words.none}</p>` : html`<ul class="card rows">${allowed.map((one) => this.#allowedRow(one))}</ul>`}
      <p class="add no-print"><button class="button" data-action="add" @click=${this.#add}>${words.add}</button></p>
      <h2>${words.blocked}</h2><p class="intro">${blocked.length === 0 ? words.noneBlocked : words.blockedText}</p>
      ${
        blocked.length === 0
          ? nothing
          : html`<ul class="card rows">${blocked.map((one) =>
              this.#row(
                one,
                this.#action("unblock", words.unblock, one, () => this.#unblock(one)),
              ),
            )}</ul>`
      }
      <p class="add no-print"><button class="button" data-action="block-another" @click=${this.#blockAnother}>${words.blockAnother}</button></p>`;
  }

  #row(one: Authorisation, actions: unknown): TemplateResult {
    const words = this.#words;
    return html`<li data-who=${one.who?.id ?? one.name}>
      <div>
        <p><span class="who">${one.name}</span> ${one.isReferring ? html`<span class="tag">${words.referring}</span>` : nothing}</p>
        <p class="meta">${one.since ? words.since(writtenDate(one.since, this.locale)) : nothing}${one.until ? html`, ${words.until(writtenDate(one.until, this.locale))}` : nothing}</p>
      </div>
      <div class="actions no-print">${actions}</div>
    </li>`;
  }

  #allowedRow(one: Authorisation): TemplateResult {
    const words = this.#words;
    const isPerson = one.who?.kind === "professional";
    return this.#row(one, [
      this.#action("end", words.end, one, () => this.#setEnd(one)),
      one.isReferring
        ? this.#action("unrefer", words.unrefer, one, () => this.#endReferring(one))
        : isDoctor(one)
          ? this.#action("refer", words.refer, one, () => this.#refer(one))
          : nothing,
      this.#action("remove", words.remove, one, () => this.#remove(one), true),
      isPerson ? this.#action("block", words.block, one, () => this.#block(one), true) : nothing,
    ]);
  }

  #action(name: string, label: string, one: Authorisation, act: () => void, isDanger = false): TemplateResult {
    return html`<button class=${isDanger ? "button button--danger" : "button button--plain"} data-action=${name} @click=${act}>${label}<span class="visually-hidden"> : ${one.name}</span></button>`;
  }

  async #setEnd({ name, ids, until }: Authorisation): Promise<void> {
    const words = this.#words;
    const end = await askEnd(this.renderRoot, words, this.say.cancel, { name, until });
    if (!end) return;
    const set = (value: string | undefined) => async (record: RecordHandle, signal: AbortSignal) => {
      for (const id of ids) await record.endAuthorisation(id, value, { signal });
    };
    await this.change({
      run: set(end.until),
      done: end.until ? words.endDone(writtenDate(end.until, this.locale)) : words.endUsualDone,
      ...(until && { undo: { run: set(until), done: words.endDone(writtenDate(until, this.locale)) } }),
    });
  }

  async #remove({ name, ids, who, isReferring, until }: Authorisation): Promise<void> {
    const words = this.#words;
    const question = { title: words.removeTitle(name), text: [words.removeText], action: words.remove, isDanger: true };
    if (!(await this.confirm(question))) return;
    await this.change({
      run: async (record, signal) => {
        for (const id of ids) await record.withdraw(id, { signal });
      },
      done: words.removed,
      ...(who && {
        undo: {
          run: async (record: RecordHandle, signal: AbortSignal) => {
            await record.authorise({ ...whoOf(who), ...(until && { until }), signal });
            if (isReferring) await record.setReferringDoctor(whoOf(who), { signal });
          },
          done: words.added(name),
        },
      }),
    });
  }

  async #block({ name, who, ids }: Authorisation): Promise<void> {
    const words = this.#words;
    const question = { title: words.blockTitle(name), text: [words.blockText], action: words.block, isDanger: true };
    if (who && (await this.confirm(question))) await this.#keepOut(who, ids);
  }

  async #keepOut(who: KnownCare, ids: readonly string[] = []): Promise<void> {
    const words = this.#words;
    await this.change({
      run: async (record, signal) => {
        await record.block(whoOf(who), { signal });
        for (const id of ids) await record.withdraw(id, { signal });
      },
      done: words.blockDone(who.name),
      undo: { run: (record, signal) => record.unblock(whoOf(who), { signal }), done: words.unblockDone(who.name) },
    });
  }

  async #unblock({ name, ids, who }: Authorisation): Promise<void> {
    const words = this.#words;
    const question = { title: words.unblockTitle(name), text: [words.unblockText], action: words.unblock };
    if (!(await this.confirm(question))) return;
    await this.change({
      run: async (record, signal) => {
        for (const id of ids) await record.withdraw(id, { signal });
      },
      done: words.unblockDone(name),
      ...(who && {
        undo: {
          run: (record: RecordHandle, signal: AbortSignal) => record.block(whoOf(who), { signal }),
          done: words.blockDone(name),
        },
      }),
    });
  }

  async #refer({ name, who }: Authorisation): Promise<void> {
    const words = this.#words;
    if (!who || !(await this.confirm({ title: words.referTitle(name), text: words.referText, action: words.refer })))
      return;
    await this.change({
      run: (record, signal) => record.setReferringDoctor(whoOf(who), { signal }),
      done: words.referDone(name),
    });
  }

  async #endReferring({ name, referringIds, who }: Authorisation): Promise<void> {
    const words = this.#words;
    const question = { title: words.unreferTitle(name), text: [words.unreferText], action: words.unrefer };
    if (!(await this.confirm(question))) return;
    await this.change({
      run: async (record, signal) => {
        for (const id of referringIds) await record.withdraw(id, { signal });
      },
      done: words.unreferDone,
      ...(who && {
        undo: {
          run: (record: RecordHandle, signal: AbortSignal) => record.setReferringDoctor(whoOf(who), { signal }),
          done: words.referDone(name),
        },
      }),
    });
  }

  async #choose(choice: Choice): Promise<KnownCare | undefined> {
    const { record, signal } = this;
    if (!record) return undefined;
    try {
      return await chooseCare(this.renderRoot, await readKnownCare(record, signal), this.locale, choice);
    } catch (error) {
      if (!signal.aborted) this.tell({ text: this.say.unchanged[problemOf(error)], isFailure: true });
      return undefined;
    }
  }

  readonly #add = async () => {
    const words = this.#words;
    const choice = { title: words.addTitle, text: words.addText, action: words.add, withStructures: true };
    const who = await this.#choose(choice);
    if (!who) return;
    await this.change({
      run: (record, signal) => record.authorise({ ...whoOf(who), signal }),
      done: words.added(who.name),
    });
  };

  readonly #blockAnother = async () => {
    const words = this.#words;
    const who = await this.#choose({
      title: words.blockAnotherTitle,
      text: words.blockText,
      action: words.block,
      withStructures: false,
      isDanger: true,
    });
    if (who) await this.#keepOut(who);
  };
}

/** Titles are all that the list tells of a profession: for the others the choice would only confuse. */
const isDoctor = ({ name, who }: Authorisation) => who?.kind === "professional" && /^(Dr|Pr)\b/.test(name);
