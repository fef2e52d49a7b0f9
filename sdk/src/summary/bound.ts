import type { FhirResource } from "fhir/r4.js";
import { compareDates } from "./date-order.ts";
import type { MergedFact } from "./merge.ts";
import type { SectionName } from "./sections.ts";

/** A fact with its place in the summary, before it becomes an entry. */
export interface Placed {
  readonly fact: MergedFact;
  readonly section: SectionName;
  readonly date: string;
  readonly label: string;
  readonly isPast: boolean;
}

export interface Bounds {
  readonly valuesPerAnalyte: number;
  readonly pastTreatments: number;
}

export interface Bounded {
  readonly kept: readonly Placed[];
  /** Number of older facts that were left out, by the newest one that was kept of the same analyte. */
  readonly earlier: ReadonlyMap<MergedFact, number>;
  readonly earlierTreatments: number;
}

/**
 * Keeps the newest values of each analyte (same concept, same unit) and the newest past treatments, and counts what is
 * left out. Allergies, problems, current treatments, vaccinations and all else are never cut.
 */
export function boundHistory(placed: readonly Placed[], { valuesPerAnalyte, pastTreatments }: Bounds): Bounded {
  const gone = new Set<Placed>();
  const earlier = new Map<MergedFact, number>();
  if (Number.isFinite(valuesPerAnalyte)) {
    for (const series of seriesOf(placed)) {
      if (series.length <= valuesPerAnalyte) continue;
      series.sort(newestFirst);
      for (const one of series.slice(valuesPerAnalyte)) gone.add(one);
      if (series[0]) earlier.set(series[0].fact, series.length - valuesPerAnalyte);
    }
    dropEmptyPanels(placed, gone);
  }
  const past = placed.filter((one) => one.section === "medications" && one.isPast);
  const tooOld = past.length > pastTreatments ? past.sort(newestFirst).slice(pastTreatments) : [];
  for (const one of tooOld) gone.add(one);
  return {
    kept: gone.size === 0 ? placed : placed.filter((one) => !gone.has(one)),
    earlier,
    earlierTreatments: tooOld.length,
  };
}

function seriesOf(placed: readonly Placed[]): Iterable<Placed[]> {
  const series = new Map<string, Placed[]>();
  for (const one of placed) {
    if (one.section !== "results" && one.section !== "vitalSigns") continue;
    const { resource } = one.fact.base.fact;
    const key = `${resource.resourceType}|${one.fact.concept}|${unitOf(resource)}`;
    const values = series.get(key);
    if (values) values.push(one);
    else series.set(key, [one]);
  }
  return series.values();
}

function unitOf(resource: FhirResource): string {
  if (resource.resourceType !== "Observation") return "";
  return resource.valueQuantity?.code ?? resource.valueQuantity?.unit ?? "";
}

/** A panel that says nothing itself goes with the last of its members. */
function dropEmptyPanels(placed: readonly Placed[], gone: Set<Placed>): void {
  const left = new Set<FhirResource>();
  for (const one of gone) for (const { fact } of one.fact.tellings) left.add(fact.resource);
  for (const one of placed) {
    const { document, fact } = one.fact.base;
    const panel = fact.resource;
    if (gone.has(one) || panel.resourceType !== "Observation" || !panel.hasMember?.length) continue;
    const isSilent = Object.keys(panel).every((key) => !/^(value|component|note|interpretation)/.test(key));
    const members = panel.hasMember.map((member) => document.resolve(member.reference ?? ""));
    if (isSilent && members.every((member) => member && left.has(member))) gone.add(one);
  }
}

/** A total order that depends on the facts alone. */
export function newestFirst(a: Placed, b: Placed): number {
  const order = compareDates(b.date, a.date);
  if (order !== 0) return order;
  const [left, right] = [a.fact.base, b.fact.base];
  if (left.document !== right.document) {
    const orderOfDocuments = compareDates(right.document.date, left.document.date);
    if (orderOfDocuments !== 0) return orderOfDocuments;
    return left.document.id < right.document.id ? -1 : 1;
  }
  return left.fact.key < right.fact.key ? -1 : left.fact.key > right.fact.key ? 1 : 0;
}
