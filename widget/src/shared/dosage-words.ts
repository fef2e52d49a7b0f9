/** Words of a dosage in one language. Numbers come twice: as they are written, and as numbers for what agrees with them. */
export interface DosageWords {
  /** "1 à 2" */
  readonly range: (low: string, high: string) => string;
  /** "3 fois" */
  readonly times: (count: string, n: number) => string;
  /** "3 fois par jour"; `undefined` for a unit that is not of FHIR's list. */
  readonly timesPer: (count: string, n: number, unit: string) => string | undefined;
  /** "toutes les 8 heures", "toutes les heures"; `undefined` as above. */
  readonly every: (number: string, n: number, unit: string) => string | undefined;
  /** "2 fois en 3 jours" */
  readonly perPeriod: (count: string, period: string, n: number) => string;
  readonly during: (text: string) => string;
  readonly asNeeded: string;
  readonly asNeededFor: (text: string) => string;
  /** "à 8 h 00 et 20 h 00" */
  readonly at: (times: string) => string;
  readonly until: (date: string) => string;
  /** The last item of a list after the others. */
  readonly and: (others: string, last: string) => string;
  readonly codes: Readonly<Record<TimingCode, string>>;
  readonly when: Readonly<Record<keyof typeof when, string>>;
  readonly days: Readonly<Record<keyof typeof days, string>>;
}

type TimingCode = keyof typeof codes;

const per: Readonly<Record<string, string>> = {
  min: "minute",
  h: "heure",
  d: "jour",
  wk: "semaine",
  mo: "mois",
  a: "an",
};

const codes = {
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
};

const when = {
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
};

const days = {
  mon: "le lundi",
  tue: "le mardi",
  wed: "le mercredi",
  thu: "le jeudi",
  fri: "le vendredi",
  sat: "le samedi",
  sun: "le dimanche",
};

/** [every one, every so many] */
const every: Readonly<Record<string, readonly [one: string, many: string]>> = {
  s: ["toutes les secondes", "secondes"],
  min: ["toutes les minutes", "minutes"],
  h: ["toutes les heures", "heures"],
  d: ["1 fois par jour", "jours"],
  wk: ["1 fois par semaine", "semaines"],
  mo: ["1 fois par mois", "mois"],
  a: ["1 fois par an", "ans"],
};

/** Words of a dosage in French. */
export const dosageFrench: DosageWords = {
  range: (low, high) => `${low} à ${high}`,
  times: (count) => `${count} fois`,
  timesPer: (count, _n, unit) => (Object.hasOwn(per, unit) ? `${count} fois par ${per[unit]}` : undefined),
  every: (number, n, unit) => {
    const words = Object.hasOwn(every, unit) ? every[unit] : undefined;
    if (words === undefined || n === 1) return words?.[0];
    return `${/^(s|min|h|wk)$/.test(unit) ? "toutes" : "tous"} les ${number}\u00a0${words[1]}`;
  },
  perPeriod: (count, period) => `${count} fois en ${period}`,
  during: (text) => `pendant ${text}`,
  asNeeded: "si besoin",
  asNeededFor: (text) => `si besoin (${text})`,
  at: (times) => `à\u00a0${times}`,
  until: (date) => `jusqu’au ${date}`,
  and: (others, last) => `${others} et ${last}`,
  codes,
  when,
  days,
};
