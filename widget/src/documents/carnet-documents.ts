import type { DocumentEntry } from "@carnet/sdk";
import { css, html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { type Problem, toProblem } from "../shared/problem.ts";
import { isProblem, RecordElement } from "../shared/record-element.ts";
import { sharedStrings } from "../shared/strings.ts";
import { base, tokens } from "../shared/tokens.ts";
import { documentRow } from "./document-row.ts";
import { categoryOf, choicesOf, filterDocuments, type ListCriteria, noCriteria, yearOf } from "./filter.ts";
import { documentsStrings } from "./strings.ts";

/** Rows on screen at once: nodes do not grow with the record. */
export const pageRows = 40;

/**
 * All the documents the caller may see, with search and filters. Pages of the service are read one after the other and
 * shown as they come; a page of rows is on screen at a time.
 *
 * @event carnet-open-document - Cancelable; detail `{uniqueId, document}`. Not canceled, `<carnet-documents>` shows it below the list's place.
 * @event carnet-error - Something failed; detail `{code, rule}`.
 */
export class CarnetDocuments extends RecordElement {
  static override properties = { ...RecordElement.properties, opened: { state: true } };
  static override styles = [
    tokens,
    base,
    css`
      :host {
        background: none;
      }
      .list {
        display: grid;
        gap: var(--_space);
        padding: calc(var(--_space) * 1.2);
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
        background: var(--_surface);
      }
      .title {
        font-size: 1.125em;
        font-weight: 680;
      }
      .criteria {
        display: grid;
        gap: calc(var(--_space) * 0.6);
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 12em), 1fr));
        align-items: end;
      }
      .criteria .wide {
        grid-column: 1 / -1;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.3em 1em;
      }
      .pages {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5em;
      }
    `,
  ];

  declare opened: DocumentEntry | undefined;

  #documents: DocumentEntry[] = [];
  #state: "idle" | "loading" | "done" | Problem = "idle";
  #criteria: ListCriteria = noCriteria;
  #page = 0;
  #generation = 0;

  protected override forget(): void {
    this.#generation++;
    this.#documents = [];
    this.#state = "idle";
    this.#criteria = noCriteria;
    this.#page = 0;
    this.opened = undefined;
  }

  protected override begin(): void {
    const record = this.openRecord();
    if (isProblem(record)) {
      if (record.code === "ins-invalid") this.#state = record;
      return;
    }
    void this.#load();
  }

  async #load(): Promise<void> {
    const { signal } = this;
    const record = this.openRecord();
    if (isProblem(record)) return;
    this.#state = "loading";
    const documents: DocumentEntry[] = [];
    const seen = new Set<string>();
    try {
      for await (const page of record.documents({ pageSize: 200 }, { signal }).pages()) {
        if (signal.aborted) return;
        for (const document of page.documents) {
          if (seen.has(document.id)) continue;
          seen.add(document.id);
          documents.push(document);
        }
        this.#documents = documents;
        this.requestUpdate();
      }
      if (signal.aborted) return;
      this.#documents = documents;
      this.#state = "done";
    } catch (error) {
      if (signal.aborted) return;
      this.#state = toProblem(error);
      this.emit("carnet-error", this.#state);
    }
    this.requestUpdate();
  }

  #set(change: Partial<ListCriteria>): void {
    this.#criteria = { ...this.#criteria, ...change };
    this.#page = 0;
    this.requestUpdate();
  }

  #open(document: DocumentEntry): void {
    if (!this.emit("carnet-open-document", { uniqueId: document.uniqueId, document }, { cancelable: true })) return;
    void import("../viewer/define.ts");
    this.opened = document;
  }

  override render(): TemplateResult {
    const say = documentsStrings[this.language];
    const shared = sharedStrings(this.language);
    if (this.opened !== undefined) {
      const record = this.openRecord();
      return html`<div lang=${this.language}>
        <p><button class="button" data-back @click=${() => {
          this.opened = undefined;
        }}>${shared.close}</button></p>
        <carnet-document .record=${isProblem(record) ? undefined : record} .entry=${this.opened} locale=${this.language} theme=${this.theme ?? nothing}></carnet-document>
      </div>`;
    }
    const found = filterDocuments(this.#documents, this.#criteria);
    const pages = Math.max(1, Math.ceil(found.length / pageRows));
    const page = Math.min(this.#page, pages - 1);
    const shown = found.slice(page * pageRows, (page + 1) * pageRows);
    return html`<div class="list" part="list" lang=${this.language}>
      <div class="title" role="heading" aria-level="3" tabindex="-1">${say.title}</div>
      ${keyed(this.#generation, this.#criteriaForm())}
      <div class="bar">
        <span role="status" class="muted">
          ${this.#state === "loading" ? say.progress(this.#documents.length) : this.#documents.length === 0 ? nothing : say.found(found.length, this.#documents.length)}
        </span>
        ${
          this.#criteria === noCriteria
            ? nothing
            : html`<button class="button quiet" @click=${() => {
                this.#generation++;
                this.#criteria = noCriteria;
                this.#page = 0;
                this.requestUpdate();
              }}>${say.clear}</button>`
        }
      </div>
      ${this.#notice()}
      ${
        shown.length > 0
          ? html`<ul class="rows" role="list">
              ${repeat(
                shown,
                ({ id }) => id,
                (entry) => html`<li>${documentRow(entry, this.language, () => this.#open(entry))}</li>`,
              )}
            </ul>`
          : this.#state === "loading"
            ? html`<div class="skeleton" aria-hidden="true">${Array.from({ length: 6 }, () => html`<span class="skeleton-line"></span>`)}</div>`
            : this.#state === "done"
              ? html`<p class="empty" data-state="nothing-recorded">${this.#documents.length === 0 ? say.none : say.noMatch}</p>`
              : nothing
      }
      ${
        pages <= 1
          ? nothing
          : html`<nav class="pages" aria-label=${say.title}>
              <button class="button" ?disabled=${page === 0} @click=${() => this.#turn(page - 1)}>${say.previous}</button>
              <span role="status">${say.page(page + 1, pages)}</span>
              <button class="button" ?disabled=${page >= pages - 1} @click=${() => this.#turn(page + 1)}>${say.next}</button>
            </nav>`
      }
    </div>`;
  }

  #turn(page: number): void {
    this.#page = page;
    this.requestUpdate();
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector<HTMLElement>(".title")?.focus({ preventScroll: false });
    });
  }

  #notice(): TemplateResult | typeof nothing {
    const state = this.#state;
    if (typeof state === "string") return nothing;
    const say = documentsStrings[this.language];
    const shared = sharedStrings(this.language);
    return html`<div class="failed" role="alert" data-state="failed">
      <p><strong>${this.#documents.length === 0 ? say.failed : say.partial(this.#documents.length)}</strong></p>
      <p>${shared.problems[state.code]} ${state.rule === undefined ? nothing : shared.refusedByRule(state.rule)}</p>
      <button class="button" data-retry @click=${() => {
        void this.#load();
        this.requestUpdate();
      }}>${shared.retry}</button>
    </div>`;
  }

  #criteriaForm(): TemplateResult {
    const say = documentsStrings[this.language];
    const { category, author, year, order } = this.#criteria;
    const select = (
      label: string,
      all: string,
      value: string,
      choices: readonly string[],
      name: "category" | "author" | "year",
    ) =>
      html`<label>${label}
        <select data-filter=${name} @change=${(event: Event) => this.#set({ [name]: (event.target as HTMLSelectElement).value })}>
          <option value="" ?selected=${value === ""}>${all}</option>
          ${choices.map((choice) => html`<option value=${choice} ?selected=${choice === value}>${choice}</option>`)}
        </select>
      </label>`;
    return html`<form class="criteria" role="search" @submit=${(event: Event) => event.preventDefault()}>
      <label class="wide">${say.search}
        <input type="search" autocomplete="off" data-filter="text" @input=${(event: Event) => this.#set({ text: (event.target as HTMLInputElement).value })} />
      </label>
      ${select(say.category, say.allCategories, category, choicesOf(this.#documents, categoryOf), "category")}
      ${select(say.author, say.allAuthors, author, choicesOf(this.#documents, (entry) => entry.authors[0]?.name).slice(0, 200), "author")}
      ${select(say.year, say.allYears, year, choicesOf(this.#documents, yearOf).reverse(), "year")}
      <label>${say.order}
        <select data-filter="order" @change=${(event: Event) => this.#set({ order: (event.target as HTMLSelectElement).value === "oldest" ? "oldest" : "newest" })}>
          <option value="newest" ?selected=${order === "newest"}>${say.newestFirst}</option>
          <option value="oldest" ?selected=${order === "oldest"}>${say.oldestFirst}</option>
        </select>
      </label>
    </form>`;
  }
}
