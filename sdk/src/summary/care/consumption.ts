import type { Reference } from "fhir/r4.js";
import type { DrugData } from "../safety/drug-data.ts";
import { type SummaryFacts, wordsOf } from "../safety/summary-facts.ts";
import { earliestOf, plusMonths } from "../safety/time.ts";
import { personOf } from "../safety/treatments.ts";
import { readTreatment, toReference } from "./matching.ts";
import type { ConsumptionRule } from "./rules.ts";

interface Prescription {
  readonly day: string;
  readonly prescriber: string;
  readonly reference: Reference;
  readonly classes: readonly string[];
}

/** Prescriptions of one ATC class by several persons within a window; and those whose class is unknown, if as many. */
export function findConsumption(
  records: readonly SummaryFacts[],
  rule: ConsumptionRule,
  now: string,
  drugData: DrugData | undefined,
): { readonly groups: readonly (readonly Reference[])[]; readonly unread: readonly Reference[] } {
  const today = now.slice(0, 10);
  const oldest = plusMonths(today, -rule.lookBackMonths);
  const all = records
    .flatMap((facts) => prescriptionsOf(facts, rule.atcLength, drugData))
    .filter(({ day }) => day >= oldest && day <= today)
    .sort((a, b) => compare(a.day, b.day) || compare(a.reference.reference, b.reference.reference));
  const classes = [...new Set(all.flatMap((one) => one.classes))].sort();
  const groups: Reference[][] = [];
  for (const name of classes) {
    const found = inWindow(
      all.filter((one) => one.classes.includes(name)),
      rule,
    );
    if (found.length > 0) groups.push(found.map((one) => one.reference));
  }
  const unknown = inWindow(
    all.filter((one) => one.classes.length === 0),
    rule,
  );
  return { groups, unread: unknown.map((one) => one.reference) };
}

function prescriptionsOf(facts: SummaryFacts, atcLength: number, drugData: DrugData | undefined): Prescription[] {
  const found: Prescription[] = [];
  const add = (
    fact: Parameters<typeof toReference>[0],
    date: string | undefined,
    prescriber: string | undefined,
    medicine: ReturnType<SummaryFacts["medicine"]>,
  ) => {
    const day = earliestOf(date ?? "");
    // Without a day or a person, nothing can be counted.
    if (!day || !prescriber) return;
    const label = wordsOf(medicine.concept);
    const treatment = { fact, stage: "plan", ...medicine, label, date: day, prescriber } as const;
    const { atc } = readTreatment(treatment, drugData);
    const classes = atc.filter((code) => code.length >= atcLength).map((code) => code.slice(0, atcLength));
    const document = facts.bundle.identifier;
    const reference = { ...toReference(fact, label), ...(document ? { identifier: document } : {}) };
    found.push({ day, prescriber, reference, classes: [...new Set(classes)] });
  };
  const requesterOf = (fact: ReturnType<typeof facts.facts<"MedicationRequest">>[number]) =>
    personOf(facts, fact.resource.requester?.reference, fact.resource.requester?.display);
  for (const fact of facts.facts("MedicationRequest")) {
    if (fact.resource.doNotPerform || fact.resource.status === "cancelled") continue;
    add(fact, fact.resource.authoredOn, requesterOf(fact), facts.medicine(fact.resource));
  }
  const requests = new Map(facts.facts("MedicationRequest").map((fact) => [fact.url, fact]));
  for (const fact of facts.facts("MedicationDispense")) {
    // A dispensing counts by its prescriber; when its prescription is in the record too, the person is the same.
    const [prescription] = fact.resource.authorizingPrescription ?? [];
    const request = requests.get(prescription?.reference ?? "");
    const prescriber = request ? requesterOf(request) : undefined;
    add(fact, fact.resource.whenHandedOver, prescriber, facts.medicine(fact.resource));
  }
  return found;
}

/** The prescriptions of the latest window in which enough different persons prescribe. */
function inWindow(list: readonly Prescription[], rule: ConsumptionRule): readonly Prescription[] {
  for (let end = list.length - 1; end >= 0; end--) {
    const last = list[end];
    if (!last) continue;
    const first = plusMonths(last.day, -rule.windowMonths);
    const window = list.slice(0, end + 1).filter((one) => one.day >= first);
    if (new Set(window.map((one) => one.prescriber)).size >= rule.prescribers) return window;
  }
  return [];
}

function compare(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
