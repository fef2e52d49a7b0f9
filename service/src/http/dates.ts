/** FHIR date search: prefix and precision to an interval, and the interval to a condition. */
import { type RawBuilder, sql } from "kysely";
import { isDay, whenClocksShow } from "../rules/index.ts";
import { badRequest } from "./outcome.ts";

export type DatePrefix = "eq" | "ne" | "gt" | "lt" | "ge" | "le" | "sa" | "eb" | "ap";

export interface DateCriterion {
  readonly prefix: DatePrefix;
  /** First instant of what was written, and first instant after it. */
  readonly from: Date;
  readonly until: Date;
}

const WRITTEN =
  /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/**
 * A day, a month or a time without zone is one of France: the server's own, as FHIR has it.
 * @throws WireError 400 naming the parameter
 */
export function parseDate(text: string, parameter: string): DateCriterion {
  // A "+" of a time zone that was not encoded arrives as a space.
  const match = WRITTEN.exec(text.replace(/ (\d{2}:\d{2})$/, "+$1"));
  const wrong = () =>
    badRequest(
      "Date attendue : AAAA[-MM[-JJ[Thh:mm:ss±hh:mm]]], précédée ou non de ge, le, gt, lt…",
      "Date expected: YYYY[-MM[-DD[Thh:mm:ss±hh:mm]]], with or without ge, le, gt, lt…",
      parameter,
    );
  if (!match) throw wrong();
  const [, prefix = "eq", year = "", month, day, hour, minute, second, fraction, zone] = match;
  const firstDay = `${year}-${month ?? "01"}-${day ?? "01"}`;
  const clock = `${hour ?? "00"}:${minute ?? "00"}:${second ?? "00"}.${(fraction ?? "").padEnd(3, "0").slice(0, 3)}`;
  const shown = new Date(`${firstDay}T${clock}Z`);
  const zoneMs = zone ? Date.parse(`1970-01-01T00:00:00${zone}`) : undefined;
  if (!isDay(firstDay) || Number.isNaN(shown.getTime()) || Number.isNaN(zoneMs ?? 0)) throw wrong();
  const end = after(shown, { month, day, hour, second, fraction });
  const moment = (date: Date) =>
    zoneMs === undefined ? whenClocksShow(date.getTime()) : new Date(date.getTime() + zoneMs);
  return { prefix: prefix as DatePrefix, from: moment(shown), until: moment(end) };
}

function after(
  start: Date,
  given: Readonly<Record<"month" | "day" | "hour" | "second" | "fraction", string | undefined>>,
): Date {
  const end = new Date(start);
  if (given.fraction) end.setTime(end.getTime() + 1);
  else if (given.second) end.setTime(end.getTime() + 1000);
  else if (given.hour) end.setTime(end.getTime() + 60_000);
  else if (given.day) end.setUTCDate(end.getUTCDate() + 1);
  else if (given.month) end.setUTCMonth(end.getUTCMonth() + 1);
  else end.setUTCFullYear(end.getUTCFullYear() + 1);
  return end;
}

/** An instant against an interval. */
export function instant(column: RawBuilder<unknown>, { prefix, from, until }: DateCriterion): RawBuilder<unknown> {
  switch (prefix) {
    case "eq":
      return sql`(${column} >= ${from} and ${column} < ${until})`;
    case "ne":
      return sql`(${column} < ${from} or ${column} >= ${until})`;
    case "gt":
    case "sa":
      return sql`${column} >= ${until}`;
    case "lt":
    case "eb":
      return sql`${column} < ${from}`;
    case "ge":
      return sql`${column} >= ${from}`;
    case "le":
      return sql`${column} < ${until}`;
    case "ap": {
      const { low, high } = around(from, until);
      return sql`(${column} >= ${low} and ${column} < ${high})`;
    }
  }
}

/** The same for an instant that is at hand. */
export function isWithin(date: Date, { prefix, from, until }: DateCriterion): boolean {
  switch (prefix) {
    case "eq":
      return date >= from && date < until;
    case "ne":
      return date < from || date >= until;
    case "gt":
    case "sa":
      return date >= until;
    case "lt":
    case "eb":
      return date < from;
    case "ge":
      return date >= from;
    case "le":
      return date < until;
    case "ap": {
      const { low, high } = around(from, until);
      return date >= low && date < high;
    }
  }
}

/** "About": as much again on both sides, a day at least. */
function around(from: Date, until: Date): { low: Date; high: Date } {
  const slack = Math.max(until.getTime() - from.getTime(), 86_400_000);
  return { low: new Date(from.getTime() - slack), high: new Date(until.getTime() + slack) };
}
