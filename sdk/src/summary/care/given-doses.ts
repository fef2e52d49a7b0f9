import type { CodeableConcept, Immunization, Reference } from "fhir/r4.js";
import { codeSystem } from "../../fhir/systems.ts";
import { atcCode } from "../safety/codes.ts";
import type { DrugData } from "../safety/drug-data.ts";
import { indexOf } from "../safety/drug-index.ts";
import { normalise } from "../safety/names.ts";
import { type SummaryFacts, wordsOf } from "../safety/summary-facts.ts";
import { earliestOf, latestOf } from "../safety/time.ts";
import { toReference } from "./matching.ts";
import type { VaccinationSchedule } from "./schedule.ts";

/** One vaccination of the record. */
export interface GivenDose {
  readonly reference: Reference;
  /** First and last day that its date may mean; `undefined` when it has none. */
  readonly days: { readonly first: string; readonly last: string } | undefined;
  readonly targets: readonly string[];
  readonly doseNumber: number;
}

/** The vaccinations done until now, those whose vaccine nobody can tell, and those said to be done on a day to come. */
export function readGivenDoses(
  facts: SummaryFacts,
  schedule: VaccinationSchedule,
  now: string,
  drugData: DrugData | undefined,
): {
  readonly doses: readonly GivenDose[];
  readonly unrecognised: readonly Reference[];
  readonly ahead: readonly Reference[];
} {
  const doses: GivenDose[] = [];
  const unrecognised: Reference[] = [];
  const ahead: Reference[] = [];
  for (const fact of facts.facts("Immunization")) {
    const { resource } = fact;
    // Less than a dose is none: the schedule asks for it again.
    if (resource.status !== "completed" || resource.isSubpotent) continue;
    const date = resource.occurrenceDateTime ?? resource.occurrenceString ?? "";
    const first = earliestOf(date);
    const last = latestOf(date);
    const reference = toReference(fact, wordsOf(resource.vaccineCode));
    if (first && first > now.slice(0, 10)) {
      ahead.push(reference);
      continue;
    }
    const targets = targetsOf(resource, schedule, drugData);
    if (!targets) {
      unrecognised.push(reference);
      continue;
    }
    const numbers = (resource.protocolApplied ?? []).map((one) => one.doseNumberPositiveInt ?? 0);
    doses.push({
      reference,
      days: first && last ? { first, last } : undefined,
      targets,
      doseNumber: Math.max(0, ...numbers),
    });
  }
  return { doses, unrecognised, ahead };
}

/** What the record says against a vaccination. */
export interface SaidAgainst {
  readonly reference: Reference;
  readonly targets: readonly string[];
  /** ISO date on which it was not done; none of what is contra-indicated. */
  readonly day?: string;
  readonly reason?: string;
}

/** Vaccines that documents call contra-indicated, and those that were refused or not given, the newest first. */
export function readSaidAgainst(
  facts: SummaryFacts,
  schedule: VaccinationSchedule,
  drugData: DrugData | undefined,
): { readonly contraindicated: readonly SaidAgainst[]; readonly notDone: readonly SaidAgainst[] } {
  const contraindicated = facts.facts("ImmunizationRecommendation").flatMap((fact) =>
    fact.resource.recommendation
      .filter(({ forecastStatus }) => forecastStatus.coding?.some(({ code }) => code === "contraindicated"))
      .flatMap(({ vaccineCode = [], targetDisease }) => {
        const protocolApplied = targetDisease ? [{ targetDisease: [targetDisease] }] : [];
        const codes = vaccineCode.length > 0 ? vaccineCode : [{}];
        const targets = codes.flatMap(
          (code) => targetsOf({ vaccineCode: code, protocolApplied }, schedule, drugData) ?? [],
        );
        return [{ reference: toReference(fact, wordsOf(vaccineCode[0])), targets }];
      }),
  );
  const notDone = facts
    .facts("Immunization")
    .filter(({ resource }) => resource.status === "not-done")
    .map((fact) => ({
      reference: toReference(fact, wordsOf(fact.resource.vaccineCode)),
      targets: targetsOf(fact.resource, schedule, drugData) ?? [],
      day: fact.resource.occurrenceDateTime ?? "",
      reason: wordsOf(fact.resource.statusReason),
    }))
    .sort((a, b) => (a.day < b.day ? 1 : -1));
  return { contraindicated, notDone };
}

/** What a vaccination protects against; `undefined` when its vaccine is not recognised. */
function targetsOf(
  {
    vaccineCode,
    protocolApplied,
  }: Pick<Immunization, "vaccineCode"> & {
    readonly protocolApplied?: readonly { readonly targetDisease?: readonly CodeableConcept[] }[] | undefined;
  },
  schedule: VaccinationSchedule,
  drugData: DrugData | undefined,
): readonly string[] | undefined {
  const atc = (vaccineCode.coding ?? []).flatMap((one) => atcCode(one) ?? []);
  const byData = drugData ? indexOf(drugData).identify(vaccineCode).atc : [];
  const codes = [...atc, ...byData];
  // A full code, then the brand, then a class: "pneumococcal vaccines" says less than the name of the vaccine.
  const full = codes.find((code) => code.length === 7);
  const byCode = full === undefined ? undefined : targetsOfAtc(full, schedule);
  if (byCode) return byCode;
  const names = [vaccineCode.text, ...(vaccineCode.coding ?? []).map((one) => one.display)].map((one) =>
    normalise(one ?? ""),
  );
  const brand = Object.keys(schedule.brands)
    .sort((a, b) => b.length - a.length)
    .find((name) => names.some((one) => ` ${one} `.includes(` ${name} `)));
  if (brand !== undefined) return targetsOfAtc(schedule.brands[brand] ?? "", schedule);
  for (const code of codes) {
    const targets = targetsOfAtc(code, schedule);
    if (targets) return targets;
  }
  const diseases = (protocolApplied ?? [])
    .flatMap((one) => one.targetDisease ?? [])
    .flatMap((one) => one.coding ?? [])
    .flatMap((one) => (one.system === codeSystem.snomed ? (schedule.diseases[one.code ?? ""] ?? []) : []));
  return diseases.length > 0 ? [...new Set(diseases)] : undefined;
}

function targetsOfAtc(code: string, { products }: VaccinationSchedule): readonly string[] | undefined {
  for (let length = code.length; length >= 4; length--) {
    const targets = products[code.slice(0, length)];
    if (targets) return targets;
  }
  return undefined;
}

/** Different days on which something was given; "2021-05" and "2021-05-03" may be one. */
export function distinctDays(doses: readonly GivenDose[]): { readonly first: string; readonly last: string }[] {
  const found: { first: string; last: string }[] = [];
  const narrowFirst = doses
    .flatMap(({ days }) => days ?? [])
    .sort((a, b) => Number(a.first !== a.last) - Number(b.first !== b.last) || (a.first < b.first ? -1 : 1));
  for (const day of narrowFirst) {
    if (!found.some((one) => one.first <= day.last && day.first <= one.last)) found.push(day);
  }
  return found.sort((a, b) => (a.first < b.first ? -1 : 1));
}
