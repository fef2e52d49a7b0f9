import type { DocumentEntry } from "@carnet/sdk";
import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { card } from "../shared/card.ts";
import { type Problem, toProblem } from "../shared/problem.ts";
import { isProblem, RecordElement } from "../shared/record-element.ts";
import { failure, problemWords } from "../shared/refusals.ts";
import { sharedStrings } from "../shared/strings.ts";
import { base, tokens } from "../shared/tokens.ts";
import { criteriaForm } from "./criteria-form.ts";
import { documentRow, isReceivedAfter } from "./document-row.ts";
import { filterDocuments, type ListCriteria, noCriteria } from "./filter.ts";
import { type ListLine, linesOf } from "./groups.ts";
import { LineWindow, mostLines } from "./line-window.ts";
import { documentsStrings } from "./strings.ts";
import { documentsStyles } from "./styles.ts";

import { excerptLine, searchText } from "./text-search.ts";

/** What the record was asked to find in the text of its documents. */
type TextSearch =
  | { readonly state: "idle" | "busy" }
  | { readonly state: "done"; readonly found: ReadonlyMap<string, DocumentEntry> }
  | { readonly state: "failed"; readonly problem: Problem };

const noneFound: ReadonlyMap<string, DocumentEntry> = new Map();

/**
 * All the documents the caller may see, by year or by category, with search and filters. Pages of the service are read
 * one after the other and shown as they come; whatever their number, only the lines around what is seen stand in the page.
 *
 * @event carnet-open-document - Cancelable; detail `{uniqueId, document}`. Not canceled, `<carnet-documents>` shows it below the list's place.
 * @event carnet-error - Something failed; detail `{code, rule}`.
 */
export class CarnetDocuments extends RecordElement {
  static override properties = {
    ...RecordElement.properties,
    opened: { state: true },
    reader: {},
    newSince: { attribute: "new-since" },
  };
  static override styles = [tokens, base, card, documentsStyles];

  declare opened: DocumentEntry | undefined;
  /** National id of the reader (`8` and the 11 digits of the RPPS): whose documents are "mine". */
  declare reader: string | undefined;
  /** ISO instant of the reader's last look: what the record received since is new until it is opened. */
  declare newSince: string | undefined;

  #documents: DocumentEntry[] = [];
  #state: "idle" | "loading" | "done" | Problem = "idle";
  #criteria: ListCriteria = noCriteria;
  #textSearch: TextSearch = { state: "idle" };
  /** Ends the search in texts when other words are typed. */
  #textSignal = new AbortController();
  readonly #read = new Set<string>();
  #lines: readonly ListLine[] = [];
  #keys: readonly string[] = [];
  #found = 0;
  /** What the lines were made of: made again only when one of these changes. */
  #madeOf: readonly unknown[] = [];
  readonly #window = new LineWindow(this);
  /** Line that arrows start from. */
  #current = 0;
  #generation = 0;

  protected override forget(): void {
    this.#generation++;
    this.#documents = [];
    this.#state = "idle";
    this.#criteria = noCriteria;
    this.#forgetTextSearch();
    this.#read.clear();
    this.#current = 0;
    this.opened = undefined;
  }

  #forgetTextSearch(): void {
    this.#textSignal.abort();
    this.#textSearch = { state: "idle" };
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
    if (change.text !== undefined) this.#forgetTextSearch();
    this.#criteria = { ...this.#criteria, ...change };
    this.#current = 0;
    this.#window.reset();
    this.requestUpdate();
  }

  async #searchText(): Promise<void> {
    const record = this.openRecord();
    const text = this.#criteria.text.trim();
    if (isProblem(record) || text === "") return;
    this.#forgetTextSearch();
    this.#textSignal = new AbortController();
    const signal = AbortSignal.any([this.signal, this.#textSignal.signal]);
    this.#textSearch = { state: "busy" };
    this.requestUpdate();
    try {
      const found = await searchText(record, text, signal);
      if (signal.aborted) return;
      this.#textSearch = { state: "done", found };
    } catch (error) {
      if (signal.aborted) return;
      const problem = toProblem(error);
      this.#textSearch = { state: "failed", problem };
      this.emit("carnet-error", problem);
    }
    this.requestUpdate();
  }

  readonly #isNew = (entry: DocumentEntry): boolean =>
    !this.#read.has(entry.id) && isReceivedAfter(entry, this.newSince);

  #open(document: DocumentEntry): void {
    this.#read.add(document.id);
    this.requestUpdate();
    if (!this.emit("carnet-open-document", { uniqueId: document.uniqueId, document }, { cancelable: true })) return;
    void import("../viewer/define.ts");
    this.opened = document;
  }

  /** Filters and sorts again only when something that counts has changed: a scroll draws, it does not search. */
  #makeLines(): void {
    const search = this.#textSearch;
    const madeOf = [
      this.#documents,
      this.#documents.length,
      this.#criteria,
      search,
      this.reader,
      this.newSince,
      this.#read.size,
    ];
    if (madeOf.every((part, position) => part === this.#madeOf[position])) return;
    this.#madeOf = madeOf;
    const inText = search.state === "done" ? search.found : noneFound;
    const found = filterDocuments(this.#documents, this.#criteria, {
      reader: this.reader,
      isNew: this.#isNew,
      inText: new Set(inText.keys()),
    });
    this.#found = found.length;
    this.#lines = linesOf(found, this.#criteria.grouping);
    this.#keys = this.#lines.map(({ key }) => key);
  }

  override render(): TemplateResult {
    const say = documentsStrings(this.language);
    const shared = sharedStrings(this.language);
    if (this.opened !== undefined) {
      const record = this.openRecord();
      return html`<div lang=${this.language} dir=${this.direction}>
        <p><button class="button" data-back @click=${() => {
          this.opened = undefined;
        }}>${shared.close}</button></p>
        <carnet-document .record=${isProblem(record) ? undefined : record} .entry=${this.opened} locale=${this.language} theme=${this.theme ?? nothing}></carnet-document>
      </div>`;
    }
    this.#makeLines();
    return html`<div class="card" part="list" lang=${this.language} dir=${this.direction}>
      <div class="title" role="heading" aria-level="3" tabindex="-1">${say.title}</div>
      ${keyed(
        this.#generation,
        criteriaForm(this.#documents, this.#criteria, this.language, {
          reader: this.reader,
          knowsNew: this.newSince !== undefined,
          set: (change) => this.#set(change),
          searchText: () => void this.#searchText(),
          enterList: () => void this.#focus(0, 1),
        }),
      )}
      <div class="bar">
        <span role="status" class="muted">${this.#counts()}</span>
        ${
          this.#criteria === noCriteria
            ? nothing
            : html`<button class="button quiet" data-clear @click=${() => {
                this.#generation++;
                this.#set(noCriteria);
                this.#criteria = noCriteria;
              }}>${say.clear}</button>`
        }
      </div>
      ${this.#notice()} ${this.#textNotice()} ${this.#list()}
    </div>`;
  }

  #counts(): unknown {
    const say = documentsStrings(this.language);
    const search = this.#textSearch;
    const total = this.#documents.length;
    if (this.#state === "loading") return say.progress(total);
    if (total === 0) return nothing;
    const counts = say.found(this.#found, total);
    if (search.state === "busy") return `${counts} · ${say.searching}`;
    return search.state === "done" ? `${counts} · ${say.textFound(search.found.size)}` : counts;
  }

  #list(): unknown {
    const say = documentsStrings(this.language);
    if (this.#found === 0) {
      if (this.#state === "loading")
        return html`<div class="skeleton" aria-hidden="true">${Array.from({ length: 6 }, () => html`<span class="skeleton-line"></span>`)}</div>`;
      if (this.#state !== "done") return nothing;
      return html`<p class="empty" data-state="nothing-recorded">${this.#documents.length === 0 ? say.none : say.noMatch}</p>`;
    }
    const { start, end } = this.#window.window(this.#keys);
    const shown = this.#lines.slice(start, end).map((line, position) => ({ line, at: start + position }));
    return html`<div class="lines ${this.#lines.length > mostLines ? "long" : ""}" role="list" aria-label=${say.list} data-lines @keydown=${this.#onKey}>
      <div data-space role="none"></div>
      ${repeat(
        shown,
        ({ line }) => line.key,
        ({ line, at }) => this.#line(line, at),
      )}
      <div data-space role="none"></div>
    </div>`;
  }

  #line(line: ListLine, at: number): TemplateResult {
    const say = documentsStrings(this.language);
    if (line.kind === "head") {
      const name = line.group === "" ? (this.#criteria.grouping === "year" ? say.noYear : say.noCategory) : line.group;
      return html`<div class="head" role="listitem" data-line=${at}>
        <span role="heading" aria-level="4">${name}</span> <span class="count">${sharedStrings(this.language).documents(line.count)}</span>
      </div>`;
    }
    const search = this.#textSearch;
    const hit = search.state === "done" ? search.found.get(line.entry.id) : undefined;
    return html`<div class="document" role="listitem" data-line=${at} aria-posinset=${line.position} aria-setsize=${this.#found}
      @focusin=${() => {
        this.#current = at;
      }}>
      ${documentRow(line.entry, this.language, () => this.#open(line.entry), {
        isNew: this.#isNew(line.entry),
        excerpt: excerptLine(hit?.excerpts),
      })}
    </div>`;
  }

  readonly #onKey = (event: KeyboardEvent) => {
    const last = this.#lines.length - 1;
    const moves: Readonly<Record<string, readonly [number, 1 | -1]>> = {
      ArrowDown: [this.#current + 1, 1],
      ArrowUp: [this.#current - 1, -1],
      PageDown: [Math.min(last, this.#current + 10), 1],
      PageUp: [Math.max(0, this.#current - 10), -1],
      Home: [0, 1],
      End: [last, -1],
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    void this.#focus(...move);
  };

  /** Moves to the document at this line, or to the next one in that direction: heads are passed over. */
  async #focus(from: number, direction: 1 | -1): Promise<void> {
    let line = from;
    while (this.#lines[line]?.kind === "head") line += direction;
    if (this.#lines[line] === undefined) {
      // Above the first document is where one searches.
      if (direction === -1) this.renderRoot.querySelector<HTMLElement>("[data-filter=text]")?.focus();
      return;
    }
    this.#current = line;
    await this.#window.show(line);
    this.renderRoot.querySelector<HTMLElement>(`[data-line="${line}"] [data-document]`)?.focus();
  }

  #notice(): TemplateResult | typeof nothing {
    const state = this.#state;
    if (typeof state === "string") return nothing;
    const say = documentsStrings(this.language);
    return html`<div class="failed" role="alert" data-state="failed">
      <p><strong>${this.#documents.length === 0 ? say.failed : say.partial(this.#documents.length)}</strong></p>
      <p>${problemWords(state, this.language)}</p>
      <button class="button" data-retry @click=${() => {
        void this.#load();
        this.requestUpdate();
      }}>${sharedStrings(this.language).retry}</button>
    </div>`;
  }

  #textNotice(): TemplateResult | typeof nothing {
    const search = this.#textSearch;
    if (search.state !== "failed") return nothing;
    const say = documentsStrings(this.language);
    return failure(say.textFailed, search.problem, this.language);
  }
}
