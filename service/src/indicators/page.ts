/** `/indicators/` as a page: each table with its chart, drawn here, without a script. WCAG 2.2, RGAA 1.1. */
import { type Html, html } from "../html.ts";
import { page } from "../identity-provider/pages.ts";
import { stringsOf } from "../identity-provider/strings.ts";
import type { Publication, PublishedTable } from "./publish.ts";
import { type IndicatorStrings, indicatorStringsOf } from "./strings.ts";

type Locale = "fr" | "en";
const ROW = 28;
const BAR = 16;

export function indicatorsPage(locale: Locale, publication: Publication | undefined): string {
  const words = indicatorStringsOf(locale);
  const body = publication
    ? html`<p class="note left">${words.countedAt} ${dateOf(publication.countedAt, locale)}. ${words.hiddenRule(publication.threshold)}</p>
<p class="downloads">${words.downloads} <a href="/indicators/indicators.csv" download>CSV</a> <a href="/indicators/indicators.json">JSON</a></p>
${publication.tables.map((table) => section(table, locale, words))}`
    : html`<p class="message" role="status">${words.none}</p>`;
  const content = html`<h1>${words.title}</h1><p class="lead">${words.lead}</p>${body}`;
  const frame = {
    strings: stringsOf(locale),
    title: words.title,
    otherLanguageUrl: `/indicators/?lang=${locale === "fr" ? "en" : "fr"}`,
    isWide: true,
  };
  return page(frame, content);
}

function section(table: PublishedTable, locale: Locale, words: IndicatorStrings): Html {
  const { title, note, category } = words.indicators[table.id];
  const numbers = new Intl.NumberFormat(locale === "fr" ? "fr-FR" : "en-GB");
  const rows = ordered(table).map(({ id, count }) => ({ name: nameOf(id, locale, words), count }));
  const shown = (count: number | null) =>
    count === null ? html`<em>${words.hidden}</em>` : html`${numbers.format(count)}`;
  const total =
    table.kind === "partition"
      ? html`<tfoot><tr><th scope="row">${words.total}</th><td>${shown(table.total)}</td></tr></tfoot>`
      : html``;
  const heading = `title-${table.id}`;
  return html`<section class="card figures" aria-labelledby="${heading}"><h2 id="${heading}">${title}</h2><p class="lead">${note}</p>
${chart(rows, title, words, numbers)}
<div class="scroll" tabindex="0" role="group" aria-label="${words.tableOf} : ${title}"><table><caption class="visually-hidden">${title}</caption>
<thead><tr><th scope="col">${category}</th><th scope="col">${words.count}</th></tr></thead>
<tbody>${rows.map(({ name, count }) => html`<tr><th scope="row">${name}</th><td>${shown(count)}</td></tr>`)}</tbody>${total}</table></div></section>`;
}

/** Months in their order, all else by size; hidden ones last, in an order that does not tell their size. */
function ordered({ cells }: PublishedTable): PublishedTable["cells"] {
  const byName = [...cells].sort((one, other) => one.id.localeCompare(other.id, "en"));
  if (byName.every(({ id }) => isMonth(id))) return byName;
  return byName.sort((one, other) => (other.count ?? -1) - (one.count ?? -1));
}

function chart(
  rows: readonly { readonly name: string; readonly count: number | null }[],
  title: string,
  words: IndicatorStrings,
  numbers: Intl.NumberFormat,
): Html {
  const known = rows.flatMap(({ name, count }) => (count === null ? [] : [{ name, count }]));
  const best = known.reduce<(typeof known)[number] | undefined>(
    (found, row) => (found && found.count >= row.count ? found : row),
    undefined,
  );
  const label = best ? words.chartOf(title, `${best.name}, ${numbers.format(best.count)}`) : words.chartEmpty(title);
  const largest = Math.max(1, best?.count ?? 1);
  const bars = rows.map(({ count }, index) => {
    const y = index * ROW + (ROW - BAR) / 2;
    // What is hidden has no length: an outline of one size for all.
    return count === null
      ? html`<rect class="unknown" x="0.5" y="${y}" width="24" height="${BAR}" rx="3"/>`
      : html`<rect class="bar" x="0" y="${y}" width="${Math.max(1, Math.round((count / largest) * 1000) / 10)}%" height="${BAR}" rx="3"/>`;
  });
  const names = rows.map(({ name }) => html`<li>${name}</li>`);
  return html`<div class="chart"><ul aria-hidden="true">${names}</ul><svg role="img" aria-label="${label}" width="100%" height="${rows.length * ROW}" focusable="false">${bars}</svg></div>`;
}

function isMonth(id: string): boolean {
  return /^\d{4}-\d{2}$/.test(id);
}

function nameOf(id: string, locale: Locale, words: IndicatorStrings): string {
  if (isMonth(id)) return monthOf(id, locale);
  if (id === "unknown") return words.unknown;
  const cells: Readonly<Record<string, string>> = words.cells;
  return cells[id] ?? id;
}

function monthOf(id: string, locale: Locale): string {
  const options = { month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(locale === "fr" ? "fr-FR" : "en-GB", options).format(new Date(`${id}-01T00:00:00Z`));
}

function dateOf(date: Date, locale: Locale): string {
  return new Intl.DateTimeFormat(locale === "fr" ? "fr-FR" : "en-GB", {
    dateStyle: "long",
    timeStyle: "short",
    timeZone: "Europe/Paris",
  }).format(date);
}
