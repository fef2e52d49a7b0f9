import type { RecordHandle } from "@carnet/sdk";
import type { AuditEvent } from "@carnet/sdk/fhir";
import { css, html, nothing, type TemplateResult } from "lit";
import { type AccessDay, type AccessLine, accessDays } from "../access-days.ts";
import { writtenDay, writtenTime } from "../dates.ts";
import { base } from "../styles.ts";
import { type Answer, RecordView } from "../view.ts";

const daysAtFirst = 7;

/** "Qui a regardé": the access log by day, refusals included. */
export class AccessView extends RecordView {
  static override styles = [
    base,
    css`
      .switch { display: inline-flex; align-items: center; gap: 0.6rem; min-height: 44px; margin: 1rem 0 0; cursor: pointer; }
      .switch input { width: 1.2rem; height: 1.2rem; accent-color: var(--accent); }
      h2 { margin: 1.6rem 0 0.6rem; font-size: 1.05rem; }
      h2::first-letter { text-transform: uppercase; }
      .card { padding: 0.2rem 1.4rem; }
      .card > li { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: 0.1rem 1.2rem; padding: 0.9rem 0; border-top: 1px solid var(--line); }
      .card > li:first-child { border-top: 0; }
      .when { color: var(--quiet); font-variant-numeric: tabular-nums; }
      .who { font-weight: 600; }
      .what { color: var(--quiet); }
      .more { margin-top: 1.2rem; }
      @media (max-width: 560px) { .card > li { grid-template-columns: minmax(0, 1fr); } }
    `,
  ];

  #events: Answer<readonly AuditEvent[]> = { state: "loading" };
  #withoutSelf = true;
  #isWhole = false;

  protected override load(record: RecordHandle): void {
    this.#isWhole = false;
    void this.ask(
      (signal) => record.accessLog({ signal }),
      (answer) => {
        this.#events = answer;
      },
    );
  }

  override render(): TemplateResult {
    const { access } = this.say;
    return html`<h1 tabindex="-1">${access.title(this.of)}</h1><p class="intro">${access.intro}</p>${this.#content()}`;
  }

  #content(): TemplateResult {
    const { access, showAll } = this.say;
    if (this.#events.state === "loading") return html`<div class="more">${this.loadingBlock()}</div>`;
    if (this.#events.state === "failed") return this.failureBlock(this.#events.problem);
    const days = this.#shownDays(accessDays(this.#events.value));
    const shown = this.#isWhole ? days : days.slice(0, daysAtFirst);
    return html`
      <label class="switch no-print"><input type="checkbox" .checked=${this.#withoutSelf} @change=${this.#toggleSelf} />${access.hideSelf}</label>
      ${days.length === 0 ? html`<p class="message quiet">${access.empty}</p>` : shown.map((day) => this.#day(day))}
      ${shown.length < days.length ? html`<p class="more"><button class="button" @click=${this.#showAll}>${showAll(days.length)}</button></p>` : nothing}`;
  }

  #shownDays(days: readonly AccessDay[]): readonly AccessDay[] {
    if (!this.#withoutSelf) return days;
    return days
      .map((day) => ({ ...day, lines: day.lines.filter(({ isSelf }) => !isSelf) }))
      .filter(({ lines }) => lines.length > 0);
  }

  #day({ day, lines }: AccessDay): TemplateResult {
    return html`<h2>${writtenDay(`${day}T12:00:00Z`, this.locale)}</h2><ul class="card">${lines.map((line) => this.#line(line))}</ul>`;
  }

  #line(line: AccessLine): TemplateResult {
    const { access, professions } = this.say;
    const from = writtenTime(line.from, this.locale);
    const to = writtenTime(line.to, this.locale);
    const place = [professions[line.profession ?? ""], line.structure].filter(Boolean).join(", ");
    return html`<li>
      <span class="when">${from === to ? from : html`${from} – ${to}`}</span>
      <div>
        <p><span class="who">${line.isSelf ? access.self : line.who}</span>
          ${line.isRefused ? html`<span class="tag tag--danger">${access.refused}</span>` : nothing}
          ${line.isEmergency ? html`<span class="tag tag--warm">${access.emergency}</span>` : nothing}</p>
        ${place ? html`<p class="what">${place}</p>` : nothing}
        ${line.isRefused ? html`<p>${access.tried}</p>` : html`<ul class="acts">${line.acts.map(({ act, count }) => html`<li>${access.acts[act]}${count > 1 ? html` <span class="what">· ${access.times(count)}</span>` : nothing}</li>`)}</ul>`}
        ${line.reason ? html`<p class="what">${access.reason(line.reason)}</p>` : nothing}
      </div>
    </li>`;
  }

  readonly #toggleSelf = (event: Event) => {
    if (event.target instanceof HTMLInputElement) this.#withoutSelf = event.target.checked;
    this.requestUpdate();
  };

  readonly #showAll = () => {
    this.#isWhole = true;
    this.requestUpdate();
  };
}
