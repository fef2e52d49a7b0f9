import { html, nothing, type TemplateResult } from "lit";
import type { SummaryModel } from "../facts/model.ts";
import type { Series } from "../facts/observations.ts";
import { formatDate } from "../shared/format-date.ts";
import type { SectionContext } from "./context.ts";
import { absenceLines, dataDetail, factSection, failedSection, frame, rows } from "./frame.ts";
import { drawn, measureRow, tableOf, underRow } from "./further.ts";
import { aboutTag, convertedMark, flagMark, measureText, rangeText } from "./measure-words.ts";
import { sourceButton } from "./source.ts";

export function resultsSection(
  context: SectionContext,
  model: SummaryModel,
  name: "results" | "vitalSigns",
): TemplateResult | typeof nothing {
  const part = model[name];
  if (!part.ok) return failedSection(context, name, undefined, "summary");
  const { series } = part.value;
  if (name === "vitalSigns" && series.length === 0) return nothing;
  const absences = "absences" in part.value ? part.value.absences : [];
  return frame(context, {
    name,
    ...(series.length === 0 ? {} : { count: series.length }),
    detail: dataDetail(
      context,
      series.flatMap(({ values }) => values),
    ),
    body:
      series.length > 0
        ? rows(
            context,
            name,
            series,
            ({ key }) => key,
            (one) => seriesRow(context, one),
          )
        : absenceLines(context, name, absences),
  });
}

function seriesRow(context: SectionContext, { name, values, key, earlier }: Series): TemplateResult {
  const { say, shared, locale } = context;
  const [last] = values;
  if (last === undefined) return html``;
  const title = name ?? shared.notRecorded;
  const date = last.date === undefined ? shared.notRecorded : formatDate(last.date, locale);
  const value = measureText(context, last);
  const isOut = last.flag !== undefined && last.flag !== "normal";
  const table = `table-${key}`;
  return html`<div class="row result">
    <div class="row-main">
      <p class="row-title">${title}${aboutTag(context, last)}</p>
      <p class="result-line">
        <span class="value ${isOut ? "out" : ""}">${value}</span>${convertedMark(context, last)} ${flagMark(context, last)}
      </p>
      <p class="row-detail">
        ${date}${last.range === undefined ? nothing : html` · ${say.range(rangeText(context, last.range))}`}${
          last.author === undefined ? nothing : html` · ${last.author}`
        }
      </p>
      ${last.note === undefined ? nothing : html`<p class="row-detail">${last.note}</p>`}
      ${underRow(context, last, value)}
      ${values.length + earlier < 2 ? nothing : tableOf(context, title, values, table, earlier)}
    </div>
    <div class="row-side">
      ${drawn(context, values, title, value, date)}
      ${sourceButton(context, last.sources, title)}
    </div>
  </div>`;
}

export function risksSection(context: SectionContext, model: SummaryModel): TemplateResult {
  return factSection(context, "risks", model.risks, (measure) => measureRow(context, measure));
}
