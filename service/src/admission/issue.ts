/**
 * What the admission says about a submission it refuses, or keeps with a remark.
 * Source: wire.md, "Transactions" (errors) and "Minimum the record accepts".
 */

/** FHIR issue types (IssueType) that the admission uses. */
export type IssueCode =
  | "structure"
  | "required"
  | "value"
  | "invariant"
  | "code-invalid"
  | "not-found"
  | "business-rule";

/** One remark: the place as a FHIRPath-like expression (`Bundle.entry[1].resource.category`), and both languages. */
export interface AdmissionIssue {
  readonly severity: "error" | "warning";
  /**
   * 400: the JSON is not FHIR R4 (wrong type, unknown property, broken base64…).
   * 422: it is FHIR, but a profile or a rule of the record refuses it.
   */
  readonly status: 400 | 422;
  readonly code: IssueCode;
  readonly expression: string;
  /** French and English text. Neither holds a value taken from the submission. */
  readonly fr: string;
  readonly en: string;
}

/** The submission is refused as a whole; nothing of it may be stored. */
export class AdmissionError extends Error {
  readonly code = "admission-refused";
  /** 400 as soon as one issue is about form, else 422. */
  readonly status: 400 | 422;
  readonly issues: readonly AdmissionIssue[];

  constructor(issues: readonly AdmissionIssue[]) {
    super(`submission refused: ${issues[0]?.code ?? "structure"} at ${issues[0]?.expression ?? "the body"}`);
    this.name = "AdmissionError";
    this.issues = issues;
    this.status = issues.some((issue) => issue.severity === "error" && issue.status === 400) ? 400 : 422;
  }
}

/** More remarks than this help nobody and would let a hostile body make a huge answer. */
const maxIssues = 50;

/** Collects the remarks of one admission. */
export class Report {
  readonly issues: AdmissionIssue[] = [];

  /** The JSON is not the R4 shape. */
  malformed(code: IssueCode, expression: string, fr: string, en: string): void {
    this.#add({ severity: "error", status: 400, code, expression, fr, en });
  }

  /** Well-formed, but a profile or a rule refuses it. */
  refuse(code: IssueCode, expression: string, fr: string, en: string): void {
    this.#add({ severity: "error", status: 422, code, expression, fr, en });
  }

  /** Kept, with a remark for the sender. */
  warn(code: IssueCode, expression: string, fr: string, en: string): void {
    this.#add({ severity: "warning", status: 422, code, expression, fr, en });
  }

  get hasErrors(): boolean {
    return this.issues.some((issue) => issue.severity === "error");
  }

  get isMalformed(): boolean {
    return this.issues.some((issue) => issue.severity === "error" && issue.status === 400);
  }

  /** The warnings, when nothing is refused. @throws AdmissionError otherwise. */
  close(): readonly AdmissionIssue[] {
    if (this.hasErrors) throw new AdmissionError(this.issues);
    return this.issues;
  }

  #add(issue: AdmissionIssue): void {
    if (this.issues.length < maxIssues) this.issues.push(issue);
  }
}
