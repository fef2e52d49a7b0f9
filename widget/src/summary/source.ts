import { html, nothing, type TemplateResult } from "lit";
import type { FactSource } from "../facts/fact.ts";
import { formatDate } from "../shared/format-date.ts";
import { icon } from "../shared/icons.ts";
import type { SectionContext } from "./context.ts";

/**
 * The way from a fact to the documents that state it: one document is one button; several are a disclosure that lists
 * them with title, author and date. Without a record behind the panel there is nothing to open, and nothing is offered.
 */
export function sourceButton(
  context: SectionContext,
  sources: readonly FactSource[],
  what: string,
): TemplateResult | typeof nothing {
  if (!context.canOpen || sources.length === 0) return nothing;
  const [only] = sources;
  if (sources.length === 1 && only !== undefined) {
    return html`<button
      class="source"
      part="source"
      aria-label=${context.shared.openSource(what)}
      data-source=${only.uniqueId}
      @click=${() => context.open(only)}
    >
      ${icon("source")}<span>${context.shared.source}</span>
    </button>`;
  }
  return html`<details class="sources" @toggle=${() => context.describe(sources)}>
    <summary class="source" part="source">
      ${icon("source")}<span>${context.shared.sources(sources.length)}</span>
    </summary>
    <ul role="list">
      ${sources.slice(0, 10).map((source, position) => sourceItem(context, source, position))}
      ${sources.length > 10 ? html`<li class="cut">${context.say.shown(10, sources.length)}</li>` : nothing}
    </ul>
  </details>`;
}

function sourceItem(context: SectionContext, source: FactSource, position: number): TemplateResult {
  const document = context.documentOf(source.uniqueId);
  const author = document?.authors[0]?.name;
  return html`<li>
    <button class="link" data-source=${source.uniqueId} @click=${() => context.open(source)}>
      ${document === undefined || document.title === "" ? context.shared.sourceNumber(position + 1) : document.title}
    </button>
    ${
      document === undefined
        ? nothing
        : html`<span class="row-detail">
            ${formatDate(document.date, context.locale)}${author === undefined ? nothing : html`, ${author}`}
          </span>`
    }
  </li>`;
}
