import type { AllergyIntolerance } from "@carnet/sdk/fhir";
import { list, str } from "../shared/guards.ts";
import { absenceOf, sectionAbsence, statementOf } from "./absence.ts";
import type { BundleIndex } from "./bundle-index.ts";
import { conceptText, hasCode } from "./concept.ts";
import { type Absence, baseOf, type Fact, type FactSection, notes } from "./fact.ts";
import { firstName } from "./people.ts";

export interface AllergyFact extends Fact {
  readonly substance?: string;
  /** "allergy" or "intolerance" as recorded. */
  readonly type?: "allergy" | "intolerance";
  readonly criticality?: "high" | "low" | "unable-to-assess";
  readonly isUnconfirmed: boolean;
  readonly isResolved: boolean;
  readonly reactions: readonly { readonly manifestation: string; readonly severity?: string }[];
  readonly since?: string;
  readonly note?: string;
}

/** Allergies and intolerances, dangerous ones first. Refuted and erroneous entries are not shown (STYLE 5, 9). */
export function readAllergies(index: BundleIndex): FactSection<AllergyFact> {
  const facts: AllergyFact[] = [];
  const absences: Absence[] = sectionAbsence(["48765-2"], index);
  for (const resource of index.resources) {
    if (resource.resourceType !== "AllergyIntolerance") continue;
    if (hasCode(resource.verificationStatus, "refuted", "entered-in-error")) continue;
    const statement = statementOf(resource.code);
    if (statement === "no-information") continue;
    const author = firstName([resource.asserter, resource.recorder], index, resource);
    const recorded = str(resource.recordedDate);
    if (statement === "absent" || statement === "partly-absent") {
      absences.push(absenceOf(resource, resource.code, recorded ?? str(resource.onsetDateTime), author, index));
      continue;
    }
    facts.push(readAllergy(resource, index, author));
  }
  const rank = (fact: AllergyFact) => (fact.isResolved ? 2 : fact.criticality === "high" ? 0 : 1);
  facts.sort((a, b) => rank(a) - rank(b));
  return { facts, absences };
}

function readAllergy(resource: AllergyIntolerance, index: BundleIndex, author: string | undefined): AllergyFact {
  const reactions = list(resource.reaction).flatMap((reaction) => {
    const severity = str(reaction.severity);
    const manifestations = list(reaction.manifestation)
      .map((manifestation) => conceptText(manifestation))
      .filter((text) => text !== undefined);
    const described =
      manifestations.length > 0 ? manifestations : [str(reaction.description)].filter((text) => text !== undefined);
    return described.map((manifestation) => ({ manifestation, ...(severity === undefined ? {} : { severity }) }));
  });
  const substance =
    conceptText(resource.code) ??
    list(resource.reaction)
      .map((reaction) => conceptText(reaction.substance))
      .find((text) => text !== undefined);
  const recorded = str(resource.recordedDate);
  const since = str(resource.onsetDateTime) ?? str(resource.onsetPeriod?.start) ?? str(resource.onsetString);
  const criticality = resource.criticality;
  const type = resource.type;
  return {
    ...baseOf(resource, index),
    ...(substance === undefined ? {} : { substance }),
    ...(type === "allergy" || type === "intolerance" ? { type } : {}),
    ...(criticality === "high" || criticality === "low" || criticality === "unable-to-assess" ? { criticality } : {}),
    isUnconfirmed: hasCode(resource.verificationStatus, "unconfirmed", "presumed"),
    isResolved: hasCode(resource.clinicalStatus, "resolved", "inactive"),
    reactions,
    ...(since === undefined ? {} : { since }),
    ...notes(resource),
    ...(author === undefined ? {} : { author }),
    ...(recorded === undefined ? {} : { recorded }),
  };
}
