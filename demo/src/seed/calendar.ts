/**
 * Dates of the seed, counted back from one day: given the same day, the same dates, so that a demo is always recent
 * and yet the same for everybody who starts it that day.
 */

const dayMs = 86_400_000;

export class Calendar {
  /** Day from which everything is counted, at midnight UTC. */
  readonly today: Date;

  constructor(today: Date) {
    this.today = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()));
  }

  /** Exactly `days` days ago, at `time` (HH:MM, UTC). */
  daysAgo(days: number, time = "09:00"): string {
    return this.#at(this.today.getTime() - days * dayMs, time);
  }

  /** A working day about `months` months ago. */
  monthsAgo(months: number, time = "09:00", day = 12): string {
    const whole = Math.floor(months);
    const start = Date.UTC(this.today.getUTCFullYear(), this.today.getUTCMonth() - whole, day);
    const date = start - (months - whole) * 30 * dayMs;
    // A date of this month may still be to come.
    return this.#at(workingDay(Math.min(date, this.today.getTime() - dayMs)), time);
  }

  /** A working day about `years` years ago. */
  yearsAgo(years: number, time = "09:00"): string {
    return this.monthsAgo(years * 12, time);
  }

  /** The given day of the week (1 Monday to 7 Sunday), `weeks` whole weeks before the last such day that is over. */
  weekdayAgo(weeks: number, weekday: number, time = "09:00"): string {
    const back = ((this.today.getUTCDay() - weekday + 6) % 7) + 1;
    return this.#at(this.today.getTime() - (weeks * 7 + back) * dayMs, time);
  }

  #at(milliseconds: number, time: string): string {
    return `${new Date(milliseconds).toISOString().slice(0, 10)}T${time}:00Z`;
  }
}

function workingDay(milliseconds: number): number {
  const weekday = new Date(milliseconds).getUTCDay();
  if (weekday === 0) return milliseconds - 2 * dayMs;
  if (weekday === 6) return milliseconds - dayMs;
  return milliseconds;
}

/** `YYYY-MM-DD` of an ISO date and time. */
export const dayOf = (iso: string): string => iso.slice(0, 10);

/** ISO date and time moved by whole days. */
export function daysAfter(iso: string, days: number): string {
  return `${new Date(new Date(iso).getTime() + days * dayMs).toISOString().slice(0, 19)}Z`;
}
