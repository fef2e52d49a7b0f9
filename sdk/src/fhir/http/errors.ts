import type { OperationOutcome } from "fhir/r4.js";

/** Stable strings to switch on; one per thing a caller does differently. */
export type CarnetErrorCode =
  | "record-not-found"
  | "document-not-found"
  | "record-closed"
  | "consent-required"
  | "access-refused"
  | "identity-mismatch"
  | "document-rejected"
  | "acknowledgement-required"
  | "unauthorised"
  | "conflict"
  | "too-many-requests"
  | "unavailable"
  | "content-lost"
  | "offline"
  | "timeout"
  | "not-supported"
  | "invalid-answer";

/** Details that come with an error; none of them is a patient's. */
export interface CarnetErrorDetails {
  readonly status?: number | undefined;
  readonly rule?: string | undefined;
  readonly place?: string | undefined;
  readonly outcome?: OperationOutcome | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/**
 * The base of every error of the client. `message` names the request and what to do, never a patient, a value or a token.
 * `outcome` is the server's own answer; it may quote the document, so it does not show when the error is printed.
 */
export class CarnetError extends Error {
  /** What to switch on. */
  declare readonly code: CarnetErrorCode;
  /** HTTP status, when an answer came. */
  declare readonly status: number | undefined;
  /** Rule that refused (`R59`), when the server named one. */
  declare readonly rule: string | undefined;
  /** Value of the answer's `X-Request-Id`, to quote to the operator. */
  declare readonly requestId: string | undefined;
  /** FHIRPath of what was refused, when the server named it. */
  declare readonly place: string | undefined;
  /** Milliseconds the server asks to wait, when it said so. */
  declare readonly retryAfterMs: number | undefined;
  declare readonly outcome: OperationOutcome | undefined;

  constructor(code: CarnetErrorCode, message: string, details: CarnetErrorDetails = {}) {
    super(message, details);
    // `record-not-found` is RecordNotFound.
    this.name = code.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
    const { status, rule, requestId, place, retryAfterMs, outcome } = details;
    Object.assign(this, { code, status, rule, requestId, place, retryAfterMs });
    // Defined so, it is not enumerable.
    Object.defineProperty(this, "outcome", { value: outcome });
  }
}

/** A subclass with a fixed code and a sentence that says what to do; written once, as fifteen constructors weigh. */
function define<C extends CarnetErrorCode>(code: C, sentence: string) {
  return class extends CarnetError {
    // Its own type: else one guard's "no" would rule out every other error.
    declare readonly code: C;

    constructor(request: string, details?: CarnetErrorDetails) {
      super(code, `${request}: ${sentence}`, details);
    }
  };
}

/** The person has no record (404 on a search, a deposit, the status or the summary). */
export class RecordNotFound extends define("record-not-found", "this person has no record.") {}
/** The document does not exist or is not shown to the caller; the server never says which. */
export class DocumentNotFound extends define("document-not-found", "no such document here.") {}
/** The record was closed (410); nothing can be read or added. */
export class RecordClosed extends define("record-closed", "closed; status() says why.") {}
/** No valid authorisation (R51–R56): ask the patient, then `authorise()` (TD0.3). */
export class ConsentRequired extends define("consent-required", "ask the patient, then authorise().") {}
/** Known, but not allowed; `rule` says which rule refused. */
export class AccessRefused extends define("access-refused", "refused; `rule` says why.") {}
/** The identity in the document is not the identity of the record (R34–R40): correct the document, never the record. */
export class IdentityMismatch extends define("identity-mismatch", "not about this person.") {}
/** The document or its metadata were refused; `place` is the FHIRPath of what to correct. */
export class DocumentRejected extends define("document-rejected", "rejected; `place` says where.") {}
/**
 * The document is about something sensitive (genetics, psychiatry, HIV, a termination): ask the patient whether it may be
 * in the record and whether to hide it, then deposit it again with `acknowledgeSensitive: error.subjects`. Nothing was kept.
 */
export class AcknowledgementRequired extends define(
  "acknowledgement-required",
  "sensitive; ask the patient, then `acknowledgeSensitive`.",
) {
  /** `genetics`, `psychiatry`, `hiv`, `abortion`: each once. */
  get subjects(): readonly string[] {
    const codings = this.outcome?.issue.flatMap(({ details }) => details?.coding ?? []);
    return [...new Set(codings?.flatMap(({ system, code }) => (system?.endsWith("/sensitive-subject") && code) || []))];
  }
}
/** The token is missing, expired or meant for another service, even after it was renewed once. */
export class Unauthorised extends define("unauthorised", "sign in again.") {}
/** Same uniqueId with other content (409), or somebody changed the metadata first (412). */
export class Conflict extends define("conflict", "the record differs; read again.") {}
/** Still too many requests (429) after the allowed retries. */
export class TooManyRequests extends define("too-many-requests", "wait, then try again.") {}
/** The service answers but cannot serve (5xx). */
export class Unavailable extends define("unavailable", "unavailable; try again.") {}
/** The service lost this content, or can no longer open it: asking again does not help, its operator or the author has it. */
export class ContentLost extends define("content-lost", "lost there; tell the operator.") {}
/** No answer at all: network down, address wrong, or the connection was cut. A deposit may be repeated as it is. */
export class Offline extends define("offline", "no answer; try again.") {}
/** The deadline passed (`timeoutMs`). A deposit may be repeated as it is. */
export class Timeout extends define("timeout", "no answer in time.") {}
/** The server does not offer this operation. */
export class NotSupported extends define("not-supported", "not offered here; check baseUrl.") {}
/** The answer is not what the wire says: wrong shape, damaged content, address outside the service. */
export class InvalidAnswer extends CarnetError {
  declare readonly code: "invalid-answer";

  constructor(request: string, reason: string, details?: CarnetErrorDetails) {
    super("invalid-answer", `${request}: ${reason}.`, details);
  }
}
