import type { CodeableConcept } from "fhir/r4.js";
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
  /** A part of it is unknown to the data. */
  readonly isPartial: boolean;
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
      isPartial: group.some(({ drug }) => drug.isPartial),
    };
  });
}

function identify({ concept, ingredients, routes }: TreatmentFact, index: DrugIndex): IdentifiedDrug {
  const own = withRoute(index.identify(concept), routes, index);
  const parts = ingredients.map((one) => index.identify(one));
  const [first] = parts;
  if (!first) return own;
  // A preparation of the pharmacist has no code of its own: its parts have. A part that is none of the product's
  // contradicts its code: both count, or a danger would be missed.
  const isByCode = own.by === "cis" || own.by === "cip";
  const added = parts.flatMap((one) => one.substances).filter((one) => !isByCode || index.isRegistered(one));
  return {
    substances: [...new Set([...own.substances, ...added])],
    atc: own.atc,
    byRoute: own.byRoute,
    // The code of a drug says all that is in it, however its parts are written.
    isPartial: !isByCode && parts.some((one) => one.substances.length === 0),
    by: own.substances.length > 0 ? own.by : first.by,
  };
}

/** To be swallowed: EDQM, SNOMED CT. */
const ORAL: ReadonlySet<string> = new Set(["20053000", "26643006"]);

/**
 * A substance or a class says nothing of the route, which the code of a drug does: the dosage then does. Where that is
 * silent too, the drug counts as swallowed, as most are: the entry of the thesaurus names the route.
 */
function withRoute(drug: IdentifiedDrug, routes: readonly CodeableConcept[], index: DrugIndex): IdentifiedDrug {
  if (drug.by === "cis" || drug.by === "cip") return drug;
  const codes = routes.flatMap((one) => one.coding ?? []).map((one) => one.code ?? "");
  const isOral = codes.length === 0 || codes.some((code) => ORAL.has(code));
  return isOral ? { ...drug, byRoute: index.entitiesNamed(SWALLOWED) } : drug;
}

/** The thesaurus's own name for what is swallowed. */
const SWALLOWED = "médicaments administrés par voie orale";

function productOf({ concept }: TreatmentFact): string | undefined {
  return concept.coding?.find((one) => /^\d{8}$/.test(one.code ?? ""))?.code;
}

/** The newest first: its words are those shown. */
function byDateAndUrl(a: IdentifiedFact, b: IdentifiedFact): number {
  if (a.date !== b.date) return a.date < b.date ? 1 : -1;
  return a.fact.url < b.fact.url ? -1 : a.fact.url > b.fact.url ? 1 : 0;
}
