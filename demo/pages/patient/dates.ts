/** Dates in words, at the precision that the document gives, never completed. */
import type { Locale } from "./strings.ts";

const tags = { fr: "fr-FR", en: "en-GB" } as const satisfies Record<Locale, string>;

/** `14 mai 2026`, `mai 2026` or `2026`. An unreadable date is shown as written. */
export function writtenDate(iso: string, locale: Locale): string {
  const precision = iso.length;
  const date = new Date(precision === 4 ? `${iso}-01-01` : precision === 7 ? `${iso}-01` : iso);
  if (Number.isNaN(date.getTime())) return iso;
  // A day without a time has no zone: it must not slip to the day before.
  const timeZone = precision <= 10 ? "UTC" : "Europe/Paris";
  return new Intl.DateTimeFormat(tags[locale], {
    year: "numeric",
    ...(precision > 4 && { month: "long" }),
    ...(precision > 7 && { day: "numeric" }),
    timeZone,
  }).format(date);
}

/** `jeudi 14 mai 2026` */
export function writtenDay(iso: string, locale: Locale): string {
  return new Intl.DateTimeFormat(tags[locale], {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "Europe/Paris",
  }).format(new Date(iso));
}

/** `14:05` */
export function writtenTime(iso: string, locale: Locale): string {
  return new Intl.DateTimeFormat(tags[locale], { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Paris" }).format(
    new Date(iso),
  );
}

export const decimalFormat = (locale: Locale): Intl.NumberFormat =>
  new Intl.NumberFormat(tags[locale], { maximumSignificantDigits: 12 });
