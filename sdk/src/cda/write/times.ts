import { CdaInputError } from "./errors.ts";

const isoPattern =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/**
 * ISO 8601 → HL7 timestamp at the same precision: `2026-01-15T10:30:00+01:00` → `20260115103000+0100`.
 * @throws {CdaInputError} `cda-input-date`
 */
export function toHl7Time(iso: string, path: string): string {
  const match = isoPattern.exec(iso.trim());
  if (!match) throw new CdaInputError("cda-input-date", path);
  const [, year = "", month, day, hour, minute, second, zone] = match;
  if (!exists(Number(year), month, day) || (hour ?? "00") > "23" || (minute ?? "00") > "59" || (second ?? "00") > "59")
    throw new CdaInputError("cda-input-date", path);
  const time = hour === undefined ? "" : `${hour}${minute}${second ?? "00"}`;
  const offset = zone === undefined ? "" : zone === "Z" ? "+0000" : zone.replace(":", "");
  return `${year}${month ?? ""}${day ?? ""}${time}${offset}`;
}

function exists(year: number, month: string | undefined, day: string | undefined): boolean {
  if (month === undefined) return true;
  if (month < "01" || month > "12") return false;
  return day === undefined || (day >= "01" && Number(day) <= new Date(Date.UTC(year, Number(month), 0)).getUTCDate());
}

/** French form of a date for narratives: `15/01/2026`, `01/2026`, `2026`. The time of day is left to the entry. */
export function toFrenchDate(iso: string): string {
  const match = isoPattern.exec(iso.trim());
  if (!match) return iso;
  const [, year, month, day] = match;
  return [day, month, year].filter((part) => part !== undefined).join("/");
}
