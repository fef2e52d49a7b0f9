const months = {
  fr: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(" "),
  en: "January February March April May June July August September October November December".split(" "),
} as const;

/**
 * An ISO date for people to read: day, month in letters, four-digit year, at the precision recorded and never completed:
 * `2024-03-01T10:00:00Z` → "1er mars 2024", `2024-03` → "mars 2024", `2024` → "2024". What is no ISO date stays as it is.
 */
export function dateInWords(date: string, locale: "fr" | "en"): string {
  const [, year, month, day] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T|$)/.exec(date) ?? [];
  if (year === undefined) return date;
  const name = months[locale][Number(month ?? 0) - 1];
  if (name === undefined) return year;
  if (day === undefined) return `${name} ${year}`;
  return `${day === "01" && locale === "fr" ? "1er" : Number(day)} ${name} ${year}`;
}
