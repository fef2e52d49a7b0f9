import type { Duration, TimingRepeat } from "../../../fhir/index.ts";
import { codeSystem } from "../../../fhir/systems.ts";
import { decimal } from "../values.ts";
import { attribute, type XmlElement } from "../xml.ts";

export type TimeUnit = NonNullable<TimingRepeat["periodUnit"]>;

/** Units of time: UCUM, and what French documents write for them. `m` is a metre in UCUM; of a time it means months. */
const timeUnits: Readonly<Record<string, TimeUnit>> = {
  s: "s",
  min: "min",
  minute: "min",
  h: "h",
  heure: "h",
  d: "d",
  day: "d",
  j: "d",
  jour: "d",
  wk: "wk",
  week: "wk",
  sem: "wk",
  semaine: "wk",
  mo: "mo",
  m: "mo",
  mois: "mo",
  a: "a",
  an: "a",
  année: "a",
};
export const timeUnitWords: Readonly<Record<TimeUnit, string>> = {
  s: "seconde(s)",
  min: "minute(s)",
  h: "heure(s)",
  d: "jour(s)",
  wk: "semaine(s)",
  mo: "mois",
  a: "an(s)",
};

/** FHIR unit of a length of time: `{jours}`, `J` and `d` are days. */
export function timeUnit(element: XmlElement | undefined): TimeUnit | undefined {
  const written = attribute(element, "unit")?.toLowerCase().replace(/[{}]/g, "") ?? "";
  const one = Object.hasOwn(timeUnits, written) ? written : written.replace(/s$/, "");
  return Object.hasOwn(timeUnits, one) ? timeUnits[one] : undefined;
}

/** A length of time in UCUM. */
export function lengthOf(width: XmlElement | undefined): TimingRepeat["boundsDuration"] | undefined {
  const unit = timeUnit(width);
  const value = decimal(attribute(width, "value"));
  return value !== undefined && unit ? { value, unit, system: codeSystem.ucum, code: unit } : undefined;
}

/** "3 mois". */
export function lengthInWords({ value, unit }: Duration): string {
  const words = timeUnitWords[unit as TimeUnit] ?? unit ?? "";
  return `${String(value ?? "").replace(".", ",")} ${words}`.trim();
}
