/** The parts of a partial ISO date, when it is one. */
function partsOf(
  date: string,
): readonly [year: number, month: number | undefined, day: number | undefined] | undefined {
  const found = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?/.exec(date);
  if (!found) return undefined;
  const [year, month, day] = found.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
  if (year === undefined || (month !== undefined && (month < 1 || month > 12))) return undefined;
  return [year, month, day === undefined || day < 1 || day > 31 ? undefined : day];
}

/** Dates are compared as text: they keep four digits of year, however far a document counts. */
const FIRST = Date.parse("0001-01-01");
const LAST = Date.parse("9999-12-31");

const dayOf = (year: number, month: number, day: number) => {
  const time = Date.UTC(year, month, day);
  const beyond = day < 0 ? FIRST : LAST;
  return new Date(Number.isNaN(time) ? beyond : Math.min(LAST, Math.max(FIRST, time))).toISOString().slice(0, 10);
};

/** The last day that a partial ISO date may mean: 2024 → 2024-12-31. `undefined` when it is no date. */
export function latestOf(date: string): string | undefined {
  if (EVERY_MONTH_HAS.test(date)) return date.slice(0, 10);
  const parts = partsOf(date);
  if (!parts) return undefined;
  const [year, month = 12, day] = parts;
  return day === undefined ? dayOf(year, month, 0) : dayOf(year, month - 1, day);
}

/** The first day that a partial ISO date may mean: 2024 → 2024-01-01. */
export function earliestOf(date: string): string | undefined {
  // A whole date that every month has needs no calendar: nearly all dates are so.
  if (EVERY_MONTH_HAS.test(date)) return date.slice(0, 10);
  const parts = partsOf(date);
  return parts && dayOf(parts[0], (parts[1] ?? 1) - 1, parts[2] ?? 1);
}

const EVERY_MONTH_HAS = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])/;

/** A day (YYYY-MM-DD) some days later. */
export function plusDays(day: string, days: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return dayOf(year, month - 1, date + Math.floor(days));
}

/** A day some months later (earlier when negative); the end of a shorter month counts: 31 January + 1 → 28 February. */
export function plusMonths(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const last = Number(dayOf(year, month + months, 0).slice(8));
  return dayOf(year, month - 1 + months, Math.min(date, last));
}
