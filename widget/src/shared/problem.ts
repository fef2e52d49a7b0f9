import { type ProblemCode, sharedFrench } from "./strings-fr.ts";

/** States of a panel (contract.md, "Widget"). */
export type PanelState =
  | "loading"
  | "ready"
  | "no-record"
  | "closed"
  | "consent-needed"
  | "forbidden"
  | "offline"
  | "error";

/** What went wrong, in a form that holds no patient data and can be shown, counted and switched on. */
export interface Problem {
  readonly code: ProblemCode;
  readonly rule?: string;
}

/** True for the error of an aborted call: nobody waits for that answer any more. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** Any thrown value as a problem; what we do not know is "unexpected". */
export function toProblem(error: unknown): Problem {
  if (typeof error !== "object" || error === null || !("code" in error) || typeof error.code !== "string") {
    return { code: "unexpected" };
  }
  const rule = "rule" in error && typeof error.rule === "string" ? error.rule : undefined;
  const code = error.code.startsWith("ins-") ? "ins-invalid" : error.code;
  const isKnown = Object.hasOwn(sharedFrench.problems, code);
  return { code: isKnown ? (code as ProblemCode) : "unexpected", ...(rule === undefined ? {} : { rule }) };
}

/** The panel's state for a problem that concerns the whole record. */
export function stateOf(problem: Problem): PanelState {
  switch (problem.code) {
    case "record-not-found":
      return "no-record";
    case "record-closed":
      return "closed";
    case "consent-required":
      return "consent-needed";
    case "access-refused":
      return "forbidden";
    case "offline":
      return "offline";
    default:
      return "error";
  }
}
