import type { CodeableConcept, Reference } from "fhir/r4.js";
import { codeSystem } from "../../fhir/systems.ts";
import { doubtOf, isReason } from "../reading.ts";
import { atcCode } from "../safety/codes.ts";
import type { DrugData } from "../safety/drug-data.ts";
import { indexOf } from "../safety/drug-index.ts";
import { normalise } from "../safety/names.ts";
import { type SummaryFact, type SummaryFacts, wordsOf } from "../safety/summary-facts.ts";
import { latestOf } from "../safety/time.ts";
import { currentTreatments, type TreatmentFact } from "../safety/treatments.ts";
import type { CareCondition } from "./rules.ts";

const ICD10: ReadonlySet<string> = new Set([
  "http://hl7.org/fhir/sid/icd-10",
  "urn:oid:2.16.840.1.113883.6.3",
  "http://id.who.int/icd/release/10",
]);

/** Facts that make a rule apply, and whether some facts could not be read for it. */
export interface Trigger {
  readonly because: readonly Reference[];
  /** Current treatments that nobody can place: neither ATC code nor known substance. */
  readonly unread: readonly Reference[];
  /** Current conditions without a code that rules can read: one of them may be the one that is meant. */
  readonly uncoded: readonly Reference[];
}

/** A fact as a reference with its words. */
export function toReference({ url, resource }: SummaryFact, label: string): Reference {
  return { reference: url, type: resource.resourceType, ...(label ? { display: label } : {}) };
}

/** Did nobody write of diseases, be it that there are none? Reasons of acts are no list of them. */
export function saysNothingOfConditions(facts: SummaryFacts): boolean {
  return (
    !facts.saysNone("Condition") &&
    facts.facts("Condition").every(({ url, resource }) => isReason(resource, facts.sectionOf(url)))
  );
}

/** Which conditions and current treatments of the record meet a condition of a rule. */
export function findTrigger(facts: SummaryFacts, when: CareCondition, now: string, drugData?: DrugData): Trigger {
  const because: Reference[] = [];
  const uncoded: Reference[] = [];
  let hasOtherReason = false;
  for (const fact of facts.facts("Condition")) {
    const { code, clinicalStatus, abatementDateTime, abatementPeriod } = fact.resource;
    const statuses = (clinicalStatus?.coding ?? []).map((one) => one.code);
    if (["inactive", "resolved", "remission"].some((status) => statuses.includes(status))) continue;
    const over = latestOf(abatementDateTime ?? abatementPeriod?.end ?? "");
    if (over !== undefined && over < now.slice(0, 10)) continue;
    const isOtherReason = isMeant(code, when.otherReasons);
    hasOtherReason ||= isOtherReason;
    // Why one act was done is no disease that goes on.
    if (isReason(fact.resource, facts.sectionOf(fact.url))) continue;
    // A disease that is only suspected has no follow-up yet, and no vaccine.
    if (doubtOf(fact.resource) !== undefined) continue;
    if (isMeant(code, when)) because.push(toReference(fact, wordsOf(code)));
    else if (!isCoded(code) && !isOtherReason) uncoded.push(toReference(fact, wordsOf(code)));
  }
  const unread: Reference[] = [];
  if (when.atc.length > 0 || when.substances.length > 0) {
    for (const treatment of currentTreatments(facts, now)) {
      const { atc, names, isKnown } = readTreatment(treatment, drugData);
      const isMatch =
        atc.some((code) => when.atc.some((prefix) => code.startsWith(prefix))) ||
        names.some((name) => when.substances.includes(name));
      if (isMatch && hasOtherReason) continue;
      if (isMatch) because.push(toReference(treatment.fact, treatment.label));
      else if (!isKnown) unread.push(toReference(treatment.fact, treatment.label));
    }
  }
  return { because: sorted(because), unread: sorted(unread), uncoded: sorted(uncoded) };
}

/** ATC codes and substance names of a treatment: its own, and those of the reference data when it is loaded. */
export function readTreatment({ concept, ingredients, label }: TreatmentFact, drugData: DrugData | undefined) {
  const own = [concept, ...ingredients].flatMap((one) => (one.coding ?? []).flatMap((coding) => atcCode(coding) ?? []));
  const index = drugData ? indexOf(drugData) : undefined;
  const drugs = index ? [concept, ...ingredients].map((one) => index.identify(one)) : [];
  const substances = drugs.flatMap((drug) => drug.substances);
  const atc = [...own, ...drugs.flatMap((drug) => drug.atc), ...substances.flatMap((one) => index?.atcOf(one) ?? [])];
  const names = [label, ...ingredients.map(wordsOf), ...substances.map((one) => index?.nameOf(one) ?? "")].map(
    normalise,
  );
  return { atc: [...new Set(atc)], names, isKnown: atc.length > 0 || substances.length > 0 };
}

function isCoded(code: CodeableConcept | undefined): boolean {
  return (code?.coding ?? []).some(
    ({ system = "", code: value }) => value && (ICD10.has(system) || system === codeSystem.snomed),
  );
}

/** Does a condition's code, or its whole name, meet a condition of a rule? */
export function isMeant(
  code: CodeableConcept | undefined,
  when: Pick<CareCondition, "icd10" | "snomed" | "names"> & Partial<Pick<CareCondition, "exceptIcd10">>,
): boolean {
  const startsWithOneOf = (value: string, prefixes: readonly string[]) =>
    prefixes.some((prefix) => value.startsWith(prefix.replace(".", "")));
  const isByCode = (code?.coding ?? []).some(({ system, code: value = "" }) => {
    if (ICD10.has(system ?? "")) {
      const plain = value.replace(".", "");
      return startsWithOneOf(plain, when.icd10) && !startsWithOneOf(plain, when.exceptIcd10 ?? []);
    }
    return system === codeSystem.snomed && when.snomed.includes(value);
  });
  return isByCode || when.names.includes(normalise(code?.text ?? ""));
}

export function sorted(references: readonly Reference[]): Reference[] {
  return [...references].sort((a, b) => ((a.reference ?? "") < (b.reference ?? "") ? -1 : 1));
}
