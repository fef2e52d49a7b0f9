import type { DrugIndex } from "./drug-index.ts";
import type { IssueInput } from "./issue.ts";
import { isSamePrescriber } from "./prescribers.ts";
import { earliestOf, latestOf, plusDays } from "./time.ts";
import type { IdentifiedFact, Treatment } from "./treatment-groups.ts";
import { words } from "./words.ts";

/**
 * The same substance, or the same ATC code of level 5, in two current treatments. A prescription and its dispensing are
 * one treatment; so are a drug and its renewal by the same person.
 */
export function findDuplicates(treatments: readonly Treatment[], index: DrugIndex, locale: "fr" | "en"): IssueInput[] {
  const found: IssueInput[] = [];
  treatments.forEach((one, at) => {
    found.push(...withinTreatment(one, index, locale));
    for (const other of treatments.slice(at + 1)) found.push(...acrossTreatments(one, other, index, locale));
  });
  return found;
}

function withinTreatment(treatment: Treatment, index: DrugIndex, locale: "fr" | "en"): IssueInput[] {
  const text = words[locale];
  if (treatment.substances.length === 0) return [];
  const name = treatment.substances.map((one) => index.nameOf(one)).join(" + ");
  const found: IssueInput[] = [];
  for (const stage of ["plan", "dispense"] as const) {
    const facts = treatment.facts.filter((one) => one.stage === stage);
    const products = new Map<string, IdentifiedFact>();
    for (const fact of facts) if (!products.has(fact.product)) products.set(fact.product, fact);
    if (products.size > 1) {
      const [a, b] = [...products.values()].sort((x, y) => (x.label < y.label ? -1 : 1));
      // A product told by its code here and by its substance there may be the same box.
      const isSure = facts.every((one) => one.drug.by === "cis" || one.drug.by === "cip");
      found.push(
        duplicate(
          facts,
          [text.duplicate(a?.label ?? "", b?.label ?? "", name), ...(isSure ? [] : [text.maybeToldTwice])].join(" "),
          isSure ? "moderate" : "low",
        ),
      );
    } else if (stage === "plan") {
      const pair = twoPrescribers(facts);
      if (pair) found.push(duplicate(pair, text.twoPrescribers(treatment.label, name), "moderate"));
    }
  }
  return found;
}

/** Two persons who prescribe the same product within a month: an earlier prescription is a treatment renewed. */
function twoPrescribers(facts: readonly IdentifiedFact[]): readonly IdentifiedFact[] | undefined {
  for (const [at, one] of facts.entries()) {
    const last = latestOf(one.date);
    const first = earliestOf(one.date);
    if (!one.prescriber || !last || !first) continue;
    for (const other of facts.slice(at + 1)) {
      const day = earliestOf(other.date);
      if (!other.prescriber || isSamePrescriber(other.prescriber, one.prescriber) || !day) continue;
      if (day >= plusDays(first, -31) && day <= plusDays(last, 31)) return [one, other];
    }
  }
  return undefined;
}

function acrossTreatments(one: Treatment, other: Treatment, index: DrugIndex, locale: "fr" | "en"): IssueInput[] {
  const text = words[locale];
  const shared = one.substances.filter((substance) => other.substances.includes(substance));
  const own = (treatment: Treatment) =>
    treatment.facts.flatMap((fact) => fact.drug.atc).filter((code) => code.length === 7);
  const code = own(one).find((atc) => own(other).includes(atc));
  if (shared.length === 0 && code === undefined) return [];
  const [a, b] = one.label < other.label ? [one, other] : [other, one];
  const name = shared.length > 0 ? shared.map((substance) => index.nameOf(substance)).join(" + ") : `ATC ${code}`;
  const facts = [...a.facts, ...b.facts];
  return [duplicate(facts, text.duplicate(a.label, b.label, name), "moderate", shared.length === 0)];
}

function duplicate(
  facts: readonly IdentifiedFact[],
  detail: string,
  severity: IssueInput["severity"],
  isClass = false,
): IssueInput {
  return {
    kind: "duplicate",
    act: isClass
      ? { code: "DUPTHPCLS", display: "Duplicate Therapeutic Class Alert" }
      : { code: "DUPTHPGEN", display: "Duplicate Generic Alert" },
    severity,
    implicated: facts.map(({ fact, label }) => ({ fact, label })),
    detail,
    evidence: [detail],
    uses: ["drugs"],
  };
}
