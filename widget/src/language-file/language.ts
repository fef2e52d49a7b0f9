import type { DosageWords } from "../shared/dosage-words.ts";
import type { Language } from "../shared/languages.ts";
import type { StringTable } from "../shared/locale.ts";
import type { Writing } from "../shared/writing.ts";
import { checkWords, type WordsFlaw } from "./check.ts";
import { baseTables, elementNames, type FileTables } from "./tables.ts";

/** A file of which nothing can be used. */
export class WordsUnusable extends Error {
  readonly code = "words-unusable";
}

/** A language made from a file, and what the file does not say as it should. */
export interface MadeLanguage {
  readonly language: Language;
  readonly flaws: readonly WordsFlaw[];
}

/**
 * @param file as parsed from JSON, by anybody
 * @throws WordsUnusable when it is no language file
 */
export function makeLanguage(file: unknown): MadeLanguage {
  if (typeof file !== "object" || file === null || Array.isArray(file))
    throw new WordsUnusable("A language file is a JSON object: begin with languages/template.en.json");
  const tag = tagOf("language" in file ? file.language : undefined);
  const base = "base" in file && file.base === "fr" ? "fr" : "en";
  const flaws: WordsFlaw[] = [];
  if ("base" in file && file.base !== "fr" && file.base !== "en") flaws.push({ key: "base", flaw: "unknown" });
  const isSpoken = Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  if (!isSpoken) flaws.push({ key: "language", flaw: "unknown" });
  const intlTag = isSpoken ? tag : base;
  const direction = "direction" in file ? file.direction : undefined;
  if (direction !== undefined && direction !== "ltr" && direction !== "rtl")
    flaws.push({ key: "direction", flaw: "unknown" });
  const runs = direction === "ltr" || direction === "rtl" ? direction : directionOf(tag);
  const checked = checkWords(file, baseTables[base], new Intl.PluralRules(intlTag));
  const { words } = checked;
  return {
    language: {
      tag,
      direction: runs,
      service: base,
      shared: words.shared,
      summary: words.summary,
      rows: words.rows,
      dosage: dosageOf(words.dosage),
      writing: writingOf(words.writing, intlTag, runs),
      elements: Object.fromEntries(elementNames.map((name) => [name, words[name] as unknown as StringTable])),
    },
    flaws: [...flaws, ...checked.flaws],
  };
}

function tagOf(value: unknown): string {
  try {
    const [tag] = typeof value === "string" ? Intl.getCanonicalLocales(value) : [];
    if (tag !== undefined && tag !== "fr" && tag !== "en") return tag;
  } catch {
    // Not a language tag: said below.
  }
  throw new WordsUnusable('A language file says its language, "language": "nl" (BCP 47, neither fr nor en)');
}

/** Scripts that run from right to left, among those that are written today. */
const fromTheRight = new Set(["Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg"]);
const directionOf = (tag: string) =>
  fromTheRight.has(new Intl.Locale(tag).maximize().script ?? "") ? ("rtl" as const) : ("ltr" as const);

function dosageOf({ timesPer, every, ...words }: FileTables["dosage"]): DosageWords {
  const per: Readonly<Record<string, (count: string, n: number) => string>> = timesPer;
  const each: Readonly<Record<string, (number: string, n: number) => string>> = every;
  return {
    ...words,
    timesPer: (count, n, unit) => per[unit]?.(count, n),
    every: (number, n, unit) => each[unit]?.(number, n),
  };
}

/** Dates, times and the decimal sign as the browser writes them in that language, in our calendar and our digits. */
function writingOf(words: FileTables["writing"], tag: string, direction: "ltr" | "rtl"): Writing {
  const ours = { calendar: "gregory", numberingSystem: "latn", timeZone: "UTC" } as const;
  const month = new Intl.DateTimeFormat(tag, { ...ours, year: "numeric", month: "long" });
  const day = new Intl.DateTimeFormat(tag, { ...ours, year: "numeric", month: "long", day: "numeric" });
  const time = new Intl.DateTimeFormat(tag, { ...ours, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const point = new Intl.NumberFormat(tag, { numberingSystem: "latn" })
    .formatToParts(0.5)
    .find(({ type }) => type === "decimal")?.value;
  const clock = (hour: string, minute: string) => {
    const isTime = Number(hour) < 24 && Number(minute) < 60;
    return isTime ? time.format(Date.UTC(2000, 0, 1, Number(hour), Number(minute))) : `${hour}:${minute}`;
  };
  const { less, atMost, more, atLeast } = words.comparators;
  return {
    decimal: point === "," ? "," : ".",
    mark: direction === "rtl" ? "\u200e" : "",
    date: (year, monthNumber, dayNumber) => {
      const at = new Date(0);
      at.setUTCFullYear(Number(year), monthNumber - 1, dayNumber ?? 1);
      // The 31st of February stays what was written, and a year is never cut: what Intl would move is set together here.
      const isDay = dayNumber !== undefined && at.getUTCDate() === dayNumber && Number(year) > 999;
      if (dayNumber !== undefined && !isDay) return `${dayNumber} ${monthNumber} ${year}`;
      return (isDay ? day : month).format(at).replaceAll(" ", "\u00a0");
    },
    moment: (date, hour, minute) => words.moment(date, clock(hour, minute)),
    clock,
    unit: (code, value) => words.units[code](Math.abs(value)),
    comparators: { "<": less, "<=": atMost, ">": more, ">=": atLeast },
    per: words.per,
    internationalUnit: words.internationalUnit,
  };
}
