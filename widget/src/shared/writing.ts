/**
 * How a language writes what is counted, measured and dated. French here; English, and languages that come as a file, make
 * theirs.
 */
export interface Writing {
  /** Decimal sign. Thousands are always set apart by a thin space: no sign that another language reads as a decimal. */
  readonly decimal: "," | ".";
  /** Set before a signed number or a number with its symbol, where the text runs from right to left: they do not turn. */
  readonly mark: "" | "\u200e";
  /** A date known to the day, or to the month. `month` is 1 to 12. */
  date(year: string, month: number, day: number | undefined): string;
  /** The time of day after its date; both parts have two digits. */
  moment(date: string, hour: string, minute: string): string;
  /** The time of day alone. */
  clock(hour: string, minute: string): string;
  /** A unit in words, agreed with its number; `undefined` when the language has no word for it. */
  unit(code: UnitCode, value: number): string | undefined;
  /** `<`, `<=`, `>`, `>=` in words, because the signs are misread. */
  readonly comparators: Readonly<Record<Comparator, string>>;
  /** "mg par jour". */
  per(unit: string, by: string): string;
  /** Symbol of international units. */
  readonly internationalUnit: string;
}

export type Comparator = "<" | "<=" | ">" | ">=";

const noBreak = "\u00a0";

const months = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(" ");

/** Units whose symbol is a known cause of tenfold errors are written in full, with the common administration units. */
export const unitsFrench = {
  ug: ["microgramme", "microgrammes"],
  iu: ["unité internationale", "unités internationales"],
  u: ["unité", "unités"],
  ng: ["nanogramme", "nanogrammes"],
  miu: ["million d’unités", "millions d’unités"],
  drop: ["goutte", "gouttes"],
  tablet: ["comprimé", "comprimés"],
  capsule: ["gélule", "gélules"],
  puff: ["bouffée", "bouffées"],
  pack: ["paquet", "paquets"],
  drink: ["verre", "verres"],
  sachet: ["sachet", "sachets"],
  patch: ["patch", "patchs"],
  s: ["seconde", "secondes"],
  min: ["minute", "minutes"],
  h: ["heure", "heures"],
  d: ["jour", "jours"],
  wk: ["semaine", "semaines"],
  mo: ["mois", "mois"],
  a: ["an", "ans"],
} satisfies Record<string, UnitForms>;

export type UnitForms = readonly [one: string, many: string];
export type UnitCode = keyof typeof unitsFrench;

export const writingFrench: Writing = {
  decimal: ",",
  mark: "",
  date: (year, month, day) =>
    `${day === undefined ? "" : `${day === 1 ? "1er" : day}${noBreak}`}${months[month - 1]}${noBreak}${year}`,
  moment: (date, hour, minute) => `${date} à${noBreak}${Number(hour)}${noBreak}h${noBreak}${minute}`,
  clock: (hour, minute) => `${hour}${noBreak}h${noBreak}${minute}`,
  unit: (code, value) => unitsFrench[code][Math.abs(value) >= 2 ? 1 : 0],
  comparators: {
    "<": "inférieur à",
    "<=": "inférieur ou égal à",
    ">": "supérieur à",
    ">=": "supérieur ou égal à",
  },
  per: (unit, by) => `${unit} par ${by}`,
  internationalUnit: "UI",
};
