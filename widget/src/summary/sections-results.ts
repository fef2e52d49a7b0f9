import { html, nothing, type TemplateResult } from "lit";
import type { SummaryModel } from "../facts/model.ts";
import type { Flag, Measure, Range, Series, Value } from "../facts/observations.ts";
import { formatDate } from "../shared/format-date.ts";
import { formatMeasure, formatNumber } from "../shared/format-number.ts";
import { icon } from "../shared/icons.ts";
import type { SectionContext } from "./context.ts";
import { absenceLines, dataDetail, factSection, failedSection, frame, rows } from "./frame.ts";
import { drawn, tableOf, underRow } from "./further.ts";
import { sourceButton } from "./source.ts";

/** A value in words: number and unit, bounds, titre, text, yes or no, date; or "Non renseigné". */
export function measureText(context: SectionContext, measure: Value & Pick<Measure, "denied">): string {
  const { say, shared, locale } = context;
  const { denied, value, between, ratio } = measure;
  if (denied !== undefined)
    return Object.keys(denied).length === 0 || denied.isTrue !== undefined
      ? shared.no
      : say.denied(measureText(context, denied));
  if (value !== undefined) return formatMeasure(value, measure.unit, locale, measure.comparator);
  if (measure.isTrue !== undefined) return measure.isTrue ? shared.yes : shared.no;
  if (measure.when !== undefined) return formatDate(measure.when, locale);
  const parts = (between ?? ratio)?.map((part) => measureText(context, part));
  if (parts !== undefined) return parts.join(between === undefined ? " : " : " – ");
  return measure.isMasked ? say.withheld : (measure.text ?? shared.notRecorded);
}

/** Whom an entry is about, when that is not the patient. */
export const aboutWords = ({ say }: SectionContext, who: string): string =>
  say.about(who === "" ? say.somebodyElse : who);

function aboutTag(context: SectionContext, { about }: Measure): TemplateResult | typeof nothing {
  if (about === undefined) return nothing;
  return html` <span class="tag">${aboutWords(context, about)}</span>`;
}

/** "converti de 54 mmol/mol": a conversion always says so (STYLE 14). */
export function convertedMark(context: SectionContext, { original }: Measure): TemplateResult | typeof nothing {
  if (original === undefined) return nothing;
  const words = formatMeasure(original.value, original.unit, context.locale, original.comparator);
  return html` <span class="computed">(${context.say.convertedFrom(words)})</span>`;
}

export function rangeText(context: SectionContext, range: Range): string {
  const { say, locale } = context;
  if (range.low !== undefined && range.high !== undefined)
    return say.rangeBetween(formatNumber(range.low, locale), formatNumber(range.high, locale));
  if (range.high !== undefined) return say.rangeUpTo(formatNumber(range.high, locale));
  if (range.low !== undefined) return say.rangeFrom(formatNumber(range.low, locale));
  return range.text ?? context.shared.notRecorded;
}

const arrows: Partial<Record<Flag, "up" | "down">> = {
  low: "down",
  "critical-low": "down",
  high: "up",
  "critical-high": "up",
};

/** Out of range: arrow and word first, then weight, then colour. A flag of ours says "calculé" (STYLE 15, 16). */
export function flagMark(context: SectionContext, measure: Measure): TemplateResult | typeof nothing {
  const { flag, isFlagComputed } = measure;
  if (flag === undefined || flag === "normal") return nothing;
  const arrow = arrows[flag];
  const isCritical = flag.startsWith("critical");
  return html`<span class="flag ${isCritical ? "critical" : ""}">
    ${arrow === undefined ? nothing : icon(arrow)}${context.say.flags[flag]}${
      isFlagComputed ? html` <span class="computed">(${context.say.computed})</span>` : nothing
    }
  </span>`;
}

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
  return factSection(context, "risks", model.risks, (measure) => {
    const title = measure.name ?? context.shared.notRecorded;
    const value = measureText(context, measure);
    return html`<div class="row">
      <div class="row-main">
        <p class="row-title">${title}${aboutTag(context, measure)}</p>
        <p class="row-text">${value}${convertedMark(context, measure)} ${flagMark(context, measure)}</p>
        <p class="row-detail">${[
          measure.date === undefined ? undefined : formatDate(measure.date, context.locale),
          measure.range === undefined ? undefined : context.say.range(rangeText(context, measure.range)),
          measure.author,
          measure.note,
        ]
          .filter((one) => one !== undefined)
          .join(" · ")}</p>
        ${underRow(context, measure, value)}
      </div>
      ${sourceButton(context, measure.sources, title)}
    </div>`;
  });
}
