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
  /** Only for people with one of these. */
  when: v.optional(condition),
};

const need = v.variant("kind", [
  v.strictObject({
    kind: v.literal("series"),
    ...common,
    /** Age of each dose; without `toMonths` the dose stays due, never overdue. */
    doses: v.pipe(v.array(v.object({ fromMonths: whole, toMonths: v.optional(whole) })), v.minLength(1)),
    /** How many doses are needed when started late, fewer or more; the last line that applies counts. */
    dosesByStart: v.optional(v.array(v.object({ startedFromMonths: whole, doses: whole })), []),
    /** Age at which catching up ends. */
    untilMonths: v.optional(whole),
    bornFrom: v.optional(day),
    /** Doses before this age are of another series. */
    countFromMonths: v.optional(whole, 0),
    /** Least time between two doses. */
    gapMonths: v.optional(whole, 0),
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
