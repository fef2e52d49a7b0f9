import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Absence, Fact, FactSection } from "../facts/fact.ts";
import type { Part } from "../facts/model.ts";
import { formatDate } from "../shared/format-date.ts";
import type { Problem } from "../shared/problem.ts";
import type { SectionContext, SectionName } from "./context.ts";
import { sourceButton } from "./source.ts";

/** Rows of a list before "Tout afficher (n)", and after each further "Afficher … de plus". */
export const firstRows = 5;
export const moreRows = 50;

interface Frame {
  readonly name: SectionName;
  readonly count?: number;
  readonly detail?: string | undefined;
  readonly tone?: "danger";
  readonly body: unknown;
}

/** A section with its heading, its count and the date of its data (STYLE 3). */
export function frame(context: SectionContext, { name, count, detail, tone, body }: Frame): TemplateResult {
  const id = `section-${name}`;
  const words =
    count === undefined ? undefined : name === "documents" ? context.shared.documents(count) : context.say.facts(count);
  const sizes = [words, detail].filter((part) => part !== undefined).join(" · ");
  return html`<section class="section ${tone ?? ""}" part="section section-${name}" aria-labelledby=${id} data-section=${name}>
    <header class="section-header">
      <div class="section-title" role="heading" aria-level=${context.headingLevel} id=${id}>${context.say.sections[name]}</div>
      ${sizes === "" ? nothing : html`<span class="count">${sizes}</span>`}
    </header>
    ${body}
  </section>`;
}

/** Place of a section whose data is on its way: its real title, grey lines, no jump when it comes. */
export function loadingSection(context: SectionContext, name: SectionName, lines = 3): TemplateResult {
  return frame(context, {
    name,
    body: html`<div class="skeleton" aria-hidden="true">
      ${Array.from({ length: lines }, () => html`<span class="skeleton-line"></span>`)}
    </div>`,
  });
}

/** A section that could not be loaded: it says so, says why, and offers to try again. */
export function failedSection(
  context: SectionContext,
  name: SectionName,
  problem: Problem | undefined,
  part: "summary" | "documents",
): TemplateResult {
  const title = context.say.sections[name];
  const isRefused = problem?.code === "access-refused" || problem?.code === "consent-required";
  return frame(context, {
    name,
    body: html`<div class="failed" data-state=${isRefused ? "refused" : "failed"}>
      <p><strong>${isRefused ? context.say.refused(title) : context.say.failed(title)}</strong></p>
      <p>
        ${problem === undefined ? context.say.failedHint : context.shared.problems[problem.code]}
        ${problem?.rule === undefined ? nothing : context.shared.refusedByRule(problem.rule)}
      </p>
      ${
        isRefused || problem === undefined
          ? nothing
          : html`<button class="button" @click=${() => context.retry(part)}>${context.shared.retry}</button>`
      }
    </div>`,
  });
}

/** "Aucune allergie connue" with who said it and when; or what else is known about the lack of facts. */
export function absenceLine(context: SectionContext, name: SectionName, absence: Absence): TemplateResult {
  const { say, shared, locale } = context;
  if (absence.kind !== "known-absent")
    return html`<p class="empty" data-state=${absence.kind}>${say[absence.kind]}</p>`;
  const words = absence.text ?? say.absent[name as keyof typeof say.absent] ?? shared.notRecorded;
  const author = absence.author === undefined ? say.absentNoOne : shared.by(absence.author);
  const when = absence.date === undefined ? shared.notRecorded.toLowerCase() : formatDate(absence.date, locale);
  return html`<div class="row absent" data-state="known-absent">
    <div class="row-main">
      <p class="row-title">${words}</p>
      <p class="row-detail">${author}, ${when}</p>
    </div>
    ${sourceButton(context, absence.sources, words)}
  </div>`;
}

/** Every statement of absence, or the words for "nobody recorded anything". */
export function absenceLines(context: SectionContext, name: SectionName, absences: readonly Absence[]): unknown {
  if (absences.length === 0) return nothingLine(context, name);
  return absences.slice(0, firstRows).map((absence) => absenceLine(context, name, absence));
}

/** Nobody recorded anything: said in words that cannot be read as "none" (STYLE 1, 2). */
export function nothingLine(context: SectionContext, name: SectionName): TemplateResult {
  const { nothing: words } = context.say;
  return html`<p class="empty" data-state="nothing-recorded">
    ${words[name as keyof typeof words] ?? context.shared.notRecorded}
  </p>`;
}

/** Facts of a section: its state, its rows, and the count of what is not shown. */
export function factSection<T extends Fact>(
  context: SectionContext,
  name: SectionName,
  part: Part<FactSection<T>>,
  row: (fact: T) => TemplateResult,
  options: {
    readonly first?: number;
    readonly tone?: "danger" | undefined;
    readonly detail?: string | undefined;
    /** Facts that the summary itself left out: told under the rows. */
    readonly earlier?: number;
  } = {},
): TemplateResult {
  if (!part.ok) return failedSection(context, name, undefined, "summary");
  const { facts, absences } = part.value;
  const stated = facts.length === 0 ? [] : absences.filter((absence) => absence.kind === "known-absent");
  const isContradicted = stated.some((absence) => absence.kind === "known-absent" && absence.isPartial !== true);
  const body =
    facts.length === 0
      ? absenceLines(context, name, absences)
      : html`${rows(context, name, facts, (fact) => fact.key, row, options.first)}
        ${
          (options.earlier ?? 0) === 0
            ? nothing
            : html`<p class="cut">${context.say.bounded(facts.length, facts.length + (options.earlier ?? 0))}</p>`
        }
        ${isContradicted ? html`<p class="contradiction">${context.say.contradicts}</p>` : nothing}
        ${stated.length === 0 ? nothing : html`<div class="stated">${absenceLines(context, name, stated)}</div>`}`;
  return frame(context, {
    name,
    ...(facts.length === 0 ? {} : { count: facts.length }),
    detail: options.detail ?? dataDetail(context, facts),
    ...(options.tone === undefined ? {} : { tone: options.tone }),
    body,
  });
}

/** "2 documents sources": where a section's facts come from, in one phrase. */
export function dataDetail(context: SectionContext, facts: readonly Fact[]): string | undefined {
  const documents = new Set(facts.flatMap((fact) => fact.sources.map((source) => source.uniqueId)));
  return documents.size === 0 ? undefined : context.say.fromDocuments(documents.size);
}

/** A list cut at the section's limit, which says how much it shows (STYLE 3). */
export function rows<T>(
  context: SectionContext,
  name: string,
  items: readonly T[],
  key: (item: T) => string,
  row: (item: T) => TemplateResult,
  first = firstRows,
): TemplateResult {
  const limit = Math.max(context.limit(name), first);
  const shown = items.slice(0, limit);
  const rest = items.length - shown.length;
  return html`<ul class="rows" role="list">
      ${repeat(shown, key, (item) => html`<li>${row(item)}</li>`)}
    </ul>
    ${
      items.length <= first
        ? nothing
        : html`<div class="more">
            ${
              rest > 0
                ? html`<span class="cut">${context.say.shown(shown.length, items.length)}</span>
                    <button class="button quiet" data-more=${name} @click=${() => context.setLimit(name, limit <= first ? Math.max(moreRows, first) : limit + moreRows)}>
                      ${limit <= first ? context.say.showAll(items.length) : context.say.showMore(Math.min(rest, moreRows))}
                    </button>`
                : nothing
            }
            ${
              limit > first && Number.isFinite(limit)
                ? html`<button class="button quiet" @click=${() => context.setLimit(name, first)}>${context.say.showLess}</button>`
                : nothing
            }
          </div>`
    }`;
}
