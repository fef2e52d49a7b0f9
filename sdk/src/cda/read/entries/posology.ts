import type { Dosage, DosageDoseAndRate, Timing, TimingRepeat } from "../../../fhir/index.ts";
import { maskedConcept } from "../concept.ts";
import type { Conversion } from "../conversion.ts";
import { decimal } from "../decimal.ts";
import { filled } from "../filled.ts";
import type { NarrativeReader } from "../references.ts";
import type { Posology } from "../stated-posology.ts";
import { dateTimeOf, periodOf, type RecordedTime, recordedTime, unzonedTimes } from "../times.ts";
import { interval, inWords, quantity, ratio } from "../values.ts";
import { at, attribute, child, children, textOf, type XmlElement } from "../xml.ts";
import { materialOf } from "./products.ts";
import { lengthInWords, lengthOf, type TimeUnit, timeUnit, timeUnitWords } from "./time-lengths.ts";

const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
/** HL7 timing events that FHIR knows by the same code, and those of FHIR itself. */
const events = new Set("AC ACM ACD ACV C CM CD CV HS PC PCM PCD PCV WAKE MORN NOON AFT EVE NIGHT PHS".split(" "));

/** Points in time among the effectiveTime elements of a treatment, in their order. */
function points(statement: XmlElement): string[] {
  return children(statement, "effectiveTime").flatMap((element) => {
    const type = attribute(element, "xsi:type") ?? "TS";
    return /TS$/.test(type) && !child(element, "low") ? (dateTimeOf(attribute(element, "value")) ?? []) : [];
  });
}

/** The days of a treatment given on several of them. */
function days(statement: XmlElement): string[] {
  const found = points(statement);
  return found.length > 1 ? found.sort() : [];
}

/** The moments of a treatment: its days, or the one beside its interval (an injection during an anaesthesia). */
function moments(statement: XmlElement): string[] {
  const isBesideOther = children(statement, "effectiveTime").length > 1;
  return isBesideOther ? points(statement).sort() : [];
}

/** Period over which a treatment is taken: the interval among its effectiveTime elements, or its first and last day. */
export function treatmentTime(statement: XmlElement): RecordedTime | undefined {
  const [first, ...others] = days(statement);
  const last = others.at(-1);
  if (first && last) return { low: first, high: last };
  const times = children(statement, "effectiveTime").flatMap((element) => {
    const type = attribute(element, "xsi:type");
    const part = type === "SXPR_TS" ? intervalPart(element) : element;
    const time = type === "PIVL_TS" || type === "EIVL_TS" ? undefined : recordedTime(part);
    return time ? [time] : [];
  });
  // A moment may be told before the interval that it falls in.
  return times.find(({ low, high }) => low ?? high) ?? times[0];
}

function intervalPart(element: XmlElement): XmlElement | undefined {
  return children(element, "comp").find((comp) => attribute(comp, "xsi:type") === "IVL_TS" || child(comp, "low"));
}

function periodicParts(statement: XmlElement): XmlElement[] {
  return children(statement, "effectiveTime").flatMap((element) => {
    const type = attribute(element, "xsi:type");
    if (type === "SXPR_TS") return children(element, "comp").filter((comp) => attribute(comp, "xsi:type") !== "IVL_TS");
    return type === "PIVL_TS" || type === "EIVL_TS" ? [element] : [];
  });
}

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
  const words = [productOfStep(statement), freeText(conversion.reader, statement)].filter(Boolean).join(" : ");
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
  const others: string[] = [];
  for (const part of periodicParts(statement)) {
    const period = child(part, "period");
    const least = child(period, "low") ?? period;
    const most = child(period, "high");
    const unit = timeUnit(least);
    const value = decimal(attribute(least, "value"));
    const longest = timeUnit(most) === unit ? decimal(attribute(most, "value")) : undefined;
    if (value !== undefined && value > 0 && unit) {
      // The same period again is one more time in it (at 8 and at 20 o'clock, each day); another period stays in words.
      const isAgain = repeat.period === value && repeat.periodUnit === unit;
      // "Twice a day, on Mondays": the day is no second rhythm.
      const isDay = attribute(part, "alignment") === "DW" && dayOfWeek(part) !== undefined;
      if (isAgain) repeat.frequency = (repeat.frequency ?? 0) + 1;
      else if (repeat.period === undefined)
        Object.assign(repeat, {
          frequency: 1,
          period: value,
          ...(longest !== undefined && longest > value ? { periodMax: longest } : {}),
          periodUnit: unit,
        } satisfies TimingRepeat);
      else if (!isDay) others.push(`période de ${String(value).replace(".", ",")} ${timeUnitWords[unit]}`);
    }
    const meal = attribute(child(part, "event"), "code");
    if (meal && events.has(meal)) {
      repeat.when = [...(repeat.when ?? []), meal as "HS"];
      const offset = minutesOf(child(part, "offset"));
      if (offset !== undefined) repeat.offset = offset;
    }
    const day = attribute(part, "alignment") === "DW" ? dayOfWeek(part) : undefined;
    if (day) repeat.dayOfWeek = [...(repeat.dayOfWeek ?? []), day];
    const phase = dateTimeOf(attribute(at(part, "phase", "low") ?? child(part, "phase"), "value"));
    const [[, local = ""] = []] = unzonedTimes(child(part, "phase"));
    // FHIR's time of day has no zone either.
    const hour = local.includes(":") ? `${local}:00` : phase?.slice(11, 19);
    if (hour) repeat.timeOfDay = [...(repeat.timeOfDay ?? []), hour];
    text ??= children(period, "translation")
      .map((translation) => reader.textOf(child(translation, "originalText")))
      .find(Boolean);
  }
  if (others.length > 0) text = [text, `Autre rythme : ${others.join(" ; ")}`].filter(Boolean).join(" ; ");
  if (Object.keys(repeat).length === 0 && !text && event.length === 0) return undefined;
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
    if (type === "PIVL_TS" || type === "EIVL_TS") continue;
    const width = child(type === "SXPR_TS" ? intervalPart(element) : element, "width");
    const length = lengthOf(width);
    if (length) return length;
  }
  return undefined;
}

/** The day that a weekly rhythm falls on: that of its first phase. */
function dayOfWeek(part: XmlElement): (typeof weekdays)[number] | undefined {
  const first = dateTimeOf(attribute(at(part, "phase", "low") ?? child(part, "phase"), "value"));
  return first && first.length >= 10 ? weekdays[new Date(`${first.slice(0, 10)}T00:00:00Z`).getUTCDay()] : undefined;
}

/** Time before or after an event, in whole minutes. */
function minutesOf(offset: XmlElement | undefined): number | undefined {
  const found = quantity(child(offset, "low")) ?? quantity(child(offset, "width")) ?? quantity(offset);
  const factor = found?.unit === "min" ? 1 : found?.unit === "h" ? 60 : undefined;
  if (factor === undefined || found?.value === undefined) return undefined;
  const minutes = Math.abs(found.value * factor);
  return Number.isInteger(minutes) ? minutes : undefined;
}

/** Dose at a time, where its units can be counted, and number of times a day: to be held against the narrative. */
export function plainPosology(statement: XmlElement): Posology | undefined {
  // Steps have doses and rhythms of their own, which the line tells together.
  if (children(statement, "entryRelationship").some((each) => child(each, "substanceAdministration"))) return undefined;
  const { value, unit } = bounds(child(statement, "doseQuantity")).quantity ?? {};
  // "20 mg" and "1 tablet" say the same.
  const isCounted = unit === undefined || /^(1|\{.*\}|c(p|omprimé)s?|gélules?)$/i.test(unit);
  const perDay = timesADay(periodicParts(statement));
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
