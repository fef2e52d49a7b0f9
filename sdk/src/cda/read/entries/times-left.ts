import { dateInWords } from "../../../fhir/date-words.ts";
import type { TimingRepeat } from "../../../fhir/index.ts";
import { frenchDays, frenchMoments } from "../../../fhir/moment-words.ts";
import { decimal } from "../decimal.ts";
import type { NarrativeReader } from "../references.ts";
import { type RecordedTime, recordedTime } from "../times.ts";
import { quantity } from "../values.ts";
import { attribute, child, textOf, type XmlElement } from "../xml.ts";
import { lengthInWords, lengthOf, timeUnit } from "./time-lengths.ts";
import { courses, dayOfWeek, excludedParts, hourOf, periodicParts } from "./times-of-use.ts";

/** HL7 timing events that FHIR knows by the same code, and those of FHIR itself. */
const events = new Set("AC ACM ACD ACV C CM CD CV HS PC PCM PCD PCV WAKE MORN NOON AFT EVE NIGHT PHS".split(" "));

/** The code of a moment that FHIR knows. */
export function eventOf(part: XmlElement): string | undefined {
  const code = attribute(child(part, "event"), "code");
  return code && events.has(code) ? code : undefined;
}

/**
 * The one delay of all moments, in minutes, where FHIR can tell it: before what is named as before, else after. It has room
 * for one.
 */
export function offsetOf(parts: readonly XmlElement[]): number | undefined {
  const named = parts.filter((part) => eventOf(part));
  const [first, ...others] = named.map(minutesOf);
  if (first === undefined || others.some((each) => each === undefined || Math.abs(each) !== Math.abs(first)))
    return undefined;
  const isTold = named.every((part) => hasSide(eventOf(part)) || (minutesOf(part) ?? 0) > 0);
  return isTold ? Math.abs(first) : undefined;
}

/** A moment before or after something: its delay goes that way. */
const hasSide = (event: string | undefined) => event !== undefined && /^(AC|PC)[MDV]?$/.test(event);

/** Time before (negative) or after an event, in whole minutes. */
function minutesOf(part: XmlElement): number | undefined {
  const offset = child(part, "offset");
  const found = quantity(child(offset, "low")) ?? quantity(child(offset, "width")) ?? quantity(offset);
  const factor = found?.unit === "min" ? 1 : found?.unit === "h" ? 60 : undefined;
  if (factor === undefined || found?.value === undefined) return undefined;
  const minutes = found.value * factor;
  return Number.isInteger(minutes) ? minutes : undefined;
}

/** How long each use lasts (an infusion of two hours each day). */
export function lastingOf(part: XmlElement): Pick<TimingRepeat, "duration" | "durationUnit"> | undefined {
  const width = child(child(part, "phase"), "width");
  const [value, unit] = [lengthOf(width)?.value, timeUnit(width)];
  return value !== undefined && (unit === "min" || unit === "h") ? { duration: value, durationUnit: unit } : undefined;
}

/** "21 days of 28": the days on which it is taken, and after how long they come back; its period is no rhythm of a dose. */
export function cycleOf(part: XmlElement): string | undefined {
  const phase = child(part, "phase");
  const period = lengthOf(child(part, "period"));
  const width = lengthOf(child(phase, "width"));
  if (!period || lastingOf(part)) return undefined;
  if (width) return `${lengthInWords(width)} sur ${lengthInWords(period)}`;
  const { low, high } = recordedTime(phase) ?? {};
  return low && high ? `${spanInWords({ low, high })}, puis tous les ${lengthInWords(period)}` : undefined;
}

/** What the times of a treatment say and FHIR's timing cannot, each in French words. */
export function timesLeft(reader: NarrativeReader, statement: XmlElement): string[] {
  const parts = periodicParts(statement);
  const isAtEvents = parts.some(eventOf);
  const hours = isAtEvents ? parts.flatMap((part) => hourOf(part)?.slice(0, 5) ?? []) : [];
  return [
    ...new Set([
      ...otherRhythms(parts),
      ...parts.flatMap((part) => cycleOf(part) ?? []),
      ...hours.map((hour) => `à ${hour}`),
      ...momentsLeft(reader, parts),
      ...courses(statement).map(spanInWords),
      ...excludedParts(statement).map((part) => `sauf ${exceptionInWords(reader, part)}`),
    ]),
  ];
}

/** A second period: FHIR has room for one. */
function otherRhythms(parts: readonly XmlElement[]): string[] {
  const rhythms = parts.flatMap((part) => {
    const period = child(part, "period");
    const least = child(period, "low") ?? period;
    const [value, unit] = [decimal(attribute(least, "value")), timeUnit(least)];
    return value !== undefined && value > 0 && unit && !cycleOf(part) ? [{ part, value, unit }] : [];
  });
  const [first] = rhythms;
  return rhythms
    .filter(({ value, unit }) => value !== first?.value || unit !== first.unit)
    .filter(({ part }) => !dayOfWeek(part))
    .map(({ value, unit }) => `autre rythme : période de ${lengthInWords({ value, unit })}`);
}

/** Moments that FHIR does not know, and delays that it cannot tell. */
function momentsLeft(reader: NarrativeReader, parts: readonly XmlElement[]): string[] {
  const offset = offsetOf(parts);
  return parts.flatMap((part) => {
    const minutes = minutesOf(part);
    const event = eventOf(part);
    const words = momentInWords(reader, part);
    if (!words || (event && (minutes === undefined || offset !== undefined))) return [];
    if (minutes === undefined) return [words];
    const side = hasSide(event) ? "" : minutes < 0 ? " avant" : " après";
    return [`${words} (${lengthInWords({ value: Math.abs(minutes), unit: "min" })}${side})`];
  });
}

function momentInWords(reader: NarrativeReader, part: XmlElement): string | undefined {
  const event = child(part, "event");
  const code = attribute(event, "code");
  const known = code && Object.hasOwn(frenchMoments, code) ? frenchMoments[code] : undefined;
  return (
    known ?? reader.textOf(child(event, "originalText")) ?? attribute(event, "displayName") ?? textOf(event) ?? code
  );
}

/** "du 1 janvier 2023 au 1 mars 2023". */
function spanInWords({ value, low, high }: RecordedTime): string {
  const [on, from, to] = [value, low, high].map((date) => date && dateInWords(date, "fr"));
  if (from && to) return `du ${from} au ${to}`;
  if (from) return `à partir du ${from}`;
  return to ? `jusqu'au ${to}` : `le ${on}`;
}

function exceptionInWords(reader: NarrativeReader, part: XmlElement): string {
  const day = dayOfWeek(part);
  if (day) return `le ${frenchDays[day]}`;
  const period = child(part, "period");
  const words = momentInWords(reader, part) ?? reader.textOf(child(child(period, "translation"), "originalText"));
  if (words) return words;
  const length = lengthOf(period);
  const time = recordedTime(part);
  if (length)
    return [cycleOf(part) ?? `tous les ${lengthInWords(length)}`, hourOf(part)?.slice(0, 5)]
      .filter(Boolean)
      .join(", à ");
  return time?.value || time?.low || time?.high ? spanInWords(time) : "à certains moments";
}
