import type { Dosage, Timing } from "@carnet/sdk/fhir";
import { conceptText } from "../facts/concept.ts";
import type { DosageWords } from "./dosage-words.ts";
import { formatClock, formatDate } from "./format-date.ts";
import { formatDose, formatNumber, formatPeriodUnit } from "./format-number.ts";
import { list, num, str } from "./guards.ts";
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
  const value = num(rate?.doseQuantity?.value);
  if (value !== undefined)
    return formatDose(value, str(rate?.doseQuantity?.unit) ?? str(rate?.doseQuantity?.code), locale);
  const low = num(rate?.doseRange?.low?.value);
  const high = num(rate?.doseRange?.high?.value);
  const unit = str(rate?.doseRange?.high?.unit) ?? str(rate?.doseRange?.low?.unit) ?? str(rate?.doseRange?.high?.code);
  if (low !== undefined && high !== undefined)
    return wordsOf(locale).range(formatNumber(low, locale), formatDose(high, unit, locale));
  const single = low ?? high;
  return single === undefined ? undefined : formatDose(single, unit, locale);
}

function rhythmText(dosage: Dosage, locale: Locale): string | undefined {
  const say = wordsOf(locale);
  const pieces: (string | undefined)[] = [frequencyText(dosage.timing, locale)];
  const repeat = dosage.timing?.repeat;
  const when = list(repeat?.when)
    .map((code) => say.when[code as keyof typeof say.when] ?? str(code))
    .filter((text) => text !== undefined);
  pieces.push(joined(when, say.and));
  const days = list(repeat?.dayOfWeek)
    .map((code) => say.days[code as keyof typeof say.days] ?? str(code))
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
    const once = period === 1 && !(unit === "h" && count === "1") ? say.timesPer(count, n, unit) : undefined;
    if (once !== undefined) return once;
    const number = formatNumber(period, locale);
    const every = count === "1" ? say.every(number, period, unit) : undefined;
    return every ?? say.perPeriod(count, `${number}\u00a0${formatPeriodUnit(unit, period, locale)}`, n);
  }
  const code = list(timing?.code?.coding)
    .map((coding) => str(coding.code))
    .find((candidate) => candidate !== undefined && candidate in say.codes);
  if (code !== undefined) return say.codes[code as keyof typeof say.codes];
  return (
    conceptText(timing?.code) ??
    (frequency === undefined ? undefined : say.times(formatNumber(frequency, locale), frequency))
  );
}
