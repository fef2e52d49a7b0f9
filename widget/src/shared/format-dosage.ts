import type { Dosage, Timing } from "@carnet/sdk/fhir";
import { conceptText } from "../facts/concept.ts";
import { formatDate } from "./format-date.ts";
import { formatDose, formatNumber, formatPeriodUnit } from "./format-number.ts";
import { list, num, str } from "./guards.ts";
import type { Locale } from "./locale.ts";

/** A dosage in three readable pieces; a piece that was not recorded is absent. */
export interface DosageText {
  readonly dose?: string;
  readonly route?: string;
  readonly rhythm?: string;
  /** The author's own words, when they say more than, or something else than, the coded pieces. */
  readonly text?: string;
}

const french = {
  to: "à",
  times: (n: string) => `${n} fois`,
  every: (n: number, unit: string) => (n === 1 ? `tous les ${unit}` : `toutes les ${n}\u00a0${unit}`),
  per: { h: "par heure", d: "par jour", wk: "par semaine", mo: "par mois", a: "par an", min: "par minute" },
  everyOf: (n: string, code: string, unit: string) =>
    n === "1" && code === "h"
      ? "toutes les heures"
      : n === "1"
        ? { d: "1 fois par jour", wk: "1 fois par semaine", mo: "1 fois par mois", a: "1 fois par an" }[code]
        : `${code === "h" || code === "wk" || code === "min" ? "toutes" : "tous"} les ${n}\u00a0${unit}`,
  perPeriod: (count: string, n: string, unit: string) => `${count} fois en ${n}\u00a0${unit}`,
  during: (text: string) => `pendant ${text}`,
  asNeeded: "si besoin",
  asNeededFor: (text: string) => `si besoin (${text})`,
  at: "à",
  until: (date: string) => `jusqu’au ${date}`,
  codes: {
    QD: "1 fois par jour",
    BID: "2 fois par jour",
    TID: "3 fois par jour",
    QID: "4 fois par jour",
    QOD: "1 jour sur 2",
    AM: "le matin",
    PM: "l’après-midi",
    BED: "au coucher",
    WK: "1 fois par semaine",
    MO: "1 fois par mois",
  },
  when: {
    MORN: "le matin",
    NOON: "à midi",
    AFT: "l’après-midi",
    EVE: "le soir",
    NIGHT: "la nuit",
    HS: "au coucher",
    WAKE: "au réveil",
    AC: "avant les repas",
    PC: "après les repas",
    C: "pendant les repas",
    CM: "au petit-déjeuner",
    CD: "au déjeuner",
    CV: "au dîner",
    ACM: "avant le petit-déjeuner",
    ACD: "avant le déjeuner",
    ACV: "avant le dîner",
    PCM: "après le petit-déjeuner",
    PCD: "après le déjeuner",
    PCV: "après le dîner",
  },
  days: {
    mon: "le lundi",
    tue: "le mardi",
    wed: "le mercredi",
    thu: "le jeudi",
    fri: "le vendredi",
    sat: "le samedi",
    sun: "le dimanche",
  },
  and: "et",
};

/** Words of a dosage in one language. */
export type DosageWords = typeof french;

let english: DosageWords | undefined;

/** Gives the English words, which are fetched with the panel's and only for those who read them. */
export function learnEnglishDosage(words: DosageWords): void {
  english = words;
}

function wordsOf(locale: Locale): DosageWords {
  return locale === "en" ? (english ?? french) : french;
}

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
    return `${formatNumber(low, locale)} ${wordsOf(locale).to} ${formatDose(high, unit, locale)}`;
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
    .map((time) =>
      str(time)
        ?.slice(0, 5)
        .replace(":", locale === "fr" ? "\u00a0h\u00a0" : ":"),
    )
    .filter((text) => text !== undefined);
  if (hours.length > 0) pieces.push(`${say.at}\u00a0${joined(hours, say.and)}`);
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

function joined(parts: readonly string[], and: string): string {
  return parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} ${and} ${parts.at(-1)}`;
}

function frequencyText(timing: Timing | undefined, locale: Locale): string | undefined {
  const say = wordsOf(locale);
  const repeat = timing?.repeat;
  const frequency = num(repeat?.frequency);
  const maximum = num(repeat?.frequencyMax);
  const period = num(repeat?.period) ?? 1;
  const unit = str(repeat?.periodUnit);
  if (unit !== undefined) {
    const count = `${formatNumber(frequency ?? 1, locale)}${maximum === undefined ? "" : ` ${say.to} ${formatNumber(maximum, locale)}`}`;
    const per = say.per[unit as keyof typeof say.per];
    if (period === 1 && per !== undefined && !(unit === "h" && count === "1")) return `${say.times(count)} ${per}`;
    const every = formatPeriodUnit(unit, period, locale);
    const number = formatNumber(period, locale);
    return count === "1" ? say.everyOf(number, unit, every) : say.perPeriod(count, number, every);
  }
  const code = list(timing?.code?.coding)
    .map((coding) => str(coding.code))
    .find((candidate) => candidate !== undefined && candidate in say.codes);
  if (code !== undefined) return say.codes[code as keyof typeof say.codes];
  return (
    conceptText(timing?.code) ?? (frequency === undefined ? undefined : say.times(formatNumber(frequency, locale)))
  );
}
