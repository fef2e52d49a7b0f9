import type { DepositInput, DocumentEntry, RecordHandle } from "@carnet/sdk";
import type { RelatedPerson } from "@carnet/sdk/fhir";
import { html, nothing, type TemplateResult } from "lit";
import { writtenDate } from "../../dates.ts";
import { base } from "../../styles.ts";
import { type Problem, problemOf, RecordView } from "../../view.ts";
import { askOwnDocument } from "./add-document.ts";
import { type Category, categories, categoryOf } from "./categories.ts";
import { askChoice } from "./choices.ts";
import { type ActingList, actOn, hideOrShow, titleOf } from "./document-acts.ts";
import { type RestrictionsByDocument, restrictionsFor, restrictionsOf } from "./restrictions.ts";
import { documentsStyles } from "./styles.ts";
import { excerptBlock } from "./text-search.ts";
import { type DocumentWords, documentWords } from "./words.ts";

const pageSize = 100;
const shownAtOnce = 20;

/** What was found in the texts, beside the list of all documents. */
type TextSearch =
  | { readonly state: "running"; readonly words: string }
  | { readonly state: "found"; readonly words: string; readonly documents: readonly DocumentEntry[] }
  | { readonly state: "failed"; readonly words: string; readonly problem: Problem };

/**
 * The person's documents by category, newest first, and what they decide about each. R119 to R123, R142 to R149, R169.
 *
 * @event open-document - A document was chosen; detail `{entry}`.
 */
export class DocumentsView extends RecordView {
  static override styles = [base, documentsStyles];

  #documents: readonly DocumentEntry[] = [];
  #restrictions: RestrictionsByDocument = new Map();
  #state: "loading" | "more" | "ready" | Problem = "loading";
  #query = "";
  #category: Category | undefined;
  #isArchive = false;
  #shown = shownAtOnce;
  #search: TextSearch | undefined;
  /** Ends the reading of a list when another one is asked for: the archive, or all of it anew. */
  #reading = new AbortController();
  /** The tools of the list stand while it is read anew: who has no mouse is at one of them. */
  #hasTools = false;

  protected override load(record: RecordHandle, signal: AbortSignal): void {
    this.#hasTools = false;
    this.#documents = [];
    this.#restrictions = new Map();
    this.#category = undefined;
    this.#query = "";
    this.#isArchive = false;
    this.#search = undefined;
    this.#shown = shownAtOnce;
    void this.#read(record, signal);
  }

  /** Shows the first page as soon as it is there; the rest follows, so that search and counts are true. */
  async #read(record: RecordHandle, ofPerson: AbortSignal): Promise<void> {
    this.#reading.abort();
    this.#reading = new AbortController();
    const signal = AbortSignal.any([ofPerson, this.#reading.signal]);
    this.#state = "loading";
    this.#documents = [];
    this.requestUpdate();
    void this.#readRestrictions(record, signal);
    try {
      const filter = { pageSize, ...(this.#isArchive && { isArchived: true }) };
      for await (const page of record.documents(filter, { signal }).pages()) {
        if (signal.aborted) return;
        this.#documents = [...this.#documents, ...page.documents];
        this.#state = "more";
        this.#hasTools = true;
        this.requestUpdate();
      }
      if (signal.aborted) return;
      this.#state = "ready";
      this.#hasTools = true;
    } catch (error) {
      if (signal.aborted) return;
      this.#hasTools = false;
      this.#state = problemOf(error);
    }
    this.requestUpdate();
  }

  /** Who is kept from single documents. It is but a mark on the list: without it the list still stands. */
  async #readRestrictions(record: RecordHandle, signal: AbortSignal): Promise<void> {
    try {
      const consents = await record.consents({ signal });
      if (!signal.aborted) this.#restrictions = restrictionsOf(consents);
    } catch (error) {
      if (!signal.aborted && problemOf(error) === "other") this.#restrictions = new Map();
    }
    this.requestUpdate();
  }

  get #words(): DocumentWords {
    return documentWords[this.locale];
  }

  override render(): TemplateResult {
    const words = this.#words;
    return html`<div class="head"><h1 tabindex="-1">${words.title(this.of)}</h1>
        <button class="button button--main no-print" data-action="add" @click=${this.#add}>${words.add.open}</button></div>
      ${this.#content()}
      <details class="help"><summary>${words.announcement}</summary><p>${words.announcementText}</p></details>
      ${this.outcomeBlock()}`;
  }

  #content(): TemplateResult {
    if (this.#state === "loading" && !this.#hasTools) return html`<div class="tools"></div>${this.loadingBlock()}`;
    if (this.#state !== "loading" && this.#state !== "more" && this.#state !== "ready")
      return this.failureBlock(this.#state);
    const found = this.#found();
    return html`
      ${this.#tools(found.length)}
      ${this.#state === "loading" ? this.loadingBlock() : this.#answer(found)}`;
  }

  #answer(found: readonly DocumentEntry[]): TemplateResult {
    const words = this.#words;
    if (this.#documents.length === 0 && this.#state === "ready" && !this.#search)
      return html`<p class="message quiet">${this.#isArchive ? words.emptyArchive : words.empty}</p>`;
    return html`${this.#onPaper(found.length)} ${this.#search ? this.#textSearch(this.#search) : this.#listed(found)}`;
  }

  /** A printed page has neither field nor buttons: what leaves documents out is said in words. */
  #onPaper(found: number): TemplateResult | typeof nothing {
    const words = this.#words;
    const all = this.#state === "ready" ? this.#documents.length : undefined;
    const search = this.#search?.state === "found" ? this.#search : undefined;
    const shown = search?.documents.length ?? Math.min(found, this.#shown);
    if (!search && shown === all) return nothing;
    const category = search || !this.#category ? undefined : words.categories[this.#category];
    return html`<p class="on-paper">${words.onPaper(shown, all, category, search?.words ?? this.#query.trim())}</p>`;
  }

  #listed(found: readonly DocumentEntry[]): TemplateResult {
    const isMore = found.length > this.#shown;
    // While the rest comes in, nobody can say that there is none.
    const none = this.#state === "more" ? nothing : html`<p class="message quiet">${this.#words.none}</p>`;
    return html`
      ${found.length === 0 ? none : this.#list(found.slice(0, this.#shown))}
      ${isMore ? html`<p class="more"><button class="button" data-more @click=${this.#showMore}>${this.say.showMore(Math.min(shownAtOnce * 2, found.length - this.#shown))}</button></p>` : nothing}`;
  }

  #tools(count: number): TemplateResult {
    const words = this.#words;
    const counts = new Map<Category, number>();
    for (const one of this.#documents) counts.set(categoryOf(one), (counts.get(categoryOf(one)) ?? 0) + 1);
    const chip = (category: Category | undefined, label: string, total: number) =>
      html`<button class="chip" aria-pressed=${this.#category === category} data-category=${category ?? "all"} @click=${() => this.#choose(category)}>${label} <small>${total}</small></button>`;
    const isEmpty = this.#documents.length === 0;
    const said = this.#state === "more" ? words.loadingMore(this.#documents.length) : words.count(count);
    // Of no document there is nothing to look for: what is left is the way to the archive, and back.
    return html`<div class="tools">
      ${
        isEmpty && this.#state === "ready"
          ? nothing
          : html`<form class="search" role="search" @submit=${this.#searchTexts}>
        <label><span>${words.search}</span><input type="search" name="words" autocomplete="off" .value=${this.#query} @input=${this.#type} /></label>
        <button class="button" data-action="search-text" ?disabled=${this.#query.trim() === ""}>${words.searchText}</button>
      </form>`
      }
      ${
        isEmpty
          ? nothing
          : html`<div class="chips" role="group" aria-label=${words.title(this.of)}>
        ${chip(undefined, words.all, this.#documents.length)}
        ${categories.filter((one) => counts.has(one)).map((one) => chip(one, words.categories[one], counts.get(one) ?? 0))}
      </div>`
      }
      <label class="archive"><input type="checkbox" name="archive" .checked=${this.#isArchive} @change=${this.#showArchive} />${words.archivedToo}</label>
      <p class="quiet" role="status">${this.#search || isEmpty ? nothing : said}</p>
    </div>`;
  }

  #textSearch(search: TextSearch): TemplateResult {
    const words = this.#words;
    const back = html`<p class="more"><button class="button" data-action="clear-search" @click=${this.#clearSearch}>${words.clearSearch}</button></p>`;
    switch (search.state) {
      case "running":
        return html`<p role="status" class="quiet">${words.searching}</p>${this.loadingBlock()}`;
      case "failed":
        return html`${this.failureBlock(search.problem)}${back}`;
      case "found":
        return html`<p role="status">${search.documents.length === 0 ? words.notInText : words.foundInText(search.documents.length)}</p>${back}
          ${search.documents.length === 0 ? nothing : this.#list(search.documents)}`;
    }
  }

  #found(): readonly DocumentEntry[] {
    const asked = normalised(this.#query).split(/\s+/).filter(Boolean);
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
      return asked.every((word) => text.includes(word));
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
    const words = this.#words;
    const title = titleOf(document, words);
    const author = document.authors[0];
    const who = isOwn(document) ? words.own : [civil(author?.name), author?.organization].filter(Boolean).join(", ");
    const name = html`<span class="visually-hidden"> : ${title}</span>`;
    const { withheld, isNeverInEmergency } = restrictionsFor(this.#restrictions, document.id);
    return html`<li data-document=${document.uniqueId}>
      <div>
        <p class="title">${title}</p>
        <p class="meta">${writtenDate(document.date, this.locale)}${who ? html` · ${who}` : nothing}</p>
        ${excerptBlock(document.excerpts)}
        <p class="tags">
          ${document.isHidden ? html`<span class="tag tag--warm">${words.hidden}</span>` : nothing}
          ${withheld.length > 0 ? html`<span class="tag tag--warm">${words.withheldTag(withheld.length)}</span>` : nothing}
          ${isNeverInEmergency ? html`<span class="tag">${words.never}</span>` : nothing}
          ${document.isArchived ? html`<span class="tag">${words.archived}</span>` : nothing}
        </p>
      </div>
      <div class="actions no-print">
        <button class="button" data-action="open" @click=${() => this.#open(document)}>${words.open}${name}</button>
        <button class="button button--plain" data-action=${document.isHidden ? "show" : "hide"} @click=${() => hideOrShow(this.#acting, document)}>${document.isHidden ? words.show : words.hide}${name}</button>
        <button class="button button--plain" data-action="more" @click=${() => this.#decide(document)}>${words.more}${name}</button>
      </div>
    </li>`;
  }

  async #decide(document: DocumentEntry): Promise<void> {
    const { record, signal } = this;
    if (!record) return;
    const restrictions = restrictionsFor(this.#restrictions, document.id);
    // Where the record does not say what may be done, it will answer what is tried.
    const [rights, relatives] = await Promise.all([
      record.rights(document, { signal }).catch(() => undefined),
      record.relatives({ signal }).catch(() => []),
    ]);
    if (signal.aborted) return;
    const hasRepresentatives = relatives.some(isRepresentative);
    const decidable = { document, restrictions, rights, hasRepresentatives };
    const choice = await askChoice(this.renderRoot, this.#words, this.say.close, decidable);
    if (choice) await actOn(this.#acting, record, choice, document, signal);
  }

  /** What an act needs of this list. */
  get #acting(): ActingList {
    return {
      words: this.#words,
      locale: this.locale,
      cancel: this.say.cancel,
      root: this.renderRoot,
      confirm: (question) => this.confirm(question),
      change: (change) => this.change(change),
      changeByForm: (ask, changeOf) => this.changeByForm(ask, changeOf),
      replace: (changed) => this.#replace(changed),
      // It leaves this list for the other one, and comes back when that is undone.
      moved: (document, isArchived) => {
        this.#documents = this.#documents.filter(({ id }) => id !== document.id);
        if (isArchived === this.#isArchive) this.#documents = [document, ...this.#documents].sort(newestFirst);
      },
      gone: (document) => {
        this.#documents = this.#documents.filter(({ id }) => id !== document.id);
      },
    };
  }

  readonly #add = async () => {
    const { record, signal } = this;
    if (!record) return;
    const words = this.#words;
    try {
      const { traits } = await record.status({ signal });
      if (!traits) throw new Error("the record states no identity");
      if (signal.aborted) return;
      const isAdded = await this.changeByForm<DepositInput>(
        (keep) => askOwnDocument(this.renderRoot, words, this.say.cancel, traits, keep),
        (input) => ({ run: (record, signal) => record.deposit(input, { signal }), done: words.add.done }),
      );
      if (isAdded) await this.#read(record, signal);
    } catch (error) {
      if (!signal.aborted) this.tell({ text: this.say.unchanged[problemOf(error)], isFailure: true });
    }
  };

  protected override refresh(record: RecordHandle): Promise<void> {
    return this.#readRestrictions(record, this.signal);
  }

  #replace(changed: DocumentEntry): void {
    const put = (one: DocumentEntry) =>
      one.id === changed.id ? { ...changed, ...(one.excerpts && { excerpts: one.excerpts }) } : one;
    this.#documents = this.#documents.map(put);
    if (this.#search?.state === "found") this.#search = { ...this.#search, documents: this.#search.documents.map(put) };
  }

  #open(entry: DocumentEntry): void {
    this.dispatchEvent(new CustomEvent("open-document", { detail: { entry }, bubbles: true, composed: true }));
  }

  #choose(category: Category | undefined): void {
    this.#category = category;
    this.#search = undefined;
    this.#shown = shownAtOnce;
    this.requestUpdate();
  }

  readonly #type = (event: Event) => {
    if (event.target instanceof HTMLInputElement) this.#query = event.target.value;
    this.#search = undefined;
    this.#shown = shownAtOnce;
    this.requestUpdate();
  };

  readonly #searchTexts = async (event: Event) => {
    event.preventDefault();
    const { record, signal } = this;
    const words = this.#query.trim();
    if (!record || !words) return;
    const isLast = () => this.#search?.words === words;
    this.#search = { state: "running", words };
    this.requestUpdate();
    try {
      const documents = await record.documents({ text: words, pageSize }, { signal }).toArray({ limit: 200 });
      if (signal.aborted || !isLast()) return;
      this.#search = { state: "found", words, documents };
    } catch (error) {
      if (signal.aborted || !isLast()) return;
      this.#search = { state: "failed", words, problem: problemOf(error) };
    }
    this.requestUpdate();
  };

  readonly #clearSearch = () => {
    this.#search = undefined;
    this.#query = "";
    this.requestUpdate();
  };

  readonly #showArchive = (event: Event) => {
    const { record, signal } = this;
    if (!record || !(event.target instanceof HTMLInputElement)) return;
    this.#isArchive = event.target.checked;
    this.#search = undefined;
    void this.#read(record, signal);
  };

  readonly #showMore = () => {
    this.#shown += shownAtOnce * 2;
    this.requestUpdate();
  };
}

const normalised = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** In office, and more than a carer: carers see what the person sees. */
const isRepresentative = ({ active, relationship }: RelatedPerson) =>
  active !== false && relationship?.[0]?.coding?.[0]?.code !== "CAREGIVER";

const newestFirst = (a: DocumentEntry, b: DocumentEntry) => b.date.localeCompare(a.date);

/** Written by the person: said by the type (R102), since an author's name may be anybody's. */
const isOwn = ({ type }: DocumentEntry) => /^(DOC|EXP)PAT/.test(type.code ?? "");

/** Civilities of document headers, as letters write them. */
const civil = (name: string | undefined) => name?.replace(/^MME /, "Mme ").replace(/^M /, "M. ");
