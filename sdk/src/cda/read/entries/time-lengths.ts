import type { Duration, TimingRepeat } from "../../../fhir/index.ts";
import { codeSystem } from "../../../fhir/systems.ts";
import { decimal } from "../decimal.ts";
import { attribute, type XmlElement } from "../xml.ts";

export type TimeUnit = NonNullable<TimingRepeat["periodUnit"]>;

/** Units of time: UCUM, and what French documents write for them. `m` is a metre in UCUM; of a time it means months. */
const timeUnits: Readonly<Record<string, TimeUnit>> = {
  s: "s",
  min: "min",
  minute: "min",
  h: "h",
  heure: "h",
  d: "d",
  day: "d",
  j: "d",
  jour: "d",
  wk: "wk",
  week: "wk",
  sem: "wk",
  semaine: "wk",
  mo: "mo",
  m: "mo",
  mois: "mo",
  a: "a",
  an: "a",
  année: "a",
};
export const timeUnitWords: Readonly<Record<TimeUnit, string>> = {
  s: "seconde(s)",
  min: "minute(s)",
  h: "heure(s)",
  d: "jour(s)",
  wk: "semaine(s)",
  mo: "mois",
  a: "an(s)",
};

/** FHIR unit of a length of time: `{jours}`, `J` and `d` are days. */
export function timeUnit(element: XmlElement | undefined): TimeUnit | undefined {
  const written = attribute(element, "unit")?.toLowerCase().replace(/[{}]/g, "") ?? "";
  const one = Object.hasOwn(timeUnits, written) ? written : written.replace(/s$/, "");
  return Object.hasOwn(timeUnits, one) ? timeUnits[one] : undefined;
}

/** A length of time in UCUM. */
export function lengthOf(width: XmlElement | undefined): TimingRepeat["boundsDuration"] | undefined {
  const unit = timeUnit(width);
  const value = decimal(attribute(width, "value"));
  return value !== undefined && unit ? { value, unit, system: codeSystem.ucum, code: unit } : undefined;
}

/** "3 mois". */
export function lengthInWords({ value, unit }: Duration): string {
  const words = timeUnitWords[unit as TimeUnit] ?? unit ?? "";
  return `${String(value ?? "").replace(".", ",")} ${words}`.trim();
}

/** A length as ISO 8601 writes it: `P3M`, `PT90M`. */
export function isoLength({ value, code }: Duration): string {
  const [before, after] = isoUnits[code as TimeUnit];
  return `${before}${value}${after}`;
}

const isoUnits: Readonly<Record<TimeUnit, readonly [before: string, after: string]>> = {
  s: ["PT", "S"],
  min: ["PT", "M"],
  h: ["PT", "H"],
  d: ["P", "D"],
  wk: ["P", "W"],
  mo: ["P", "M"],
  a: ["P", "Y"],
};

const second = 1000;
const day = 86_400 * second;
/** Units of one length only: a month or a year is as long as the calendar has it. */
const fixed: Partial<Record<TimeUnit, number>> = { s: second, min: 60 * second, h: 3600 * second, d: day, wk: 7 * day };

/**
 * The moment that is a length (or its part, before it when negative) from another: a day for days and weeks, an instant for
 * hours after an instant; `undefined` where it is no plain arithmetic.
 */
export function shifted(from: string, { value = 0, code }: Duration, part: number): string | undefined {
  const unit = code as TimeUnit;
  const milliseconds = value * part * (fixed[unit] ?? Number.NaN);
  const isExact = from.length > 10 && unit !== "d" && unit !== "wk";
  if (from.length < 10 || value < 0 || !Number.isInteger(milliseconds / (isExact ? second : day))) return undefined;
  const zone = isExact ? (/(?:Z|[+-]\d\d:\d\d)$/.exec(from)?.[0] ?? "Z") : "";
  const local = isExact ? from.slice(0, -zone.length) : from.slice(0, 10);
  const date = new Date(Date.parse(isExact ? `${local}Z` : local) + milliseconds);
  const year = date.getUTCFullYear();
  if (!(year >= 1800 && year <= 2200)) return undefined;
  return isExact ? date.toISOString().slice(0, 19) + zone : date.toISOString().slice(0, 10);
}
