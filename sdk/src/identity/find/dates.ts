import type { Token } from "./tokens.ts";

const months: Record<string, number> = {
  JANVIER: 1,
  JANV: 1,
  JAN: 1,
  FEVRIER: 2,
  FEVR: 2,
  FEV: 2,
  FEB: 2,
  MARS: 3,
  MAR: 3,
  AVRIL: 4,
  AVR: 4,
  APR: 4,
  MAI: 5,
  MAY: 5,
  JUIN: 6,
  JUN: 6,
  JUILLET: 7,
  JUIL: 7,
  JUL: 7,
  AOUT: 8,
  AUG: 8,
  SEPTEMBRE: 9,
  SEPT: 9,
  SEP: 9,
  OCTOBRE: 10,
  OCT: 10,
  NOVEMBRE: 11,
  NOV: 11,
  DECEMBRE: 12,
  DEC: 12,
};

export interface ReadDate {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** Index of the first token after the date. */
  readonly next: number;
}

/**
 * Reads a French date at this token: 12/03/1980, 12.03.1980, 12 03 1980, 12 mars 1980, 1er mars 1980, 1980-03-12; and as foreign
 * software prints one: 12-MAR-1980, 1980/03/12, 19800312.
 * Years of two digits are not read: 26 may be 1926 or 2026.
 */
export function readDate(tokens: readonly Token[], from: number): ReadDate | undefined {
  const first = tokens[from];
  if (first?.kind !== "number") return undefined;
  if (first.text.length === 4) return readIsoDate(tokens, from, first.text);
  if (first.text.length === 8) return readEightDigits(first.text, from + 1);
  if (first.text.length > 2) return undefined;

  let at = from + 1;
  if (tokens[at]?.folded === "ER") at++;
  const dashed = isDash(tokens[at]) ? 1 : 0;
  at += dashed;
  const month = tokens[at];
  const named = month?.kind === "word" ? months[month.folded] : undefined;
  if (named !== undefined) {
    if (tokens[at + 1]?.text === "." || isDash(tokens[at + 1])) at++;
    const year = tokens[at + 1];
    return year?.kind === "number" ? whole(year.text, String(named), first.text, at + 2) : undefined;
  }
  if (dashed === 0 && isDateSign(tokens[at])) at++;
  const monthDigits = tokens[at];
  if (monthDigits?.kind !== "number" || monthDigits.text.length > 2) return undefined;
  at++;
  if (isDateSign(tokens[at])) at++;
  const year = tokens[at];
  return year?.kind === "number" ? whole(year.text, monthDigits.text, first.text, at + 1) : undefined;
}

/** A date whose year has two digits, as `YY-MM-DD`: 12/03/52, 12 mars 52, 120352. */
export function readShortDate(tokens: readonly Token[], from: number): ReadDate | undefined {
  const text = tokens[from]?.kind === "number" ? (tokens[from]?.text ?? "") : "";
  if (text.length === 6) return wholeShort(text.slice(4), text.slice(2, 4), text.slice(0, 2), from + 1);
  if (text.length === 0 || text.length > 2) return undefined;
  let at = from + 1;
  const skipSign = () => {
    if (isDateSign(tokens[at])) at++;
  };
  skipSign();
  const named = tokens[at]?.kind === "word" ? months[tokens[at]?.folded ?? ""] : undefined;
  const month = named === undefined ? (tokens[at]?.kind === "number" ? tokens[at]?.text : undefined) : String(named);
  at++;
  skipSign();
  const year = tokens[at];
  if (month === undefined || year?.kind !== "number") return undefined;
  return wholeShort(year.text, month, text, at + 1);
}

function wholeShort(year: string, month: string, day: string, next: number): ReadDate | undefined {
  if (year.length !== 2 || month.length > 2) return undefined;
  // 2000 has a 29 February.
  const read = whole(`20${year}`, month, day, next) ?? whole(`19${year}`, month, day, next);
  return read && { date: read.date.slice(2), next };
}

function readIsoDate(tokens: readonly Token[], from: number, year: string): ReadDate | undefined {
  const [, dash, month, otherDash, day] = tokens.slice(from, from + 5);
  if (!isDateSign(dash) || otherDash?.text !== dash?.text || month?.kind !== "number" || day?.kind !== "number")
    return undefined;
  return whole(year, month.text, day.text, from + 5);
}

/** A day, month and year, or the other way round: of eight digits only one order has a year of this time. */
function readEightDigits(digits: string, next: number): ReadDate | undefined {
  return (
    whole(digits.slice(4), digits.slice(2, 4), digits.slice(0, 2), next) ??
    whole(digits.slice(0, 4), digits.slice(4, 6), digits.slice(6), next)
  );
}

const isDash = (token: Token | undefined) => token?.kind === "sign" && /^[-–]$/.test(token.text);

function isDateSign(token: Token | undefined): boolean {
  return token?.kind === "sign" && /^[/.\-–]$/.test(token.text);
}

function whole(year: string, month: string, day: string, next: number): ReadDate | undefined {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (year.length !== 4 || y < 1870 || y > 2200 || m < 1 || m > 12 || d < 1) return undefined;
  if (d > new Date(Date.UTC(y, m, 0)).getUTCDate()) return undefined;
  return { date: `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`, next };
}
