import type { DocumentEntry } from "@carnet/sdk";
import { html, nothing, type TemplateResult } from "lit";
import type { Locale } from "../shared/locale.ts";
import { typeText } from "./document-row.ts";
import { categoryOf, choicesOf, isMine, type ListCriteria } from "./filter.ts";
import { documentsStrings } from "./strings.ts";

interface FormHost {
  readonly reader: string | undefined;
  /** The host says since when documents are new to the reader. */
  readonly knowsNew: boolean;
  set(change: Partial<ListCriteria>): void;
  /** Asks the record for the words in the text of its documents. */
  searchText(): void;
  /** From the field of search into the list. */
  enterList(): void;
}

/** Search and filters. Choices that would change nothing in this record are not offered. */
export function criteriaForm(
  documents: readonly DocumentEntry[],
  criteria: ListCriteria,
  locale: Locale,
  host: FormHost,
): TemplateResult {
  const say = documentsStrings(locale);
  const select = (name: "category" | "type" | "author", label: string, all: string, choices: readonly string[]) =>
    html`<label>${label}
      <select data-filter=${name} @change=${(event: Event) => host.set({ [name]: (event.target as HTMLSelectElement).value })}>
        <option value="" ?selected=${criteria[name] === ""}>${all}</option>
        ${choices.map((choice) => html`<option value=${choice} ?selected=${choice === criteria[name]}>${choice}</option>`)}
      </select>
    </label>`;
  const either = (name: "grouping" | "order", label: string, choices: readonly (readonly [string, string])[]) =>
    html`<label>${label}
      <select data-filter=${name} @change=${(event: Event) => host.set({ [name]: (event.target as HTMLSelectElement).value })}>
        ${choices.map(([value, words]) => html`<option value=${value} ?selected=${value === criteria[name]}>${words}</option>`)}
      </select>
    </label>`;
  const day = (name: "from" | "to", label: string) =>
    html`<label>${label}<input type="date" data-filter=${name} .value=${criteria[name]} @change=${(event: Event) => host.set({ [name]: (event.target as HTMLInputElement).value })} /></label>`;
  const box = (name: "isMine" | "isNew", label: string) =>
    html`<label class="check"><input type="checkbox" data-filter=${name} .checked=${criteria[name]} @change=${(event: Event) => host.set({ [name]: (event.target as HTMLInputElement).checked })} />${label}</label>`;
  const canBeMine = documents.some((entry) => isMine(entry, host.reader));
  return html`<form class="criteria" role="search" @submit=${(event: Event) => {
    event.preventDefault();
    host.searchText();
  }}>
    <label class="wide">${say.search}
      <input type="search" autocomplete="off" data-filter="text" .value=${criteria.text}
        @input=${(event: Event) => host.set({ text: (event.target as HTMLInputElement).value })}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          host.enterList();
        }} />
    </label>
    ${criteria.text.trim() === "" ? nothing : html`<button class="button wide" data-search-text>${say.inText}</button>`}
    ${canBeMine || host.knowsNew ? html`<div class="checks wide">${canBeMine ? box("isMine", say.mine) : nothing}${host.knowsNew ? box("isNew", say.fresh) : nothing}</div>` : nothing}
    <details class="wide">
      <summary>${say.more}</summary>
      <div class="criteria">
        ${select("category", say.category, say.allCategories, choicesOf(documents, categoryOf))}
        ${select("type", say.type, say.allTypes, choicesOf(documents, typeText))}
        ${select("author", say.author, say.allAuthors, choicesOf(documents, (entry) => entry.authors[0]?.name).slice(0, 200))}
        ${day("from", say.from)} ${day("to", say.to)}
        ${either("grouping", say.grouping, [
          ["year", say.byYear],
          ["category", say.byCategory],
        ])}
        ${either("order", say.order, [
          ["newest", say.newestFirst],
          ["oldest", say.oldestFirst],
        ])}
      </div>
    </details>
  </form>`;
}
