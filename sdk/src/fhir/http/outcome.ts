import type { Coding, Extension, OperationOutcome } from "fhir/r4.js";
import { isFields } from "../parse.ts";

/** What an OperationOutcome says that a program can act on. No free text leaves this module. */
export interface OutcomeFacts {
  /** FHIR issue type of the first error, for example `forbidden`. */
  readonly issue?: string;
  /** Rule number of `rules.md`, for example `R59`. */
  readonly rule?: string;
  /** FHIRPath of what was refused, for example `Bundle.entry[1].resource.type`. */
  readonly place?: string;
  /** The content that was asked for is gone (wire.md, "Errors"). */
  readonly isLost?: boolean;
}

const RULE = /\bR\d{1,3}\b/;

/** The OperationOutcome in an answer's body, or nothing when the body is something else. */
export function parseOutcome(body: unknown): OperationOutcome | undefined {
  const isOutcome = isFields(body) && body.resourceType === "OperationOutcome" && Array.isArray(body.issue);
  return isOutcome ? (body as unknown as OperationOutcome) : undefined;
}

/** Rule number, place and issue type: the rule is read in an extension, then in `details`. */
export function readOutcome(outcome: OperationOutcome | undefined): OutcomeFacts {
  const facts: { issue?: string; rule?: string; place?: string; isLost?: boolean } = {};
  for (const issue of outcome?.issue ?? []) {
    if (!isFields(issue)) continue;
    facts.issue ??= issue.code;
    facts.place ??= issue.expression?.[0] ?? issue.location?.[0];
    // Each may be one thing, nothing or no list at all: a refusal that is written amiss is still a refusal.
    const coded: readonly (Partial<Extension & Coding> | null | undefined)[] = [
      issue.extension,
      issue.details?.coding,
    ].flat();
    const spoken = [
      ...coded.map((one) => one?.valueString ?? one?.valueCode ?? one?.code),
      issue.details?.text,
      issue.diagnostics,
    ];
    for (const text of spoken) {
      facts.isLost ||= text === "content-lost";
      if (typeof text === "string") facts.rule ??= RULE.exec(text)?.[0];
    }
  }
  return facts;
}
