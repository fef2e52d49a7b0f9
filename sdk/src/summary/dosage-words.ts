import type { Dosage, Duration, Quantity, Range, TimingRepeat } from "fhir/r4.js";
import { dateInWords } from "../fhir/date-words.ts";
import { frenchDays, frenchMoments } from "../fhir/moment-words.ts";
import { englishUnits, frenchUnits, unitInWords } from "../fhir/unit-words.ts";

type Locale = "fr" | "en";

const units = { fr: frenchUnits, en: englishUnits };

/** What FHIR calls times of the day and meals; others are told by their code. */
const moments: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  fr: frenchMoments,
  en: {
    MORN: "in the morning",
    NOON: "at noon",
    AFT: "in the afternoon",
    EVE: "in the evening",
    NIGHT: "at night",
    HS: "at bedtime",
    WAKE: "on waking",
    AC: "before meals",
    ACM: "before breakfast",
    ACD: "before lunch",
    ACV: "before dinner",
    PC: "after meals",
    PCM: "after breakfast",
    PCD: "after lunch",
    PCV: "after dinner",
    C: "with meals",
    CM: "with breakfast",
    CD: "with lunch",
    CV: "with dinner",
  },
};
const days: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  fr: frenchDays,
  en: {
    mon: "Monday",
    tue: "Tuesday",
    wed: "Wednesday",
    thu: "Thursday",
    fri: "Friday",
    sat: "Saturday",
    sun: "Sunday",
  },
};

/** How a medicine is taken, for a row: the document's own words where they tell it, else its structure in words; each step in its order. */
export function dosagesInWords(list: readonly Dosage[] | undefined, locale: Locale): string {
  return [...(list ?? [])]
    .sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0))
    .map((one) => dosageInWords(one, locale))
    .filter(Boolean)
    .join(" ; ");
}

function dosageInWords(dosage: Dosage, locale: Locale): string {
  const { text, patientInstruction, timing, doseAndRate, asNeededBoolean, asNeededCodeableConcept } = dosage;
  const isFrench = locale === "fr";
  const [given] = doseAndRate ?? [];
  const condition = asNeededCodeableConcept?.text ?? asNeededCodeableConcept?.coding?.[0]?.display;
  const dose = amount(given?.doseQuantity, given?.doseRange, locale);
  const amounts = [
    // A bare number is a number of tablets, drops…
    /^[\d,. –]+$/.test(dose) ? `${dose} ${isFrench ? "par prise" : "at a time"}` : dose,
    amount(given?.rateQuantity, given?.rateRange, locale),
  ];
  const structure = tellsUse(text) ? [] : [...amounts, ...rhythm(timing?.repeat, locale), timing?.code?.text];
  return [
    // Words of a part (a day left out, a limit, a name) stand behind what they narrow, once.
    ...structure.filter((each) => each !== text),
    text,
    limit(dosage.maxDosePerPeriod, locale),
    condition
      ? `${isFrench ? "si" : "if"} ${condition}`
      : asNeededBoolean
        ? isFrench
          ? "si besoin"
          : "as needed"
        : "",
    bounds(timing?.repeat, locale),
    patientInstruction,
  ]
    .filter(Boolean)
    .join(", ");
}

/** Words of a rhythm, or of moments: how the medicine is taken as a whole. */
const wholeUse =
  /\b(matin|midi|soir|coucher|repas|fois|(si|au) besoin|par (jour|semaine|mois)|toutes les|tous les|quotidien|hebdo|mensuel|once|twice|times|daily|weekly|monthly|every|(a|per) (day|week|month)|morning|noon|evening|night|bedtime|as needed)|\/ ?(j(our)?|d(ay)?)\b|\b\d+ ?(-|–) ?\d+ ?(-|–) ?\d+\b/i;

/** `true` for words that tell dose and rhythm by themselves; what is excepted, or a limit, tells neither. */
function tellsUse(text: string | undefined): boolean {
  return (text ?? "").split(" ; ").some((part) => !/^(sauf|maximum|autre rythme)\b/i.test(part) && wholeUse.test(part));
}

function limit(most: Dosage["maxDosePerPeriod"], locale: Locale): string {
  const much = quantityInWords(most?.numerator, locale);
  if (!much || most?.denominator?.value === undefined) return "";
  const [atMost, within] = locale === "fr" ? ["au plus", "en"] : ["at most", "in"];
  return `${atMost} ${much} ${within} ${countInWords(most.denominator, locale)}`;
}

/** A quantity as it is read: decimal comma in French, its comparator before it. */
export function quantityInWords({ value, comparator, unit, code }: Quantity = {}, locale: Locale): string {
  if (value === undefined) return "";
  const number = locale === "fr" ? String(value).replace(".", ",") : String(value);
  return `${comparator ?? ""}${number} ${unitInWords(unit ?? code, value, units[locale])}`.trim();
}

function amount(one: Quantity | undefined, range: Range | undefined, locale: Locale): string {
  if (!range) return quantityInWords(one, locale);
  return [range.low, range.high]
    .map((each) => quantityInWords(each, locale))
    .filter(Boolean)
    .join(" – ");
}

function rhythm(repeat: TimingRepeat | undefined, locale: Locale): string[] {
  if (!repeat) return [];
  const { frequency = 1, period, periodMax, periodUnit = "", when = [], dayOfWeek = [], timeOfDay = [] } = repeat;
  const isFrench = locale === "fr";
  const forms = units[locale].times[periodUnit];
  const found: string[] = [];
  if (period !== undefined && forms) {
    const count = periodMax === undefined ? String(period) : `${period}–${periodMax}`;
    const number = isFrench ? count.replace(".", ",") : count;
    const times = isFrench ? `${frequency} fois` : frequency === 1 ? "once" : `${frequency} times`;
    if (count === "1") found.push(`${times} ${isFrench ? "par" : "a"} ${forms[0]}`);
    else {
      const every = isFrench ? (/^(h|min|s|wk)$/.test(periodUnit) ? "toutes les" : "tous les") : "every";
      found.push(`${frequency === 1 ? "" : `${times} `}${every} ${number} ${forms[1]}`);
    }
  }
  const { duration, durationUnit = "", offset } = repeat;
  if (duration !== undefined)
    found.push(`${isFrench ? "en" : "over"} ${countInWords({ value: duration, code: durationUnit }, locale)}`);
  const named = [
    ...when.map((each) => `${moments[locale][each] ?? each}${delay(each, offset, locale)}`),
    ...dayOfWeek.map((each) => `${isFrench ? "le" : "on"} ${days[locale][each] ?? each}`),
    ...timeOfDay.map((each) => `${isFrench ? "à" : "at"} ${each.slice(0, 5)}`),
  ];
  return [...found, ...named];
}

/** How long before or after a moment, which tells the side itself where it is "before" or "after" something; else it is after. */
function delay(event: string, minutes: number | undefined, locale: Locale): string {
  if (minutes === undefined) return "";
  const side = /^[AP]C/.test(event) ? "" : locale === "fr" ? " après" : " after";
  return ` (${countInWords({ value: minutes, code: "min" }, locale)}${side})`;
}

/** What is, or is to be, handed over and how long it lasts: "quantité : 30 comprimés, pour 1 mois". */
export function suppliedInWords(amount: Quantity | undefined, lasts: Duration | undefined, locale: Locale): string {
  const much = quantityInWords(amount, locale);
  const length = lasts?.value === undefined ? "" : countInWords(lasts, locale);
  const [quantity, during] = locale === "fr" ? ["quantité", "pour"] : ["quantity", "for"];
  return [much && `${quantity}${locale === "fr" ? "\u00a0" : ""}: ${much}`, length && `${during} ${length}`]
    .filter(Boolean)
    .join(", ");
}

/** "pendant 3 mois". */
export function lengthInWords(length: Duration, locale: Locale): string {
  return `${locale === "fr" ? "pendant" : "for"} ${countInWords(length, locale)}`;
}

function countInWords({ value = 0, unit = "", code = unit }: Duration, locale: Locale): string {
  return quantityInWords({ value, unit: units[locale].times[code]?.[value > 1 ? 1 : 0] ?? unit }, locale);
}

function bounds(repeat: TimingRepeat | undefined, locale: Locale): string {
  const { boundsDuration: length, boundsPeriod: period } = repeat ?? {};
  const isFrench = locale === "fr";
  if (length?.value !== undefined) return lengthInWords(length, locale);
  const [start, end] = [period?.start, period?.end].map((date) => (date ? dateInWords(date, locale) : ""));
  if (start && end) return isFrench ? `du ${start} au ${end}` : `from ${start} to ${end}`;
  if (end) return isFrench ? `jusqu'au ${end}` : `until ${end}`;
  return start ? (isFrench ? `depuis le ${start}` : `since ${start}`) : "";
}
