import type { DocumentEntry } from "@carnet/sdk";
import { html, nothing, type TemplateResult } from "lit";
import { formatDate } from "../shared/format-date.ts";
import { icon } from "../shared/icons.ts";
import type { Locale } from "../shared/locale.ts";
import { rowStrings } from "./row-strings.ts";

/** Who wrote it, in words: the person and the structure. */
export function authorText(entry: DocumentEntry): string {
  const [author] = entry.authors;
  if (author === undefined) return "";
  return author.organization === undefined || author.organization === author.name
    ? author.name
    : `${author.name}, ${author.organization}`;
}

/** What it is: the label of its type, else of its class, else its code. */
export function typeText(entry: DocumentEntry): string {
  return entry.type.display ?? entry.category.display ?? entry.type.code ?? "";
}

/** Came into the record after the reader's last look (ISO 8601), as far as the record says when. */
export function isReceivedAfter(entry: DocumentEntry, look: string | undefined): boolean {
  return look !== undefined && Date.parse(entry.resource.meta?.lastUpdated ?? entry.date) > Date.parse(look);
}

/** One document as a list shows it: date, title (a button), type, author, marks of visibility, what was found in its text. */
export function documentRow(
  entry: DocumentEntry,
  locale: Locale,
  open: () => void,
  more: { readonly isNew?: boolean; readonly excerpt?: unknown } = {},
): TemplateResult {
  const say = rowStrings(locale);
  const date = entry.actStart ?? entry.date;
  const type = typeText(entry);
  const title = entry.title.trim() === "" ? (type === "" ? say.untitled : type) : entry.title;
  const detail = [type === title ? "" : type, authorText(entry)].filter((piece) => piece !== "");
  const marks = [
    entry.isHidden ? say.hidden : undefined,
    entry.isInvisibleToPatient ? say.invisibleToPatient : undefined,
    entry.isArchived ? say.archived : undefined,
    entry.status === "superseded" ? say.superseded : undefined,
  ].filter((mark) => mark !== undefined);
  return html`<div class="row dated">
    <p class="row-date">${date === "" ? say.noDate : formatDate(date, locale)}</p>
    <div class="row-main">
      <p class="row-title"><button class="link" data-document=${entry.uniqueId} @click=${open}>${title}</button>${more.isNew ? html` <span class="tag">${say.isNew}</span>` : nothing}</p>
      ${detail.length === 0 ? nothing : html`<p class="row-detail">${detail.join(" · ")}</p>`}
      ${more.excerpt ?? nothing}
      ${marks.length === 0 ? nothing : html`<p class="marks">${marks.map((mark) => html`<span class="tag">${icon("hidden")}${mark}</span>`)}</p>`}
    </div>
  </div>`;
}
