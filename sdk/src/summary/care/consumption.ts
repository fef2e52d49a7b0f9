import type { Reference } from "fhir/r4.js";
import type { DrugData } from "../safety/drug-data.ts";
import { countPrescribers, type Prescriber, prescriberOf } from "../safety/prescribers.ts";
import { type SummaryFacts, wordsOf } from "../safety/summary-facts.ts";
import { earliestOf, plusMonths } from "../safety/time.ts";
import { readTreatment, sorted, toReference } from "./matching.ts";
import type { ConsumptionRule } from "./rules.ts";

interface Prescription {
  readonly day: string;
  readonly prescriber: Prescriber;
  readonly reference: Reference;
  readonly classes: readonly string[];
}

/** Prescriptions of one ATC class by several persons within a window; and those of unknown class that would make as many. */
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
  const unread = new Set<Reference>();
  const isUnknown = (one: Prescription) => one.classes.length === 0;
  const hear = (list: readonly Prescription[]) => {
    for (const one of inWindow(list, rule)) if (isUnknown(one)) unread.add(one.reference);
  };
  for (const name of classes) {
    const own = all.filter((one) => one.classes.includes(name));
    const found = inWindow(own, rule);
    if (found.length > 0) groups.push(found.map((one) => one.reference));
    // What nobody can place may be of this class, and make the number.
    else hear(all.filter((one) => isUnknown(one) || own.includes(one)));
  }
  hear(all.filter(isUnknown));
  return { groups, unread: sorted([...unread]) };
}

const NOT_GIVEN_OUT: ReadonlySet<string> = new Set(["cancelled", "draft"]);
/** Meant or suggested by somebody; nobody prescribed it. */
const NOT_ORDERED: ReadonlySet<string> = new Set(["proposal", "plan"]);

function prescriptionsOf(facts: SummaryFacts, atcLength: number, drugData: DrugData | undefined): Prescription[] {
  const found: Prescription[] = [];
  const add = (
    fact: Parameters<typeof toReference>[0],
    date: string | undefined,
    prescriber: Prescriber | undefined,
    medicine: ReturnType<SummaryFacts["medicine"]>,
  ) => {
    const day = earliestOf(date ?? "");
    // Without a day or a person, nothing can be counted.
    if (!day || !prescriber) return;
    const label = wordsOf(medicine.concept);
    const treatment = { fact, stage: "plan", ...medicine, routes: [], label, date: day, prescriber } as const;
    const { atc } = readTreatment(treatment, drugData);
    const classes = atc.filter((code) => code.length >= atcLength).map((code) => code.slice(0, atcLength));
    const document = facts.bundle.identifier;
    const reference = { ...toReference(fact, label), ...(document ? { identifier: document } : {}) };
    found.push({ day, prescriber, reference, classes: [...new Set(classes)] });
  };
  const requesterOf = (fact: ReturnType<typeof facts.facts<"MedicationRequest">>[number]) =>
    prescriberOf(facts, fact.resource.requester?.reference, fact.resource.requester?.display);
  for (const fact of facts.facts("MedicationRequest")) {
    const { doNotPerform, status, intent } = fact.resource;
    if (doNotPerform || NOT_GIVEN_OUT.has(status) || NOT_ORDERED.has(intent)) continue;
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
    if (countPrescribers(window.map((one) => one.prescriber)) >= rule.prescribers) return window;
  }
  return [];
}

function compare(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
