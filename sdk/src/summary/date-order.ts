/**
 * Compares two FHIR dates, the earlier first, by the instant that each means: the clocks of two hospitals may show two
 * zones. A day, a month or a year stands at its beginning.
 */
export function compareDates(a: string, b: string): number {
  if (a === b) return 0;
  // Nearly all dates of a record are days, or bear one zone: these stand in order as they are written.
  const isAsWritten = (a.length <= DAY && b.length <= DAY) || (a.length === b.length && a.endsWith(b.slice(-ZONE)));
  const [left, right] = isAsWritten ? [a, b] : [comparable(a), comparable(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Half a second later is later: without its zone, the whole second is the beginning of the other. */
const comparable = (date: string) => instantOf(date).replace(/Z$/, "");

const DAY = "2026-01-01".length;
const ZONE = "+01:00".length;

/** One instant is one, in whatever zone it is written. What is no instant stays as it is. */
export function instantOf(date: string): string {
  if (date === last.written) return last.instant;
  if (!WITH_OFFSET.test(date)) return date;
  const time = Date.parse(date);
  const instant = Number.isNaN(time) ? date : new Date(time).toISOString().replace(".000Z", "Z");
  last = { written: date, instant };
  return instant;
}

/** The facts of a document mostly bear one date, and reading it costs more than the rest of their comparison. */
let last = { written: "", instant: "" };

/** Nor does a minute without its seconds stand as others are written. */
const WITH_OFFSET = /T\d\d:\d\d(?:Z|.*(?:[+-]\d\d:\d\d|\.\d+Z))$/;
