/** Ages, terms and accepted identities of a record. R9, R15, R19, R31. */
import { identifierSystem } from "@carnet/sdk/fhir";
import { isInsSystem } from "@carnet/sdk/identity";
import { dayOf } from "./calendar.ts";

/** Age in whole years on the day of `now`, from YYYY-MM-DD; undefined when the date is not a whole one. */
export function ageInYears(birthDate: string, now: Date): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(birthDate)) return undefined;
  const today = dayOf(now);
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** R9: a person of unknown age counts as an adult: nobody else could act for them. */
export function isMinor(birthDate: string, majorityAge: number, now: Date): boolean {
  const age = ageInYears(birthDate, now);
  return age !== undefined && age < majorityAge;
}

/** R19: a closed record is kept ten years. */
export function archivedUntil(closedAt: Date, years = 10): Date {
  const end = new Date(closedAt);
  end.setUTCFullYear(end.getUTCFullYear() + years);
  return end;
}

const DAY_MS = 86_400_000;

/** The same time of day, `days` days later. */
export function daysAfter(start: Date, days: number): Date {
  return new Date(start.getTime() + days * DAY_MS);
}

/** Test and demonstration identities. R31. */
const TEST_SYSTEMS: ReadonlySet<string> = new Set([identifierSystem.insTest, identifierSystem.insDemonstration]);

/** R31: real identities, and fictitious ones in a demonstration only. INS-C, INS-A and all else are no INS of today. */
export function isAcceptedInsSystem(
  system: string,
  { acceptsTestIdentities }: { readonly acceptsTestIdentities: boolean },
): boolean {
  return isInsSystem(system) && (acceptsTestIdentities || !isTestInsSystem(system));
}

export function isTestInsSystem(system: string): boolean {
  return TEST_SYSTEMS.has(system);
}
