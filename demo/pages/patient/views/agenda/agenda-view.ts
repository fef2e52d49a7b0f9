import type { AppointmentInput, RecordHandle } from "@carnet/sdk";
import { type Appointment, numberForm } from "@carnet/sdk/fhir";
import { css, html, nothing, type TemplateResult } from "lit";
import { writtenDate, writtenDay, writtenTime } from "../../dates.ts";
import { base } from "../../styles.ts";
import { AnswerView } from "../../view.ts";
import { askLine } from "./line-form.ts";
import { type AgendaLine, inputOf, lineOf } from "./lines.ts";
import { type AgendaWords, agendaWords } from "./words.ts";

interface Agenda {
  readonly lines: readonly AgendaLine[];
  /** Examinations advised for the age and sex, in words. */
  readonly advised: readonly string[];
}

/** "Agenda": appointments and reminders, and examinations that are advised. R167. */
export class AgendaView extends AnswerView<Agenda> {
  static override styles = [
    base,
    css`
      .head { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.6rem 1.5rem; }
      h2 { margin: 1.8rem 0 0.6rem; }
      .when::first-letter { text-transform: uppercase; }
      .comment { white-space: pre-line; }
    `,
  ];

  protected override async read(record: RecordHandle, signal: AbortSignal): Promise<Agenda> {
    const [all, advised] = await Promise.all([
      record.appointments({ signal }),
      record.recommendedExaminations({ signal }),
    ]);
    const texts = advised.flatMap(({ description }: Appointment) => description ?? []);
    return { lines: all.flatMap(lineOf).sort((a, b) => a.start.localeCompare(b.start)), advised: texts };
  }

  get #words(): AgendaWords {
    return agendaWords[this.locale];
  }

  override render(): TemplateResult {
    const words = this.#words;
    return html`<div class="head"><h1 tabindex="-1">${words.title(this.of)}</h1>
        <button class="button button--main no-print" data-action="add" @click=${() => this.#add()}>${words.add}</button></div>
      <p class="intro">${words.intro}</p>
      ${this.shown((agenda) => this.#content(agenda))}
      ${this.outcomeBlock()}`;
  }

  #content({ lines, advised }: Agenda): TemplateResult {
    const words = this.#words;
    const now = new Date().toISOString();
    const coming = lines.filter(({ start }) => start >= now);
    const past = lines.filter(({ start }) => start < now).reverse();
    return html`
      <h2>${words.coming}</h2>
      ${coming.length === 0 ? html`<p class="quiet">${words.none}</p>` : html`<ul class="card rows">${coming.map((line) => this.#row(line))}</ul>`}
      ${past.length === 0 ? nothing : html`<details class="help"><summary>${words.past(past.length)}</summary><ul class="card rows">${past.map((line) => this.#row(line))}</ul></details>`}
      ${
        advised.length === 0
          ? nothing
          : html`<h2>${words.recommended}</h2><p class="intro">${words.recommendedText}</p>
            <ul class="card rows">${advised.map((text) => html`<li><p>${text}</p><button class="button no-print" data-action="plan" @click=${() => this.#add({ kind: "examination", description: text })}>${words.plan}<span class="visually-hidden"> : ${text}</span></button></li>`)}</ul>`
      }`;
  }

  #row(line: AgendaLine): TemplateResult {
    const words = this.#words;
    const name = html`<span class="visually-hidden"> : ${line.description}</span>`;
    return html`<li>
      <div>
        <p class="meta when">${writtenDay(line.start, this.locale)}, ${writtenTime(line.start, this.locale)} · ${words.kinds[line.kind]}
          ${line.isCancelled ? html`<span class="tag">${words.cancelled}</span>` : nothing}</p>
        <p class="who">${line.description}</p>
        ${line.comment ? html`<p class="comment">${line.comment}</p>` : nothing}
        ${line.remindAt ? html`<p class="meta">${words.reminder(`${writtenDate(line.remindAt, this.locale)}, ${writtenTime(line.remindAt, this.locale)}`)}</p>` : nothing}
      </div>
      <div class="actions no-print">
        <button class="button button--plain" data-action="edit" @click=${() => this.#edit(line)}>${words.edit}${name}</button>
        <button class="button button--danger" data-action="remove" @click=${() => this.#remove(line)}>${words.remove}${name}</button>
      </div>
    </li>`;
  }

  async #add(line: Partial<AgendaLine> = {}): Promise<void> {
    const { cancel, save } = this.say;
    const { added } = this.#words;
    const numberOf = numberForm();
    await this.changeByForm<AppointmentInput>(
      (keep) => askLine(this.renderRoot, this.#words, { cancel, save }, line, keep),
      (input) => {
        const appointment = { ...input, number: numberOf(input) };
        return { run: (record, signal) => record.addAppointment(appointment, { signal }), done: added };
      },
    );
  }

  async #edit(line: AgendaLine): Promise<void> {
    const { cancel, save } = this.say;
    const { changed } = this.#words;
    const set = (input: AppointmentInput) => (record: RecordHandle, signal: AbortSignal) =>
      record.changeAppointment(line.id, input, { signal });
    await this.changeByForm<AppointmentInput>(
      (keep) => askLine(this.renderRoot, this.#words, { cancel, save }, line, keep),
      (input) => ({ run: set(input), done: changed, undo: { run: set(inputOf(line)), done: changed } }),
    );
  }

  async #remove(line: AgendaLine): Promise<void> {
    const words = this.#words;
    const isSure = await this.confirm({
      title: words.removeTitle,
      text: [line.description],
      action: words.remove,
      isDanger: true,
    });
    if (!isSure) return;
    await this.change({
      run: (record, signal) => record.removeAppointment(line.id, { signal }),
      done: words.removed,
      undo: { run: (record, signal) => record.addAppointment(inputOf(line), { signal }), done: words.added },
    });
  }
}
