import { languageOf } from "./languages.ts";
import type { Locale } from "./locale.ts";

/**
 * Dates as they were recorded: day, month in letters, four-digit year, at the precision of the source and never
 * completed. The time zone written in the document is kept: a date never moves because the reader is elsewhere.
 * Source: STYLE 18 (NHS D+Ta-0002, 0004; ADR-0045).
 */
const shape = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2}))?)?)?/;

export interface DateOptions {
  /** Add the time of day when the source has one. Default: false. */
  readonly time?: boolean;
}

/**
 * `2024-03-01` → "1er mars 2024"; `2024-03` → "mars 2024"; `2024` → "2024"; with `time`, "… à 14 h 05".
 * What is not an ISO date is returned as it was written: it is better read than lost.
 */
export function formatDate(value: string, locale: Locale, options: DateOptions = {}): string {
  const parts = shape.exec(value.trim());
  if (parts === null) return value.trim();
  const { writing } = languageOf(locale);
  const [, year = "", month, day, hour, minute] = parts;
  if (month === undefined || !/^(0[1-9]|1[0-2])$/.test(month)) return year;
  const date = writing.date(year, Number(month), day === undefined ? undefined : Number(day));
  return options.time === true && hour !== undefined && minute !== undefined
    ? writing.moment(date, hour, minute)
    : date;
}

/** The time of day alone, `08:00:00` → "08 h 00". */
export function formatClock(time: string | undefined, locale: Locale): string | undefined {
  const [, hour, minute] = /^(\d\d):(\d\d)/.exec(time ?? "") ?? [];
  return hour === undefined || minute === undefined
    ? time?.slice(0, 5)
    : languageOf(locale).writing.clock(hour, minute);
}

/** A moment of this computer's clock: "22 novembre 2026 à 8 h 41". */
export function formatMoment(at: Date, locale: Locale): string {
  const pad = (value: number) => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return formatDate(`${day}T${pad(at.getHours())}:${pad(at.getMinutes())}`, locale, { time: true });
}

/** A number that sorts dates of any precision; later is greater, missing is the smallest. */
export function dateOrder(value: string | undefined): number {
  const parts = value === undefined ? null : shape.exec(value);
  if (value === undefined || parts === null) return Number.NEGATIVE_INFINITY;
  const [, year, month = "01", day = "01"] = parts;
  const full = parts[4] === undefined ? Number.NaN : Date.parse(value);
  return Number.isNaN(full) ? Date.UTC(Number(year), Number(month) - 1, Number(day)) : full;
}

/** The items, newest first; each date is read once, however long the list. */
export function newestFirst<T>(items: readonly T[], dateOf: (item: T) => string | undefined): T[] {
  return items
    .map((item) => ({ item, order: dateOrder(dateOf(item)) }))
    .sort((a, b) => (a.order === b.order ? 0 : b.order - a.order))
    .map(({ item }) => item);
}

export interface Age {
  readonly value: number;
  readonly unit: "years" | "months" | "days";
}

/**
 * Age at `now` from a birth date known to the day; in months under 2 years and in days under 2 months.
 * `undefined` when the birth date is incomplete or in the future: an age is never guessed.
 */
export function ageAt(birthDate: string, now: Date): Age | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(birthDate.slice(0, 10));
  if (parts === null) return undefined;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  const total = (now.getFullYear() - year) * 12 + now.getMonth() + 1 - month - (now.getDate() < day ? 1 : 0);
  const days = Math.floor(
    (Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) - Date.UTC(year, month - 1, day)) / 86_400_000,
  );
  if (days < 0 || total < 0) return undefined;
  if (total < 2) return { value: days, unit: "days" };
  if (total < 24) return { value: total, unit: "months" };
  return { value: Math.floor(total / 12), unit: "years" };
}
