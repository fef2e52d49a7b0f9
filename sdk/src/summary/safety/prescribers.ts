/** Who prescribed: told by a number here and by a name there, in other spellings, one person is one person. */
import type { FhirResource } from "fhir/r4.js";
import { normalise } from "./names.ts";
import type { SummaryFacts } from "./summary-facts.ts";

export interface Prescriber {
  /** National numbers and those of registers, in one spelling. */
  readonly ids: readonly string[];
  /** The words of the name in one order, without title; empty when the record gives none. */
  readonly name: string;
}

/** The person behind a reference. The patient, a relative or a structure tells of treatments, but prescribes none. */
export function prescriberOf(
  facts: SummaryFacts,
  reference: string | undefined,
  display: string | undefined,
): Prescriber | undefined {
  const target = facts.resolve(reference === undefined ? undefined : { reference });
  if (target) return personOf(facts, target);
  const words = display ?? reference;
  return words === undefined ? undefined : { ids: [], name: nameOf(words) };
}

function personOf(facts: SummaryFacts, target: FhirResource): Prescriber | undefined {
  switch (target.resourceType) {
    case "PractitionerRole": {
      const { practitioner } = target;
      const person = facts.resolve(practitioner);
      if (person) return personOf(facts, person);
      return practitioner?.display ? { ids: [], name: nameOf(practitioner.display) } : undefined;
    }
    case "Practitioner": {
      const ids = (target.identifier ?? []).flatMap(({ system, value }) => (value ? [idOf(system, value)] : []));
      const name = target.name?.[0];
      const words = nameOf([name?.family, ...(name?.given ?? [])].filter(Boolean).join(" ") || (name?.text ?? ""));
      return ids.length > 0 || words !== "" ? { ids, name: words } : undefined;
    }
    default:
      return undefined;
  }
}

/** The eleven digits of RPPS stand alone, or behind an 8 that says what they are. Other numbers count in their register. */
function idOf(system: string | undefined, value: string): string {
  const rpps = /^8?(\d{11})$/.exec(value.trim())?.[1];
  return rpps ?? `${system ?? ""}|${value.trim()}`;
}

const TITLES: ReadonlySet<string> = new Set([
  "dr",
  "docteur",
  "pr",
  "professeur",
  "m",
  "mr",
  "mme",
  "monsieur",
  "madame",
]);

function nameOf(words: string): string {
  return normalise(words)
    .split(" ")
    .filter((word) => !TITLES.has(word))
    .sort()
    .join(" ");
}

/** Two numbers decide; where one of the two has none, the name does. To accuse nobody, a doubt counts as the same. */
export function isSamePrescriber(a: Prescriber, b: Prescriber): boolean {
  if (a.ids.length > 0 && b.ids.length > 0) return a.ids.some((one) => b.ids.includes(one));
  return a.name === "" || b.name === "" || a.name === b.name;
}

/** How many persons these are at least. */
export function countPrescribers(list: readonly Prescriber[]): number {
  const persons: Prescriber[] = [];
  for (const one of list) {
    const same = persons.findIndex((other) => isSurelySame(one, other));
    const known = persons[same];
    if (known) persons[same] = { ids: [...known.ids, ...one.ids], name: known.name || one.name };
    else persons.push(one);
  }
  // A number without a name may be any of the names without a number.
  const nameless = persons.filter(({ name }) => name === "").length;
  const numberless = persons.filter(({ ids }) => ids.length === 0).length;
  return persons.length - Math.min(nameless, numberless);
}

function isSurelySame(a: Prescriber, b: Prescriber): boolean {
  return isSamePrescriber(a, b) && (a.name === b.name || (a.ids.length > 0 && b.ids.length > 0));
}
