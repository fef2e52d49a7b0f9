import type { DosageWords } from "./dosage-words.ts";
import { unitsEnglish } from "./writing-en.ts";

const times = (count: string) => (count === "1" ? "once" : count === "2" ? "twice" : `${count} times`);

const per: Readonly<Record<string, string>> = {
  min: "per minute",
  h: "per hour",
  d: "daily",
  wk: "per week",
  mo: "per month",
  a: "per year",
};

const { s, min, h, d, wk, mo, a } = unitsEnglish;
const every: Readonly<Record<string, readonly [one: string, many: string]>> = { s, min, h, d, wk, mo, a };

/** Words of a dosage in English. */
export const dosageEnglish: DosageWords = {
  range: (low, high) => `${low} to ${high}`,
  times: (count) => times(count),
  timesPer: (count, _n, unit) => (Object.hasOwn(per, unit) ? `${times(count)} ${per[unit]}` : undefined),
  every: (number, n, unit) => {
    const words = Object.hasOwn(every, unit) ? every[unit] : undefined;
    if (words === undefined) return undefined;
    return n === 1 ? `every ${words[0]}` : `every ${number}\u00a0${words[1]}`;
  },
  perPeriod: (count, period) => `${times(count)} in ${period}`,
  during: (text) => `for ${text}`,
  asNeeded: "as needed",
  asNeededFor: (text) => `as needed (${text})`,
  at: (times) => `at\u00a0${times}`,
  until: (date) => `until ${date}`,
  and: (others, last) => `${others} and ${last}`,
  codes: {
    QD: "once daily",
    BID: "twice daily",
    TID: "3 times daily",
    QID: "4 times daily",
    QOD: "every other day",
    AM: "in the morning",
    PM: "in the afternoon",
    BED: "at bedtime",
    WK: "once a week",
    MO: "once a month",
  },
  when: {
    MORN: "in the morning",
    NOON: "at noon",
    AFT: "in the afternoon",
    EVE: "in the evening",
    NIGHT: "at night",
    HS: "at bedtime",
    WAKE: "on waking",
    AC: "before meals",
    PC: "after meals",
    C: "with meals",
    CM: "at breakfast",
    CD: "at lunch",
    CV: "at dinner",
    ACM: "before breakfast",
    ACD: "before lunch",
    ACV: "before dinner",
    PCM: "after breakfast",
    PCD: "after lunch",
    PCV: "after dinner",
  },
  days: {
    mon: "on Mondays",
    tue: "on Tuesdays",
    wed: "on Wednesdays",
    thu: "on Thursdays",
    fri: "on Fridays",
    sat: "on Saturdays",
    sun: "on Sundays",
  },
};
