import { languageOf } from "./languages.ts";
import type { Locale } from "./locale.ts";
import type { Comparator, UnitCode } from "./writing.ts";

/**
 * Numbers of clinical data, read aloud without a mistake: decimal comma in French, a leading zero always, no trailing
 * zero added or kept for doses, narrow no-break space between thousands, no-break space before the unit, never
 * `/`, `<` or `>` in a dose. Source: STYLE 11 (NHS MEDi-015, 016, 023; ISMP).
 */
const noBreak = "\u00a0";
const narrow = "\u202f";

/** `0.5` → "0,5"; `12500` → "12 500". At most 12 significant digits, so that binary noise never shows. */
export function formatNumber(value: number, locale: Locale): string {
  const plain = Math.abs(value) >= 1e21 ? String(value) : decimal(value);
  const [whole = "0", fraction] = plain.replace("-", "").split(".");
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, narrow) : whole;
  const { decimal: point, mark } = languageOf(locale).writing;
  return `${value < 0 ? `${mark}−` : ""}${grouped}${fraction === undefined ? "" : `${point}${fraction}`}`;
}

function decimal(value: number): string {
  const rounded = Number(value.toPrecision(12));
  return /e/.test(String(rounded)) ? rounded.toFixed(12).replace(/\.?0+$/, "") : String(rounded);
}

const aliases: Readonly<Record<string, UnitCode>> = {
  ug: "ug",
  µg: "ug",
  μg: "ug",
  mcg: "ug",
  iu: "iu",
  "[iu]": "iu",
  "[iu": "iu",
  ui: "iu",
  "u.i.": "iu",
  u: "u",
  "[arb'u]": "u",
  ng: "ng",
  mui: "miu",
  "[drp]": "drop",
  drop: "drop",
  gtt: "drop",
  tbl: "tablet",
  tablet: "tablet",
  cp: "tablet",
  cpr: "tablet",
  comprimé: "tablet",
  comprimés: "tablet",
  gélule: "capsule",
  gélules: "capsule",
  goutte: "drop",
  gouttes: "drop",
  bouffée: "puff",
  bouffées: "puff",
  sachet: "sachet",
  sachets: "sachet",
  patch: "patch",
  unité: "u",
  unités: "u",
  capsule: "capsule",
  puff: "puff",
  pack: "pack",
  drink: "drink",
  s: "s",
  min: "min",
  h: "h",
  d: "d",
  j: "d",
  wk: "wk",
  mo: "mo",
  a: "a",
};

/** A unit in words, when its code is known. */
function unitWords(code: string, value: number, locale: Locale): string | undefined {
  const unit = Object.hasOwn(aliases, code) ? aliases[code] : undefined;
  return unit === undefined ? undefined : languageOf(locale).writing.unit(unit, value);
}

/** The unit of a dose, in words where its symbol is dangerous: `ug` → "microgrammes"; `mg/d` → "mg par jour". */
export function formatDoseUnit(unit: string, value: number, locale: Locale): string {
  return unit
    .split("/")
    .map((part, index) => {
      const code = part.trim().replace(/^\{(.+)\}$/, "$1");
      return unitWords(code.toLowerCase(), index === 0 ? value : 1, locale) ?? code;
    })
    .filter((part) => part !== "" && part !== "1")
    .reduce((whole, part) => (whole === "" ? part : languageOf(locale).writing.per(whole, part)), "");
}

/** "0,5 comprimé", "75 microgrammes". */
export function formatDose(value: number, unit: string | undefined, locale: Locale): string {
  const number = formatNumber(value, locale);
  const words = unit === undefined ? "" : formatDoseUnit(unit, value, locale);
  return words === "" ? number : `${number}${noBreak}${words}`;
}

/** A drug's label with its micrograms in words, no number apart from its unit: "200 µg/6 µg" → "200 microgrammes/6 microgrammes". */
export function spellMicrograms(label: string, locale: Locale): string {
  return label
    .replace(/(\d)\s*(?:[µμ]g|mcg)\b/gi, (_whole, digit: string, place: number) => {
      const amount = /[\d.,]+$/.exec(label.slice(0, place + 1))?.[0].replace(",", ".") ?? digit;
      return `${digit}${noBreak}${formatDoseUnit("ug", Number(amount), locale)}`;
    })
    .replace(/(\d) (?=[\p{L}%])/gu, `$1${noBreak}`);
}

/** A duration or period unit of UCUM (`h`, `d`, `wk`…) in words. */
export function formatPeriodUnit(code: string, value: number, locale: Locale): string {
  return unitWords(code, value, locale) ?? code;
}

/** UCUM codes, and French units, as laboratories print them: `umol/L` → "µmol/L", `m[IU]/L` → "mUI/L", `10*9/L` → "10⁹/L". */
function printedUnit(unit: string, locale: Locale): string {
  const { decimal: point, internationalUnit } = languageOf(locale).writing;
  return unit
    .replace(/\[IU\]|UI\b/, internationalUnit)
    .replaceAll("mm[Hg]", "mmHg")
    .replace(/\bCel\b/, "°C")
    .replace(/\{?1\.73[_ ]?m2\}?/, `1${point}73${noBreak}m²`)
    .replace(/(^|\/)u(?=(mol|g|L|l|m|U|kat|UI|IU)\b)/g, "$1µ")
    .replace(
      /10[*^](\d+)/g,
      (_whole, power: string) => `10${[...power].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("")}`,
    );
}

/** A measured value with the laboratory's own unit symbol: "7,2 %", "inférieur à 0,01 mUI/L". */
export function formatMeasure(value: number, unit: string | undefined, locale: Locale, comparator?: string): string {
  const { comparators, mark } = languageOf(locale).writing;
  const words = Object.hasOwn(comparators, comparator ?? "") ? comparators[comparator as Comparator] : undefined;
  const number = formatNumber(value, locale);
  const before = words === undefined ? "" : `${words}${noBreak}`;
  const printed = unit === undefined || unit === "1" ? "" : printedUnit(unit, locale);
  // UCUM annotations (`{pack}/a`) are for machines: said in words.
  if (printed.includes("{")) return `${before}${formatDose(value, unit, locale)}`;
  return `${before}${printed === "" ? number : `${mark}${number}${noBreak}${printed}`}`;
}
