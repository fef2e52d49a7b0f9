/** Errors of the wire: the right HTTP status and an OperationOutcome in French and English. Source: wire.md, "Errors". */
import type { OperationOutcome, OperationOutcomeIssue } from "@carnet/sdk/fhir";
import { type Rule, ruleTexts, type Verdict } from "../rules/index.ts";

/** One remark of an answer. No text holds a value of the request or of the record. */
export interface WireIssue {
  readonly severity?: "error" | "warning" | "information";
  readonly code: OperationOutcomeIssue["code"];
  readonly fr: string;
  readonly en: string;
  readonly expression?: string | undefined;
  readonly rule?: Rule | undefined;
  /** A code of ours that says more than the rule. */
  readonly coding?: { readonly system: string; readonly code: string } | undefined;
}

/** Code system of the numbers of our rules. */
export const RULE_SYSTEM = "https://carnet.example/fhir/CodeSystem/rule";

/** Code system of what the service itself failed at, and that asking again does not mend. */
const FAULT_SYSTEM = "https://carnet.example/fhir/CodeSystem/service-fault";

/** A content that its row names is gone, or no longer opens: only the operator can bring it back. */
export const contentLost: WireIssue = {
  code: "exception",
  fr: "Ce contenu manque : le service l'a perdu ou ne peut plus l'ouvrir. Prévenez son exploitant, qui peut le restaurer d'une sauvegarde ; l'auteur en garde l'original.",
  en: "This content is missing: the service lost it or can no longer open it. Tell its operator, who can restore it from a backup; the author keeps the original.",
  coding: { system: FAULT_SYSTEM, code: "content-lost" },
};

/** An answer that is not a success. */
export class WireError extends Error {
  readonly code = "wire-error";
  readonly status: number;
  readonly issues: readonly WireIssue[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, issues: readonly WireIssue[], headers: Readonly<Record<string, string>> = {}) {
    super(`${status} ${issues[0]?.code ?? "exception"}`);
    this.status = status;
    this.issues = issues;
    this.headers = headers;
  }
}

export function operationOutcome(issues: readonly WireIssue[]): OperationOutcome {
  return {
    resourceType: "OperationOutcome",
    issue: issues.map(({ severity = "error", code, fr, en, expression, rule, coding }) => ({
      severity,
      code,
      details: {
        ...(rule || coding
          ? { coding: [...(rule ? [{ system: RULE_SYSTEM, code: rule }] : []), ...(coding ? [{ ...coding }] : [])] }
          : {}),
        text: `${fr} / ${en}`,
      },
      ...(expression ? { expression: [expression] } : {}),
    })),
  };
}

/** The one answer to what is unknown and to what is hidden: nothing in it tells which. */
export function notFound(): WireError {
  return new WireError(404, [{ code: "not-found", fr: "Ressource inconnue.", en: "Unknown resource." }]);
}

/** The answer to a refusal of the rules. */
export function refusalError(verdict: Extract<Verdict, { permit: false }>, expression?: string): WireError {
  const { fr, en } = ruleTexts[verdict.rule];
  const issue = { fr, en, rule: verdict.rule, expression };
  switch (verdict.refusal) {
    case "concealed":
      return notFound();
    case "closed":
      return new WireError(410, [{ ...issue, code: "deleted" }]);
    case "forbidden":
      return new WireError(403, [{ ...issue, code: "forbidden" }]);
  }
}

export function badRequest(fr: string, en: string, expression?: string): WireError {
  return new WireError(400, [{ code: "invalid", fr, en, expression }]);
}

/** 422: well formed, but a rule or a profile refuses it. */
export function unprocessable(
  rule: Rule | undefined,
  expression: string | undefined,
  text?: { fr: string; en: string },
): WireError {
  const { fr, en } = text ?? (rule ? ruleTexts[rule] : { fr: "Refusé.", en: "Refused." });
  return new WireError(422, [{ code: "business-rule", fr, en, rule, expression }]);
}

export function conflict(rule: Rule, expression?: string): WireError {
  const { fr, en } = ruleTexts[rule];
  return new WireError(409, [{ code: "duplicate", fr, en, rule, expression }]);
}
