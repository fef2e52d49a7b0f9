import { html, nothing, svg, type TemplateResult } from "lit";
import type { Measure } from "../facts/observations.ts";
import { dateOrder } from "../shared/format-date.ts";

const width = 132;
const height = 36;
const margin = 4;

/** Points beyond this number add nodes, not information: the line keeps the newest ones, the table keeps all. */
const maximumPoints = 60;

interface Point {
  readonly time: number;
  readonly value: number;
}

/** Direction of the last step, when it is more than a twentieth of the values' spread. */
export function trendOf(values: readonly Measure[]): "up" | "down" | "stable" {
  const points = pointsOf(values);
  const last = points.at(-1);
  const previous = points.at(-2);
  if (last === undefined || previous === undefined) return "stable";
  const spread = Math.max(...points.map(({ value }) => value)) - Math.min(...points.map(({ value }) => value));
  const step = last.value - previous.value;
  return Math.abs(step) <= spread / 20 ? "stable" : step > 0 ? "up" : "down";
}

function pointsOf(values: readonly Measure[]): Point[] {
  return values
    .filter((measure) => measure.value !== undefined && measure.comparator === undefined)
    .map((measure) => ({ time: dateOrder(measure.date), value: measure.value as number }))
    .filter(({ time }) => Number.isFinite(time))
    .sort((a, b) => a.time - b.time)
    .slice(-maximumPoints);
}

/**
 * A small line of one analyte: time to scale, straight segments, a pale band for the reference range of the last
 * report, the last point marked (STYLE 17). Its name says what it shows; the table beside it holds every value.
 */
export function sparkline(values: readonly Measure[], name: string): TemplateResult | typeof nothing {
  const points = pointsOf(values);
  const first = points[0];
  const last = points.at(-1);
  if (points.length < 3 || first === undefined || last === undefined || first.time === last.time) return nothing;
  const range = values[0]?.range;
  const all = [...points.map(({ value }) => value), range?.low, range?.high].filter((value) => value !== undefined);
  const low = Math.min(...all);
  const high = Math.max(...all);
  const x = (time: number) => margin + ((time - first.time) / (last.time - first.time)) * (width - 2 * margin);
  const y = (value: number) =>
    high === low ? height / 2 : height - margin - ((value - low) / (high - low)) * (height - 2 * margin);
  const top = range?.high === undefined ? 0 : y(range.high);
  const bottom = range?.low === undefined ? height : y(range.low);
  const hasBand = range?.low !== undefined || range?.high !== undefined;
  const line = points.map(({ time, value }) => `${x(time).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  return html`<svg class="sparkline" part="sparkline" role="img" aria-label=${name} viewBox="0 0 ${width} ${height}" width=${width} height=${height}>
    ${hasBand ? svg`<rect class="band" x="0" y=${top.toFixed(1)} width=${width} height=${Math.max(1, bottom - top).toFixed(1)} rx="2"></rect>` : nothing}
    <polyline class="line" points=${line}></polyline>
    <circle class="last" cx=${x(last.time).toFixed(1)} cy=${y(last.value).toFixed(1)} r="2.8"></circle>
  </svg>`;
}
