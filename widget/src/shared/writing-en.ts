import type { UnitCode, UnitForms, Writing } from "./writing.ts";

const noBreak = "\u00a0";

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

export const unitsEnglish: Readonly<Record<UnitCode, UnitForms>> = {
  ug: ["microgram", "micrograms"],
  iu: ["international unit", "international units"],
  u: ["unit", "units"],
  ng: ["nanogram", "nanograms"],
  miu: ["million units", "million units"],
  drop: ["drop", "drops"],
  tablet: ["tablet", "tablets"],
  capsule: ["capsule", "capsules"],
  puff: ["puff", "puffs"],
  pack: ["pack", "packs"],
  drink: ["drink", "drinks"],
  sachet: ["sachet", "sachets"],
  patch: ["patch", "patches"],
  s: ["second", "seconds"],
  min: ["minute", "minutes"],
  h: ["hour", "hours"],
  d: ["day", "days"],
  wk: ["week", "weeks"],
  mo: ["month", "months"],
  a: ["year", "years"],
};

/** How English writes numbers and dates. */
export const writingEnglish: Writing = {
  decimal: ".",
  mark: "",
  date: (year, month, day) => `${day === undefined ? "" : `${day}${noBreak}`}${months[month - 1]}${noBreak}${year}`,
  moment: (date, hour, minute) => `${date} at${noBreak}${hour}:${minute}`,
  clock: (hour, minute) => `${hour}:${minute}`,
  unit: (code, value) => unitsEnglish[code][Math.abs(value) === 1 ? 0 : 1],
  comparators: { "<": "less than", "<=": "at most", ">": "more than", ">=": "at least" },
  per: (unit, by) => `${unit} per ${by}`,
  internationalUnit: "IU",
};
