/** What says that a treatment no longer goes on: that it was stopped or is held, or the end of its course. */
import type { FhirResource, MedicationRequest, MedicationStatement } from "fhir/r4.js";
import { compareDates } from "./date-order.ts";
import type { MergedFact, Telling } from "./merge.ts";
import { earliestOf, latestOf } from "./safety/time.ts";
import { endOfDosages, lastDayOf } from "./treatment-course.ts";
import { splitByForm } from "./treatment-forms.ts";
import { normalise } from "./words.ts";

/** What another document says against a treatment that goes on. */
export interface Halt {
  readonly fact: MergedFact;
  readonly detail: "status" | "endDate" | "doNotPerform";
  readonly there: string;
  /** It is over, rather than held, or than another course of the same medicine. */
  readonly isStop: boolean;
}

/** Medicines given during a stay or an act: their end is that of the stay (CI-SIS: administered, anaesthesia). */
const GIVEN_IN_A_STAY: ReadonlySet<string> = new Set(["18610-6", "29549-3", "87232-5"]);

/**
 * What is told against a running treatment by documents that are newer than its newest telling. An end before that
 * telling was the end of an earlier course, whoever recalls it.
 *
 * @param members tellings of the treatment, newest first
 * @param stopped what is over, stopped or held, of any medicine
 * @param tokens names of a fact
 */
export function haltsOf(
  members: readonly MergedFact[],
  stopped: readonly MergedFact[],
  tokens: ReadonlyMap<MergedFact, readonly string[]>,
): readonly Halt[] {
  const [newest] = members;
  if (!newest) return [];
  const isNamed = namedBy(members, tokens);
  const told = instantOf(newest);
  return stopped
    .filter((one) => compareDates(instantOf(one), told) > 0 && isNamed(one))
    .filter((one) => isOfForm(one, members, tokens))
    .flatMap((one) => haltBy(one, told.slice(0, 10)));
}

/**
 * Does a fact name the medicine of these? By a code or, where both have none of one system (a letter says in words that
 * what the pharmacy codes was stopped), by the same words. Two codes of one system tell two medicines.
 */
function namedBy(
  members: readonly MergedFact[],
  tokens: ReadonlyMap<MergedFact, readonly string[]>,
): (fact: MergedFact) => boolean {
  const names = new Set(members.flatMap((one) => tokens.get(one) ?? []));
  const systems = new Set([...names].flatMap(systemOf));
  const called = new Set(members.flatMap(wordsOf));
  return (fact) => {
    const own = tokens.get(fact) ?? [];
    if (own.some((name) => names.has(name))) return true;
    return !own.flatMap(systemOf).some((system) => systems.has(system)) && wordsOf(fact).some((one) => called.has(one));
  };
}

const systemOf = (token: string) => /^(?!words|prescription)([a-z]+)\|/.exec(token)?.[1] ?? [];

/** What its documents call it, by name and by code. */
function wordsOf({ tellings }: MergedFact): readonly string[] {
  return tellings.flatMap(({ reading: { concept } }) =>
    [concept?.text, ...(concept?.coding ?? []).map(({ display }) => display)].flatMap(
      (name) => normalise(name ?? "") || [],
    ),
  );
}

/** A patch that was stopped says nothing of the tablet. */
function isOfForm(
  one: MergedFact,
  members: readonly MergedFact[],
  tokens: ReadonlyMap<MergedFact, readonly string[]>,
): boolean {
  return splitByForm([...members, one], tokens).some((part) => part.length > 1 && part.includes(one));
}

function haltBy(fact: MergedFact, told: string): readonly Halt[] {
  const { resource, section } = fact.base.fact;
  const end = endOf(resource);
  if (isBan(resource)) return [{ fact, detail: "doNotPerform", there: "true", isStop: false }];
  if (isHalt(resource)) {
    if (end !== undefined && (latestOf(end) ?? told) < told) return [];
    return [{ fact, detail: "status", there: statusOf(resource), isStop: isStop(resource) }];
  }
  // Documents of French software say by the end alone that a treatment was stopped.
  if (resource.resourceType !== "MedicationStatement" || resource.status !== "completed" || end === undefined)
    return [];
  if ((earliestOf(end) ?? "") <= told || GIVEN_IN_A_STAY.has(section ?? "")) return [];
  return [{ fact, detail: "endDate", there: end, isStop: (earliestOf(beginOf(resource)) ?? "") <= told }];
}

/** The end that a document writes. */
export function endOf(resource: FhirResource): string | undefined {
  switch (resource.resourceType) {
    case "MedicationStatement":
    case "MedicationAdministration":
      return resource.effectivePeriod?.end;
    case "MedicationRequest":
    case "MedicationDispense":
      return endOfDosages(resource.dosageInstruction);
    default:
      return undefined;
  }
}

export function isStop(resource: FhirResource): boolean {
  // An order not to take it that was called off stops nothing.
  return !isNotToTake(resource) && ["stopped", "cancelled", "not-taken"].includes(statusOf(resource));
}

/** Stopped, or held for a while. */
function isHalt(resource: FhirResource): boolean {
  return isStop(resource) || (!isNotToTake(resource) && statusOf(resource) === "on-hold");
}

/** An order not to take it, that holds. */
function isBan(resource: FhirResource): boolean {
  return (
    isNotToTake(resource) && resource.intent !== "proposal" && /^(active|completed|unknown)$/.test(resource.status)
  );
}

function isNotToTake(resource: FhirResource): resource is MedicationRequest {
  return resource.resourceType === "MedicationRequest" && resource.doNotPerform === true;
}

function statusOf(resource: FhirResource): string {
  return "status" in resource && typeof resource.status === "string" ? resource.status : "";
}

/** Told as going on, without an end, later than another telling that gives one, or than that end: it was not the end. */
export function outlives(telling: Telling, other: Telling): boolean {
  const { resource } = telling.fact;
  if (resource.resourceType !== "MedicationStatement" || !/^(active|unknown)$/.test(resource.status)) return false;
  const last = lastDayOf(other.fact.resource);
  if (last === undefined || lastDayOf(resource) !== undefined) return false;
  const told = instantOf({ base: telling });
  return last < told.slice(0, 10) || compareDates(told, instantOf({ base: other })) > 0;
}

/** When it was prescribed, handed over or stated. */
export function instantOf({ base }: Pick<MergedFact, "base">): string {
  const { resource } = base.fact;
  if (resource.resourceType === "MedicationStatement") return resource.dateAsserted ?? base.document.date;
  return base.reading.date || base.document.date;
}

export const beginOf = ({ effectivePeriod, effectiveDateTime }: MedicationStatement): string =>
  effectivePeriod?.start ?? effectiveDateTime ?? "";
