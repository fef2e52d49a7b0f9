/** What tells two treatments with one substance apart: a patch is no tablet, a slow release no rescue dose. */
import type { Dosage, FhirResource } from "fhir/r4.js";
import type { MergedFact } from "./merge.ts";
import { labelOf } from "./narrative.ts";

const EDQM: ReadonlySet<string> = new Set(["urn:oid:0.4.0.127.0.16.1.1.2.1", "http://standardterms.edqm.eu"]);
const SLOW = /\b(?:LP|LM|lib[ée]ration (?:prolong|modifi)[ée]e)\b/i;

/**
 * Splits facts about one substance by route and release, as far as they are known: fentanyl on the skin and under the
 * tongue are taken together, on purpose. What shares a product or a prescription stays together; a route that nobody
 * tells is the only one there is, or its own part.
 *
 * @param tokens names of a fact; those of a substance (`atc|`, `words|`) join nothing here
 */
export function splitByForm(
  group: readonly MergedFact[],
  tokens: ReadonlyMap<MergedFact, readonly string[]>,
): readonly (readonly MergedFact[])[] {
  if (group.length === 1 || !isMixed(group)) return [group];
  const parts = new Map<string, MergedFact[]>();
  const put = (key: string, facts: readonly MergedFact[]) => parts.set(key, [...(parts.get(key) ?? []), ...facts]);
  for (const fact of group) put(`${releaseOf(fact)} ${routeOf(fact) ?? ""}`, [fact]);
  for (const release of ["slow", "plain"]) {
    const untold = parts.get(`${release} `);
    const [only, ...others] = [...parts.keys()].filter((key) => key.startsWith(`${release} `) && key !== `${release} `);
    if (!untold || only === undefined || others.length > 0) continue;
    parts.delete(`${release} `);
    put(only, untold);
  }
  return joinByProduct([...parts.values()], tokens);
}

function isMixed(group: readonly MergedFact[]): boolean {
  const routes = new Set(group.flatMap((fact) => routeOf(fact) ?? []));
  return routes.size > 1 || new Set(group.map(releaseOf)).size > 1;
}

function joinByProduct(
  parts: readonly MergedFact[][],
  tokens: ReadonlyMap<MergedFact, readonly string[]>,
): readonly MergedFact[][] {
  const joined: { readonly facts: MergedFact[]; readonly names: Set<string> }[] = [];
  for (const part of parts) {
    const names = new Set(
      part.flatMap((fact) => tokens.get(fact) ?? []).filter((name) => !/^(?:atc|words)\|/.test(name)),
    );
    const one = { facts: [...part], names };
    for (const other of joined.filter((known) => [...names].some((name) => known.names.has(name)))) {
      one.facts.push(...other.facts);
      for (const name of other.names) one.names.add(name);
      joined.splice(joined.indexOf(other), 1);
    }
    joined.push(one);
  }
  return joined.map(({ facts }) => facts);
}

function releaseOf({ base }: MergedFact): "slow" | "plain" {
  return SLOW.test(labelOf(base.reading.concept)) ? "slow" : "plain";
}

/** The one route of all steps, by its code: words and other codes are not compared. */
function routeOf({ base }: MergedFact): string | undefined {
  const codes = (dosagesOf(base.fact.resource) ?? []).map(
    ({ route }) => route?.coding?.find(({ system }) => EDQM.has(system ?? ""))?.code,
  );
  return new Set(codes).size === 1 ? codes[0] : undefined;
}

/** How a document says that a medicine is taken. */
export function dosagesOf(resource: FhirResource): readonly Dosage[] | undefined {
  switch (resource.resourceType) {
    case "MedicationStatement":
      return resource.dosage;
    case "MedicationRequest":
    case "MedicationDispense":
      return resource.dosageInstruction;
    default:
      return undefined;
  }
}
