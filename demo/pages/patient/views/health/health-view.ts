import type { RecordHandle } from "@carnet/sdk";
import type { Bundle } from "@carnet/sdk/fhir";
import { css, html, nothing, type TemplateResult } from "lit";
import { decimalFormat, writtenDate } from "../../dates.ts";
import { base } from "../../styles.ts";
import { type Answer, RecordView } from "../../view.ts";
import { type Denials, denials, type Line, type PlainSummary, plainSummary } from "./plain-summary.ts";

type SectionName = keyof PlainSummary;

/** Order of reading: what may hurt first. */
const order: readonly SectionName[] = [
  "allergies",
  "medicines",
  "problems",
  "vaccines",
  "followUp",
  "results",
  "history",
];
const shownAtFirst = 5;

/** A line never ends between a number and its unit: "5" is not read as a dose. */
const withUnits = (text: string) => text.replace(/(\d) (?=[\p{L}%])/gu, "$1\u00a0");

/** A strength in two parts may turn after its stroke, and never within a word. */
const breakable = (text: string) =>
  withUnits(text)
    .split("/")
    .map((piece, at) => (at === 0 ? piece : html`/<wbr />${piece}`));

/**
 * "Ma santé en bref": the summary in plain words, each line opening its source.
 *
 * @event open-source - A line was chosen; detail `{uniqueId}`.
 */
export class HealthView extends RecordView {
  static override styles = [
    base,
    css`
      .columns { columns: 21rem 3; column-gap: 1.1rem; margin-top: 1.6rem; }
      .columns > section { break-inside: avoid; margin-bottom: 1.1rem; }
      section header { display: flex; align-items: baseline; justify-content: space-between; gap: 1rem; margin-bottom: 0.5rem; }
      header > .quiet { white-space: nowrap; }
      section > .quiet + ul { margin-top: 0.5rem; }
      section > .button--plain { margin-inline-start: -0.7rem; }
      li { padding: 0.65rem 0; border-top: 1px solid var(--line); }
      .title { font-weight: 600; overflow-wrap: anywhere; }
      .detail { color: var(--ink); }
      .foot { display: flex; flex-wrap: wrap; gap: 0 0.9rem; align-items: center; font-size: 0.9rem; color: var(--quiet); }
      .link { min-height: 28px; padding: 0.1rem 0; border: 0; background: none; color: var(--accent); font: inherit; text-decoration: underline; text-underline-offset: 3px; cursor: pointer; }
      .result { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; }
      .value { font-variant-numeric: tabular-nums; font-weight: 600; }
      .result .title { font-weight: 400; }
      .caution { margin-top: 1.4rem; font-size: 0.92rem; color: var(--quiet); }
      [data-section="allergies"]:has(.tag--danger) { border-color: var(--danger); }
      @media print {
        li { break-inside: avoid; }
        /* A long section kept whole leaves most of a sheet empty. Allergies stay under their heading: apart, one reads as a medicine. */
        .columns > section:not([data-section="allergies"]) { break-inside: auto; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
        section > header, section > .quiet { break-after: avoid; }
      }
    `,
  ];

  #summary: Answer<Bundle> = { state: "loading" };
  #open = new Set<SectionName>();
  /** Nobody can ask a sheet of paper for the rest: every line stands on it. */
  #isOnPaper = false;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("beforeprint", this.#turnToPaper);
    addEventListener("afterprint", this.#turnToPaper);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("beforeprint", this.#turnToPaper);
    removeEventListener("afterprint", this.#turnToPaper);
    this.#isOnPaper = false;
  }

  readonly #turnToPaper = ({ type }: Event) => {
    this.#isOnPaper = type === "beforeprint";
    this.requestUpdate();
  };

  protected override load(record: RecordHandle): void {
    this.#open.clear();
    void this.ask(
      (signal) => record.summary({ signal }),
      (answer) => {
        this.#summary = answer;
      },
    );
  }

  override render(): TemplateResult {
    const { say } = this;
    return html`<h1 tabindex="-1">${say.health.title(this.of)}</h1><p class="intro">${say.health.intro}</p>${this.#content()}`;
  }

  #content(): TemplateResult {
    switch (this.#summary.state) {
      case "loading":
        return html`<div class="columns">${this.loadingBlock()}</div>`;
      case "failed":
        return this.failureBlock(this.#summary.problem);
      case "ready": {
        const summary = plainSummary(this.#summary.value, {
          ...this.say.health.values,
          decimal: decimalFormat(this.locale),
          date: (iso) => writtenDate(iso, this.locale),
        });
        const denied = denials(this.#summary.value);
        return html`<div class="columns">${order.map((name) => this.#section(name, summary[name], denied))}</div><p class="caution">${this.say.health.caution}</p>`;
      }
    }
  }

  #section(name: SectionName, lines: readonly Line[], denied: Denials): TemplateResult {
    const { health, showAll } = this.say;
    const isWhole = this.#open.has(name) || name === "allergies" || this.#isOnPaper;
    const shown = isWhole ? lines : lines.slice(0, shownAtFirst);
    return html`<section class="card" data-section=${name} aria-labelledby=${`title-${name}`}>
      <header><h2 id=${`title-${name}`}>${health.sections[name]}</h2>${lines.length > 0 ? html`<span class="quiet">${shown.length < lines.length ? this.say.shownOf(shown.length, lines.length) : lines.length}</span>` : nothing}</header>
      ${name === "followUp" && lines.length > 0 ? html`<p class="quiet">${health.followUpBasis}</p>` : nothing}
      ${lines.length === 0 ? this.#empty(name, denied) : html`<ul>${shown.map((line) => (name === "results" ? this.#result(line) : this.#line(line)))}</ul>`}
      ${shown.length < lines.length ? html`<button class="button button--plain" data-more @click=${() => this.#expand(name)}>${showAll(lines.length)}</button>` : nothing}
    </section>`;
  }

  /** "None known", said by somebody, and nothing written are two things. */
  #empty(name: SectionName, denied: Denials): TemplateResult {
    const { health } = this.say;
    const isDeniable = name === "allergies" || name === "medicines" || name === "problems";
    const statement = isDeniable ? denied[name] : undefined;
    if (!isDeniable || !statement) return html`<p class="quiet">${health.empty}</p>`;
    return html`<p>${health.denied[name]}</p>${this.#foot(statement)}`;
  }

  #line(line: Line): TemplateResult {
    const { health } = this.say;
    return html`<li>
      <p class="title">${line.title ? breakable(line.title) : this.say.unknown} ${this.#marks(line)} ${line.isSerious ? html`<span class="tag tag--danger">${health.serious}</span>` : nothing}</p>
      ${line.detail ? html`<p class="detail">${breakable(line.detail)}</p>` : nothing}
      ${this.#foot(line)}
    </li>`;
  }

  #marks({ marks = [] }: Line): TemplateResult[] {
    return marks.map(
      (mark) =>
        html`<span class="tag ${mark === "forbidden" ? "tag--danger" : ""}">${this.say.health.marks[mark]}</span>`,
    );
  }

  #result(line: Line): TemplateResult {
    return html`<li><p class="result"><span class="title">${line.title || this.say.unknown} ${this.#marks(line)}</span><span class="value">${line.detail}</span></p>${this.#foot(line)}</li>`;
  }

  #foot(line: Line): TemplateResult {
    const { source } = line;
    return html`<p class="foot">
      ${line.date ? html`<span>${writtenDate(line.date, this.locale)}</span>` : nothing}
      ${source ? html`<button class="link no-print" @click=${() => this.#openSource(source)}>${this.say.health.source}<span class="visually-hidden"> : ${line.title}</span></button>` : nothing}
    </p>`;
  }

  #expand(name: SectionName): void {
    this.#open.add(name);
    this.requestUpdate();
  }

  #openSource(uniqueId: string): void {
    this.dispatchEvent(new CustomEvent("open-source", { detail: { uniqueId }, bubbles: true, composed: true }));
  }
}
