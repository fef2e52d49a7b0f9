import type { Duration, Period } from "../../fhir/index.ts";
import { lengthOf, shifted } from "./entries/time-lengths.ts";
import { filled } from "./filled.ts";
import { attribute, child, type XmlElement } from "./xml.ts";

/**
 * HL7 timestamp → FHIR dateTime, at the precision recorded and never beyond: `1975` stays `1975`. FHIR has no time of
 * day without a zone: one recorded without zone keeps its day here, and its time in words (`unzonedTimes`). An impossible
 * date gives `undefined`.
 */
export function dateTimeOf(timestamp: string | undefined): string | undefined {
  if (timestamp === undefined) return undefined;
  if (known.has(timestamp)) return known.get(timestamp);
  const found = readTimestamp(timestamp);
  if (known.size > mostKnown) known.clear();
  known.set(timestamp, found);
  return found;
}

/** A document says the same dates again and again. */
const known = new Map<string, string | undefined>();
const mostKnown = 1000;

function readTimestamp(timestamp: string): string | undefined {
  const match = compact(timestamp.trim()).match(
    /^(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(\.\d{1,9})?)?)?)?)?)?([+-]\d\d:?\d\d|Z)?$/,
  );
  if (!match) return undefined;
  const [, year = "", month, day, hour, minute, second, fraction = "", zone] = match;
  if (year < "1800" || year > "2200") return undefined;
  if (month === undefined) return year;
  if (month < "01" || month > "12") return undefined;
  if (day === undefined) return `${year}-${month}`;
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (day < "01" || Number(day) > days) return undefined;
  const date = `${year}-${month}-${day}`;
  if (hour === undefined || minute === undefined || zone === undefined) return date;
  if (hour > "23" || minute > "59" || (second ?? "00") > "59") return undefined;
  const offset = zone === "Z" ? "Z" : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  if (offset !== "Z" && (zone.slice(1, 3) > "14" || zone.slice(-2) > "59")) return undefined;
  return `${date}T${hour}:${minute}:${second ?? "00"}${fraction}${offset}`;
}

/** The HL7 form of a date that a producer wrote in the extended form of ISO 8601: `2024-03-12T08:15:00+01:00`. */
function compact(timestamp: string): string {
  if (timestamp[4] !== "-") return timestamp;
  const [whole, year, month, day = "", time = "", zone = ""] =
    /^(\d{4})-(\d\d)(?:-(\d\d))?(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/.exec(timestamp) ?? [];
  return whole ? `${year}${month}${day}${(time + zone).replaceAll(":", "")}` : timestamp;
}

/**
 * The times of day of a TS or IVL_TS that are recorded without zone: dates bear none in FHIR, so that they stay beside
 * it, as `[date, "08:15"]` (`"08"` when only the hour is recorded).
 */
export function unzonedTimes(element: XmlElement | undefined): (readonly [date: string, time: string])[] {
  const found: (readonly [string, string])[] = [];
  for (const part of [element, child(element, "low"), child(element, "high"), child(element, "center")]) {
    const value = attribute(part, "value");
    if (value === undefined) continue;
    const written = compact(value);
    const [, hour = "", minute = ""] = /^\d{8}(\d\d)(\d\d)?(?:\d\d(?:\.\d+)?)?$/.exec(written) ?? [];
    const date = hour && hour <= "23" && minute <= "59" ? dateTimeOf(written) : undefined;
    if (date) found.push([date, minute ? `${hour}:${minute}` : hour]);
  }
  return found;
}

/** FHIR date (no time of day) of an HL7 timestamp. */
export function dateOf(timestamp: string | undefined): string | undefined {
  return dateTimeOf(timestamp)?.slice(0, 10);
}

/** FHIR instant of an HL7 timestamp; `undefined` when it has no time of day and zone. */
export function instantOf(timestamp: string | undefined): string | undefined {
  const dateTime = dateTimeOf(timestamp);
  return dateTime?.includes("T") ? dateTime : undefined;
}

/** The start and end of a TS or IVL_TS, as recorded; a bare `value` is a point in time. */
export interface RecordedTime {
  readonly value?: string;
  readonly low?: string;
  readonly high?: string;
  /** The end is said to be unknown, which is not "no end". */
  readonly isEndUnknown?: boolean;
  /** Raw text of a timestamp that is not a date. */
  readonly unreadable?: string;
  /** An end that is recorded before the start: it ends nothing. */
  readonly impossibleEnd?: string;
}

/**
 * Reads `effectiveTime` or `time` in any of its forms; `undefined` when it says nothing. An interval of one bound (or its
 * middle) and a length has its other bound where that is plain arithmetic; else its length is kept in words (`lengthLeft`).
 */
export function recordedTime(element: XmlElement | undefined): RecordedTime | undefined {
  if (!element) return undefined;
  const written = attribute(element, "value");
  // Asked of each statement some ten times, and nearly always a point in time: no part is looked for.
  if (element.content.length === 0) {
    if (written === undefined) return undefined;
    const value = dateTimeOf(written);
    return value ? { value } : { unreadable: written };
  }
  const raw = [written, ...["low", "high", "center"].map((name) => attribute(child(element, name), "value"))];
  const [point, from, to, center] = raw.map(dateTimeOf);
  const unreadable = raw.find((timestamp) => timestamp !== undefined && dateTimeOf(timestamp) === undefined);
  const highNull = attribute(child(element, "high"), "nullFlavor");
  const computed = boundsByLength(child(element, "width"), from, to, center);
  const low = from ?? computed.low;
  const high = to ?? computed.high;
  const value = point ?? (computed.low && computed.high ? undefined : center);
  if (!value && !low && !high && !unreadable) return undefined;
  return filled({
    value,
    low,
    ...(high ? (isBefore(high, low) ? { impossibleEnd: high } : { high }) : {}),
    ...(highNull && highNull !== "NA" ? { isEndUnknown: true } : {}),
    unreadable,
  });
}

/** The bounds that a length gives where one bound or the middle is told. */
function boundsByLength(width: XmlElement | undefined, low?: string, high?: string, center?: string) {
  const length = width && !(low && high) ? lengthOf(width) : undefined;
  const bound = (from: string | undefined, part: number) => length && from && shifted(from, length, part);
  if (low) return { high: bound(low, 1) };
  if (high) return { low: bound(high, -1) };
  return { low: bound(center, -0.5), high: bound(center, 0.5) };
}

/** The length of an interval of which no second bound can be computed. */
export function lengthLeft(element: XmlElement | undefined): Duration | undefined {
  const width = child(element, "width");
  if (!width) return undefined;
  const time = recordedTime(element);
  return time?.low && (time.high ?? time.impossibleEnd) ? undefined : lengthOf(width);
}

/** `true` when one ISO date is before another at the precision that both have. */
function isBefore(date: string, other: string | undefined): boolean {
  if (other === undefined) return false;
  if (date.length > 10 && other.length > 10) return Date.parse(date) < Date.parse(other);
  const precision = Math.min(date.length, other.length, 10);
  return date.slice(0, precision) < other.slice(0, precision);
}

/** `true` when what ends on that day, in that month or that year is over on a given day: an end this year is not yet. */
export function isOver(end: string, today: string): boolean {
  return end.length >= 10 ? end.slice(0, 10) <= today.slice(0, 10) : isBefore(end, today);
}

/** `true` when a day, a month or a year is still to come on a given day. */
export function isAhead(date: string, today: string): boolean {
  return isBefore(today.slice(0, 10), date.slice(0, 10));
}

/** FHIR period of a recorded time: a point in time starts it. */
export function periodOf(time: RecordedTime | undefined): Period | undefined {
  if (!time) return undefined;
  const start = time.low ?? time.value;
  if (!start && !time.high) return undefined;
  return filled({ start, end: time.high });
}

/** When somebody recorded or did what a statement tells: the `time` of the first participation of that name. */
export function participationTime(statement: XmlElement | undefined, ...names: string[]): string | undefined {
  for (const name of names) {
    const time = recordedTime(child(child(statement, name), "time"));
    const said = time?.value ?? time?.low ?? time?.high;
    if (said) return said;
  }
  return undefined;
}
