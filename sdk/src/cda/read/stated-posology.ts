import type { LabelledCell } from "./table-lines.ts";

/** Numbers of a posology: what is taken at a time, and how often a day (1/7: once a week). */
export interface Posology {
  /** Units that can be counted: tablets, drops. */
  readonly dose?: number;
  /** A mass, or international units. */
  readonly mass?: { readonly value: number; readonly unit: string };
  readonly perDay?: number;
}

/** What is said of a medicine: the line about it, its cells where it is a row of a table, and its name. */
export interface StatedUse {
  readonly row: string;
  readonly cells: readonly LabelledCell[];
  readonly name?: string | undefined;
}

/**
 * Where the words of a line count otherwise than the code. Only plain counts are held against it: words that give several
 * rhythms, a range, a condition or a limit are no contradiction of one.
 */
export function posologyDisagreement(stated: StatedUse, { dose, mass, perDay }: Posology): string[] {
  const text = plain(wordsOfUse(stated));
  const times = momentCells(stated.cells) ?? timesADay(text, perDay);
  if (times && perDay !== undefined && isOther(times.count, perDay))
    return [`Le codage compte ${frequency(perDay)}, le texte « ${times.words} ».`];
  const whole = perDay === undefined ? undefined : (amountOf(text, perDay, dose) ?? massOf(text, perDay, mass));
  if (whole) return whole;
  const single = only(text, atATime);
  if (single !== undefined && dose !== undefined && differ(single, dose))
    return [`Le codage compte ${french(dose)} unité(s) par prise, le texte « ${french(single)} ».`];
  if (times?.total !== undefined && dose !== undefined && perDay !== undefined && differ(times.total, perDay * dose))
    return [`Le codage compte ${french(perDay * dose)} unité(s) par jour, le texte « ${times.words} ».`];
  return [];
}

/** "1 cp/j", "6 comprimés par semaine": told, or found to be the same (an empty list); `undefined` when nothing is said. */
function amountOf(text: string, perDay: number, dose: number | undefined): string[] | undefined {
  if (dose === undefined) return undefined;
  const daily = only(text, aDay);
  if (daily !== undefined)
    return differ(daily, perDay * dose)
      ? [`Le codage compte ${french(perDay * dose)} unité(s) par jour, le texte « ${french(daily)} par jour ».`]
      : [];
  const weekly = only(text, aWeek);
  if (weekly === undefined) return undefined;
  return isFar(weekly, perDay * dose * 7)
    ? [
        `Le codage compte ${french(perDay * dose * 7)} unité(s) par semaine, le texte « ${french(weekly)} par semaine ».`,
      ]
    : [];
}

/** "15 mg par semaine" beside 15 mg each day. */
function massOf(text: string, perDay: number, mass: Posology["mass"]): string[] | undefined {
  if (!mass) return undefined;
  const found = [...text.matchAll(massOver)];
  const [first] = found;
  if (!first || found.length > 1) return undefined;
  const [words, value = "", unit = "", per = ""] = first;
  const span = /^s/i.test(per) ? 7 : 1;
  const coded = mass.value * perDay * span;
  if (plainUnit(unit) !== plainUnit(mass.unit) || !isFar(number(value), coded)) return [];
  return [
    `Le codage compte ${french(coded)} ${mass.unit} par ${span === 7 ? "semaine" : "jour"}, le texte « ${words.trim()} ».`,
  ];
}

const plainUnit = (unit: string) =>
  unit
    .toLowerCase()
    .replace(/[[\]{}]/g, "")
    .replace(/^(?:µg|μg|mcg|microgrammes?)$/, "ug")
    .replace(/^ui$/, "iu");

/** The one number that a text gives so; `undefined` when it gives none, or several. */
function only(text: string, pattern: RegExp): number | undefined {
  const [one, ...others] = new Set([...text.matchAll(pattern)].map(([, digits = ""]) => number(digits)));
  return others.length === 0 ? one : undefined;
}

const amount = "(?<![\\d.,/-])(?<!\\d (?:à|ou|-|–) ?)(\\d+(?:[.,]\\d+)?)(?! ?(?:à|ou|-|–) ?\\d)";
const forms = "(?:cp|comprim[ée]s?|g[ée]lules?|sachets?|doses?|ampoules?|gouttes?|bouff[ée]es?|unit[ée]s?)";
const aDay = new RegExp(`${amount}\\s*${forms}\\s*(?:\\/|par)\\s*j`, "gi");
const aWeek = new RegExp(`${amount}\\s*${forms}\\s*(?:\\/|par)\\s*sem`, "gi");
const atATime = new RegExp(`${amount}\\s*${forms}(?!\\p{L}|\\s*(?:\\/|par))`, "giu");
const massOver = new RegExp(`${amount}\\s*(mg|g|µg|μg|mcg|microgrammes?|UI)\\s*(?:\\/|par)\\s*(j|sem)`, "gi");
const number = (digits: string) => Number(digits.replace(",", "."));
const differ = (one: number, other: number) => Math.abs(one - other) > 0.01;
const french = (value: number) => String(Math.round(value * 100) / 100).replace(".", ",");

/** "Every fortnight" is said as 14 or as 15 days: rhythms slower than the day are the same when they are near. */
const isOther = (one: number, other: number) => (one < 1 && other < 1 ? isFar(one, other) : differ(one, other));
const isFar = (one: number, other: number) => one / other > 1.25 || other / one > 1.25;

function frequency(perDay: number): string {
  if (perDay >= 1) return `${french(perDay)} prise(s) par jour`;
  const days = 1 / perDay;
  return differ(perDay * 7, Math.round(perDay * 7)) || perDay * 7 < 0.9
    ? `une prise tous les ${french(days)} jours`
    : `${french(perDay * 7)} prise(s) par semaine`;
}

/** Cells that tell how to take a medicine; of a line without headings, all its words but the name. */
function wordsOfUse({ row, cells, name }: StatedUse): string {
  if (!cells.some(({ heading }) => heading)) return name ? row.replace(name, " ") : row;
  const words = cells.flatMap(({ heading, text }) => (aside.test(heading) || text === name ? [] : [text]));
  // A line of two cells is read as a row and as a label with its value: the same words once.
  return [...new Set(words)].join(" | ");
}

/** Headings of what is no posology: the product and its box, limits, lengths, reasons, remarks. */
const aside =
  /m[ée]dicament|produit|sp[ée]cialit|d[ée]nomination|pr[ée]sentation|quantit|condition|bo[iî]te|renouvel|dur[ée]e|date|d[ée]but|fin\b|comment|remarque|motif|indication|max|surveil|statut|^(matin|midi|soir|coucher)$/i;

/** Words in one form: numbers as digits, halves as decimals; limits, which are no doses, left out. */
function plain(text: string): string {
  return text
    .replace(new RegExp(`(\\d+) (${forms}) (?:et demie?|1 ?\\/ ?2|½)`, "gi"), "$1.5 $2")
    .replace(/(?:max(?:imum|imale?|i)?\b|sans d[ée]passer|ne pas d[ée]passer|au plus|jusqu'[àa])[^|;.\n]*/gi, " ")
    .replace(
      /\b(une?|deux|trois|quatre|cinq|six)\b(?= (?:fois|prise|demi|[cgsdabu]))/gi,
      (word) => digits[word.toLowerCase()] ?? word,
    )
    .replace(
      /(\d+)? ?½|(?<![\d/])(?:(\d+) )?1 ?\/ ?2(?![\d/])/g,
      (_half, one = "", other = "") => `${Number(one || other || 0) + 0.5}`,
    )
    .replace(/(?<![\d/])([13]) ?\/ ?4(?![\d/])/g, (_quarter, count: string) => String(Number(count) / 4))
    .replace(/\b1 demi[e-]?\b|(?<![\d\p{L}] ?)\bdemi[e-]?\b(?= ?-?(?:cp|comprim))/giu, "0.5");
}

const digits: Readonly<Record<string, string>> = {
  un: "1",
  une: "1",
  deux: "2",
  trois: "3",
  quatre: "4",
  cinq: "5",
  six: "6",
};

interface Times {
  readonly count: number;
  readonly words: string;
  /** Units in a day, where each taking has its own. */
  readonly total?: number;
}

/** A column for each moment of the day: "Matin | Midi | Soir". */
function momentCells(cells: readonly LabelledCell[]): Times | undefined {
  const found = cells.filter(({ heading }) => /^(matin|midi|soir|coucher)$/i.test(heading.trim()));
  if (found.length < 2) return undefined;
  const amounts = found.map(({ text }) =>
    /^(?:|[-–—]|0|non)$/i.test(text.trim()) ? 0 : number(plain(text).match(/^\s*(\d+(?:[.,]\d+)?)/)?.[1] ?? "NaN"),
  );
  if (amounts.some(Number.isNaN)) return undefined;
  return {
    count: amounts.filter((each) => each > 0).length,
    words: found.map(({ heading, text }) => `${heading} : ${text}`).join(", "),
    total: amounts.reduce((sum, each) => sum + each, 0),
  };
}

/** Groups of words for one moment: "le matin au petit-déjeuner" is one. */
const moments = [
  { name: "matin", words: /\bmatins?\b|\br[ée]veil|petit[- ]d[ée]jeuner/i },
  { name: "midi", words: /(?<!apr[èe]s[- ])\bmidi\b|(?<!petit[- ])\bd[ée]jeuner/i },
  { name: "soir", words: /\bsoirs?\b|\bd[îi]ner\b/i },
  { name: "coucher", words: /\bcoucher\b/i },
];

/** Words under which a count of one day is not that of the code: not every day, when needed, one or the other, first so then so. */
const notPlain =
  /besoin|jours? sur|semaines? sur|sauf|except|puis\b|ensuite|\bsi\b|oubli|[ée]viter|pilulier|semainier|suivi|contr[ôo]le|surveill|bilan|\bnfs\b|\binr\b|prise de sang|consult/i;

/** How often a day, as French prescriptions say it: "3 fois par jour", "toutes les 8 heures", "1-0-1", "une fois par semaine". */
function timesADay(text: string, coded: number | undefined): Times | undefined {
  const counts = new Set(
    [
      ...text.matchAll(/(?<!\d ?(?:à|ou|-|–) ?)(\d+)\s*(?:fois|prises?|x)\s*(?:\/|par)\s*j(?:our)?(?!\p{L}*s? sur)/giu),
    ].map(([, count]) => count),
  );
  const weekly = timesAWeek(text);
  const [counted] = counts;
  if (counts.size > 1 || (counted && weekly)) return undefined;
  if (counted && !/\d ?(?:à|ou|-|–) ?\d+\s*(?:fois|prises?|x)|jours? sur|puis\b|ensuite/i.test(text))
    return { count: Number(counted), words: `${counted} fois par jour` };
  if (counted || notPlain.test(text)) return undefined;
  const every = text.match(/(?:toutes les|\/) ?(\d+) ?h(?:eures?)?\b/i);
  if (every?.[1] && Number(every[1]) > 0) return { count: 24 / Number(every[1]), words: every[0] };
  const days = text.match(/tous les (\d+) jours/i);
  if (days?.[1] && Number(days[1]) > 0) return { count: 1 / Number(days[1]), words: days[0] };
  if (weekly) return weekly;
  if (/semaine|mois|mensuel|hebdo/i.test(text)) return undefined;
  const grid = text.match(
    /(?<![\d/.,-])(\d(?:[.,]\d+)?) ?[-–] ?(\d(?:[.,]\d+)?) ?[-–] ?(\d(?:[.,]\d+)?)(?: ?[-–] ?(\d(?:[.,]\d+)?))?(?![\d/-])/,
  );
  if (grid) {
    const amounts = grid.slice(1).flatMap((each) => (each === undefined ? [] : [number(each)]));
    return {
      count: amounts.filter((each) => each > 0).length,
      words: grid[0],
      total: amounts.reduce((sum, each) => sum + each, 0),
    };
  }
  return atMoments(text, coded);
}

function atMoments(text: string, coded: number | undefined): Times | undefined {
  const apart = text.replace(/soir,? (?:au|avant (?:le|de)|juste avant le) coucher/gi, "soir");
  const said = moments.flatMap(({ name, words }) => (words.test(apart) ? [name] : []));
  if (said.length === 0 || /\bou\b/i.test(text)) return undefined;
  if (said.length > 1) return { count: said.length, words: said.join(", ") };
  // One moment alone is once a day; a code that is rarer than that may tell the day apart.
  const isAlone = !/repas|fois|prise|heure|\bh\b|go[ûu]ter|nuit|apr[èe]s[- ]midi/i.test(text);
  return isAlone && coded !== undefined && coded >= 2 ? { count: 1, words: said.join() } : undefined;
}

const weekdays = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/** "1 fois par semaine", "hebdomadaire", "le lundi et le jeudi", "1 fois par mois". */
function timesAWeek(text: string): Times | undefined {
  const counted = text.match(/(\d+)\s*(?:fois|prises?|x)\s*(?:\/|par)\s*(?:(\d+)\s*)?(sem(?:aine)?|mois)\b/i);
  if (counted?.[1]) {
    const span = (/mois/i.test(counted[3] ?? "") ? 30 : 7) * Number(counted[2] ?? 1);
    return { count: Number(counted[1]) / span, words: counted[0] };
  }
  const each = text.match(
    /hebdomadaire|(?:chaque|toutes les) semaines?\b|mensuel(?:le)?|(?:chaque|tous les) mois\b/i,
  )?.[0];
  if (each) return { count: 1 / (/mensuel|mois/i.test(each) ? 30 : 7), words: each };
  const several = text.match(/toutes les (\d+) semaines/i);
  if (several?.[1] && Number(several[1]) > 0) return { count: 1 / (7 * Number(several[1])), words: several[0] };
  // The day on which it begins is no rhythm.
  if (/d[ée]but|commenc|d[ée]marr|d[èe]s\b|depuis|partir|arr[êe]t|di \d/i.test(text)) return undefined;
  const days = weekdays.filter((day) =>
    new RegExp(`(?:\\b(?:les?|chaque|tous les)|,|\\bet(?: le)?) ${day}s?\\b`, "i").test(text),
  );
  return days.length > 0 && /\b(?:les?|chaque|tous les) (?:lun|mar|mer|jeu|ven|sam|dim)\p{L}*di|\bdimanche/iu.test(text)
    ? { count: days.length / 7, words: days.join(", ") }
    : undefined;
}
