import type { Dosage, Quantity, Timing } from "@carnet/sdk/fhir";
import { conceptText } from "../facts/concept.ts";
import type { DosageWords } from "./dosage-words.ts";
import { formatClock, formatDate } from "./format-date.ts";
import { formatDose, formatNumber, formatPeriodUnit } from "./format-number.ts";
import { list, num, own, str } from "./guards.ts";
import { languageOf } from "./languages.ts";
import type { Locale } from "./locale.ts";

/** A dosage in three readable pieces; a piece that was not recorded is absent. */
export interface DosageText {
  readonly dose?: string;
  readonly route?: string;
  readonly rhythm?: string;
  /** The author's own words, when they say more than, or something else than, the coded pieces. */
  readonly text?: string;
}

const wordsOf = (locale: Locale): DosageWords => languageOf(locale).dosage;

/** One FHIR dosage in words. Source: STYLE 10 and 11. */
export function formatDosage(dosage: Dosage, locale: Locale): DosageText {
  const dose = doseText(dosage, locale);
  const route = lowered(conceptText(dosage.route));
  const rhythm = rhythmText(dosage, locale);
  const written = str(dosage.text) ?? str(dosage.patientInstruction);
  // A text that the coded pieces already say word for word would only be read twice.
  const said = [dose, route, rhythm]
    .filter((piece) => piece !== undefined)
    .join(" ")
    .toLowerCase();
  const text = written !== undefined && !said.includes(written.toLowerCase()) ? written : undefined;
  return {
    ...(dose === undefined ? {} : { dose }),
    ...(route === undefined ? {} : { route }),
    ...(rhythm === undefined ? {} : { rhythm }),
    ...(text === undefined ? {} : { text }),
  };
}

function doseText(dosage: Dosage, locale: Locale): string | undefined {
  const rate = list(dosage.doseAndRate)[0];
  const { low, high } = rate?.doseRange ?? {};
  const exact = amount(rate?.doseQuantity, locale, rate?.doseQuantity?.comparator);
  if (exact !== undefined) return exact;
  const [least, most] = [num(low?.value), amount(high, locale)];
  if (most === undefined) return amount(low, locale, ">=");
  if (least === undefined) return amount(high, locale, "<=");
  // "1 à 2 sachets"; two units are both said: 500 mg to 1 g is not 500 g.
  const isSame = unitOf(low) === undefined || unitOf(low) === unitOf(high);
  return wordsOf(locale).range(isSame ? formatNumber(least, locale) : formatDose(least, unitOf(low), locale), most);
}

const unitOf = (quantity: Quantity | undefined) => str(quantity?.unit) ?? str(quantity?.code);

function amount(quantity: Quantity | undefined, locale: Locale, comparator?: string): string | undefined {
  const value = num(quantity?.value);
  if (value === undefined) return undefined;
  const before = own(languageOf(locale).writing.comparators, comparator);
  const dose = formatDose(value, unitOf(quantity), locale);
  return before === undefined ? dose : `${before} ${dose}`;
}

function rhythmText(dosage: Dosage, locale: Locale): string | undefined {
  const say = wordsOf(locale);
  const pieces: (string | undefined)[] = [frequencyText(dosage.timing, locale)];
  const repeat = dosage.timing?.repeat;
  const when = list(repeat?.when)
    .map((code) => own(say.when, code) ?? str(code))
    .filter((text) => text !== undefined);
  pieces.push(joined(when, say.and));
  const days = list(repeat?.dayOfWeek)
    .map((code) => own(say.days, code) ?? str(code))
    .filter((text) => text !== undefined);
  pieces.push(joined(days, say.and));
  const hours = list(repeat?.timeOfDay)
    .map((time) => formatClock(str(time), locale))
    .filter((text) => text !== undefined);
  if (hours.length > 0) pieces.push(say.at(joined(hours, say.and)));
  const duration = num(repeat?.boundsDuration?.value);
  if (duration !== undefined) {
    const unit = str(repeat?.boundsDuration?.code) ?? str(repeat?.boundsDuration?.unit) ?? "d";
    pieces.push(say.during(`${formatNumber(duration, locale)}\u00a0${formatPeriodUnit(unit, duration, locale)}`));
  }
  const until = str(repeat?.boundsPeriod?.end);
  if (until !== undefined) pieces.push(say.until(formatDate(until, locale)));
  const reason = conceptText(dosage.asNeededCodeableConcept);
  if (reason !== undefined && reason.toLowerCase() !== say.asNeeded) pieces.push(say.asNeededFor(reason));
  else if (reason !== undefined || dosage.asNeededBoolean === true) pieces.push(say.asNeeded);
  return str(pieces.filter((piece) => piece !== undefined && piece !== "").join(", "));
}

/** "Voie orale" inside a line: "voie orale"; "IV" stays. */
function lowered(words: string | undefined): string | undefined {
  return words === undefined || !/^\p{Lu}\p{Ll}/u.test(words) ? words : words.charAt(0).toLowerCase() + words.slice(1);
}

function joined(parts: readonly string[], and: DosageWords["and"]): string {
  return parts.length < 2 ? (parts[0] ?? "") : and(parts.slice(0, -1).join(", "), parts.at(-1) ?? "");
}

function frequencyText(timing: Timing | undefined, locale: Locale): string | undefined {
  const say = wordsOf(locale);
  const repeat = timing?.repeat;
  const frequency = num(repeat?.frequency);
  const maximum = num(repeat?.frequencyMax);
  const period = num(repeat?.period) ?? 1;
  const unit = str(repeat?.periodUnit);
  if (unit !== undefined) {
    const n = maximum ?? frequency ?? 1;
    const least = formatNumber(frequency ?? 1, locale);
    const count = maximum === undefined ? least : say.range(least, formatNumber(maximum, locale));
    const longest = num(repeat?.periodMax) ?? period;
    const once = longest === 1 && !(unit === "h" && count === "1") ? say.timesPer(count, n, unit) : undefined;
    if (once !== undefined) return once;
    const shortest = formatNumber(period, locale);
    const number = longest === period ? shortest : say.range(shortest, formatNumber(longest, locale));
    const every = count === "1" ? say.every(number, longest, unit) : undefined;
    return every ?? say.perPeriod(count, `${number}\u00a0${formatPeriodUnit(unit, longest, locale)}`, n);
  }
  const code = list(timing?.code?.coding)
    .map((coding) => own(say.codes, coding.code))
    .find((words) => words !== undefined);
  if (code !== undefined) return code;
  return (
    conceptText(timing?.code) ??
    (frequency === undefined ? undefined : say.times(formatNumber(frequency, locale), frequency))
  );
}
