import type { Dosage, Quantity, Range, Ratio, TimingRepeat } from "../../../../fhir/index.ts";
import { frenchDays } from "../../../../fhir/moment-words.ts";
import { type TimeUnit, timeUnitWords } from "../../../read/entries/time-lengths.ts";
import { toFrenchDate } from "../../times.ts";
import { element, pieces, type XmlPiece } from "../../xml.ts";
import { decimalText, frenchQuantity, quantityAttributes, wordsOf, writeConcept } from "../codes.ts";

/** What a treatment says of its doses, ready for the places the schema gives them. */
export interface WrittenPosology {
  /** PIVL_TS and EIVL_TS, after the interval of the treatment. */
  readonly timing: XmlPiece;
  readonly route: XmlPiece | undefined;
  readonly site: XmlPiece | undefined;
  readonly dose: XmlPiece | undefined;
  readonly rate: XmlPiece | undefined;
  readonly maximum: XmlPiece | undefined;
  readonly condition: XmlPiece | undefined;
  /** Words for the narrative. */
  readonly words: string;
  readonly routeWords: string;
  readonly conditionWords: string;
  readonly instruction: string;
}

/** IDs of the narrative that the posology points to. */
export interface PosologyIds {
  readonly posology: string;
  readonly route: string;
  readonly condition: string;
}

export function writePosology(dosage: Dosage | undefined, ids: PosologyIds): WrittenPosology {
  const doseAndRate = dosage?.doseAndRate?.[0];
  const words = dosage?.text ?? describePosology(dosage);
  const conditionWords = dosage?.asNeededCodeableConcept
    ? wordsOf(dosage.asNeededCodeableConcept)
    : dosage?.asNeededBoolean
      ? "Si besoin"
      : "";
  return {
    timing: writeTiming(dosage, words === "" ? undefined : ids.posology),
    route: dosage?.route && writeConcept("routeCode", dosage.route, { reference: ids.route }),
    site: dosage?.site && writeConcept("approachSiteCode", dosage.site),
    dose: writeAmount("doseQuantity", doseAndRate?.doseQuantity, doseAndRate?.doseRange),
    rate: writeAmount(
      "rateQuantity",
      doseAndRate?.rateQuantity ?? perUnit(doseAndRate?.rateRatio),
      doseAndRate?.rateRange,
    ),
    maximum: writeMaximum(dosage),
    condition:
      conditionWords === ""
        ? undefined
        : element(
            "precondition",
            { typeCode: "PRCN" },
            element(
              "criterion",
              {},
              dosage?.asNeededCodeableConcept?.coding?.length
                ? writeConcept("code", dosage.asNeededCodeableConcept, { reference: ids.condition })
                : undefined,
              element("text", {}, element("reference", { value: `#${ids.condition}` })),
            ),
          ),
    words,
    routeWords: wordsOf(dosage?.route),
    conditionWords,
    instruction: [dosage?.patientInstruction, ...(dosage?.additionalInstruction ?? []).map(wordsOf)]
      .filter((part) => part !== undefined && part !== "")
      .join("\n"),
  };
}

/** Period of one dose: 3 times a day is every 8 hours. Words that no number holds stay with the period by reference. */
function writeTiming(dosage: Dosage | undefined, id: string | undefined): XmlPiece {
  const repeat = dosage?.timing?.repeat;
  const translation =
    id === undefined
      ? undefined
      : element("translation", {}, element("originalText", {}, element("reference", { value: `#${id}` })));
  const onDays = repeat?.dayOfWeek ?? [];
  // "Twice a week, on Mondays and Thursdays" is one weekly rhythm for each day.
  const isWeekly = repeat?.periodUnit === "wk" && repeat.period === 1 && repeat.frequency === onDays.length;
  const period = isWeekly ? undefined : periodOf(repeat);
  if (!period && !translation && !repeat?.when?.length && !repeat?.timeOfDay?.length && onDays.length === 0)
    return pieces();
  const offset = repeat?.offset;
  const events = (repeat?.when ?? []).map((event) =>
    element(
      "effectiveTime",
      { "xsi:type": "EIVL_TS", operator: "A" },
      element("event", { code: event }),
      offset === undefined
        ? undefined
        : element("offset", {}, element("low", { value: decimalText(offset), unit: "min" })),
    ),
  );
  // At 8 and at 20 o'clock: a daily rhythm for each hour, of a first day long past.
  const hours = isDaily(repeat) ? (repeat?.timeOfDay ?? []) : [];
  const daily = hours.map((hour, index) =>
    element(
      "effectiveTime",
      { "xsi:type": "PIVL_TS", operator: "A" },
      element("phase", {}, element("low", { value: `19900101${hour.replaceAll(":", "").slice(0, 6)}` })),
      element("period", { value: "1", unit: "d" }, index === 0 ? translation : undefined),
    ),
  );
  if (daily.length > 0) return pieces(daily, events);
  const weekly = onDays.map((day, index) =>
    element(
      "effectiveTime",
      { "xsi:type": "PIVL_TS", operator: "A", alignment: "DW" },
      element("phase", {}, element("low", { value: firstOf[day] })),
      element("period", { value: "1", unit: "wk" }, isWeekly && index === 0 ? translation : undefined),
    ),
  );
  const periodic =
    period || (translation && !isWeekly)
      ? element(
          "effectiveTime",
          { "xsi:type": "PIVL_TS", operator: "A" },
          element("period", period ?? { nullFlavor: "UNK" }, translation),
        )
      : undefined;
  return pieces(periodic, weekly, events);
}

/** Told by its hours alone, or as often a day as it has hours. */
function isDaily(repeat: TimingRepeat | undefined): boolean {
  const { period, periodUnit, frequency, timeOfDay, dayOfWeek } = repeat ?? {};
  if (!timeOfDay?.length || dayOfWeek?.length) return false;
  return period === undefined || (period === 1 && periodUnit === "d" && (frequency ?? 1) === timeOfDay.length);
}

/** What a posology says and no part of an administration can hold. */
export function unplacedInWords(dosage: Dosage): string[] {
  const { frequency, period, periodMax, periodUnit, frequencyMax, count, duration, durationUnit, timeOfDay } =
    dosage.timing?.repeat ?? {};
  const { maxDosePerLifetime, maxDosePerAdministration } = dosage;
  const unit = (code: TimeUnit | undefined) => (code ? timeUnitWords[code] : "");
  const days = (dosage.timing?.event ?? []).map(toFrenchDate);
  const rhythm = wordsOf(dosage.timing?.code);
  const told = [
    dosage.text && rhythm !== dosage.text && rhythm,
    frequency && period === undefined && !timeOfDay?.length && `${frequency} fois`,
    dosage.method && `méthode : ${wordsOf(dosage.method)}`,
    maxDosePerAdministration && `au plus ${frenchQuantity(maxDosePerAdministration)} à la fois`,
    maxDosePerLifetime && `au plus ${frenchQuantity(maxDosePerLifetime)} dans la vie`,
    periodMax && `jusqu'à ${french(periodMax)} ${unit(periodUnit)} entre deux prises`,
    frequencyMax && `jusqu'à ${frequencyMax} fois`,
    count && `${count} fois en tout`,
    duration && `en ${french(duration)} ${unit(durationUnit)}`,
    days.length > 0 && `le ${days.join(", le ")}`,
  ];
  return told.flatMap((words) => (words ? [words.replaceAll("\u00a0", " ")] : []));
}

const french = (value: number) => decimalText(value).replace(".", ",");

/** A day of a week to begin with: the rhythm is what counts, its first day is long past. */
const firstOf: Readonly<Record<NonNullable<TimingRepeat["dayOfWeek"]>[number], string>> = {
  mon: "19900101",
  tue: "19900102",
  wed: "19900103",
  thu: "19900104",
  fri: "19900105",
  sat: "19900106",
  sun: "19900107",
};

/** How long a treatment lasts, for its interval. */
export const lengthOf = (dosage: Dosage | undefined) => timeAttributes(dosage?.timing?.repeat?.boundsDuration);

/** How long what is supplied lasts. */
export function writeUseTime(length: Quantity | undefined): XmlPiece | undefined {
  const width = timeAttributes(length);
  return width && element("expectedUseTime", { "xsi:type": "IVL_TS" }, element("width", width));
}

/** A length of time, for `width`. */
export function timeAttributes(length: Quantity | undefined): { value: string; unit: string } | undefined {
  const { value, code, unit } = length ?? {};
  const known = code ?? unit;
  return value !== undefined && known && Object.hasOwn(timeUnitWords, known)
    ? { value: decimalText(value), unit: known }
    : undefined;
}

const hoursIn = { h: 1, d: 24, wk: 168 } as const;

function periodOf(repeat: TimingRepeat | undefined): { value: string; unit: string } | undefined {
  const { period, periodUnit } = repeat ?? {};
  if (period === undefined || periodUnit === undefined || period <= 0) return undefined;
  const frequency = repeat?.frequency ?? 1;
  const each = period / frequency;
  if (Number.isInteger(each)) return { value: decimalText(each), unit: periodUnit };
  const hours =
    periodUnit === "h" || periodUnit === "d" || periodUnit === "wk"
      ? (period * hoursIn[periodUnit]) / frequency
      : undefined;
  if (hours !== undefined) return { value: decimalText(Math.round(hours * 1000) / 1000), unit: "h" };
  return { value: decimalText(Math.round(each * 1000) / 1000), unit: periodUnit };
}

function writeAmount(name: string, quantity: Quantity | undefined, range: Range | undefined): XmlPiece | undefined {
  const low = quantity ?? range?.low;
  const high = quantity ?? range?.high;
  const lowAttributes = low && quantityAttributes(low);
  const highAttributes = high && quantityAttributes(high);
  if (!lowAttributes && !highAttributes) return undefined;
  return element(
    name,
    {},
    lowAttributes && element("low", lowAttributes),
    highAttributes && element("high", highAttributes),
  );
}

/** "11 mL in 1 h" is 11 mL/h. */
function perUnit({ numerator, denominator }: Ratio = {}): Quantity | undefined {
  const [amount, unit] = [numerator?.code ?? numerator?.unit, denominator?.code ?? denominator?.unit];
  if (numerator?.value === undefined || !amount || !unit || (denominator?.value ?? 1) <= 0) return undefined;
  return { value: numerator.value / (denominator?.value ?? 1), unit: `${amount}/${unit}` };
}

function writeMaximum(dosage: Dosage | undefined): XmlPiece | undefined {
  const { numerator, denominator } = dosage?.maxDosePerPeriod ?? {};
  const top = numerator && quantityAttributes(numerator);
  const bottom = denominator && quantityAttributes(denominator);
  return top && bottom && element("maxDoseQuantity", {}, element("numerator", top), element("denominator", bottom));
}

/** "pendant 3 mois". */
export function describeLength({ value, unit }: Quantity = {}): string {
  return value !== undefined && unit ? `pendant ${decimalText(value)} ${timeUnitWords[unit as TimeUnit] ?? unit}` : "";
}

/** Words for a posology that has none: dose, then rhythm. */
export function describePosology(dosage: Dosage | undefined): string {
  const doseAndRate = dosage?.doseAndRate?.[0];
  const { low, high } = doseAndRate?.doseRange ?? {};
  const dose = doseAndRate?.doseQuantity
    ? frenchQuantity(doseAndRate.doseQuantity)
    : [frenchQuantity(low), frenchQuantity(high)].filter((part) => part !== "").join(" à ");
  const repeat = dosage?.timing?.repeat;
  const rhythm =
    repeat?.period !== undefined && repeat.periodUnit !== undefined
      ? `${repeat.frequency ?? 1} fois par ${repeat.period === 1 ? "" : `${decimalText(repeat.period).replace(".", ",")} `}${timeUnitWords[repeat.periodUnit] ?? repeat.periodUnit}`
      : wordsOf(dosage?.timing?.code);
  const length = describeLength(repeat?.boundsDuration);
  const on = (repeat?.dayOfWeek ?? []).map((day) => `le ${frenchDays[day]}`).join(", ");
  const hours = (repeat?.timeOfDay ?? []).map((hour) => `à ${hour.slice(0, 5)}`).join(", ");
  return [dose, rhythm, on, hours, length].filter((part) => part !== "").join(", ");
}
