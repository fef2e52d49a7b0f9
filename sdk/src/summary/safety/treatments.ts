import type {
  CodeableConcept,
  MedicationAdministration,
  MedicationDispense,
  MedicationRequest,
  MedicationStatement,
} from "fhir/r4.js";
import * as extensionUrl from "../../fhir/extension-urls.ts";
import { compareDates } from "../date-order.ts";
import { lastDayOf } from "../treatment-course.ts";
import { type Prescriber, prescriberOf } from "./prescribers.ts";
import type { SummaryFact, SummaryFacts } from "./summary-facts.ts";
import { wordsOf } from "./summary-facts.ts";
import { earliestOf, latestOf, plusDays } from "./time.ts";

/** Prescribed or told (`plan`), or handed over (`dispense`): one treatment is often both. */
export type TreatmentStage = "plan" | "dispense";

/** One current fact about a medicine. */
export interface TreatmentFact {
  readonly fact: SummaryFact;
  readonly stage: TreatmentStage;
  readonly concept: CodeableConcept;
  readonly ingredients: readonly CodeableConcept[];
  /** How it is given, as the dosage says it. */
  readonly routes: readonly CodeableConcept[];
  readonly label: string;
  /** ISO date as recorded; empty when unknown. */
  readonly date: string;
  /** The person who decided, when the record says. */
  readonly prescriber: Prescriber | undefined;
}

/**
 * The treatments that go on at `now`. What has no end goes on: taking it for past would hide a danger.
 * Administrations in an institution count only while they run.
 */
export function currentTreatments(facts: SummaryFacts, now: string): TreatmentFact[] {
  const found: TreatmentFact[] = [];
  const add = (fact: SummaryFact, stage: TreatmentStage, date: string, prescriber: Prescriber | undefined) => {
    const { resource } = fact;
    switch (resource.resourceType) {
      case "MedicationStatement":
      case "MedicationRequest":
      case "MedicationDispense":
      case "MedicationAdministration": {
        const { concept, ingredients } = facts.medicine(resource);
        const routes = routesOf(resource);
        found.push({ fact, stage, concept, ingredients, routes, label: wordsOf(concept), date, prescriber });
        for (const other of otherPrescriptions(fact, now))
          found.push({ ...other, ingredients: [], routes, prescriber: undefined });
      }
    }
  };
  for (const fact of facts.facts("MedicationStatement")) {
    const { status, effectivePeriod, effectiveDateTime, dateAsserted } = fact.resource;
    if (["completed", "stopped", "not-taken", "entered-in-error"].includes(status)) continue;
    if (isOver(lastDayOf(fact.resource), now)) continue;
    const date = effectivePeriod?.start ?? effectiveDateTime ?? dateAsserted ?? "";
    add(
      fact,
      "plan",
      date,
      prescriberOf(facts, fact.resource.informationSource?.reference, fact.resource.informationSource?.display),
    );
  }
  for (const fact of facts.facts("MedicationRequest")) {
    const { status, doNotPerform, authoredOn = "", requester } = fact.resource;
    if (doNotPerform || ["completed", "stopped", "cancelled", "entered-in-error"].includes(status)) continue;
    if (isOver(lastDayOf(fact.resource), now)) continue;
    add(fact, "plan", authoredOn, prescriberOf(facts, requester?.reference, requester?.display));
  }
  for (const fact of facts.facts("MedicationDispense")) {
    const { status, whenHandedOver, whenPrepared } = fact.resource;
    if (["cancelled", "declined", "stopped", "entered-in-error"].includes(status)) continue;
    if (isOver(lastDayOf(fact.resource), now)) continue;
    add(fact, "dispense", whenHandedOver ?? whenPrepared ?? "", undefined);
  }
  for (const fact of facts.facts("MedicationAdministration")) {
    if (fact.resource.status !== "in-progress" && fact.resource.status !== "on-hold") continue;
    add(fact, "dispense", fact.reading.date, undefined);
  }
  return found;
}

/** Kinds of resources that tell a treatment. */
export const MEDICINES = [
  "MedicationStatement",
  "MedicationRequest",
  "MedicationDispense",
  "MedicationAdministration",
] as const;

/**
 * Since when a document says that no treatment is taken (empty: it does not say when); `undefined` when none says so, or
 * when a treatment was told since.
 */
export function saidToTakeNone(facts: SummaryFacts): string | undefined {
  const said = facts
    .absences(...MEDICINES)
    .map(({ reading }) => reading.date)
    .sort(compareDates)
    .at(-1);
  const isOvertaken = MEDICINES.some((kind) =>
    facts.facts(kind).some(({ reading }) => said && compareDates(reading.date, said) > 0),
  );
  return isOvertaken ? undefined : said;
}

/**
 * A summary tells a treatment once, with its prescriptions as events. Those of the last month before the newest one stand
 * beside it: another product among them may be taken at the same time; older ones were replaced.
 */
function otherPrescriptions(
  fact: SummaryFact,
  now: string,
): Pick<TreatmentFact, "fact" | "stage" | "concept" | "label" | "date">[] {
  const extensions = "extension" in fact.resource ? (fact.resource.extension ?? []) : [];
  const story = extensions.find((one) => one.url === extensionUrl.treatment)?.extension ?? [];
  const prescribed = story.flatMap(({ url, extension: parts = [] }) => {
    const part = (name: string) => parts.find((one) => one.url === name);
    const concept = part("product")?.valueCodeableConcept;
    const date = part("date")?.valueDateTime ?? "";
    if (url !== "event" || part("kind")?.valueCode !== "prescribed" || !concept) return [];
    return isOver(part("end")?.valueDateTime, now) ? [] : [{ concept, date, day: earliestOf(date) ?? "" }];
  });
  const newest = prescribed
    .map((one) => one.day)
    .sort()
    .at(-1);
  if (!newest || prescribed.length < 2) return [];
  const oldest = plusDays(newest, -31);
  return prescribed
    .filter((one) => one.day >= oldest)
    .map(({ concept, date }) => ({ fact, stage: "plan" as const, concept, label: wordsOf(concept), date }));
}

function isOver(end: string | undefined, now: string): boolean {
  const last = end === undefined ? undefined : latestOf(end);
  return last !== undefined && last < now.slice(0, 10);
}

function routesOf(
  resource: MedicationStatement | MedicationRequest | MedicationDispense | MedicationAdministration,
): CodeableConcept[] {
  switch (resource.resourceType) {
    case "MedicationStatement":
      return (resource.dosage ?? []).flatMap((one) => one.route ?? []);
    case "MedicationAdministration":
      return resource.dosage?.route ? [resource.dosage.route] : [];
    default:
      return (resource.dosageInstruction ?? []).flatMap((one) => one.route ?? []);
  }
}
