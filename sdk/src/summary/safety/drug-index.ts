import type { CodeableConcept, Coding } from "fhir/r4.js";
import { atcCode } from "./codes.ts";
import type { DrugData, InteractionLevel } from "./drug-data.ts";
import { normalise, singular } from "./names.ts";

/** What the reference data knows of a coded or named medicine. */
export interface IdentifiedDrug {
  /** Rows of `substances`; empty: the medicine is unknown to the data. */
  readonly substances: readonly number[];
  /** ATC codes of the medicine itself, as documents and the register give them. */
  readonly atc: readonly string[];
  /** Entities of the thesaurus that come from the route, not from a substance. */
  readonly byRoute: readonly number[];
  /** A part of it is unknown to the data: what `substances` tells is not all that is in it. */
  readonly isPartial: boolean;
  /** How it was recognised. */
  readonly by: "cis" | "cip" | "atc" | "name" | "none";
}

export interface ThesaurusEntry {
  readonly entities: readonly [string, string];
  readonly levels: readonly (readonly [InteractionLevel, string])[];
  readonly mechanism: string;
}

/** The reference data, ready for look-ups. Built once per data (`indexOf`). */
export class DrugIndex {
  readonly data: DrugData;
  readonly #pairs = new Map<number, number>();
  readonly #substanceByName = new Map<string, number>();
  readonly #cip13ByCip7 = new Map<string, string>();
  readonly #entityByName = new Map<string, number>();
  readonly #entitiesByName = new Map<string, number[]>();
  readonly #atcOfSubstance = new Map<number, string[]>();

  constructor(data: DrugData) {
    this.data = data;
    data.interactions.forEach(([a, b], at) => {
      this.#pairs.set(this.#key(a, b), at);
      this.#pairs.set(this.#key(b, a), at);
    });
    data.substances.forEach(([, name], at) => {
      const key = normalise(name);
      if (!this.#substanceByName.has(key)) this.#substanceByName.set(key, at);
    });
    for (const [name, at] of data.aliases) {
      const key = normalise(name);
      if (!this.#substanceByName.has(key)) this.#substanceByName.set(key, at);
    }
    data.entities.forEach(([kind, label], at) => {
      if (kind === "c") this.#entityByName.set(singular(label), at);
      const name = normalise(label);
      const same = this.#entitiesByName.get(name);
      if (same) same.push(at);
      else this.#entitiesByName.set(name, [at]);
    });
    // The old seven digits of a box are inside its thirteen.
    for (const code of Object.keys(data.boxes))
      if (code.startsWith("34009")) this.#cip13ByCip7.set(code.slice(5, 12), code);
    for (const [code, substances] of Object.entries(data.atc)) {
      const only = substances[0];
      if (substances.length !== 1 || only === undefined || code.length !== 7) continue;
      const list = this.#atcOfSubstance.get(only);
      if (list) list.push(code);
      else this.#atcOfSubstance.set(only, [code]);
    }
  }

  #key(a: number, b: number): number {
    return a * this.data.entities.length + b;
  }

  /** A medicine by its codes (CIS, CIP, then ATC), else by the exact name of a substance. Nothing is guessed. */
  identify(concept: CodeableConcept | undefined): IdentifiedDrug {
    const codings = concept?.coding ?? [];
    const atc = codings.flatMap((one) => atcCode(one) ?? []);
    const byAtc = unique(atc.flatMap((code) => this.data.atc[code] ?? []));
    const byDrug = this.#byDrugCodes(codings);
    if (byDrug) {
      // Codes of two medicines on one fact contradict each other: both count, or a danger would be missed.
      const isOther = byAtc.length > 0 && !byAtc.some((one) => byDrug.substances.includes(one));
      return {
        ...byDrug,
        substances: isOther ? unique([...byDrug.substances, ...byAtc]) : byDrug.substances,
        atc: unique([...atc, ...byDrug.atc]),
      };
    }
    const rest = { atc, byRoute: [] };
    if (byAtc.length > 0) {
      const isPartial = atc.some((code) => code.length === 7 && !this.data.atc[code]?.length);
      return { substances: byAtc, ...rest, isPartial, by: "atc" };
    }
    const byName = unique(namesOf(concept).flatMap((name) => this.#substanceByName.get(normalise(name)) ?? []));
    return { substances: byName, ...rest, isPartial: false, by: byName.length > 0 ? "name" : "none" };
  }

  /** All drugs that the codes name: one as a rule; two are a contradiction, and both count. */
  #byDrugCodes(codings: readonly Coding[]): IdentifiedDrug | undefined {
    let found: IdentifiedDrug | undefined;
    for (const coding of codings) {
      const cis = this.#cisOf(coding);
      const drug = cis === undefined ? undefined : this.data.drugs[cis];
      if (!drug || drug[0].length === 0) continue;
      const [own, code, byRoute] = drug;
      const atc = code ? [code] : [];
      found = found
        ? {
            ...found,
            substances: unique([...found.substances, ...own]),
            atc: unique([...found.atc, ...atc]),
            byRoute: unique([...found.byRoute, ...byRoute]),
          }
        : { substances: own, atc, byRoute, isPartial: false, by: cis === coding.code ? "cis" : "cip" };
    }
    return found;
  }

  #cisOf({ system, code }: Coding): string | undefined {
    if (!code || !system || !DRUG_SYSTEMS.has(system)) return undefined;
    // Documents put the code of a box under the system of drugs: the number of digits decides.
    if (/^\d{8}$/.test(code)) return code;
    if (/^\d{13}$/.test(code)) return this.data.boxes[code];
    return /^\d{7}$/.test(code) ? this.data.boxes[this.#cip13ByCip7.get(code) ?? ""] : undefined;
  }

  nameOf(substance: number): string {
    return this.data.substances[substance]?.[1] ?? "";
  }

  /** ATC codes (level 5) that stand for this substance alone. */
  atcOf(substance: number): readonly string[] {
    return this.#atcOfSubstance.get(substance) ?? [];
  }

  entitiesOf(substance: number): readonly number[] {
    return this.data.substances[substance]?.[2] ?? [];
  }

  /** The class of the thesaurus with exactly this name, singular or plural. */
  classNamed(name: string): number | undefined {
    return this.#entityByName.get(singular(name));
  }

  /** Entities of the thesaurus of any kind with this name. */
  entitiesNamed(label: string): readonly number[] {
    return this.#entitiesByName.get(normalise(label)) ?? [];
  }

  /** Is it a substance of the register, rather than a name that the thesaurus alone uses? */
  isRegistered(substance: number): boolean {
    return this.data.substances[substance]?.[0] !== "";
  }

  /** Entries of the thesaurus between two sets of entities; each once. */
  between(a: readonly number[], b: readonly number[]): ThesaurusEntry[] {
    const found = new Set<number>();
    for (const one of a) {
      for (const other of b) {
        const at = this.#pairs.get(this.#key(one, other));
        if (at !== undefined) found.add(at);
      }
    }
    return [...found].flatMap((at) => {
      const entry = this.data.interactions[at];
      if (!entry) return [];
      const [left, right, levels, mechanism] = entry;
      const label = (entity: number) => this.data.entities[entity]?.[1] ?? "";
      return [{ entities: [label(left), label(right)] as const, levels, mechanism }];
    });
  }
}

/** Drugs (CIS) and boxes (CIP) as documents name them. */
const DRUG_SYSTEMS: ReadonlySet<string> = new Set([
  "urn:oid:1.2.250.1.213.2.3.1",
  "urn:oid:1.2.250.1.213.2.3.2",
  "urn:oid:1.2.250.1.213.2.3.3",
  "urn:oid:1.2.250.1.215.200.1.1.1",
  "http://data.esante.gouv.fr/ansm/medicament/CIS",
  "http://data.esante.gouv.fr/ansm/medicament/CIP",
]);

function namesOf(concept: CodeableConcept | undefined): string[] {
  return [concept?.text, ...(concept?.coding ?? []).map((one) => one.display)].filter((name) => name !== undefined);
}

function unique<T extends number | string>(list: readonly T[]): T[] {
  return [...new Set(list)];
}

const indexes = new WeakMap<DrugData, DrugIndex>();

/** The index of this data, built at first use. */
export function indexOf(data: DrugData): DrugIndex {
  const known = indexes.get(data);
  if (known) return known;
  const made = new DrugIndex(data);
  indexes.set(data, made);
  return made;
}
