import * as v from "valibot";
import { CareRulesError, condition, edition, placeOf } from "./rules.ts";
import french from "./vaccination-schedule.fr.json" with { type: "json" };

const text = v.pipe(v.string(), v.minLength(1));
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const day = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/));

const common = {
  id: text,
  label: v.object({ fr: text, en: text }),
  /** All must be covered: a tetanus vaccine alone is no booster against polio. */
  targets: v.pipe(v.array(text), v.minLength(1)),
  obligation: v.picklist(["recommended", "offered"]),
  mandatoryIfBornFrom: v.optional(day),
  /** Age at which the obligation ends. */
  mandatoryUntilMonths: v.optional(whole),
  /** Only for people with one of these. */
  when: v.optional(condition),
};

const dose = v.strictObject({
  /** Age of the dose; without `toMonths` (nor one in the line's own dose of that place) it stays due, never overdue. */
  fromMonths: whole,
  toMonths: v.optional(whole),
  /** Age from which on it is no longer given. */
  untilMonths: v.optional(whole),
  /** Least time since the dose before; default that of the line. */
  gapMonths: v.optional(whole),
  /** Time after that gap in which a late dose is not called late. */
  graceMonths: v.optional(whole, 1),
});
const doses = v.pipe(v.array(dose), v.minLength(1));

/** What a dose has to wait for: another vaccine, or an illness. */
const pause = v.strictObject({
  months: v.pipe(v.number(), v.integer(), v.minValue(1)),
  targets: v.optional(v.array(text), []),
  when: v.optional(condition),
});

const need = v.variant("kind", [
  v.strictObject({
    kind: v.literal("series"),
    ...common,
    doses,
    /** The doses when started late, fewer or more; the last line that applies counts. */
    dosesByStart: v.optional(v.array(v.strictObject({ startedFromMonths: whole, doses })), []),
    /** The doses of a vaccine that has its own: told by a target that its products alone have. */
    dosesByVaccine: v.optional(v.array(v.strictObject({ target: text, doses })), []),
    /** Age at which catching up ends. */
    untilMonths: v.optional(whole),
    bornFrom: v.optional(day),
    /** Doses before this age are of another series. */
    countFromMonths: v.optional(whole, 0),
    /** Least time between two doses. */
    gapMonths: v.optional(whole, 0),
    /** Not before this time after another vaccine or an illness. */
    after: v.optional(v.array(pause), []),
    notInPregnancy: v.optional(v.boolean(), false),
  }),
  v.strictObject({
    kind: v.literal("booster"),
    ...common,
    /** A dose counts for a point when it was given at most `gapYears` before that age. */
    points: v.pipe(v.array(v.object({ years: whole, toYears: whole, gapYears: whole })), v.minLength(1)),
    thenEveryYears: v.optional(whole),
    untilYears: v.optional(whole),
  }),
  v.strictObject({
    kind: v.literal("seasonal"),
    ...common,
    fromYears: whole,
    /** Youngest age of those to whom a disease gives it. */
    fromMonths: v.optional(whole, 0),
    /** Least time since the last dose, shorter from an age on; the last line that applies counts. */
    gaps: v.optional(v.array(v.strictObject({ fromYears: whole, months: whole })), []),
    inPregnancy: v.optional(v.boolean(), false),
    /** Months of the campaign; doses up to `earlyMonths` before count for it. */
    season: v.object({ fromMonth: whole, toMonth: whole, earlyMonths: whole }),
  }),
  v.strictObject({ kind: v.literal("pregnancy"), ...common, fromWeek: whole, toWeek: whole }),
]);

const schema = v.object({
  format: v.literal("carnet-vaccination-schedule/1"),
  meta: v.object({
    title: text,
    publisher: text,
    country: text,
    date: edition,
    warning: v.optional(text),
    url: v.optional(text),
  }),
  /** ATC code or class: what it protects against; the longest code that fits counts. Empty: known, but in no need here. */
  products: v.record(text, v.array(text)),
  /** Brand name, without accents: ATC code. */
  brands: v.record(text, text),
  /** SNOMED CT code of a disease: target. */
  diseases: v.record(text, text),
  needs: v.array(need),
});

export type VaccinationSchedule = v.InferOutput<typeof schema>;
export type VaccinationNeed = VaccinationSchedule["needs"][number];

/**
 * Parses a vaccination schedule (format: docs/safety.md).
 *
 * @throws CareRulesError `care-rules-shape`
 */
export function parseVaccinationSchedule(json: unknown): VaccinationSchedule {
  const result = v.safeParse(schema, json);
  if (!result.success) throw new CareRulesError(placeOf(result.issues[0]));
  return result.output;
}

let parsed: VaccinationSchedule | undefined;

/** Facts of the French schedule of 2026 (`vaccination-schedule.fr.json`), dated. */
export function frenchVaccinationSchedule(): VaccinationSchedule {
  parsed ??= parseVaccinationSchedule(french);
  return parsed;
}
