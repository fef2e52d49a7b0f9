import type { DrugIndex, IdentifiedDrug } from "./drug-index.ts";
import { normalise } from "./names.ts";
import type { TreatmentFact } from "./treatments.ts";

/** A current fact with what the data knows of it. */
export interface IdentifiedFact extends TreatmentFact {
  readonly drug: IdentifiedDrug;
  /** Same text: same product. The code of the drug where there is one, else its words. */
  readonly product: string;
}

/** All current facts about the same substances: prescribed, dispensed and told, they are one treatment. */
export interface Treatment {
  readonly facts: readonly IdentifiedFact[];
  readonly label: string;
  readonly substances: readonly number[];
  /** ATC codes of the medicine and of its substances. */
  readonly atc: readonly string[];
  /** Entities of the thesaurus: of the substances, and of the route. */
  readonly entities: readonly number[];
  readonly byRoute: readonly number[];
}

export function groupTreatments(facts: readonly TreatmentFact[], index: DrugIndex): Treatment[] {
  const groups = new Map<string, IdentifiedFact[]>();
  for (const fact of facts) {
    const drug = identify(fact, index);
    const name = normalise(fact.label);
    const key =
      drug.substances.length > 0
        ? [...drug.substances].sort((a, b) => a - b).join("+")
        : `"${name}" ${drug.atc.join()}`;
    const one = { ...fact, drug, product: productOf(fact) ?? name };
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()].map((unsorted) => {
    const group = unsorted.sort(byDateAndUrl);
    const substances = group[0]?.drug.substances ?? [];
    const byRoute = [...new Set(group.flatMap((one) => one.drug.byRoute))];
    const atc = [...group.flatMap((one) => one.drug.atc), ...substances.flatMap((one) => index.atcOf(one))];
    return {
      facts: group,
      label: group[0]?.label ?? "",
      substances,
      atc: [...new Set(atc)],
      entities: [...new Set([...substances.flatMap((one) => index.entitiesOf(one)), ...byRoute])],
      byRoute,
    };
  });
}

function identify({ concept, ingredients }: TreatmentFact, index: DrugIndex): IdentifiedDrug {
  const own = index.identify(concept);
  if (own.substances.length > 0 || ingredients.length === 0) return own;
  // A preparation of the pharmacist has no code of its own: its parts have. One unknown part keeps it unknown.
  const parts = ingredients.map((one) => index.identify(one));
  if (parts.some((one) => one.substances.length === 0)) return own;
  return {
    substances: [...new Set(parts.flatMap((one) => one.substances))],
    atc: own.atc,
    byRoute: [],
    by: parts[0]?.by ?? "none",
  };
}

function productOf({ concept }: TreatmentFact): string | undefined {
  return concept.coding?.find((one) => /^\d{8}$/.test(one.code ?? ""))?.code;
}

/** The newest first: its words are those shown. */
function byDateAndUrl(a: IdentifiedFact, b: IdentifiedFact): number {
  if (a.date !== b.date) return a.date < b.date ? 1 : -1;
  return a.fact.url < b.fact.url ? -1 : a.fact.url > b.fact.url ? 1 : 0;
}
