import type { RecordHandle, RelativeInput } from "@carnet/sdk";
import type { RelatedPerson } from "@carnet/sdk/fhir";
import { css, html, nothing, type TemplateResult } from "lit";
import { writtenDate } from "../../dates.ts";
import { base } from "../../styles.ts";
import { AnswerView } from "../../view.ts";
import { askRelative } from "./relative-form.ts";
import { type SettingsWords, settingsWords } from "./words.ts";

const mostCarers = 3;

const roleOf = ({ relationship }: RelatedPerson) => relationship?.[0]?.coding?.[0]?.code ?? "";

/** Who the person's side may end: carers, and one's own role; courts decide the rest (R13). */
const isCarer = (one: RelatedPerson) => roleOf(one) === "CAREGIVER";

/** Representatives and carers: who, since when, until when; carers are added and removed. R10, R13, R14. */
export class RelativesView extends AnswerView<readonly RelatedPerson[]> {
  static override styles = [
    base,
    css`
      .part > .actions { margin-top: 1rem; align-items: center; }
    `,
  ];

  protected override read(record: RecordHandle, signal: AbortSignal): Promise<readonly RelatedPerson[]> {
    return record.relatives({ signal });
  }

  get #words(): SettingsWords["relatives"] {
    return settingsWords[this.locale].relatives;
  }

  override render(): TemplateResult {
    const words = this.#words;
    return html`<section class="part"><h2>${this.of ? words.titleOf(this.of) : words.title}</h2><p class="intro">${words.intro}</p>
      ${this.shown((all) => this.#lists(all))}
      ${this.outcomeBlock()}</section>`;
  }

  #lists(all: readonly RelatedPerson[]): TemplateResult {
    const words = this.#words;
    const current = all.filter(({ active }) => active !== false);
    const former = all.filter(({ active }) => active === false);
    const left = Math.max(0, mostCarers - current.filter(isCarer).length);
    const isParent = this.person?.relation === "representative" && current.some((one) => roleOf(one) === "GUARD");
    return html`
      ${current.length === 0 ? html`<p class="quiet">${words.none}</p>` : html`<ul class="card rows">${current.map((one) => this.#row(one))}</ul>`}
      <p class="actions no-print">
        <button class="button" data-action="add-carer" ?disabled=${left === 0} @click=${() => this.#add("carer")}>${words.addCarer}</button>
        ${isParent ? html`<button class="button" data-action="add-parent" @click=${() => this.#add("parent")}>${words.addParent}</button>` : nothing}
        <span class="meta">${words.carersLeft(left)}</span>
      </p>
      ${former.length === 0 ? nothing : html`<details class="help"><summary>${words.former(former.length)}</summary><ul class="card rows">${former.map((one) => this.#row(one))}</ul></details>`}`;
  }

  #row(one: RelatedPerson): TemplateResult {
    const words = this.#words;
    const name = one.name?.[0]?.text ?? "";
    const { start, end } = one.period ?? {};
    const isActive = one.active !== false;
    return html`<li>
      <div>
        <p><span class="who">${name}</span> <span class="tag">${words.roles[roleOf(one)] ?? roleOf(one)}</span>${isActive ? nothing : html` <span class="tag">${words.ended}</span>`}</p>
        <p class="meta">${start ? words.since(writtenDate(start, this.locale)) : nothing}${end ? html`, ${words.until(writtenDate(end, this.locale))}` : nothing}</p>
      </div>
      ${isActive && isCarer(one) ? html`<button class="button button--danger no-print" data-action="remove" @click=${() => this.#remove(one, name)}>${words.remove}<span class="visually-hidden"> : ${name}</span></button>` : nothing}
    </li>`;
  }

  async #add(role: RelativeInput["role"]): Promise<void> {
    const { record } = this;
    if (!record) return;
    const words = this.#words;
    const { system } = record.ins;
    await this.changeByForm<RelativeInput>(
      (keep) => askRelative(this.renderRoot, words, this.say.cancel, role, system, keep),
      (input) => ({
        run: (record, signal) => record.addRelative(input, { signal }),
        done: words.added(input.name),
        isRefusedBecause: words.refused,
      }),
    );
  }

  async #remove(one: RelatedPerson, name: string): Promise<void> {
    const words = this.#words;
    const question = { title: words.removeTitle(name), text: [words.removeText], action: words.remove, isDanger: true };
    if (!(await this.confirm(question))) return;
    await this.change({ run: (record, signal) => record.removeRelative(one, { signal }), done: words.removed });
  }
}
