/** How one value, its range and its flag are told, in rows and in the table of a series. */
import { html, nothing, type TemplateResult } from "lit";
import type { Flag, Measure, Range, Value } from "../facts/observations.ts";
import { formatDate } from "../shared/format-date.ts";
import { formatMeasure, formatNumber } from "../shared/format-number.ts";
import { icon } from "../shared/icons.ts";
import type { SectionContext } from "./context.ts";

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
  if (measure.when !== undefined) return formatDate(measure.when, locale, { time: true });
  const parts = (between ?? ratio)?.map((part) => measureText(context, part));
  if (parts !== undefined) return parts.join(between === undefined ? " : " : " – ");
  return measure.isMasked ? say.withheld : (measure.text ?? shared.notRecorded);
}

/** Whom an entry is about, when that is not the patient. */
export const aboutWords = ({ say }: SectionContext, who: string): string =>
  say.about(who === "" ? say.somebodyElse : who);

export function aboutTag(context: SectionContext, { about }: Measure): TemplateResult | typeof nothing {
  return about === undefined ? nothing : html` <span class="tag">${aboutWords(context, about)}</span>`;
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
