import { plusMonths } from "../safety/time.ts";
import { distinctDays, type GivenDose } from "./given-doses.ts";
import type { VaccinationNeed } from "./schedule.ts";

export type NeedStatus =
  /** Met, too early, too late, or for others. */
  | { readonly kind: "none" }
  | { readonly kind: "due" | "overdue"; readonly since: string; readonly dose?: number; readonly of?: number }
  | { readonly kind: "undated" | "imprecise-date" | "unknown-term" };

const NONE: NeedStatus = { kind: "none" };
const years = (day: string, count: number) => plusMonths(day, count * 12);

type Need<K extends VaccinationNeed["kind"]> = Extract<VaccinationNeed, { kind: K }>;

/** Doses of a need: each target apart, the least protected one decides. */
function leastProtected<T>(
  targets: readonly string[],
  doses: readonly GivenDose[],
  judge: (own: readonly GivenDose[]) => T,
  rank: (one: T) => number,
): T {
  const judged = targets.map((target) => judge(doses.filter((one) => one.targets.includes(target))));
  return judged.reduce((worst, one) => (rank(one) > rank(worst) ? one : worst));
}

const RANK: Readonly<Record<NeedStatus["kind"], number>> = {
  none: 0,
  "imprecise-date": 1,
  "unknown-term": 2,
  undated: 3,
  due: 4,
  overdue: 5,
};
const rank = (status: NeedStatus) => RANK[status.kind];

/** A series of doses by age, for somebody born that day. */
export function seriesStatus(
  need: Need<"series">,
  doses: readonly GivenDose[],
  birth: string,
  today: string,
): NeedStatus {
  const first = need.doses[0];
  if (!first || today < plusMonths(birth, first.fromMonths)) return NONE;
  if (need.untilMonths !== undefined && today >= plusMonths(birth, need.untilMonths)) return NONE;
  if (need.bornFrom !== undefined && birth < need.bornFrom) return NONE;
  const from = plusMonths(birth, need.countFromMonths);
  return leastProtected(
    need.targets,
    doses.filter(({ days }) => !days || days.last >= from),
    (own) => oneSeries(need, own, birth, today),
    rank,
  );
}

function oneSeries(need: Need<"series">, own: readonly GivenDose[], birth: string, today: string): NeedStatus {
  const days = distinctDays(own);
  const needed = dosesOf(need, own, birth, days[0] ?? { first: today, last: today });
  const total = needed.length;
  // A record that starts with the third dose had two before it.
  const count = Math.max(days.length, ...own.filter((one) => one.days).map((one) => one.doseNumber));
  if (count >= total) return NONE;
  const undated = own.filter((one) => !one.days);
  if (undated.length > 0 && Math.max(count + undated.length, ...undated.map((one) => one.doseNumber)) >= total) {
    return { kind: "undated" };
  }
  const next = needed[count];
  if (!next || (next.untilMonths !== undefined && today >= plusMonths(birth, next.untilMonths))) return NONE;
  const previous = days.at(-1)?.last;
  const byAge = plusMonths(birth, next.fromMonths);
  const byGap = previous === undefined ? byAge : plusMonths(previous, next.gapMonths ?? need.gapMonths);
  const since = [byAge, byGap].sort()[1] ?? byAge;
  if (since > today) return NONE;
  // Due during the month, or the year, that the schedule names; overdue afterwards.
  const toMonths = next.toMonths ?? need.doses[Math.min(count, need.doses.length - 1)]?.toMonths;
  const end = toMonths === undefined ? undefined : plusMonths(birth, toMonths + (toMonths >= 24 ? 12 : 1));
  const grace = plusMonths(byGap, next.graceMonths);
  const isOverdue = end !== undefined && today >= end && (previous === undefined || today >= grace);
  return { kind: isOverdue ? "overdue" : "due", since, dose: count + 1, of: total };
}

type Doses = Need<"series">["doses"];
type Days = ReturnType<typeof distinctDays>[number];

/** The doses of a series by its vaccine, else by the age at its start: where that is open, the fewest that it may be. */
function dosesOf(need: Need<"series">, own: readonly GivenDose[], birth: string, first: Days): Doses {
  const byVaccine = need.dosesByVaccine.find(({ target }) => own.some(({ targets }) => targets.includes(target)));
  if (byVaccine) return byVaccine.doses;
  const at = (start: string): Doses =>
    need.dosesByStart.filter((one) => start >= plusMonths(birth, one.startedFromMonths)).at(-1)?.doses ?? need.doses;
  const isLater = own.some(({ days, doseNumber }) => doseNumber > 1 && days && days.first <= first.last);
  const possible = [
    // A first day that is the second dose's: the start lies before, nobody knows where.
    ...(isLater ? [need.doses] : []),
    at(first.first),
    ...need.dosesByStart
      .map((one) => plusMonths(birth, one.startedFromMonths))
      .filter((day) => day <= first.last && (isLater || day > first.first))
      .map(at),
  ];
  return possible.reduce((fewest, one) => (one.length < fewest.length ? one : fewest));
}

/** Boosters at ages, then every so many years. */
export function boosterStatus(
  need: Need<"booster">,
  doses: readonly GivenDose[],
  birth: string,
  today: string,
): NeedStatus {
  if (need.untilYears !== undefined && today >= years(birth, need.untilYears)) return NONE;
  const last = need.points.at(-1);
  let point = need.points.filter((one) => today >= years(birth, one.years)).at(-1);
  if (!point || !last) return NONE;
  if (point === last && need.thenEveryYears) {
    let age = last.years;
    while (today >= years(birth, age + need.thenEveryYears)) age += need.thenEveryYears;
    point = { years: age, toYears: age, gapYears: last.gapYears };
  }
  const { years: at, toYears, gapYears } = point;
  const limit = years(birth, at - gapYears);
  return leastProtected(
    need.targets,
    doses,
    (own): NeedStatus => {
      if (own.some(({ days }) => days && days.first >= limit)) return NONE;
      if (own.some(({ days }) => days && days.last >= limit)) return { kind: "imprecise-date" };
      if (own.some(({ days }) => !days)) return { kind: "undated" };
      return { kind: today >= years(birth, toYears + 1) ? "overdue" : "due", since: years(birth, at) };
    },
    rank,
  );
}

/** One dose per campaign, for somebody born that day; outside the campaign nothing is due. */
export function seasonStatus(
  need: Need<"seasonal">,
  doses: readonly GivenDose[],
  birth: string,
  today: string,
): NeedStatus {
  if (today < plusMonths(birth, need.fromMonths)) return NONE;
  const [year = 0, month = 1] = today.split("-").map(Number);
  const { fromMonth, toMonth, earlyMonths } = need.season;
  const isOverNewYear = toMonth < fromMonth;
  const isOpen = isOverNewYear ? month >= fromMonth || month <= toMonth : month >= fromMonth && month <= toMonth;
  if (!isOpen) return NONE;
  const startYear = isOverNewYear && month <= toMonth ? year - 1 : year;
  const start = `${startYear}-${String(fromMonth).padStart(2, "0")}-01`;
  const status = since(need.targets, doses, plusMonths(start, -earlyMonths), start);
  const gap = need.gaps.filter((one) => today >= years(birth, one.fromYears)).at(-1)?.months ?? 0;
  const given = doses.filter((one) => one.targets.some((target) => need.targets.includes(target)));
  return notBefore(
    status,
    given.flatMap(({ days }) => (days ? [plusMonths(days.last, gap)] : [])),
    today,
  );
}

/** A dose that is due has to wait for these days. */
export function notBefore(status: NeedStatus, days: readonly string[], today: string): NeedStatus {
  if (status.kind !== "due" && status.kind !== "overdue") return status;
  const [latest = status.since] = [status.since, ...days].sort().reverse();
  if (latest > today) return NONE;
  return latest === status.since ? status : { ...status, since: latest };
}

/** One dose since a day. */
export function since(
  targets: readonly string[],
  doses: readonly GivenDose[],
  limit: string,
  dueSince: string,
): NeedStatus {
  return leastProtected(
    targets,
    doses,
    (own): NeedStatus => {
      if (own.some(({ days }) => days && days.first >= limit)) return NONE;
      if (own.some(({ days }) => days && days.last >= limit)) return { kind: "imprecise-date" };
      if (own.some(({ days }) => !days)) return { kind: "undated" };
      return { kind: "due", since: dueSince };
    },
    rank,
  );
}
