import type { AllergyIntolerance, CodeableConcept } from "fhir/r4.js";
import { codeSystem } from "../../fhir/systems.ts";
import { type AllergenGroup, allergenGroups, otherNames, snomedNames } from "./allergen-groups.ts";
import { atcCode } from "./codes.ts";
import type { DrugIndex } from "./drug-index.ts";
import { normalise, singular } from "./names.ts";
import { type SummaryFact, type SummaryFacts, wordsOf } from "./summary-facts.ts";
import type { Treatment } from "./treatment-groups.ts";

/** What an allergy is to, in terms of the reference data. */
export interface Allergen {
  readonly fact: SummaryFact<AllergyIntolerance>;
  readonly label: string;
  readonly substances: ReadonlySet<number>;
  /** ATC codes of level 5: the medicine itself. */
  readonly atc: ReadonlySet<string>;
  /** ATC classes that the document names as such. */
  readonly statedAtc: readonly string[];
  readonly statedGroups: readonly AllergenGroup[];
  /** Classes of the thesaurus that the document names. */
  readonly statedClasses: readonly number[];
  readonly isRecognised: boolean;
}

/** "None known" of one kind of allergens only (IPS, SNOMED CT). */
const NONE_OF_MEDICINES: ReadonlySet<string> = new Set(["no-known-medication-allergies", "409137002"]);
const NONE_OF_OTHERS: ReadonlySet<string> = new Set([
  "no-known-food-allergies",
  "no-known-environmental-allergies",
  "429625007",
  "428607008",
]);

const says = ({ code }: AllergyIntolerance, codes: ReadonlySet<string>) =>
  (code?.coding ?? []).some((one) => codes.has(one.code ?? ""));

/**
 * Allergies and intolerances that count: neither refuted nor past. Those to food and environment are left out, unless
 * the data knows the allergen as a medicine: the category is the one who wrote it, the substance is what reacts.
 */
export function readAllergens(facts: SummaryFacts, index: DrugIndex | undefined): Allergen[] {
  return facts
    .facts("AllergyIntolerance")
    .filter(
      ({ resource }) => !(isPast(resource) || says(resource, NONE_OF_MEDICINES) || says(resource, NONE_OF_OTHERS)),
    )
    .map((fact) => toAllergen(fact, index))
    .filter(({ fact, isRecognised }) => isRecognised || !isElsewhere(fact.resource));
}

/** What the record leaves unsaid of allergies to medicines: to food or pollen alone is no answer. */
export function whatIsUnsaid(
  facts: SummaryFacts,
  allergens: readonly Allergen[],
): "no-allergy-information" | "no-drug-allergy-information" | undefined {
  if (facts.saysNone("AllergyIntolerance") || allergens.some(({ isRecognised }) => isRecognised)) return undefined;
  const stated = facts.facts("AllergyIntolerance").map(({ resource }) => resource);
  if (stated.length === 0) return "no-allergy-information";
  const isOther = (one: AllergyIntolerance) => says(one, NONE_OF_OTHERS) || isElsewhere(one);
  return stated.every(isOther) ? "no-drug-allergy-information" : undefined;
}

function isPast({ clinicalStatus }: AllergyIntolerance): boolean {
  const codes = (clinicalStatus?.coding ?? []).map((one) => one.code);
  return codes.includes("inactive") || codes.includes("resolved");
}

function isElsewhere({ category }: AllergyIntolerance): boolean {
  return (
    category !== undefined && category.length > 0 && category.every((one) => one === "food" || one === "environment")
  );
}

function toAllergen(fact: SummaryFact<AllergyIntolerance>, index: DrugIndex | undefined): Allergen {
  const { resource } = fact;
  const concepts = [resource.code, ...(resource.reaction ?? []).map((one) => one.substance)].filter(
    (one) => one !== undefined,
  );
  const names = concepts.flatMap(namesOf);
  const substances = new Set<number>();
  for (const concept of concepts) for (const one of index?.identify(concept).substances ?? []) substances.add(one);
  for (const name of names) {
    for (const one of index?.identify({ text: name }).substances ?? []) substances.add(one);
  }
  const codes = concepts.flatMap((one) => (one.coding ?? []).flatMap((coding) => atcCode(coding) ?? []));
  const simple = new Set(names.map(singular));
  const statedGroups = allergenGroups.filter((group) => group.names.some((name) => simple.has(name)));
  const statedClasses = [...new Set(names.flatMap((name) => index?.classNamed(name) ?? []))];
  const statedAtc = codes.filter((code) => code.length < 7 && code.length > 1);
  const atc = new Set(codes.filter((code) => code.length === 7));
  return {
    fact,
    label: wordsOf(resource.code) || wordsOf(concepts[0]),
    substances,
    atc,
    statedAtc,
    statedGroups,
    statedClasses,
    isRecognised: substances.size + atc.size + statedAtc.length + statedGroups.length + statedClasses.length > 0,
  };
}

/** The names that a concept goes by, with the usual one of French data where another is written. */
function namesOf(concept: CodeableConcept): string[] {
  const written = [concept.text, ...(concept.coding ?? []).map((one) => one.display)].filter(
    (one) => one !== undefined,
  );
  const coded = (concept.coding ?? []).flatMap((one) =>
    one.system === codeSystem.snomed ? (snomedNames[one.code ?? ""] ?? []) : [],
  );
  // "Allergie à la pénicilline" names the allergen after the same few words.
  const bare = [...written, ...coded].flatMap((name) => {
    const plain = normalise(name);
    const without = plain.replace(/^(?:allergie|hypersensibilite|intolerance)s? (?:a l |a la |au |aux |a )?/, "");
    return [plain, without];
  });
  return [...new Set(bare.flatMap((name) => [name, otherNames[name] ?? name]))];
}

export type AllergyMatch =
  | { readonly kind: "substance"; readonly name: string }
  | { readonly kind: "class"; readonly name: string }
  | { readonly kind: "related"; readonly group: AllergenGroup };

/** Why a treatment is dangerous for this allergy, the strongest reason only. */
export function matchAllergen(allergen: Allergen, treatment: Treatment, index: DrugIndex): AllergyMatch | undefined {
  const same = treatment.substances.find((one) => allergen.substances.has(one));
  if (same !== undefined) return { kind: "substance", name: index.nameOf(same) };
  const code = treatment.atc.find((one) => allergen.atc.has(one));
  if (code !== undefined) return { kind: "substance", name: `ATC ${code}` };

  const prefix = allergen.statedAtc.find((stated) => treatment.atc.some((one) => one.startsWith(stated)));
  if (prefix !== undefined) return { kind: "class", name: `ATC ${prefix}` };
  const named = allergen.statedClasses.find((one) => treatment.entities.includes(one));
  if (named !== undefined) return { kind: "class", name: index.data.entities[named]?.[1] ?? "" };
  const group = allergen.statedGroups.find((one) => isMember(one, treatment, index));
  if (group) return { kind: "class", name: group.fr };

  const member = {
    atc: [...allergen.atc, ...[...allergen.substances].flatMap((one) => index.atcOf(one))],
    entities: [...allergen.substances].flatMap((one) => index.entitiesOf(one)),
  };
  const isIn = (one: AllergenGroup) =>
    allergen.statedGroups.includes(one) ||
    // A stated narrow family (penicillins) lies within a wider one (beta-lactams).
    allergen.statedGroups.some((stated) => stated.atc.every((code) => one.atc.some((wide) => code.startsWith(wide)))) ||
    allergen.statedAtc.some((stated) => one.atc.some((wide) => stated.startsWith(wide))) ||
    isMember(one, member, index);
  const related = allergenGroups.find((one) => isIn(one) && isMember(one, treatment, index));
  return related ? { kind: "related", group: related } : undefined;
}

function isMember(
  group: AllergenGroup,
  one: { readonly atc: readonly string[]; readonly entities: readonly number[] },
  index: DrugIndex,
): boolean {
  if (one.atc.some((code) => group.atc.some((prefix) => code.startsWith(prefix)))) return true;
  const entity = group.thesaurus === undefined ? undefined : index.classNamed(group.thesaurus);
  return entity !== undefined && one.entities.includes(entity);
}
