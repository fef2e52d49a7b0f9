import type { Bundle, DetectedIssue } from "fhir/r4.js";
import { matchAllergen, readAllergens, whatIsUnsaid } from "./allergens.ts";
import type { DrugData, InteractionLevel } from "./drug-data.ts";
import { interactionLevels } from "./drug-data.ts";
import { type DrugIndex, indexOf } from "./drug-index.ts";
import { findDuplicates } from "./duplicates.ts";
import { type IssueContext, type IssueInput, sortIssues, toIssue } from "./issue.ts";
import { SummaryFacts } from "./summary-facts.ts";
import { groupTreatments, type Treatment } from "./treatment-groups.ts";
import { currentTreatments, MEDICINES, saidToTakeNone } from "./treatments.ts";
import { levelWords, type NotCheckedReason, words } from "./words.ts";

export interface SafetyOptions {
  /** Instant for which treatments are current, ISO 8601. Default: the timestamp of the summary. */
  readonly now?: string;
  /** Language of `detail` and `code.text`. Texts of the thesaurus stay in French. Default `fr`. */
  readonly locale?: "fr" | "en";
}

/**
 * Looks for allergies against treatments, drug interactions and duplicates among the current treatments of a summary.
 *
 * Every result names both facts (`implicated`), the documents that state them (`extensionUrl.factSource`), its evidence
 * and the date of the reference data. What could not be checked is a result too (`isNotChecked`): no data, a medicine or
 * an allergen that the data does not know, a record silent on treatments or allergies. An empty list means: all current
 * treatments are known to the data, and nothing was found; it never means that they are safe.
 *
 * Pure: no clock, no network, same result in browsers, workers and Node.js. Order of entries does not matter.
 *
 * @param summary from `summarise` or the record's `$summary`
 * @param data from `parseDrugData`; `undefined` when none is loaded
 * @returns the gravest first; level CI and AD are `high`, PE `moderate`, PC `low`
 * @example
 * const issues = checkSafety(summary, parseDrugData(await response.json()), { locale: "fr" });
 */
export function checkSafety(summary: Bundle, data: DrugData | undefined, options: SafetyOptions = {}): DetectedIssue[] {
  const facts = new SummaryFacts(summary);
  const now = options.now ?? summary.timestamp ?? new Date().toISOString();
  const locale = options.locale ?? "fr";
  const context: IssueContext = { facts, now, locale, sources: data?.sources ?? [] };
  const current = currentTreatments(facts, now);
  const found: IssueInput[] = [];

  if (current.length === 0 && saidToTakeNone(facts) !== undefined) return [];
  if (!data) {
    const implicated = current.map(({ fact, label }) => ({ fact, label }));
    return [toIssue(notChecked("no-reference-data", "", implicated, locale), context)];
  }
  if (current.length === 0) {
    const reason = facts.knows(...MEDICINES) === "unknown" ? "no-treatment-information" : "no-current-treatment";
    return [toIssue(notChecked(reason, "", [], locale), context)];
  }
  const index = indexOf(data);
  const treatments = groupTreatments(current, index);
  for (const treatment of treatments) found.push(...unchecked(treatment, index, locale));
  found.push(...allergyIssues(facts, treatments, index, locale));
  found.push(...interactionIssues(treatments, index, locale));
  found.push(...findDuplicates(treatments, index, locale));
  return sortIssues(found.map((one) => toIssue(one, context)));
}

function notChecked(
  reason: NotCheckedReason,
  name: string,
  implicated: IssueInput["implicated"],
  locale: "fr" | "en",
): IssueInput {
  const severity = reason === "not-in-thesaurus" || reason === "unknown-allergen" ? "low" : "moderate";
  const detail = words[locale].notChecked[reason](name);
  const uses: IssueInput["uses"] =
    reason === "not-in-thesaurus" ? ["interactions"] : /known-|^unknown/.test(reason) ? ["drugs"] : [];
  return { kind: "not-checked", reason, severity, implicated, detail, uses };
}

const implicatedBy = ({ facts }: Treatment) => facts.map(({ fact, label }) => ({ fact, label }));

function unchecked(treatment: Treatment, index: DrugIndex, locale: "fr" | "en"): IssueInput[] {
  const name = treatment.label || words[locale].unnamed;
  if (treatment.substances.length === 0) {
    return [notChecked("unknown-medicine", name, implicatedBy(treatment), locale)];
  }
  const partly = treatment.isPartial
    ? [notChecked("partly-known-medicine", name, implicatedBy(treatment), locale)]
    : [];
  const absent = treatment.substances.filter((one) => index.entitiesOf(one).length === 0);
  if (absent.length === 0) return partly;
  const names = absent.map((one) => index.nameOf(one)).join(", ");
  return [...partly, notChecked("not-in-thesaurus", `${names} (${name})`, implicatedBy(treatment), locale)];
}

function allergyIssues(
  facts: SummaryFacts,
  treatments: readonly Treatment[],
  index: DrugIndex,
  locale: "fr" | "en",
): IssueInput[] {
  if (treatments.length === 0) return [];
  const text = words[locale];
  const found: IssueInput[] = [];
  const allergens = readAllergens(facts, index);
  const unsaid = whatIsUnsaid(facts, allergens);
  if (unsaid) found.push(notChecked(unsaid, "", [], locale));
  for (const allergen of allergens) {
    const implicated = [{ fact: allergen.fact, label: allergen.label }];
    if (!allergen.isRecognised) {
      found.push(notChecked("unknown-allergen", allergen.label || text.unnamed, implicated, locale));
      continue;
    }
    for (const treatment of treatments) {
      const match = matchAllergen(allergen, treatment, index);
      if (!match) continue;
      const isIntolerance = allergen.fact.resource.type === "intolerance";
      const reason =
        match.kind === "substance"
          ? text.sameSubstance(match.name)
          : match.kind === "class"
            ? text.statedClass(match.name)
            : text.related(match.group[locale]);
      const severity = match.kind === "related" ? match.group.related : "high";
      found.push({
        kind: "allergy",
        act:
          match.kind === "related"
            ? { code: "RALG", display: "Related Allergy Alert" }
            : { code: "ALGY", display: "Allergy Alert" },
        severity: isIntolerance && severity === "high" ? "moderate" : severity,
        implicated: [...implicated, ...implicatedBy(treatment)],
        detail: `${text.allergy(allergen.label, treatment.label || text.unnamed)}. ${reason}`,
        evidence: [reason],
        uses: ["drugs"],
      });
    }
  }
  return found;
}

const severityOf: Readonly<Record<InteractionLevel, IssueInput["severity"]>> = {
  CI: "high",
  AD: "high",
  PE: "moderate",
  PC: "low",
};

/** One issue per pair of treatments, at the gravest level that any entry of the thesaurus gives it. */
function interactionIssues(treatments: readonly Treatment[], index: DrugIndex, locale: "fr" | "en"): IssueInput[] {
  const text = words[locale];
  const found: IssueInput[] = [];
  treatments.forEach((left, at) => {
    for (const right of treatments.slice(at + 1)) {
      // Named in one order, whatever the order of the summary.
      const [a, b] = left.label < right.label ? [left, right] : [right, left];
      const entries = entriesBetween(a, b, index);
      const levels = entries.flatMap((entry) => entry.levels.map(([level]) => level));
      const gravest = interactionLevels.find((level) => levels.includes(level));
      if (!gravest) continue;
      const worst = entries.filter((entry) => entry.levels.some(([level]) => level === gravest));
      const isConditional = worst.every((entry) => entry.levels.length > 1);
      found.push({
        kind: "interaction",
        act: { code: "DRG", display: "Drug Interaction Alert" },
        level: gravest,
        severity: severityOf[gravest],
        implicated: [...implicatedBy(a), ...implicatedBy(b)],
        detail: [
          text.interaction(levelWords[locale][gravest], a.label || text.unnamed, b.label || text.unnamed),
          ...(isConditional ? [text.onlyUnderCondition] : []),
          ...[...new Set(worst.map((entry) => adviceOf(entry, locale)))],
        ].join(" "),
        evidence: [...new Set(entries.map((entry) => evidenceOf(entry, locale)))],
        uses: ["interactions", "drugs"],
      });
    }
  });
  return found;
}

/** Substances of one treatment against those of the other; a substance does not interact with itself. */
function entriesBetween(a: Treatment, b: Treatment, index: DrugIndex) {
  const found = new Map<string, ReturnType<DrugIndex["between"]>[number]>();
  const add = (left: readonly number[], right: readonly number[]) => {
    for (const entry of index.between(left, right)) found.set(entry.entities.join("+"), entry);
  };
  for (const one of a.substances) {
    for (const other of b.substances) {
      if (one !== other) add(index.entitiesOf(one), index.entitiesOf(other));
    }
  }
  const own = ({ substances }: Treatment) => substances.flatMap((one) => index.entitiesOf(one));
  if (a.byRoute.length > 0) add(a.byRoute, own(b));
  if (b.byRoute.length > 0) add(own(a), b.byRoute);
  return [...found.values()].sort((x, y) => (x.entities.join("+") < y.entities.join("+") ? -1 : 1));
}

/** The entry in the words of an alert, which names the level already: once is enough. */
function adviceOf(entry: ReturnType<DrugIndex["between"]>[number], locale: "fr" | "en"): string {
  const [only, ...others] = entry.levels;
  if (!only || others.length > 0) return evidenceOf(entry, locale);
  return [entry.entities.join(" + "), only[1], entry.mechanism].filter(Boolean).join(" — ");
}

function evidenceOf(
  { entities, levels, mechanism }: ReturnType<DrugIndex["between"]>[number],
  locale: "fr" | "en",
): string {
  const parts = levels.map(([level, advice]) => `${levelWords[locale][level]}${advice ? ` : ${advice}` : ""}`);
  return [`${entities.join(" + ")} — ${parts.join(" ; ")}`, mechanism].filter(Boolean).join(" — ");
}
