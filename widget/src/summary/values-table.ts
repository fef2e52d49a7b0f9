import { html, nothing, type TemplateResult } from "lit";
import type { Measure } from "../facts/observations.ts";
import { formatDate } from "../shared/format-date.ts";
import type { SectionContext } from "./context.ts";
import { furtherLine } from "./further-details.ts";
import { furtherStrings } from "./further-strings.ts";
import { convertedMark, flagMark, measureText, rangeText } from "./measure-words.ts";
import { sourceButton } from "./source.ts";

/** The values of the series, one key away (STYLE 17, 22); what is not shown, here or by the summary, is counted. */
export function valuesTable(
  context: SectionContext,
  title: string,
  values: readonly Measure[],
  id: string,
  earlier: number,
): TemplateResult {
  const { say, shared, locale } = context;
  const own = furtherStrings(locale);
  const limit = context.limit(id);
  const isOpen = limit > 0;
  const shown = values.slice(0, limit);
  return html`<details class="values" ?open=${isOpen} @toggle=${(event: Event) => {
    const { open } = event.currentTarget as HTMLDetailsElement;
    if (open !== context.limit(id) > 0) context.setLimit(id, open ? 50 : 0);
  }}>
    <summary>${earlier === 0 ? own.valuesTable(values.length) : own.valuesBounded(values.length, values.length + earlier)}</summary>
    ${
      shown.length === 0
        ? nothing
        : html`<div class="table-scroll" tabindex="0" role="region" aria-label=${own.tableOf(title)}><table>
            <thead>
              <tr><th scope="col">${own.column.date}</th><th scope="col">${own.column.value}</th><th scope="col">${own.column.range}</th>
              ${context.canOpen ? html`<th scope="col">${own.column.source}</th>` : nothing}</tr>
            </thead>
            <tbody>
              ${shown.map((measure) => {
                const date = measure.date === undefined ? shared.notRecorded : formatDate(measure.date, locale);
                return html`<tr>
                  <td>${date}</td>
                  <td>${measureText(context, measure)}${convertedMark(context, measure)} ${flagMark(context, measure)}</td>
                  <td>${measure.range === undefined ? shared.notRecorded : rangeText(context, measure.range)}${furtherLine(context, measure)}</td>
                  ${context.canOpen ? html`<td>${sourceButton(context, measure.sources, `${title}, ${date}`)}</td>` : nothing}
                </tr>`;
              })}
            </tbody>
          </table></div>
          ${
            earlier > 0
              ? html`<p class="cut">${own.leftOut(shown.length, values.length + earlier)}</p>`
              : values.length > shown.length
                ? html`<p class="cut">${say.shown(shown.length, values.length)}</p>`
                : nothing
          }`
    }
  </details>`;
}
