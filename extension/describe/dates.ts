export interface FoundDate {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly start: number;
}

const months = [
  ["janvier", "janv"],
  ["février", "fevrier", "févr", "fevr"],
  ["mars"],
  ["avril", "avr"],
  ["mai"],
  ["juin"],
  ["juillet", "juil"],
  ["août", "aout"],
  ["septembre", "sept"],
  ["octobre", "oct"],
  ["novembre", "nov"],
  ["décembre", "decembre", "déc", "dec"],
];
const monthOf = new Map(months.flatMap((names, index) => names.map((name) => [name, index + 1] as const)));

const numeric = /(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)/g;
const worded =
  /(?<!\d)(\d{1,2}|1er)\s+(janv\p{L}*|f[ée]vr\p{L}*|mars|avr\p{L}*|mai|juin|juil\p{L}*|ao[ûu]t|sept\p{L}*|oct\p{L}*|nov\p{L}*|d[ée]c\p{L}*)\.?\s+(\d{4})(?!\d)/giu;
const iso = /(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)/g;

/** Dates as French documents write them, in reading order. A date that no calendar has is no date. */
export function readDates(text: string): readonly FoundDate[] {
  const found: FoundDate[] = [];
  const add = (year: number, month: number, day: number, start: number) => {
    const date = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
    const parsed = new Date(`${date}T00:00:00Z`);
    if (!Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date)) found.push({ date, start });
  };
  for (const match of text.matchAll(numeric)) add(Number(match[3]), Number(match[2]), Number(match[1]), match.index);
  for (const match of text.matchAll(iso)) add(Number(match[1]), Number(match[2]), Number(match[3]), match.index);
  for (const match of text.matchAll(worded)) {
    const month = monthOf.get((match[2] ?? "").toLowerCase());
    if (month !== undefined) add(Number(match[3]), month, Number.parseInt(match[1] ?? "", 10), match.index);
  }
  return found.sort((one, other) => one.start - other.start);
}
