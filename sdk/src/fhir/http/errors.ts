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
  readonly code: CarnetErrorCode;
  /** HTTP status, when an answer came. */
  readonly status: number | undefined;
  /** Rule that refused (`R59`), when the server named one. */
  readonly rule: string | undefined;
  /** Value of the answer's `X-Request-Id`, to quote to the operator. */
  readonly requestId: string | undefined;
  declare readonly outcome: OperationOutcome | undefined;

  constructor(code: CarnetErrorCode, message: string, details: CarnetErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "CarnetError";
    this.code = code;
    this.status = details.status;
    this.rule = details.rule;
    this.requestId = details.requestId;
    Object.defineProperty(this, "outcome", { value: details.outcome, enumerable: false });
  }
}

/** A subclass with a fixed code and a sentence that says what to do; written once, as fifteen constructors weigh. */
function define(name: string, code: CarnetErrorCode, sentence: string) {
  return class extends CarnetError {
    /** FHIRPath of what was refused, when the server named it. */
    readonly place: string | undefined;
    /** Milliseconds the server asks to wait, when it said so. */
    readonly retryAfterMs: number | undefined;

    constructor(request: string, details: CarnetErrorDetails = {}) {
      super(code, `${request}: ${sentence}`, details);
      this.name = name;
      this.place = details.place;
      this.retryAfterMs = details.retryAfterMs;
    }
  };
}

/** The person has no record (404 on a search, a deposit, the status or the summary). */
export class RecordNotFound extends define(
  "RecordNotFound",
  "record-not-found",
  "this person has no record. Nothing to retry.",
) {}
/** The document does not exist or is not shown to the caller; the server never says which. */
export class DocumentNotFound extends define(
  "DocumentNotFound",
  "document-not-found",
  "no such document for this caller. Read the list again.",
) {}
/** The record was closed (410); nothing can be read or added. */
export class RecordClosed extends define(
  "RecordClosed",
  "record-closed",
  "the record is closed. status() gives the date and the motive.",
) {}
/** No valid authorisation (R51–R56): ask the patient, then `authorise()` (TD0.3). */
export class ConsentRequired extends define(
  "ConsentRequired",
  "consent-required",
  "ask the patient for consent, then call authorise().",
) {}
/** Known, but not allowed; `rule` says which rule refused. */
export class AccessRefused extends define("AccessRefused", "access-refused", "refused; `rule` says why.") {}
/** The identity in the document is not the identity of the record (R34–R40): correct the document, never the record. */
export class IdentityMismatch extends define(
  "IdentityMismatch",
  "identity-mismatch",
  "the identity in the document is not that of the record.",
) {}
/** The document or its metadata were refused; `place` is the FHIRPath of what to correct. */
export class DocumentRejected extends define(
  "DocumentRejected",
  "document-rejected",
  "rejected; `place` says where.",
) {}
/** Code system of the subjects that a depositor is warned about (wire.md, "Sensitive documents"). */
const SENSITIVE_SYSTEM = "https://carnet.example/fhir/CodeSystem/sensitive-subject";

/**
 * The document is about something sensitive (genetics, psychiatry, HIV, a termination): ask the patient whether it may be
 * in the record and whether to hide it, then deposit it again with `acknowledgeSensitive: error.subjects`. Nothing was kept.
 */
export class AcknowledgementRequired extends define(
  "AcknowledgementRequired",
  "acknowledgement-required",
  "sensitive document: ask the patient, then deposit again with `acknowledgeSensitive`.",
) {
  /** `genetics`, `psychiatry`, `hiv`, `abortion`: each once. */
  get subjects(): readonly string[] {
    const codes = this.outcome?.issue.flatMap(({ details }) =>
      (details?.coding ?? []).flatMap(({ system, code }) => (system === SENSITIVE_SYSTEM && code ? [code] : [])),
    );
    return [...new Set(codes)];
  }
}
/** The token is missing, expired or meant for another service, even after it was renewed once. */
export class Unauthorised extends define("Unauthorised", "unauthorised", "sign in again.") {}
/** Same uniqueId with other content (409), or somebody changed the metadata first (412). */
export class Conflict extends define("Conflict", "conflict", "conflicts with what the record holds. Read it again.") {}
/** Still too many requests (429) after the allowed retries. */
export class TooManyRequests extends define("TooManyRequests", "too-many-requests", "wait before trying again.") {}
/** The service answers but cannot serve (5xx). */
export class Unavailable extends define("Unavailable", "unavailable", "the service is unavailable, try again later.") {}
/** No answer at all: network down, address wrong, or the connection was cut. A deposit may be repeated as it is. */
export class Offline extends define("Offline", "offline", "no answer. Check the network, then try again.") {}
/** The deadline passed (`timeoutMs`). A deposit may be repeated as it is. */
export class Timeout extends define("Timeout", "timeout", "no complete answer within the deadline.") {}
/** The server does not offer this operation. */
export class NotSupported extends define("NotSupported", "not-supported", "this server does not offer it.") {}
/** The answer is not what the wire says: wrong shape, damaged content, address outside the service. */
export class InvalidAnswer extends CarnetError {
  constructor(request: string, reason: string, details?: CarnetErrorDetails) {
    super("invalid-answer", `${request}: ${reason}.`, details);
    this.name = "InvalidAnswer";
  }
}

/** Is this an error of the client? By shape, so that it holds across realms and copies of the package. */
export function isCarnetError(error: unknown): error is CarnetError;
export function isCarnetError(error: unknown, code: CarnetErrorCode): error is CarnetError;
export function isCarnetError(error: unknown, code?: CarnetErrorCode): error is CarnetError {
  if (!(error instanceof Error) && !(typeof error === "object" && error !== null)) return false;
  const candidate = error as Partial<CarnetError>;
  return typeof candidate.code === "string" && "rule" in candidate && (code === undefined || candidate.code === code);
}

const by =
  <T extends CarnetError>(code: CarnetErrorCode) =>
  (error: unknown): error is T =>
    isCarnetError(error, code);

export const isRecordNotFound = by<RecordNotFound>("record-not-found");
export const isDocumentNotFound = by<DocumentNotFound>("document-not-found");
export const isRecordClosed = by<RecordClosed>("record-closed");
export const isConsentRequired = by<ConsentRequired>("consent-required");
export const isAccessRefused = by<AccessRefused>("access-refused");
export const isIdentityMismatch = by<IdentityMismatch>("identity-mismatch");
export const isDocumentRejected = by<DocumentRejected>("document-rejected");
export const isAcknowledgementRequired = by<AcknowledgementRequired>("acknowledgement-required");
export const isUnauthorised = by<Unauthorised>("unauthorised");
export const isConflict = by<Conflict>("conflict");
export const isTooManyRequests = by<TooManyRequests>("too-many-requests");
export const isUnavailable = by<Unavailable>("unavailable");
export const isOffline = by<Offline>("offline");
export const isTimeout = by<Timeout>("timeout");
export const isNotSupported = by<NotSupported>("not-supported");
export const isInvalidAnswer = by<InvalidAnswer>("invalid-answer");
