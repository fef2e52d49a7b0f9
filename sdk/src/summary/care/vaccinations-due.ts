import type { Bundle, Reference } from "fhir/r4.js";
import { codeSystem } from "../../fhir/systems.ts";
import type { DrugData } from "../safety/drug-data.ts";
import { isDeceased, SummaryFacts, wordsOf } from "../safety/summary-facts.ts";
import { earliestOf, latestOf, plusDays, plusMonths } from "../safety/time.ts";
import { type GivenDose, readGivenDoses, readSaidAgainst } from "./given-doses.ts";
import { findTrigger, isMeant, saysNothingOfConditions, sorted, toReference } from "./matching.ts";
import { boosterStatus, type NeedStatus, notBefore, seasonStatus, seriesStatus, since } from "./need-status.ts";
import type { CareSource } from "./rules.ts";
import type { VaccinationNeed, VaccinationSchedule } from "./schedule.ts";
import { vaccinationWords } from "./vaccination-words.ts";

export type VaccinationUnsaid =
  | "no-birth-date"
  | "imprecise-birth-date"
  | "no-immunization-information"
  | "no-condition-information"
  | "undated"
  | "future-date"
  | "imprecise-date"
  | "unknown-term"
  | "unrecognised-vaccine"
  | "contraindicated";

/** One vaccination that is due, or that the record cannot tell. */
export interface VaccinationDue {
  /** Id of the line of the schedule; none for what concerns all of them. */
  readonly need?: string;
  /** Name of that line, in the language asked for. */
  readonly label?: string;
  readonly status: "due" | "overdue" | "cannot-be-said";
  readonly reason?: VaccinationUnsaid;
  readonly obligation?: "mandatory" | "recommended" | "offered";
  /** Which dose of how many, for series. */
  readonly dose?: { readonly number: number; readonly of: number };
  /** First day on which it was due (YYYY-MM-DD). */
  readonly since?: string;
  readonly text: string;
  readonly closes: string;
  /** The facts that made the line apply: the person's age, a condition, a pregnancy. */
  readonly because: readonly Reference[];
  /** Vaccinations of the record against the same, in their order. */
  readonly given: readonly Reference[];
  readonly source: CareSource;
}

export interface VaccinationOptions {
  /** Instant, ISO 8601. */
  readonly now: string;
  /** Default `fr`. */
  readonly locale?: "fr" | "en";
  /** Reference data, to recognise vaccines that carry a drug code only. */
  readonly drugData?: DrugData;
}

/**
 * What is due by a vaccination schedule, by age, conditions and pregnancy, out of what the record holds.
 *
 * A line that is met gives no result; a line that the record cannot decide (no birth date, no word about vaccinations,
 * a dose without a date, a vaccine that is not recognised) is `cannot-be-said`. "Due" means: not in the record; it may
 * have been done elsewhere. Of contra-indications only those are looked at that a document says of the vaccine. Nothing is due for a person who has died.
 *
 * @example
 * const due = vaccinationsDue(summary, frenchVaccinationSchedule(), { now: new Date().toISOString() });
 */
export function vaccinationsDue(
  summary: Bundle,
  schedule: VaccinationSchedule,
  options: VaccinationOptions,
): VaccinationDue[] {
  const facts = new SummaryFacts(summary);
  if (isDeceased(facts, options.now)) return [];
  const { meta } = schedule;
  const text = vaccinationWords[options.locale ?? "fr"];
  const source: CareSource = {
    title: meta.title,
    publisher: meta.publisher,
    date: meta.date,
    ...(meta.url ? { url: meta.url } : {}),
  };
  const base = { closes: text.closes, because: [], given: [], source } as const;
  const patient = facts.patient;
  const birthDate = patient?.resource.birthDate ?? "";
  const births = daysOf(birthDate);
  // A birth that lies ahead is a mistake: it gives no age either.
  if (!patient || births.length === 0 || births.every((birth) => birth > options.now.slice(0, 10))) {
    return [
      {
        ...base,
        status: "cannot-be-said",
        reason: "no-birth-date",
        text: text.reasons["no-birth-date"],
        closes: text.closesBirthDate,
      },
    ];
  }
  const { doses, unrecognised, ahead } = readGivenDoses(facts, schedule, options.now, options.drugData);
  const { contraindicated, notDone } = readSaidAgainst(facts, schedule, options.drugData);
  const hasNoConditions = saysNothingOfConditions(facts);
  const isSilent = facts.knows("Immunization") === "unknown";
  const person = toReference(patient, birthDate);
  const found: VaccinationDue[] = [];
  for (const need of schedule.needs) {
    const { statuses, because, isForSome } = judge(need, facts, doses, births, options);
    const [status, ...others] = statuses;
    if (!status) continue;
    const isMeantBy = (one: { readonly targets: readonly string[] }) =>
      one.targets.some((target) => need.targets.includes(target));
    const given = doses.filter(isMeantBy);
    const against = contraindicated.filter(isMeantBy).map((one) => one.reference);
    const obligation = births.every((birth) => isMandatory(need, birth, options.now)) ? "mandatory" : need.obligation;
    const label = need.label[options.locale ?? "fr"];
    const common = {
      ...base,
      need: need.id,
      label,
      obligation,
      because: [person, ...because, ...against],
      given: [...given].sort(byDay).map((one) => one.reference),
    } as const;
    const unsaid = (reason: VaccinationUnsaid): VaccinationDue => ({
      ...common,
      status: "cannot-be-said",
      reason,
      text: `${text.cannotSay(label)} ${text.reasons[reason]}`,
    });
    if (others.some((other) => other.kind !== status.kind)) found.push(unsaid("imprecise-birth-date"));
    else if (status.kind === "none") continue;
    else if (isForSome && because.length === 0) {
      // Meant for people with some disease: only a record that says nothing of diseases leaves it open.
      if (hasNoConditions) found.push(unsaid("no-condition-information"));
    } else if (isSilent) found.push(unsaid("no-immunization-information"));
    else if (status.kind !== "due" && status.kind !== "overdue") found.push(unsaid(status.kind));
    else if (against.length > 0) found.push(unsaid("contraindicated"));
    else {
      const { dose, of } = status;
      // What was refused, and given since, is no refusal any more.
      const refused = notDone.find(
        (one) => isMeantBy(one) && !given.some(({ days }) => (days?.last ?? "") >= (one.day ?? "")),
      );
      found.push({
        ...common,
        status: status.kind,
        ...(dose && of ? { dose: { number: dose, of } } : {}),
        since: status.since,
        text: [
          text.due(label, status.kind, dose && of && of > 1 ? { number: dose, of } : undefined, given.length === 0),
          ...(refused ? [text.notDone(refused.day ?? "", refused.reason ?? "")] : []),
        ].join(" "),
      });
    }
  }
  const notCounted = (reason: VaccinationUnsaid, toText: (name: string) => string) => (reference: Reference) =>
    found.push({
      ...base,
      status: "cannot-be-said",
      reason,
      text: toText(reference.display ?? ""),
      given: [reference],
    });
  sorted(unrecognised).forEach(notCounted("unrecognised-vaccine", text.unrecognised));
  sorted(ahead).forEach(notCounted("future-date", text.ahead));
  return found;
}

/** The days that a birth date may mean: its first and last, and each beginning of a month between them. */
function daysOf(birthDate: string): readonly string[] {
  const [first, last] = [earliestOf(birthDate), latestOf(birthDate)];
  if (first === undefined || last === undefined) return [];
  const days = [first];
  // An infant's vaccine is due for a few months: the ends of a year may both lie outside.
  for (let day = plusMonths(first, 1); day < last; day = plusMonths(day, 1)) days.push(day);
  return first === last ? days : [...days, last];
}

function isMandatory(need: VaccinationNeed, birth: string, now: string): boolean {
  const { mandatoryIfBornFrom, mandatoryUntilMonths } = need;
  if (mandatoryIfBornFrom === undefined || birth < mandatoryIfBornFrom) return false;
  return mandatoryUntilMonths === undefined || now.slice(0, 10) < plusMonths(birth, mandatoryUntilMonths);
}

interface Judgement {
  readonly statuses: readonly NeedStatus[];
  readonly because: readonly Reference[];
  /** The statuses hold for people with a condition (`because`), not for everybody of that age. */
  readonly isForSome: boolean;
}

/** The status for each day that the person may be born on, and why the line applies beside the age. */
function judge(
  need: VaccinationNeed,
  facts: SummaryFacts,
  doses: readonly GivenDose[],
  births: readonly string[],
  { now, drugData }: VaccinationOptions,
): Judgement {
  const today = now.slice(0, 10);
  const because = need.when ? findTrigger(facts, need.when, now, drugData).because : [];
  const isForSome = need.when !== undefined;
  switch (need.kind) {
    case "series": {
      if (need.notInPregnancy && pregnancyOf(facts, today)) return { statuses: [], because, isForSome };
      const statuses = births.map((birth) =>
        afterPauses(need, seriesStatus(need, doses, birth, today), facts, doses, today),
      );
      return { statuses, because, isForSome };
    }
    case "booster":
      return { statuses: births.map((birth) => boosterStatus(need, doses, birth, today)), because, isForSome };
    case "seasonal": {
      const pregnancy = need.inPregnancy ? pregnancyOf(facts, today) : undefined;
      const reasons = [...because, ...(pregnancy ? [pregnancy.reference] : [])];
      const all = births.map((birth) => seasonStatus(need, doses, birth, today));
      const isOld = births.map((birth) => today >= plusMonths(birth, need.fromYears * 12));
      // A birth date that leaves the age open gives two answers, unless another reason decides.
      if (reasons.length === 0 && isOld.includes(true)) {
        const statuses = all.map((status, at): NeedStatus => (isOld[at] ? status : { kind: "none" }));
        return { statuses, because: reasons, isForSome: false };
      }
      return { statuses: all, because: reasons, isForSome };
    }
    case "pregnancy": {
      const pregnancy = pregnancyOf(facts, today);
      if (!pregnancy) return { statuses: [], because, isForSome };
      const { dueDate, reference } = pregnancy;
      // Forty-one weeks of amenorrhoea to the expected day.
      const start = dueDate === undefined ? undefined : plusDays(dueDate, (need.fromWeek - 41) * 7);
      const end = dueDate === undefined ? undefined : plusDays(dueDate, (need.toWeek - 41) * 7);
      if (start !== undefined && end !== undefined && (today < start || today > end))
        return { statuses: [], because, isForSome };
      const limit = start === undefined ? plusMonths(today, -9) : plusDays(start, -20 * 7);
      const status = since(need.targets, doses, limit, start ?? today);
      // Without that day nobody can count the weeks: too early is as likely as due.
      const statuses: NeedStatus[] = [start === undefined && status.kind === "due" ? { kind: "unknown-term" } : status];
      return { statuses, because: [reference], isForSome };
    }
  }
}

/** A series waits for a time after some other vaccine, or after an illness; without its date nobody knows how long. */
function afterPauses(
  need: Extract<VaccinationNeed, { kind: "series" }>,
  status: NeedStatus,
  facts: SummaryFacts,
  doses: readonly GivenDose[],
  today: string,
): NeedStatus {
  if (status.kind !== "due" && status.kind !== "overdue") return status;
  const until: string[] = [];
  for (const { months, targets, when } of need.after) {
    for (const { days, targets: given } of doses) {
      if (!given.some((target) => targets.includes(target))) continue;
      if (!days) return { kind: "undated" };
      until.push(plusMonths(days.last, months));
    }
    if (!when) continue;
    for (const { resource, reading } of facts.facts("Condition")) {
      const day = isMeant(resource.code, when) ? latestOf(reading.date) : undefined;
      if (day) until.push(plusMonths(day, months));
    }
  }
  return notBefore(status, until, today);
}

/**
 * A pregnancy that the record says is going on: by its expected end, else by a status of the last nine months. A status
 * that says otherwise ends what was said before it.
 */
function pregnancyOf(facts: SummaryFacts, today: string): { reference: Reference; dueDate?: string } | undefined {
  let expected: { reference: Reference; dueDate: string; day: string } | undefined;
  let stated: { reference: Reference; day: string } | undefined;
  let over = "";
  for (const fact of facts.facts("Observation")) {
    const { code, valueDateTime, valueCodeableConcept } = fact.resource;
    const loinc = code.coding?.find((one) => one.system === codeSystem.loinc)?.code;
    const reference = toReference(fact, wordsOf(code));
    const day = latestOf(fact.reading.date);
    const dueDate = loinc === "11778-8" && valueDateTime ? earliestOf(valueDateTime) : undefined;
    if (dueDate && dueDate >= today && dueDate <= plusMonths(today, 10))
      expected = { reference, dueDate, day: day ?? "" };
    if (loinc !== "82810-3" || !day) continue;
    const codes = (valueCodeableConcept?.coding ?? []).map((one) => one.code);
    if (codes.includes(NOT_PREGNANT) && day > over) over = day;
    if (codes.includes(PREGNANT) && day >= plusMonths(today, -9) && day > (stated?.day ?? ""))
      stated = { reference, day };
  }
  // Without a day of its own, an expected end that lies ahead is taken for newer: better one vaccine named too many.
  if (expected && (expected.day === "" || expected.day >= over)) return expected;
  return stated && stated.day > over ? stated : undefined;
}

const PREGNANT = "77386006";
const NOT_PREGNANT = "60001007";

function byDay(a: GivenDose, b: GivenDose): number {
  const [left, right] = [a.days?.first ?? "", b.days?.first ?? ""];
  if (left !== right) return left < right ? -1 : 1;
  return (a.reference.reference ?? "") < (b.reference.reference ?? "") ? -1 : 1;
}
