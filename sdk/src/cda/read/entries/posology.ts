import type { Dosage, DosageDoseAndRate, Timing, TimingRepeat } from "../../../fhir/index.ts";
import { maskedConcept } from "../concept.ts";
import type { Conversion } from "../conversion.ts";
import { decimal } from "../decimal.ts";
import { filled } from "../filled.ts";
import type { NarrativeReader } from "../references.ts";
import type { Posology } from "../stated-posology.ts";
import { periodOf } from "../times.ts";
import { interval, inWords, quantity, ratio } from "../values.ts";
import { attribute, child, children, textOf, type XmlElement } from "../xml.ts";
import { materialOf } from "./products.ts";
import { lengthInWords, lengthOf, type TimeUnit, timeUnit } from "./time-lengths.ts";
import { cycleOf, eventOf, lastingOf, offsetOf, timesLeft } from "./times-left.ts";
import { dayOfWeek, hourOf, intervalPart, isExcluded, moments, periodicParts, treatmentTime } from "./times-of-use.ts";

/** What a treatment, or a step of it, says of its dose, its rhythm and its route; `undefined` when it says nothing. */
export function dosage(conversion: Conversion, statement: XmlElement): Dosage | undefined {
  const timing = timingOf(conversion.reader, statement);
  const doseAndRate = doseOf(statement);
  const maxDose = ratio(child(statement, "maxDoseQuantity"));
  const route = conversion.concept(child(statement, "routeCode"));
  const site = conversion.concept(child(statement, "approachSiteCode"));
  const withheld = maskedConcept(
    ...["doseQuantity", "rateQuantity", "routeCode"].map((name) => child(statement, name)),
    ...periodicParts(statement),
  );
  const said = [freeText(conversion.reader, statement), ...timesLeft(conversion.reader, statement)];
  const words = [productOfStep(statement), said.filter(Boolean).join(" ; ")].filter(Boolean).join(" : ");
  const text = words || withheld?.text;
  const result = filled<Dosage>({
    text,
    timing,
    site,
    route,
    ...(doseAndRate ? { doseAndRate: [doseAndRate] } : {}),
    maxDosePerPeriod: maxDose,
  });
  return Object.keys(result).length > 0 ? result : undefined;
}

/** In a combined administration each step gives a product of its own. */
function productOfStep(statement: XmlElement): string | undefined {
  // Given within an act, it is no step: its name is that of the treatment.
  const outer = statement.parent?.name === "entryRelationship" ? statement.parent.parent : undefined;
  if (!outer || !/^(substanceAdministration|supply)$/.test(outer.name)) return undefined;
  const material = materialOf(statement);
  const name = textOf(child(material, "name")) ?? attribute(child(material, "code"), "displayName");
  const around = materialOf(outer);
  return name !== textOf(child(around, "name")) ? name : undefined;
}

/** Words of the narrative for frequency, dose and rate: what the patient reads. */
function freeText(reader: NarrativeReader, statement: XmlElement): string | undefined {
  const parts: string[] = [];
  const add = (element: XmlElement | undefined) => {
    for (const translation of children(element, "translation")) {
      const text = reader.textOf(child(translation, "originalText"));
      if (text && !parts.includes(text)) parts.push(text);
    }
  };
  for (const part of periodicParts(statement)) add(child(part, "period"));
  for (const name of ["doseQuantity", "rateQuantity"]) {
    const element = child(statement, name);
    add(child(element, "low"));
    add(child(element, "high"));
    add(element);
    const { words } = interval(element);
    if (words) parts.push(words);
  }
  // A limit without the time that it holds for is no ratio, and FHIR has room for one limit.
  children(statement, "maxDoseQuantity").forEach((most, index) => {
    const { numerator, denominator } = ratio(most) ?? { numerator: quantity(child(most, "numerator")) };
    const limit = inWords({ valueQuantity: numerator });
    if (!limit || (index === 0 && denominator)) return;
    parts.push(`maximum ${limit}${denominator ? ` pour ${lengthInWords(denominator)}` : ""}`);
  });
  return parts.join(" ; ") || undefined;
}

/** Its dose and its rate as a few words. */
export function doseInWords(statement: XmlElement): string | undefined {
  const { doseQuantity, doseRange, rateQuantity, rateRange } = doseOf(statement) ?? {};
  const parts = [
    inWords(filled({ valueQuantity: doseQuantity, valueRange: doseRange })),
    inWords(filled({ valueQuantity: rateQuantity, valueRange: rateRange })),
  ];
  return parts.filter(Boolean).join(", ") || undefined;
}

function doseOf(statement: XmlElement): DosageDoseAndRate | undefined {
  const dose = bounds(child(statement, "doseQuantity"));
  // What is counted may be told once, apart from the number.
  const counted = attribute(child(statement, "administrationUnitCode"), "displayName");
  for (const each of [dose.quantity, dose.range?.low, dose.range?.high]) if (each && counted) each.unit ??= counted;
  const rate = bounds(child(statement, "rateQuantity"));
  const result = filled<DosageDoseAndRate>({
    doseQuantity: dose.quantity,
    doseRange: dose.range,
    rateQuantity: rate.quantity,
    rateRange: rate.range,
  });
  return Object.keys(result).length > 0 ? result : undefined;
}

/** A dose from 2 to 2 is a dose of 2. A dose with one bound is a range with one bound. */
function bounds(element: XmlElement | undefined): ReturnType<typeof interval> {
  const found = interval(element);
  const { low, high } = found.range ?? {};
  if (low && high && low.value === high.value && low.unit === high.unit) return { quantity: low };
  if (found.quantity?.comparator) {
    const { comparator, ...bare } = found.quantity;
    return { range: comparator.startsWith(">") ? { low: bare } : { high: bare } };
  }
  return found;
}

function timingOf(reader: NarrativeReader, statement: XmlElement): Timing | undefined {
  const time = treatmentTime(statement);
  const event = moments(statement);
  const repeat: TimingRepeat = {};
  const boundsPeriod = event.length > 1 ? undefined : periodOf(time);
  const duration = time?.high || event.length > 1 ? undefined : durationOf(statement);
  // Of start and length of a treatment FHIR keeps one here; the start is told by the period of the whole.
  if (duration) repeat.boundsDuration = duration;
  else if (boundsPeriod) repeat.boundsPeriod = boundsPeriod;
  let text: string | undefined;
  const parts = periodicParts(statement);
  for (const part of parts) {
    const period = child(part, "period");
    const least = child(period, "low") ?? period;
    const most = child(period, "high");
    const unit = timeUnit(least);
    const value = decimal(attribute(least, "value"));
    const longest = timeUnit(most) === unit ? decimal(attribute(most, "value")) : undefined;
    if (value !== undefined && value > 0 && unit && !cycleOf(part)) {
      // The same period again is one more time in it (at 8 and at 20 o'clock, each day); another period stays in words.
      const isAgain = repeat.period === value && repeat.periodUnit === unit;
      if (isAgain) repeat.frequency = (repeat.frequency ?? 0) + 1;
      else if (repeat.period === undefined)
        Object.assign(repeat, {
          frequency: 1,
          period: value,
          ...(longest !== undefined && longest > value ? { periodMax: longest } : {}),
          periodUnit: unit,
        } satisfies TimingRepeat);
    }
    Object.assign(repeat, lastingOf(part));
    const event = eventOf(part);
    if (event) repeat.when = [...(repeat.when ?? []), event as "HS"];
    const day = dayOfWeek(part);
    if (day) repeat.dayOfWeek = [...(repeat.dayOfWeek ?? []), day];
    const hour = hourOf(part);
    if (hour && !cycleOf(part)) repeat.timeOfDay = [...(repeat.timeOfDay ?? []), hour];
    text ??= children(period, "translation")
      .map((translation) => reader.textOf(child(translation, "originalText")))
      .find(Boolean);
  }
  const offset = offsetOf(parts);
  if (offset !== undefined) repeat.offset = offset;
  if (Object.keys(repeat).length === 0 && !text && event.length === 0) return undefined;
  // FHIR tells hours or moments: the hours stay in words.
  if (repeat.timeOfDay && repeat.when) delete repeat.timeOfDay;
  return filled({
    event,
    ...(Object.keys(repeat).length > 0 ? { repeat } : {}),
    ...(text ? { code: { text } } : {}),
  });
}

/** How long a treatment lasts, where that is said without an end: `width` of its interval. */
function durationOf(statement: XmlElement): TimingRepeat["boundsDuration"] | undefined {
  for (const element of children(statement, "effectiveTime")) {
    const type = attribute(element, "xsi:type");
    if (type === "PIVL_TS" || type === "EIVL_TS" || isExcluded(element)) continue;
    const width = child(type === "SXPR_TS" ? intervalPart(element) : element, "width");
    const length = lengthOf(width);
    if (length) return length;
  }
  return undefined;
}

/** Dose at a time, where its units can be counted, and number of times a day: to be held against the narrative. */
export function plainPosology(reader: NarrativeReader, statement: XmlElement): Posology | undefined {
  // Steps have doses and rhythms of their own, which the line tells together.
  if (children(statement, "entryRelationship").some((each) => child(each, "substanceAdministration"))) return undefined;
  const { value, unit } = bounds(child(statement, "doseQuantity")).quantity ?? {};
  // "20 mg" and "1 tablet" say the same.
  const isCounted = unit === undefined || /^(1|\{.*\}|c(p|omprimé)s?|gélules?)$/i.test(unit);
  // What is left to words (a day left out, a cycle) is no plain count.
  const perDay = timesLeft(reader, statement).length > 0 ? undefined : timesADay(periodicParts(statement));
  if (value === undefined && perDay === undefined) return undefined;
  return filled<Posology>({
    dose: isCounted ? value : undefined,
    mass: isCounted || value === undefined || unit === undefined ? undefined : { value, unit },
    perDay,
  });
}

const daysIn: Partial<Record<TimeUnit, number>> = { h: 1 / 24, d: 1, wk: 7, mo: 30 };

/**
 * How often a day, when the rhythm is plain: one period, said once for each moment in it; or moments of the day; or days of
 * the week. A period beside several moments says that they come back each day.
 */
function timesADay(parts: readonly XmlElement[]): number | undefined {
  const events = parts.filter((part) => child(part, "event"));
  const meals = events.map((part) => attribute(child(part, "event"), "code") ?? "");
  // Before meals: of how many meals nobody says.
  if (meals.some((code) => !/^(AC|PC|C)[MDV]$|^(HS|WAKE|MORN|NOON|AFT|EVE|NIGHT)$/.test(code))) return undefined;
  const rates = parts.flatMap((part) => {
    const period = child(part, "period");
    if (!period) return [];
    const unit = timeUnit(period);
    const value = decimal(attribute(period, "value"));
    const days = (value ?? 0) * ((unit && daysIn[unit]) ?? 0);
    return [days > 0 ? 1 / days : Number.NaN];
  });
  const [rate, ...others] = rates;
  if (rate === undefined) return events.length > 0 ? events.length : undefined;
  if (Number.isNaN(rate) || others.some((each) => each !== rate)) return undefined;
  const all = rate * rates.length;
  if (events.length === 0 || events.length === 1 || events.length === all) return all;
  return all === 1 ? events.length : undefined;
}
