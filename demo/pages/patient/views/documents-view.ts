import type { DocumentEntry, RecordHandle } from "@carnet/sdk";
import { css, html, nothing, type TemplateResult } from "lit";
import { type Category, categories, categoryOf } from "../categories.ts";
import { writtenDate } from "../dates.ts";
import { base } from "../styles.ts";
import { type Problem, problemOf, RecordView } from "../view.ts";

const pageSize = 100;
const shownAtOnce = 20;

interface Change {
  readonly document: DocumentEntry;
  readonly isHidden: boolean;
  readonly state: "asked" | "running" | "done" | "failed";
}

/**
 * The person's documents by category, newest first, with hide and show.
 *
 * @event open-document - A document was chosen; detail `{entry}`.
 */
export class DocumentsView extends RecordView {
  static override styles = [
    base,
    css`
      .tools { display: grid; gap: 0.9rem; margin: 1.3rem 0 1rem; }
      label span { display: block; font-size: 0.92rem; color: var(--quiet); margin-bottom: 0.25rem; }
      input { width: 100%; max-width: 30rem; min-height: 46px; padding: 0.5rem 0.9rem; border: 1px solid var(--edge); border-radius: 10px; background: var(--surface); color: inherit; font: inherit; }
      .chips { display: flex; flex-wrap: wrap; gap: 0.5rem; }
      .chip { min-height: 38px; padding: 0.25rem 0.95rem; border: 1px solid var(--line); border-radius: 999px; background: var(--surface); color: var(--ink); font: inherit; font-size: 0.95rem; cursor: pointer; }
      .chip:hover { border-color: var(--accent); }
      .chip[aria-pressed="true"] { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
      .chip small { font-size: 0.85em; opacity: 0.85; }
      .documents li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.3rem 1.2rem; align-items: center; padding: 1rem 1.4rem; border-top: 1px solid var(--line); }
      .documents li:first-child { border-top: 0; }
      .card--list { padding: 0; }
      .title { font-weight: 600; overflow-wrap: anywhere; }
      .meta { color: var(--quiet); font-size: 0.94rem; }
      .actions { display: flex; flex-wrap: wrap; gap: 0.4rem; justify-content: flex-end; }
      .actions .button { min-height: 40px; padding: 0.3rem 0.9rem; font-size: 0.95rem; }
      .year { margin: 1.6rem 0 0.5rem; font-size: 1rem; color: var(--quiet); font-weight: 600; }
      .more { margin-top: 1rem; }
      .notice { position: sticky; bottom: 1rem; display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.5rem 1rem; margin-top: 1rem; padding: 0.7rem 1.2rem; border: 1px solid var(--accent); border-radius: var(--radius); background: var(--tint); }
      .notice--failed { border-color: var(--danger); background: var(--danger-tint); }
      .notice:empty { display: none; }
      dialog { max-width: 32rem; padding: 1.6rem; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); color: inherit; }
      dialog::backdrop { background: rgb(10 20 22 / 55%); }
      dialog h2 { margin-bottom: 0.6rem; }
      dialog .actions { margin-top: 1.4rem; }
      @media (max-width: 640px) { .documents li { grid-template-columns: minmax(0, 1fr); } .actions { justify-content: flex-start; } }
      @media print { .tools { display: none; } }
    `,
  ];

  #documents: readonly DocumentEntry[] = [];
  #state: "loading" | "more" | "ready" | Problem = "loading";
  #query = "";
  #category: Category | undefined;
  #shown = shownAtOnce;
  #change: Change | undefined;

  protected override load(record: RecordHandle, signal: AbortSignal): void {
    this.#documents = [];
    this.#category = undefined;
    this.#query = "";
    this.#shown = shownAtOnce;
    this.#change = undefined;
    void this.#read(record, signal);
  }

  /** Shows the first page as soon as it is there; the rest follows, so that search and counts are true. */
  async #read(record: RecordHandle, signal: AbortSignal): Promise<void> {
    this.#state = "loading";
    this.requestUpdate();
    try {
      for await (const page of record.documents({ pageSize }, { signal }).pages()) {
        if (signal.aborted) return;
        this.#documents = [...this.#documents, ...page.documents];
        this.#state = "more";
        this.requestUpdate();
      }
      this.#state = "ready";
    } catch (error) {
      if (signal.aborted) return;
      this.#state = problemOf(error);
    }
    this.requestUpdate();
  }

  override render(): TemplateResult {
    return html`<h1 tabindex="-1">${this.say.documents.title(this.of)}</h1>${this.#content()}${this.#dialog()}`;
  }

  #content(): TemplateResult {
    const { documents: say } = this.say;
    if (this.#state === "loading") return html`<div class="tools"></div>${this.loadingBlock()}`;
    if (this.#state !== "more" && this.#state !== "ready") return this.failureBlock(this.#state);
    if (this.#documents.length === 0) return html`<p class="message quiet">${say.empty}</p>`;
    const found = this.#found();
    return html`
      ${this.#tools(found.length)}
      ${found.length === 0 ? html`<p class="message quiet">${say.none}</p>` : this.#list(found.slice(0, this.#shown))}
      ${found.length > this.#shown ? html`<p class="more"><button class="button" @click=${this.#showMore}>${this.say.showMore(Math.min(shownAtOnce * 2, found.length - this.#shown))}</button></p>` : nothing}
      ${this.#notice()}`;
  }

  #tools(count: number): TemplateResult {
    const { documents: say } = this.say;
    const counts = new Map<Category, number>();
    for (const one of this.#documents) counts.set(categoryOf(one), (counts.get(categoryOf(one)) ?? 0) + 1);
    const chip = (category: Category | undefined, label: string, total: number) =>
      html`<button class="chip" aria-pressed=${this.#category === category} data-category=${category ?? "all"} @click=${() => this.#choose(category)}>${label} <small>${total}</small></button>`;
    return html`<div class="tools">
      <label><span>${say.search}</span><input type="search" autocomplete="off" .value=${this.#query} @input=${this.#search} /></label>
      <div class="chips" role="group" aria-label=${say.title(this.of)}>
        ${chip(undefined, say.all, this.#documents.length)}
        ${categories.filter((one) => counts.has(one)).map((one) => chip(one, say.categories[one], counts.get(one) ?? 0))}
      </div>
      <p class="quiet" role="status">${this.#state === "more" ? say.loadingMore(this.#documents.length) : say.count(count)}</p>
    </div>`;
  }

  #found(): readonly DocumentEntry[] {
    const words = normalised(this.#query).split(/\s+/).filter(Boolean);
    return this.#documents.filter((one) => {
      if (this.#category && categoryOf(one) !== this.#category) return false;
      const text = normalised(
        [
          one.title,
          one.type.display,
          writtenDate(one.date, this.locale),
          ...one.authors.flatMap(({ name, organization }) => [name, organization ?? ""]),
        ].join(" "),
      );
      return words.every((word) => text.includes(word));
    });
  }

  #list(documents: readonly DocumentEntry[]): TemplateResult[] {
    const years = new Map<string, DocumentEntry[]>();
    for (const one of documents) years.set(one.date.slice(0, 4), [...(years.get(one.date.slice(0, 4)) ?? []), one]);
    return [...years].map(
      ([year, ofYear]) =>
        html`<h2 class="year">${year}</h2><ul class="card card--list documents">${ofYear.map((one) => this.#row(one))}</ul>`,
    );
  }

  #row(document: DocumentEntry): TemplateResult {
    const { documents: say } = this.say;
    const title = document.title || document.type.display || say.title(this.of);
    const author = document.authors[0];
    const who = [civil(author?.name), author?.organization].filter(Boolean).join(", ");
    const name = html`<span class="visually-hidden"> : ${title}</span>`;
    return html`<li data-document=${document.uniqueId}>
      <div>
        <p class="title">${title}</p>
        <p class="meta">${writtenDate(document.date, this.locale)}${who ? html` · ${who}` : nothing}</p>
        ${document.isHidden ? html`<span class="tag tag--warm">${say.hidden}</span>` : nothing}
      </div>
      <div class="actions no-print">
        <button class="button" data-action="open" @click=${() => this.#open(document)}>${say.open}${name}</button>
        <button class="button button--plain" data-action=${document.isHidden ? "show" : "hide"} @click=${() => this.#ask(document)}>${document.isHidden ? say.show : say.hide}${name}</button>
      </div>
    </li>`;
  }

  #notice(): TemplateResult {
    const { documents: say, undo, close } = this.say;
    const change = this.#change;
    const isFailed = change?.state === "failed";
    const isDone = change?.state === "done";
    return html`<div class=${`notice${isFailed ? " notice--failed" : ""}`} role=${isFailed ? "alert" : "status"}>${
      change && (isDone || isFailed)
        ? html`<span>${isFailed ? say.failedChange : change.isHidden ? say.hiddenDone : say.shownDone}</span>
            <span class="actions">
              ${isDone ? html`<button class="button" data-action="undo" @click=${() => this.#apply(change.document, !change.isHidden)}>${undo}</button>` : nothing}
              <button class="button button--plain" @click=${this.#forgetChange}>${close}</button>
            </span>`
        : nothing
    }</div>`;
  }

  #dialog(): TemplateResult {
    const { documents: say, cancel } = this.say;
    const change = this.#change;
    const hides = change?.isHidden ?? true;
    return html`<dialog aria-labelledby="change-title" @close=${this.#dismissed}>
      <h2 id="change-title">${hides ? say.hideTitle : say.showTitle}</h2>
      <p><strong>${change?.document.title}</strong></p>
      <p>${hides ? say.hideText : say.showText}</p>
      <p class="actions">
        <button class="button" autofocus @click=${() => this.#dialogElement()?.close()}>${cancel}</button>
        <button class="button button--main" data-action="confirm" @click=${this.#confirm}>${hides ? say.hide : say.show}</button>
      </p>
    </dialog>`;
  }

  #dialogElement = () => this.renderRoot.querySelector("dialog");

  async #ask(document: DocumentEntry): Promise<void> {
    this.#change = { document, isHidden: !document.isHidden, state: "asked" };
    this.requestUpdate();
    await this.updateComplete;
    this.#dialogElement()?.showModal();
  }

  readonly #confirm = () => {
    const change = this.#change;
    if (change) void this.#apply(change.document, change.isHidden);
    this.#dialogElement()?.close();
  };

  readonly #dismissed = () => {
    if (this.#change?.state === "asked") this.#forgetChange();
  };

  readonly #forgetChange = () => {
    this.#change = undefined;
    this.requestUpdate();
  };

  async #apply(document: DocumentEntry, isHidden: boolean): Promise<void> {
    const { record, signal } = this;
    if (!record) return;
    this.#change = { document, isHidden, state: "running" };
    this.requestUpdate();
    try {
      const changed = isHidden ? await record.hide(document, { signal }) : await record.show(document, { signal });
      if (signal.aborted) return;
      this.#documents = this.#documents.map((one) => (one.id === changed.id ? changed : one));
      this.#change = { document: changed, isHidden, state: "done" };
    } catch {
      if (signal.aborted) return;
      this.#change = { document, isHidden, state: "failed" };
    }
    this.requestUpdate();
  }

  #open(entry: DocumentEntry): void {
    this.dispatchEvent(new CustomEvent("open-document", { detail: { entry }, bubbles: true, composed: true }));
  }

  #choose(category: Category | undefined): void {
    this.#category = category;
    this.#shown = shownAtOnce;
    this.requestUpdate();
  }

  readonly #search = (event: Event) => {
    if (event.target instanceof HTMLInputElement) this.#query = event.target.value;
    this.#shown = shownAtOnce;
    this.requestUpdate();
  };

  readonly #showMore = () => {
    this.#shown += shownAtOnce * 2;
    this.requestUpdate();
  };
}

const normalised = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Civilities of document headers, as letters write them. */
const civil = (name: string | undefined) => name?.replace(/^MME /, "Mme ").replace(/^M /, "M. ");
