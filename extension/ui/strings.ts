import { english } from "./strings-en.ts";
import { french, type StringKey } from "./strings-fr.ts";

export type { StringKey } from "./strings-fr.ts";
export type Locale = "fr" | "en";

export interface Texts {
  readonly locale: Locale;
  (key: StringKey, values?: Readonly<Record<string, string | number>>): string;
}

const tables: Record<Locale, Record<StringKey, string>> = { fr: french, en: english };

/** The texts of one language. `{name}` places are filled with values, as text. */
export function textsOf(locale: Locale): Texts {
  const texts = (key: StringKey, values: Readonly<Record<string, string | number>> = {}) =>
    tables[locale][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  return Object.assign(texts, { locale });
}

/** `2026-03-04` as people read it; what is not a date stays as it is, never completed. */
export function dateText(locale: Locale, date: string): string {
  const parsed = /^\d{4}-\d{2}-\d{2}/.test(date) ? new Date(`${date.slice(0, 10)}T12:00:00`) : undefined;
  if (parsed === undefined || Number.isNaN(parsed.getTime())) return date;
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" }).format(parsed);
}

export function instantText(locale: Locale, instant: string | number): string {
  const parsed = new Date(instant);
  return Number.isNaN(parsed.getTime())
    ? String(instant)
    : new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" }).format(parsed);
}

export function sizeText(locale: Locale, bytes: number): string {
  const unit = bytes < 1_000_000 ? "kilobyte" : "megabyte";
  const value = bytes / (unit === "kilobyte" ? 1_000 : 1_000_000);
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(
    value,
  );
}
