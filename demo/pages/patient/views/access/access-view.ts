import type { RecordHandle } from "@carnet/sdk";
import { type AuditEvent, numberForm } from "@carnet/sdk/fhir";
import { css, html, nothing, type TemplateResult } from "lit";
import { writtenDay, writtenTime } from "../../dates.ts";
import { askText } from "../../parts/ask-text.ts";
import { saveFile } from "../../parts/save-file.ts";
import { base } from "../../styles.ts";
import { type Answer, RecordView } from "../../view.ts";
import { type AccessDay, type AccessFilter, type AccessLine, accessDays, filtered, whoLooked } from "./access-days.ts";
import { type AccessWords, accessWords } from "./words.ts";

const daysAtFirst = 7;
const periods = { week: 7, month: 30, year: 365, all: undefined } as const;
type Period = keyof typeof periods;

/** "Qui a regardé": the access log by day, refusals included, with what was seen; then the notices. R180 to R186. */
export class AccessView extends RecordView {
  static override styles = [
    base,
    css`
      .switch { display: inline-flex; align-items: center; gap: 0.6rem; min-height: 44px; cursor: pointer; }
      .switch input { width: 1.2rem; height: 1.2rem; accent-color: var(--accent); }
      .filters { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr)); gap: 0 1.2rem; margin-top: 0.4rem; }
      .filters .field { margin-top: 0.8rem; min-width: 0; }
      h2 { margin: 1.6rem 0 0.6rem; font-size: 1.05rem; }
      h2::first-letter { text-transform: uppercase; }
      .days { padding: 0.2rem 1.4rem; }
      .days > li { display: flex; flex-wrap: wrap; gap: 0.1rem 1.2rem; padding: 0.9rem 0; border-top: 1px solid var(--line); }
      /* As wide as a name is: with letters twice as large it goes below the time, and breaks within no word. */
      .days > li > div { flex: 1 1 14rem; min-width: 0; overflow-wrap: anywhere; }
      .days > li:first-child { border-top: 0; }
      fieldset { margin: 1.2rem 0 1rem; padding: 0.6rem 1.4rem 0.9rem; min-width: 0; }
      .days .button { align-self: center; }
      .when { flex: 0 0 7rem; color: var(--quiet); font-variant-numeric: tabular-nums; }
      .what { color: var(--quiet); }
      .more { margin-top: 1.2rem; }
      .download { display: flex; flex-wrap: wrap; gap: 0.5rem 0.8rem; align-items: center; margin-top: 1.6rem; }
      @media (max-width: 560px) { .when { flex-basis: 100%; } .days > li > div { flex-basis: 100%; } .days .button { padding-inline: 0; } }
    `,
  ];

  #events: Answer<readonly AuditEvent[]> = { state: "loading" };
  /** Days of the last answer: those who looked can be chosen while another period is read. `undefined` before the first. */
  #days: readonly AccessDay[] | undefined;
  /** Ends the reading of a period when another one is chosen. */
  #reading = new AbortController();
  #period: Period = "year";
  #filter: AccessFilter = { who: "", what: "all", withoutSelf: true };
  #isWhole = false;
  #isDownloading = false;

  protected override load(record: RecordHandle): void {
    this.#isWhole = false;
    this.#isDownloading = false;
    this.#filter = { who: "", what: "all", withoutSelf: true };
    this.#days = undefined;
    this.#read(record);
  }

  #read(record: RecordHandle): void {
    const days = periods[this.#period];
    const from = days && new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
    this.#reading.abort();
    this.#reading = new AbortController();
    const { signal: replaced } = this.#reading;
    void this.ask(
      (signal) => record.accessLog({ signal: AbortSignal.any([signal, replaced]), ...(from && { from }) }),
      (answer) => {
        if (replaced.aborted) return;
        this.#events = answer;
        if (answer.state === "ready") this.#days = accessDays(answer.value);
      },
    );
  }

  get #words(): AccessWords {
    return accessWords[this.locale];
  }

  override render(): TemplateResult {
    const words = this.#words;
    return html`<h1 tabindex="-1">${words.title(this.of)}</h1><p class="intro">${words.intro}</p>
      ${this.#days ? this.#filters(this.#days) : nothing}
      ${this.answered(this.#events, () => this.#log(this.#days ?? []))}
      <p class="download no-print"><button class="button" data-action="download" ?disabled=${this.#isDownloading} @click=${this.#download}>${this.#isDownloading ? words.downloading : words.download}</button> <span class="meta">${words.downloadHelp}</span></p>
      <carnet-notices .record=${this.record} .locale=${this.locale} .of=${this.of}></carnet-notices>
      ${this.outcomeBlock()}`;
  }

  #log(all: readonly AccessDay[]): TemplateResult {
    const words = this.#words;
    const days = filtered(all, this.#filter);
    const shown = this.#isWhole ? days : days.slice(0, daysAtFirst);
    const count = days.reduce((sum, { lines }) => sum + lines.length, 0);
    const isFiltered = this.#filter.who !== "" || this.#filter.what !== "all" || this.#period !== "year";
    return html`${this.#onPaper(shown.length, days.length)}
      <p class="quiet" role="status">${days.length > 0 ? words.found(count) : isFiltered ? words.noneFound : words.empty}</p>
      ${shown.map(({ day, lines }) => html`<h2>${writtenDay(`${day}T12:00:00Z`, this.locale)}</h2><ul class="card days">${lines.map((line) => this.#line(line))}</ul>`)}
      ${shown.length < days.length ? html`<p class="more"><button class="button" data-action="all" data-more @click=${this.#showAll}>${this.say.showAll(days.length)}</button></p>` : nothing}`;
  }

  /** The choices are no part of a printed page: there they are said, or a part would read as the whole. */
  #onPaper(shown: number, days: number): TemplateResult {
    const words = this.#words;
    const { who, what, withoutSelf } = this.#filter;
    const choices = {
      when: words.filters.periods[this.#period],
      who,
      what: what === "all" ? undefined : words.filters.kinds[what],
      isWithoutSelf: withoutSelf,
      shown,
      days,
    };
    return html`<p class="on-paper">${words.onPaper(choices)}</p>`;
  }

  #filters(all: readonly AccessDay[]): TemplateResult {
    const { filters, hideSelf } = this.#words;
    const { who, what, withoutSelf } = this.#filter;
    const { persons, structures } = whoLooked(all);
    const option = (value: string, label: string, current: string) =>
      html`<option value=${value} .selected=${value === current}>${label}</option>`;
    // Somebody who did not look in this period stays chosen: a list without the others must say so.
    const others = who === "" || persons.includes(who) || structures.includes(who) ? [] : [who];
    const set = (change: Partial<AccessFilter>) => {
      this.#filter = { ...this.#filter, ...change };
      this.requestUpdate();
    };
    const chosen = (event: Event) => (event.currentTarget as HTMLSelectElement).value;
    return html`<fieldset class="card no-print">
      <legend class="visually-hidden">${filters.title}</legend>
      <div class="filters">
        <label class="field"><span>${filters.when}</span><select name="when" @change=${this.#setPeriod}>${(Object.entries(filters.periods) as [Period, string][]).map(([value, label]) => option(value, label, this.#period))}</select></label>
        <label class="field"><span>${filters.who}</span><select name="who" @change=${(event: Event) => set({ who: chosen(event) })}>
          ${option("", filters.everybody, who)} ${others.map((name) => option(name, name, who))}
          <optgroup label=${filters.persons}>${persons.map((name) => option(name, name, who))}</optgroup>
          <optgroup label=${filters.structures}>${structures.map((name) => option(name, name, who))}</optgroup>
        </select></label>
        <label class="field"><span>${filters.what}</span><select name="what" @change=${(event: Event) => set({ what: chosen(event) as AccessFilter["what"] })}>${Object.entries(filters.kinds).map(([value, label]) => option(value, label, what))}</select></label>
      </div>
      <label class="switch"><input type="checkbox" name="without-self" .checked=${withoutSelf} @change=${(event: Event) => set({ withoutSelf: (event.currentTarget as HTMLInputElement).checked })} />${hideSelf}</label>
    </fieldset>`;
  }

  #line(line: AccessLine): TemplateResult {
    const words = this.#words;
    const from = writtenTime(line.from, this.locale);
    const to = writtenTime(line.to, this.locale);
    const place = [words.professions[line.profession ?? ""], line.structure].filter(Boolean).join(", ");
    const categories = line.categories.flatMap((code) => words.categories[code] ?? []).join(", ");
    const { eventId } = line;
    return html`<li>
      <span class="when">${from === to ? from : html`${from} – ${to}`}</span>
      <div>
        <p><span class="who">${line.isSelf ? words.self : line.who}</span>
          ${line.isRefused ? html`<span class="tag tag--danger">${words.refused}</span>` : nothing}
          ${line.isEmergency ? html`<span class="tag tag--warm">${words.emergency}</span>` : nothing}</p>
        ${place ? html`<p class="what">${place}</p>` : nothing}
        ${line.isRefused ? html`<p>${words.tried}</p>` : html`<ul class="acts">${line.acts.map(({ act, count }) => html`<li>${words.acts[act]}${count > 1 ? html` <span class="what">· ${words.times(count)}</span>` : nothing}</li>`)}</ul>`}
        ${categories ? html`<p class="what">${words.seen(categories)}</p>` : nothing}
        ${line.reason ? html`<p class="what">${words.reason(line.reason)}</p>` : nothing}
      </div>
      ${eventId && !line.isSelf ? html`<button class="button button--plain no-print" data-action="report" @click=${() => this.#report(line.who, eventId)}>${words.report}<span class="visually-hidden"> : ${line.who}, ${from}</span></button>` : nothing}
    </li>`;
  }

  async #report(who: string, id: string): Promise<void> {
    const words = this.#words;
    const question = {
      title: words.reportTitle(who),
      text: words.reportText,
      label: words.reportLabel,
      action: words.reportSend,
      cancel: this.say.cancel,
    };
    const about = { resourceType: "AuditEvent", id } as const;
    const numberOf = numberForm();
    await this.changeByForm<string>(
      (keep) => askText(this.renderRoot, question, keep),
      (text) => {
        const number = numberOf(text);
        return { run: (record, signal) => record.report(about, text, { number, signal }), done: words.reportDone };
      },
    );
  }

  readonly #download = async () => {
    this.#isDownloading = true;
    this.requestUpdate();
    await this.change({
      run: async (record, signal) => {
        const { bytes, contentType } = await record.downloadAccessLog({ signal });
        const name = this.locale === "fr" ? "acces" : "accesses";
        saveFile(bytes, contentType, `${name}-${new Date().toISOString().slice(0, 10)}.csv`);
      },
      done: this.#words.downloaded,
    });
    this.#isDownloading = false;
    this.requestUpdate();
  };

  readonly #setPeriod = (event: Event) => {
    const { record } = this;
    this.#period = (event.currentTarget as HTMLSelectElement).value as Period;
    if (record) this.#read(record);
  };

  readonly #showAll = () => {
    this.#isWhole = true;
    this.requestUpdate();
  };
}
