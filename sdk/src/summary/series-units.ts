import type { Quantity } from "fhir/r4.js";
import { newestFirst, type Placed } from "./bound.ts";
import type { MergedFact } from "./merge.ts";
import { analyteOf, convert } from "./units.ts";

/**
 * Values of one analyte in several units: for each, its value in the unit of the newest, where a fixed factor leads
 * there. The value as the document gives it is never touched.
 */
export function convertSeries(placed: readonly Placed[]): ReadonlyMap<MergedFact, Quantity> {
  const series = new Map<string | number, Placed[]>();
  for (const one of placed) {
    if (one.section !== "results" && one.section !== "vitalSigns") continue;
    const { resource } = one.fact.base.fact;
    if (resource.resourceType !== "Observation" || !resource.valueQuantity?.code) continue;
    const key = analyteOf(resource)?.name ?? one.fact.concept;
    const values = series.get(key);
    if (values) values.push(one);
    else series.set(key, [one]);
  }
  const converted = new Map<MergedFact, Quantity>();
  for (const values of series.values()) {
    const first = codeOf(values[0]);
    if (values.every((one) => codeOf(one) === first)) continue;
    const unit = codeOf([...values].sort(newestFirst)[0]);
    for (const one of values) {
      const { resource } = one.fact.base.fact;
      if (unit === undefined || resource.resourceType !== "Observation" || !resource.valueQuantity) continue;
      if (resource.valueQuantity.code === unit) continue;
      const quantity = convert(resource.valueQuantity, unit, analyteOf(resource)?.molarMass);
      if (quantity) converted.set(one.fact, quantity);
    }
  }
  return converted;
}

function codeOf(placed: Placed | undefined): string | undefined {
  const resource = placed?.fact.base.fact.resource;
  return resource?.resourceType === "Observation" ? resource.valueQuantity?.code : undefined;
}
