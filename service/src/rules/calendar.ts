/**
 * Days, as the people concerned count them: from midnight to midnight of legal time in metropolitan France. One clock for
 * everybody, overseas too: the service does not know where people live, and an age or a last day must not depend on it.
 */

const inParis = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris" });

/** The day (YYYY-MM-DD) that it is in Paris. */
export function dayOf(instant: Date): string {
  // Asked for each document of a list. Paris is one or two hours ahead: before 22:00 UTC it has the same day.
  return instant.getUTCHours() < 22 ? instant.toISOString().slice(0, 10) : inParis.format(instant);
}

/** A day of the calendar, written YYYY-MM-DD: 31 February is none. */
export function isDay(text: string): boolean {
  const midnight = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().slice(0, 10) === text;
}

/** The moment at which a day (YYYY-MM-DD) begins in Paris; an invalid date for what is no day. */
export function startOfDay(day: string): Date {
  return whenClocksShow(Date.parse(`${day}T00:00:00Z`));
}

/** The first moment after a day (YYYY-MM-DD): a last day is a whole one, be it of 23 or 25 hours. */
export function endOfDay(day: string): Date {
  return whenClocksShow(Date.parse(`${day}T00:00:00Z`) + 24 * HOUR_MS);
}

const HOUR_MS = 3_600_000;
const clockInParis = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Europe/Paris",
  dateStyle: "short",
  timeStyle: "medium",
});

/**
 * The moment at which clocks in Paris show this, the first of two in autumn.
 * @param shown - what they show, as if it were UTC, in milliseconds
 */
export function whenClocksShow(shown: number): Date {
  if (Number.isNaN(shown)) return new Date(Number.NaN);
  const inSummer = new Date(shown - 2 * HOUR_MS);
  const isSummer = clockInParis.format(inSummer) === new Date(shown).toISOString().slice(0, 19).replace("T", " ");
  return isSummer ? inSummer : new Date(shown - HOUR_MS);
}
