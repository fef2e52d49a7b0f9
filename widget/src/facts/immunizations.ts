import { newestFirst } from "../shared/format-date.ts";
import { list, num, str } from "../shared/guards.ts";
import { absenceOf, sectionAbsence, statementOf } from "./absence.ts";
import type { BundleIndex } from "./bundle-index.ts";
import { conceptText } from "./concept.ts";
import { type Absence, baseOf, type Fact, type FactSection } from "./fact.ts";
import { firstName } from "./people.ts";

export interface ImmunizationFact extends Fact {
  readonly vaccine?: string;
  /** What it protects against, where the record says. */
  readonly targets: readonly string[];
  /** What its ATC code calls it, when that says more than the brand. */
  readonly kind?: string;
  readonly date?: string;
  readonly lot?: string;
  /** Rank of the dose, as recorded ("1", "rappel"). */
  readonly dose?: string;
  readonly isNotDone: boolean;
}

/** Vaccinations, the newest first; those recorded as not done are kept and say so. */
export function readImmunizations(index: BundleIndex): FactSection<ImmunizationFact> {
  const facts: ImmunizationFact[] = [];
  const absences: Absence[] = sectionAbsence(["11369-6", "60484-3"], index);
  for (const resource of index.resources) {
    if (resource.resourceType !== "Immunization" || resource.status === "entered-in-error") continue;
    const statement = statementOf(resource.vaccineCode);
    if (statement === "no-information") continue;
    const date = str(resource.occurrenceDateTime) ?? str(resource.occurrenceString);
    const author = firstName(
      list(resource.performer).map((performer) => performer.actor),
      index,
      resource,
    );
    if (statement !== "fact") {
      absences.push(absenceOf(resource, resource.vaccineCode, date, author, index));
      continue;
    }
    const vaccine = conceptText(resource.vaccineCode);
    const protocols = list(resource.protocolApplied);
    const targets = protocols
      .flatMap((protocol) => list(protocol.targetDisease))
      .map((target) => conceptText(target))
      .filter((text) => text !== undefined);
    const number = num(protocols[0]?.doseNumberPositiveInt);
    const dose = number === undefined ? str(protocols[0]?.doseNumberString) : String(number);
    const lot = str(resource.lotNumber);
    const kind = list(resource.vaccineCode?.coding)
      .filter(({ code, display }) => code?.startsWith("J07") === true && display !== vaccine)
      .map(({ display }) => str(display))[0];
    facts.push({
      ...baseOf(resource, index),
      ...(vaccine === undefined ? {} : { vaccine }),
      targets: [...new Set(targets)],
      ...(date === undefined ? {} : { date }),
      ...(kind === undefined ? {} : { kind }),
      ...(lot === undefined ? {} : { lot }),
      ...(dose === undefined ? {} : { dose }),
      isNotDone: resource.status === "not-done",
      ...(author === undefined ? {} : { author }),
    });
  }
  return { facts: newestFirst(facts, ({ date }) => date), absences };
}
