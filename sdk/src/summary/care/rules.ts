import * as v from "valibot";
import french from "./rules.fr.json" with { type: "json" };

/**
 * Whom a result is for, the widest first. `professional`: not the patient, not relatives; `prescriber`: only those who
 * prescribe medicines (abnormal consumption).
 */
export const audiences = ["all", "professional", "prescriber"] as const;
export type CareAudience = (typeof audiences)[number];

const text = v.pipe(v.string(), v.minLength(1));
const bilingual = v.object({ fr: text, en: text });
const months = v.pipe(v.number(), v.integer(), v.minValue(1));
const codes = v.optional(v.array(text), []);

/** An edition: YYYY, YYYY-MM or YYYY-MM-DD. */
export const edition = v.pipe(v.string(), v.regex(/^\d{4}(-\d{2}){0,2}$/));

/**
 * Which facts of the record make a rule apply; any of them is enough. A misspelt key would make a rule that never
 * applies and says nothing: the file is refused instead.
 */
export const condition = v.pipe(
  v.strictObject({
    /** ICD-10 codes; longer codes are included. */
    icd10: codes,
    /** Longer codes that are not: "N18", but not its first stage. */
    exceptIcd10: codes,
    snomed: codes,
    /** Whole names of conditions, without accents. */
    names: codes,
    /** ATC codes of current treatments; longer codes are included. */
    atc: codes,
    /** Whole names of substances or treatments, without accents. */
    substances: codes,
    /** Conditions that such a treatment may be for as well: with one of them, it is no reason by itself. */
    otherReasons: v.optional(v.strictObject({ icd10: codes, snomed: codes, names: codes }), {}),
  }),
  v.check(
    ({ otherReasons, exceptIcd10, ...lists }) => Object.values(lists).some((list) => list.length > 0),
    "names nothing",
  ),
);

const expectation = v.strictObject({
  /** Where such facts live: when the record has none of that kind at all, nothing can be said. */
  section: v.optional(v.picklist(["results", "procedures"]), "results"),
  loinc: codes,
  ccam: codes,
  snomed: codes,
});

const used = v.strictObject({ use: text });
const common = {
  id: text,
  audience: v.picklist(audiences),
  source: text,
  wording: bilingual,
  closes: bilingual,
};

const file = v.object({
  format: v.literal("carnet-care-rules/1"),
  meta: v.object({ title: text, date: edition, warning: v.optional(text) }),
  sources: v.record(text, v.object({ title: text, publisher: text, date: edition, url: v.optional(text) })),
  conditions: v.optional(v.record(text, condition), {}),
  tests: v.optional(v.record(text, expectation), {}),
  rules: v.array(
    v.variant("kind", [
      v.strictObject({
        kind: v.literal("follow-up"),
        ...common,
        when: v.union([used, condition]),
        expects: v.union([v.strictObject({ ...used.entries, section: expectation.entries.section }), expectation]),
        /** Document types that may hold the result as a picture: a recent one that could not be read leaves it open. */
        mayHold: codes,
        everyMonths: months,
        graceDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
        /** Age from which on its source speaks of people; without a birth date the rule applies. */
        fromYears: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
      }),
      v.strictObject({
        kind: v.literal("document"),
        ...common,
        types: v.pipe(v.array(text), v.minLength(1)),
        everyMonths: months,
      }),
      v.strictObject({
        kind: v.literal("consumption"),
        ...common,
        /** Characters of the ATC code that make the class: 3, 4 or 5. */
        atcLength: v.picklist([3, 4, 5]),
        prescribers: v.pipe(v.number(), v.integer(), v.minValue(2)),
        windowMonths: months,
        lookBackMonths: months,
      }),
    ]),
  ),
});

export type CareCondition = v.InferOutput<typeof condition>;
export type CareExpectation = v.InferOutput<typeof expectation>;
type File = v.InferOutput<typeof file>;
type Written = File["rules"][number];

export interface CareSource {
  readonly title: string;
  readonly publisher: string;
  readonly date: string;
  readonly url?: string | undefined;
}

type Resolved<T> = Omit<T, "source" | "when" | "expects"> & { readonly source: CareSource };
export type FollowUpRule = Resolved<Extract<Written, { kind: "follow-up" }>> & {
  readonly when: CareCondition;
  readonly expects: CareExpectation;
};
export type DocumentRule = Resolved<Extract<Written, { kind: "document" }>>;
export type ConsumptionRule = Resolved<Extract<Written, { kind: "consumption" }>>;
export type CareRule = FollowUpRule | DocumentRule | ConsumptionRule;

export interface CareRules {
  readonly meta: File["meta"];
  readonly rules: readonly CareRule[];
}

/** Why a file of rules or a schedule was refused: the place of the first fault is in the message. */
export class CareRulesError extends Error {
  override readonly name = "CareRulesError";
  readonly code = "care-rules-shape";
  constructor(place: string) {
    super(`The care rules cannot be read at "${place}": see docs/safety.md.`);
  }
}

/**
 * Parses a file of rules (format: docs/safety.md).
 *
 * @throws CareRulesError `care-rules-shape`
 */
export function parseCareRules(json: unknown): CareRules {
  const result = v.safeParse(file, json);
  if (!result.success) throw new CareRulesError(placeOf(result.issues[0]));
  const { meta, sources, conditions, tests, rules } = result.output;
  rules.forEach(({ id }, at) => {
    if (rules.findIndex((one) => one.id === id) < at) throw new CareRulesError(`rules.${at}: "${id}" stands twice`);
  });
  const named = <T>(table: Readonly<Record<string, T>>, name: string, place: string): T => {
    const found = Object.hasOwn(table, name) ? table[name] : undefined;
    if (found === undefined) throw new CareRulesError(`${place}: "${name}" is not defined`);
    return found;
  };
  return {
    meta,
    rules: rules.map((rule): CareRule => {
      const source = named(sources, rule.source, `${rule.id}.source`);
      if (rule.kind !== "follow-up") return { ...rule, source };
      const { when, expects } = rule;
      return {
        ...rule,
        source,
        when: "use" in when ? named(conditions, when.use, `${rule.id}.when`) : when,
        expects:
          "use" in expects ? { ...named(tests, expects.use, `${rule.id}.expects`), section: expects.section } : expects,
      };
    }),
  };
}

/** The place of a valibot issue, for messages. */
export function placeOf(
  issue: { readonly path?: readonly { readonly key?: unknown }[] | undefined } | undefined,
): string {
  return issue?.path?.map((item) => String(item.key)).join(".") ?? "";
}

let parsed: CareRules | undefined;

/** Carnet's own rules for France (`rules.fr.json`), each with its source and date. */
export function frenchCareRules(): CareRules {
  parsed ??= parseCareRules(french);
  return parsed;
}
