import type { Bundle, Extension, Reference } from "fhir/r4.js";
import * as extensionUrl from "../../fhir/extension-urls.ts";
import { codeSystem } from "../../fhir/systems.ts";
import type { DrugData } from "../safety/drug-data.ts";
import { isDeceased, type SummaryFact, SummaryFacts, wordsOf } from "../safety/summary-facts.ts";
import { earliestOf, latestOf, plusDays, plusMonths } from "../safety/time.ts";
import { findConsumption } from "./consumption.ts";
import { findTrigger, saysNothingOfConditions, sorted, toReference } from "./matching.ts";
import {
  audiences,
  type CareAudience,
  type CareRule,
  type CareRules,
  type CareSource,
  type ConsumptionRule,
  type DocumentRule,
  type FollowUpRule,
} from "./rules.ts";
import { reasonWords } from "./words.ts";

export type UnsaidReason =
  | "no-condition-information"
  | "uncoded-conditions"
  | "nothing-of-this-kind"
  | "undated"
  | "future-date"
  | "imprecise-date"
  | "unread-treatments"
  | "unread-document"
  | "documents-not-given"
  | "unread-prescriptions"
  | "folded-prescriptions";

/** One missing follow-up, or one that nobody can tell. A rule that is met gives no result. */
export interface CareGap {
  /** Ids of the rules that it comes from: one, or all that the record leaves open for one reason. */
  readonly rules: readonly string[];
  readonly status: "overdue" | "cannot-be-said" | "observed";
  /** Why it cannot be said. */
  readonly reason?: UnsaidReason;
  /** Whom it may be shown to: {@link isFor}. */
  readonly audience: CareAudience;
  /** In the language asked for. */
  readonly text: string;
  /** What would close it. */
  readonly closes: string;
  /** Facts of the record that made the rule apply. */
  readonly because: readonly Reference[];
  /** The newest fact that met the rule, when there is one. */
  readonly last?: { readonly date: string; readonly fact: Reference };
  readonly source: CareSource;
}

/** A document of the record, as the rules look at it. */
export interface RecordDocument {
  readonly type: { readonly code?: string };
  readonly date: string;
  /** False: it gives no fact (a picture, a file), so that nobody can tell what it holds. */
  readonly isRead?: boolean;
}

export interface CareGapOptions {
  /** Instant, ISO 8601. */
  readonly now: string;
  /** Default `fr`. */
  readonly locale?: "fr" | "en";
  /** Documents of the record that the reader may see; without them, rules about documents cannot be said. */
  readonly documents?: readonly RecordDocument[];
  /**
   * The documents' own facts (what `summarise` was given). A summary tells each treatment once and not who renewed it:
   * without them, consumption cannot be said as soon as several prescriptions were put together.
   */
  readonly prescriptions?: readonly Bundle[];
  /** Reference data, to know the ATC class of treatments that carry a drug code only. */
  readonly drugData?: DrugData;
}

/**
 * States missing follow-up by rules, each result with the facts that made it apply, what would close it, and its source.
 *
 * Nothing is expected of a person who has died.
 *
 * "Not in the record" is all that a result says: the test may have been made elsewhere. What the record cannot tell
 * (no list of conditions, no result at all, no date) comes out as `cannot-be-said`, never as nothing to do.
 * `observed` (abnormal consumption) is for prescribers only: filter with {@link isFor}.
 *
 * @example
 * const gaps = careGaps(summary, frenchCareRules(), { now: new Date().toISOString() });
 */
export function careGaps(summary: Bundle, rules: CareRules, options: CareGapOptions): CareGap[] {
  const facts = new SummaryFacts(summary);
  if (isDeceased(facts, options.now)) return [];
  const found = rules.rules.flatMap((rule) => gapsOf(facts, rule, options));
  const once = foldReason(found, "no-condition-information", rules, options.locale ?? "fr");
  return foldReason(once, "uncoded-conditions", rules, options.locale ?? "fr");
}

/** May a result for `audience` be shown to a reader of this kind? */
export function isFor(audience: CareAudience, reader: CareAudience): boolean {
  return audiences.indexOf(audience) <= audiences.indexOf(reader);
}

/** What stops every rule about conditions at once is said once, not six times. */
function foldReason(
  list: CareGap[],
  reason: "no-condition-information" | "uncoded-conditions",
  { meta }: CareRules,
  locale: "fr" | "en",
): CareGap[] {
  const same = list.filter((one) => one.reason === reason);
  const [first] = same;
  if (!first) return list;
  const text = reasonWords[locale];
  const folded: CareGap = {
    ...first,
    rules: same.flatMap((one) => one.rules),
    // The widest of theirs: what it says is true of each.
    audience: audiences.find((one) => same.some(({ audience }) => audience === one)) ?? "prescriber",
    text: text.someUnsaid(same.length, text.reasons[reason]),
    closes: text.codedConditions,
    source: { title: meta.title, publisher: "Carnet", date: meta.date },
  };
  return [...list.filter((one) => one.reason !== reason), folded];
}

function gapsOf(facts: SummaryFacts, rule: CareRule, options: CareGapOptions): CareGap[] {
  switch (rule.kind) {
    case "follow-up":
      return followUp(facts, rule, options);
    case "document":
      return documents(rule, options);
    case "consumption":
      return consumption(facts, rule, options);
  }
}

function result(
  rule: CareRule,
  status: CareGap["status"],
  { locale = "fr" }: CareGapOptions,
  more: {
    readonly reason?: UnsaidReason;
    readonly because?: readonly Reference[];
    readonly last?: CareGap["last"];
  } = {},
): CareGap {
  const { reason, because = [], last } = more;
  const wording = rule.wording[locale];
  return {
    rules: [rule.id],
    status,
    ...(reason ? { reason } : {}),
    audience: rule.audience,
    text: reason ? `${reasonWords[locale].cannotSay(wording)} ${reasonWords[locale].reasons[reason]}` : wording,
    closes: rule.closes[locale],
    because,
    ...(last ? { last } : {}),
    source: rule.source,
  };
}

function followUp(facts: SummaryFacts, rule: FollowUpRule, options: CareGapOptions): CareGap[] {
  const birth = earliestOf(facts.patient?.resource.birthDate ?? "");
  if (birth !== undefined && options.now.slice(0, 10) < plusMonths(birth, rule.fromYears * 12)) return [];
  const { because, unread, uncoded } = findTrigger(facts, rule.when, options.now, options.drugData);
  if (because.length === 0) {
    const needsConditions = rule.when.icd10.length + rule.when.snomed.length + rule.when.names.length > 0;
    if (needsConditions && saysNothingOfConditions(facts)) {
      return [result(rule, "cannot-be-said", options, { reason: "no-condition-information" })];
    }
    if (needsConditions && uncoded.length > 0) {
      return [result(rule, "cannot-be-said", options, { reason: "uncoded-conditions", because: uncoded })];
    }
    // A treatment that nobody can place may be the one that the rule is about; conditions usually say it too.
    if (!needsConditions && unread.length > 0) {
      return [result(rule, "cannot-be-said", options, { reason: "unread-treatments", because: unread })];
    }
    return [];
  }
  const unsaid = (reason: UnsaidReason, last?: CareGap["last"]) => [
    result(rule, "cannot-be-said", options, { reason, because, ...(last ? { last } : {}) }),
  ];
  const today = options.now.slice(0, 10);
  const limit = plusDays(plusMonths(today, -rule.everyMonths), -rule.graceDays);
  const met = factsMeeting(facts, rule);
  const found = met.filter(({ date }) => (earliestOf(date) ?? "") <= today);
  const dated = found.filter(({ date }) => latestOf(date) !== undefined);
  const newest = dated.sort((a, b) => ((latestOf(a.date) ?? "") < (latestOf(b.date) ?? "") ? 1 : -1))[0];
  const last = newest ? { date: newest.date, fact: toReference(newest.fact, newest.label) } : undefined;
  if (dated.some(({ date }) => (earliestOf(date) ?? "") >= limit)) return [];
  if (last && (latestOf(last.date) ?? "") >= limit) return unsaid("imprecise-date", last);
  if (found.length > dated.length) return unsaid("undated", last);
  // What is done cannot lie ahead: its date is wrong, and it may well be recent.
  if (met.length > found.length) return unsaid("future-date", last);
  if (!last && !hasKind(facts, rule)) return unsaid("nothing-of-this-kind");
  if (mayHoldIt(rule, options.documents ?? [], limit)) return unsaid("unread-document", last);
  return [result(rule, "overdue", options, { because, ...(last ? { last } : {}) })];
}

/** A recent report that is a picture may well hold the result: "not in the record" would be untrue. */
function mayHoldIt({ mayHold }: FollowUpRule, documents: readonly RecordDocument[], limit: string): boolean {
  return documents.some(
    ({ type, date, isRead }) =>
      isRead === false && mayHold.includes(type.code ?? "") && (latestOf(date) ?? limit) >= limit,
  );
}

interface Met {
  readonly fact: SummaryFact;
  readonly date: string;
  readonly label: string;
}

const CCAM = /(?:ccam|1\.2\.250\.1\.213\.2\.5)$/i;
const NOT_DONE: ReadonlySet<string> = new Set([
  "cancelled",
  "registered",
  "not-done",
  "preparation",
  "stopped",
  "unknown",
]);

function factsMeeting(facts: SummaryFacts, { expects }: FollowUpRule): Met[] {
  const isExpected = (concept: { coding?: readonly { system?: string; code?: string }[] } | undefined) =>
    (concept?.coding ?? []).some(({ system = "", code = "" }) => {
      if (system === codeSystem.loinc) return expects.loinc.includes(code);
      if (system === codeSystem.snomed) return expects.snomed.includes(code);
      return CCAM.test(system) && expects.ccam.includes(code);
    });
  const found: Met[] = [];
  for (const fact of facts.facts("Observation")) {
    const { code, status, hasMember, component, dataAbsentReason } = fact.resource;
    if (!isExpected(code) || NOT_DONE.has(status)) continue;
    const isDenied = fact.resource.extension?.some((one) => one.url === extensionUrl.deniedValue);
    const hasValue = Object.keys(fact.resource).some((key) => key.startsWith("value")) && !dataAbsentReason;
    if (isDenied || !(hasValue || hasMember?.length || component?.length)) continue;
    found.push({ fact, date: fact.reading.date, label: wordsOf(code) });
  }
  for (const kind of ["DiagnosticReport", "Procedure"] as const) {
    for (const fact of facts.facts(kind)) {
      if (!isExpected(fact.resource.code) || NOT_DONE.has(fact.resource.status)) continue;
      found.push({ fact, date: fact.reading.date, label: wordsOf(fact.resource.code) });
    }
  }
  return found;
}

/** Does the record have anything of the kind in which the follow-up would be found? */
function hasKind(facts: SummaryFacts, { expects }: FollowUpRule): boolean {
  switch (expects.section) {
    case "results":
      return facts.facts("Observation").some(isLaboratory) || !facts.facts("DiagnosticReport").every(isImaging);
    case "procedures":
      return facts.knows("Procedure") !== "unknown" || facts.facts("DiagnosticReport").length > 0;
  }
}

/** A scanner says nothing of whether results of laboratories reach the record. */
function isImaging({ resource }: SummaryFact): boolean {
  if (resource.resourceType !== "DiagnosticReport") return false;
  return (resource.category ?? []).some((one) => one.coding?.some(({ code }) => code === "RAD"));
}

function isLaboratory({ resource }: SummaryFact): boolean {
  if (resource.resourceType !== "Observation") return false;
  return (resource.category ?? []).some((one) => one.coding?.some((coding) => coding.code === "laboratory")) ?? false;
}

function documents(rule: DocumentRule, options: CareGapOptions): CareGap[] {
  if (!options.documents) return [result(rule, "cannot-be-said", options, { reason: "documents-not-given" })];
  const today = options.now.slice(0, 10);
  const limit = plusMonths(today, -rule.everyMonths);
  const all = options.documents.filter(({ type }) => rule.types.includes(type.code ?? "")).map((one) => one.date);
  const dates = all.filter((date) => (earliestOf(date) ?? "") <= today);
  if (dates.some((date) => (earliestOf(date) ?? "") >= limit)) return [];
  if (dates.some((date) => (latestOf(date) ?? "") >= limit)) {
    return [result(rule, "cannot-be-said", options, { reason: "imprecise-date" })];
  }
  if (dates.some((date) => latestOf(date) === undefined)) {
    return [result(rule, "cannot-be-said", options, { reason: "undated" })];
  }
  if (all.length > dates.length) return [result(rule, "cannot-be-said", options, { reason: "future-date" })];
  return [result(rule, "overdue", options)];
}

function consumption(facts: SummaryFacts, rule: ConsumptionRule, options: CareGapOptions): CareGap[] {
  // Most documents of a long record are results: they are not even looked at.
  const records = options.prescriptions?.filter(tellsTreatments).map((bundle) => new SummaryFacts(bundle)) ?? [facts];
  const { groups, unread } = findConsumption(records, rule, options.now, options.drugData);
  const found = groups.map((because) => result(rule, "observed", options, { because }));
  const unsaid = (reason: UnsaidReason, because: readonly Reference[]) =>
    because.length > 0 ? [result(rule, "cannot-be-said", options, { reason, because })] : [];
  const folded = options.prescriptions ? [] : foldedPrescriptions(facts, rule.prescribers);
  return [...found, ...unsaid("unread-prescriptions", unread), ...unsaid("folded-prescriptions", folded)];
}

function tellsTreatments({ entry }: Bundle): boolean {
  return (entry ?? []).some(({ resource }) => resource !== undefined && TELLING.has(resource.resourceType));
}

const TELLING: ReadonlySet<string> = new Set(["MedicationRequest", "MedicationStatement", "MedicationDispense"]);

/** Treatments of the summary that stand for as many prescriptions as a rule needs: who made them is not told there. */
function foldedPrescriptions(facts: SummaryFacts, least: number): Reference[] {
  const isPrescription = (event: Extension) =>
    event.url === "event" && event.extension?.some((part) => part.url === "kind" && part.valueCode === "prescribed");
  const all = [...facts.facts("MedicationStatement"), ...facts.facts("MedicationRequest")];
  const found = all.filter(({ resource }) => {
    const story = resource.extension?.find((one) => one.url === extensionUrl.treatment)?.extension ?? [];
    const earlier = story.find((one) => one.url === "earlierEvents")?.valueInteger ?? 0;
    return story.filter(isPrescription).length + earlier >= least;
  });
  return sorted(found.map((fact) => toReference(fact, wordsOf(fact.reading.concept))));
}
