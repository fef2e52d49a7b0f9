import type { Dosage, Duration, FhirResource, MedicationRequest, Quantity } from "fhir/r4.js";
import { renewalsOf } from "../fhir/renewals.ts";
import { latestOf, plusDays, plusMonths } from "./safety/time.ts";

/** A delivery lasts its days of supply; without them, as long as the biggest usual box (three months). */
const DAYS_OF_A_DELIVERY = 90;

/**
 * The last day that a medicine runs, as its document says it: an end, or a beginning and a length, renewals included; of a
 * delivery, the last day of what was handed over. `undefined` when nothing says it: what has no end goes on.
 */
export function lastDayOf(resource: FhirResource): string | undefined {
  switch (resource.resourceType) {
    case "MedicationStatement": {
      const { effectivePeriod: period, effectiveDateTime, dosage } = resource;
      if (period?.end) return latestOf(period.end);
      return later(period?.start ?? effectiveDateTime, dosage, 1);
    }
    case "MedicationAdministration":
      return resource.effectivePeriod?.end && latestOf(resource.effectivePeriod.end);
    case "MedicationRequest":
      return lastDayPrescribed(resource);
    case "MedicationDispense": {
      const end = endOfDosages(resource.dosageInstruction);
      const given = latestOf(resource.whenHandedOver ?? resource.whenPrepared ?? "");
      if (end !== undefined) return latestOf(end);
      return given && plusDays(given, daysOf(resource.daysSupply) ?? DAYS_OF_A_DELIVERY);
    }
    default:
      return undefined;
  }
}

/**
 * Each renewal is the same length again. Renewed without a number, it goes on until the last day on which it may be
 * delivered again and one length more; without such a day nobody knows when it ends.
 */
function lastDayPrescribed({ authoredOn, dispenseRequest, dosageInstruction }: MedicationRequest): string | undefined {
  const { count, noCount, within, lasting } = renewalsOf(dispenseRequest);
  const begun = dispenseRequest?.validityPeriod?.start ?? authoredOn;
  const end = endOfDosages(dosageInstruction) ?? dispenseRequest?.validityPeriod?.end;
  const first = latestOf(begun ?? "");
  const last = latestOf(end ?? "");
  const length = first !== undefined && last !== undefined && first < last ? daysBetween(first, last) + 1 : undefined;
  if (noCount !== undefined || (count === undefined && (within || lasting))) {
    const final = latestOf(within?.end ?? "") ?? later(within?.start ?? begun, lasting && [boundedBy(lasting)], 1);
    if (final === undefined || last === undefined) return later(final, dosageInstruction, 1);
    return length === undefined ? undefined : plusDays(final, length);
  }
  const times = 1 + Math.max(0, count ?? 0);
  if (last === undefined) return later(begun, dosageInstruction, times);
  return times === 1 || length === undefined ? last : plusDays(last, length * (times - 1));
}

const boundedBy = (boundsDuration: Duration): Dosage => ({ timing: { repeat: { boundsDuration } } });

const DAY = 86_400_000;
const daysBetween = (first: string, last: string) => (Date.parse(last) - Date.parse(first)) / DAY;

/** The last end of the dosages, when every one of them ends: one that does not goes on, whatever the others do. */
export function endOfDosages(dosages: readonly Dosage[] | undefined): string | undefined {
  const ends = (dosages ?? []).flatMap(({ timing }) => timing?.repeat?.boundsPeriod?.end ?? []);
  return ends.length === dosages?.length ? ends.sort(byLastDay).at(-1) : undefined;
}

/** "2026" may last longer than "2026-01-15". */
function byLastDay(a: string, b: string): number {
  const [one, two] = [latestOf(a) ?? a, latestOf(b) ?? b];
  return one < two ? -1 : one > two ? 1 : 0;
}

/** From a beginning, as many times the lengths of the dosages, one after the other: never too short. */
function later(begun: string | undefined, dosages: readonly Dosage[] | undefined, times: number): string | undefined {
  let day = latestOf(begun ?? "");
  if (day === undefined || !dosages?.length) return undefined;
  for (const { timing } of dosages) {
    const { value, unit, code } = timing?.repeat?.boundsDuration ?? ({} as Duration);
    if (value === undefined || !(value > 0)) return undefined;
    const whole = Math.ceil(value * times);
    const months = MONTHS_IN[code ?? unit ?? ""];
    const days = DAYS_IN[code ?? unit ?? ""] ?? (HOURS.has(code ?? unit ?? "") ? 1 : undefined);
    if (months !== undefined) day = plusMonths(day, months * whole);
    else if (days !== undefined) day = plusDays(day, days * whole);
    else return undefined;
  }
  return day;
}

const MONTHS_IN: Readonly<Record<string, number>> = { mo: 1, a: 12 };
/** Of a length in hours or less, each step takes a day at most. */
const HOURS: ReadonlySet<string> = new Set(["s", "min", "h"]);
const DAYS_IN: Readonly<Record<string, number>> = { d: 1, wk: 7 };

/** Days that a supply lasts; `undefined` when its unit is no unit of whole days, or its value says nothing. */
function daysOf(supply: Quantity | undefined): number | undefined {
  const { value, code, unit } = supply ?? {};
  const days = { ...DAYS_IN, mo: 31, a: 366 }[code ?? unit ?? ""];
  return value === undefined || days === undefined || !(value > 0) ? undefined : value * days;
}
