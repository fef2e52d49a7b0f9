import type { Condition, FamilyMemberHistory, Procedure } from "@carnet/sdk/fhir";
import { newestFirst } from "../shared/format-date.ts";
import { list, str } from "../shared/guards.ts";
import { absenceOf, sectionAbsence, statementOf } from "./absence.ts";
import type { BundleIndex } from "./bundle-index.ts";
import { conceptText, hasCode } from "./concept.ts";
import { type Absence, baseOf, type Fact, type FactSection, notes } from "./fact.ts";
import { firstName } from "./people.ts";

export interface ProblemFact extends Fact {
  readonly text?: string;
  readonly kind: "condition" | "procedure" | "family";
  readonly isUnconfirmed: boolean;
  readonly severity?: string;
  readonly start?: string;
  readonly end?: string;
  /** Who of the family, for `kind: "family"`. */
  readonly relation?: string;
  readonly note?: string;
}

export interface Problems {
  readonly current: FactSection<ProblemFact>;
  readonly history: FactSection<ProblemFact>;
}

const past = new Set(["11348-0"]);
/** Sections that list problems, present or past, whatever a document calls each of them. */
const listed = new Set(["11450-4", "11348-0"]);

/** Current problems; then medical, surgical and family history, the newest first. */
export function readProblems(index: BundleIndex): Problems {
  const current: ProblemFact[] = [];
  const history: ProblemFact[] = [];
  const absences: Absence[] = sectionAbsence(["11450-4"], index);
  const historyAbsences: Absence[] = sectionAbsence(["11348-0", "47519-4"], index);
  for (const resource of index.resources) {
    if (resource.resourceType === "Condition") {
      if (hasCode(resource.verificationStatus, "refuted", "entered-in-error")) continue;
      const statement = statementOf(resource.code);
      if (statement === "no-information" || isReason(resource, index)) continue;
      const author = firstName([resource.asserter, resource.recorder], index, resource);
      if (statement !== "fact") {
        (past.has(index.sectionOf(resource)?.code ?? "") ? historyAbsences : absences).push(
          absenceOf(resource, resource.code, str(resource.recordedDate) ?? str(resource.onsetDateTime), author, index),
        );
        continue;
      }
      (isPast(resource, index) ? history : current).push(readCondition(resource, index, author));
    } else if (resource.resourceType === "Procedure") {
      if (resource.status === "entered-in-error" || resource.status === "not-done") continue;
      const statement = statementOf(resource.code);
      if (statement === "absent") {
        historyAbsences.push(absenceOf(resource, resource.code, str(resource.performedDateTime), undefined, index));
      } else if (statement === "fact") history.push(readProcedure(resource, index));
    } else if (resource.resourceType === "FamilyMemberHistory") {
      if (resource.status !== "entered-in-error") history.push(...readFamily(resource, index));
    }
  }
  return {
    current: { facts: current, absences },
    history: { facts: newestFirst(history, ({ end, start }) => end ?? start), absences: historyAbsences },
  };
}

/**
 * The reason for one visit or examination, of which nobody said that it is, or was, a problem of the patient: it stands
 * among the other entries.
 */
export function isReason(resource: Condition, index: BundleIndex): boolean {
  if (resource.clinicalStatus !== undefined || listed.has(index.sectionOf(resource)?.code ?? "")) return false;
  const categories = list(resource.category);
  return (
    categories.some((category) => hasCode(category, "encounter-diagnosis")) &&
    !categories.some((category) => hasCode(category, "problem-list-item"))
  );
}

function isPast(resource: Condition, index: BundleIndex): boolean {
  if (hasCode(resource.clinicalStatus, "inactive", "remission", "resolved")) return true;
  if (hasCode(resource.clinicalStatus, "active", "recurrence", "relapse")) return false;
  if (Object.keys(resource).some((key) => key.startsWith("abatement"))) return true;
  return past.has(index.sectionOf(resource)?.code ?? "");
}

function readCondition(resource: Condition, index: BundleIndex, author: string | undefined): ProblemFact {
  const text = conceptText(resource.code);
  const severity = conceptText(resource.severity);
  const start = str(resource.onsetDateTime) ?? str(resource.onsetPeriod?.start) ?? str(resource.onsetString);
  const end = str(resource.abatementDateTime) ?? str(resource.abatementPeriod?.end) ?? str(resource.abatementString);
  const recorded = str(resource.recordedDate);
  return {
    ...baseOf(resource, index),
    kind: "condition",
    ...(text === undefined ? {} : { text }),
    isUnconfirmed: hasCode(resource.verificationStatus, "unconfirmed", "provisional", "differential"),
    ...(severity === undefined ? {} : { severity }),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...notes(resource),
    ...(author === undefined ? {} : { author }),
    ...(recorded === undefined ? {} : { recorded }),
  };
}

function readProcedure(resource: Procedure, index: BundleIndex): ProblemFact {
  const text = conceptText(resource.code);
  const start =
    str(resource.performedDateTime) ?? str(resource.performedPeriod?.start) ?? str(resource.performedString);
  const author = firstName(
    [...list(resource.performer).map((performer) => performer.actor), resource.recorder, resource.asserter],
    index,
    resource,
  );
  return {
    ...baseOf(resource, index),
    kind: "procedure",
    ...(text === undefined ? {} : { text }),
    isUnconfirmed: false,
    ...(start === undefined ? {} : { start }),
    ...notes(resource),
    ...(author === undefined ? {} : { author }),
  };
}

function readFamily(resource: FamilyMemberHistory, index: BundleIndex): ProblemFact[] {
  const relation = conceptText(resource.relationship) ?? str(resource.name);
  const base = baseOf(resource, index);
  const conditions = list(resource.condition);
  const facts = conditions.length === 0 ? [undefined] : conditions;
  return facts.map((condition, position): ProblemFact => {
    const text = conceptText(condition?.code);
    const start = str(condition?.onsetString) ?? str(condition?.onsetPeriod?.start);
    const recorded = str(resource.date);
    return {
      ...base,
      key: `${base.key}/${position}`,
      // What stands under its row is of this illness alone.
      resource: { ...resource, condition: list(condition === undefined ? [] : [condition]) },
      kind: "family",
      isUnconfirmed: false,
      ...(text === undefined ? {} : { text }),
      ...(relation === undefined ? {} : { relation }),
      ...(start === undefined ? {} : { start }),
      ...(recorded === undefined ? {} : { recorded }),
      ...notes(condition === undefined ? resource : condition),
    };
  });
}
