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
    this.name = new.target.name;
    this.code = code;
    this.status = details.status;
    this.rule = details.rule;
    this.requestId = details.requestId;
    Object.defineProperty(this, "outcome", { value: details.outcome, enumerable: false });
  }
}

/** The person has no record (404 on the record itself). */
export class RecordNotFound extends CarnetError {
  override readonly name = "RecordNotFound";
  constructor(request: string, details?: CarnetErrorDetails) {
    super("record-not-found", `${request}: this person has no record. Nothing to retry.`, details);
  }
}
/** The document does not exist or is not shown to the caller; the server never says which. */
export class DocumentNotFound extends CarnetError {
  override readonly name = "DocumentNotFound";
  constructor(request: string, details?: CarnetErrorDetails) {
    super("document-not-found", `${request}: no such document for this caller. Read the list again.`, details);
  }
}
/** The record was closed (410); nothing can be read or added. */
export class RecordClosed extends CarnetError {
  override readonly name = "RecordClosed";
  constructor(request: string, details?: CarnetErrorDetails) {
    super("record-closed", `${request}: the record is closed. status() gives the date and the motive.`, details);
  }
}
/** No valid authorisation (R51–R56): ask the patient, then `authorise()` (TD0.3). */
export class ConsentRequired extends CarnetError {
  override readonly name = "ConsentRequired";
  constructor(request: string, details?: CarnetErrorDetails) {
    super("consent-required", `${request}: ask the patient for consent, then call authorise().`, details);
  }
}
/** Known, but not allowed; `rule` says which rule refused. */
export class AccessRefused extends CarnetError {
  override readonly name = "AccessRefused";
  constructor(request: string, details?: CarnetErrorDetails) {
    super("access-refused", `${request}: refused${details?.rule ? ` by rule ${details.rule}` : ""}.`, details);
  }
}
/** The identity in the document is not the identity of the record (R34–R40): correct the document, never the record. */
export class IdentityMismatch extends CarnetError {
  override readonly name = "IdentityMismatch";
  readonly place: string | undefined;
  constructor(request: string, details?: CarnetErrorDetails) {
    super("identity-mismatch", `${request}: the identity in the document is not that of the record.`, details);
    this.place = details?.place;
  }
}
/** The document or its metadata were refused; `place` is the FHIRPath of what to correct. */
export class DocumentRejected extends CarnetError {
  override readonly name = "DocumentRejected";
  readonly place: string | undefined;
  constructor(request: string, details?: CarnetErrorDetails) {
    super("document-rejected", `${request}: rejected${details?.place ? ` at ${details.place}` : ""}.`, details);
    this.place = details?.place;
  }
}
/** The token is missing, expired or meant for another service, even after it was renewed once. */
export class Unauthorised extends CarnetError {
  override readonly name = "Unauthorised";
  constructor(request: string, details?: CarnetErrorDetails) {
    super("unauthorised", `${request}: sign in again.`, details);
  }
}
/** Same uniqueId with other content (409), or somebody changed the metadata first (412). */
export class Conflict extends CarnetError {
  override readonly name = "Conflict";
  constructor(request: string, details?: CarnetErrorDetails) {
    super("conflict", `${request}: conflicts with what the record holds. Read it again.`, details);
  }
}
/** Still too many requests (429) after the allowed retries. */
export class TooManyRequests extends CarnetError {
  override readonly name = "TooManyRequests";
  /** Milliseconds the server asks to wait, when it said so. */
  readonly retryAfterMs: number | undefined;
  constructor(request: string, details?: CarnetErrorDetails) {
    super("too-many-requests", `${request}: too many requests, wait before trying again.`, details);
    this.retryAfterMs = details?.retryAfterMs;
  }
}
/** The service answers but cannot serve (5xx). */
export class Unavailable extends CarnetError {
  override readonly name = "Unavailable";
  /** Milliseconds the server asks to wait, when it said so. */
  readonly retryAfterMs: number | undefined;
  constructor(request: string, details?: CarnetErrorDetails) {
    super("unavailable", `${request}: the service is unavailable, try again later.`, details);
    this.retryAfterMs = details?.retryAfterMs;
  }
}
/** No answer at all: network down, address wrong, or the connection was cut. A deposit may be repeated as it is. */
export class Offline extends CarnetError {
  override readonly name = "Offline";
  constructor(request: string, details?: CarnetErrorDetails) {
    super("offline", `${request}: no answer from the service. Check the network, then try again.`, details);
  }
}
/** The deadline passed (`timeoutMs`). A deposit may be repeated as it is. */
export class Timeout extends CarnetError {
  override readonly name = "Timeout";
  constructor(request: string, details?: CarnetErrorDetails) {
    super("timeout", `${request}: no complete answer within the deadline.`, details);
  }
}
/** The server does not offer this operation. */
export class NotSupported extends CarnetError {
  override readonly name = "NotSupported";
  constructor(request: string, details?: CarnetErrorDetails) {
    super("not-supported", `${request}: this server does not offer it.`, details);
  }
}
/** The answer is not what the wire says: wrong shape, damaged content, address outside the service. */
export class InvalidAnswer extends CarnetError {
  override readonly name = "InvalidAnswer";
  constructor(request: string, reason: string, details?: CarnetErrorDetails) {
    super("invalid-answer", `${request}: ${reason}.`, details);
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
export const isUnauthorised = by<Unauthorised>("unauthorised");
export const isConflict = by<Conflict>("conflict");
export const isTooManyRequests = by<TooManyRequests>("too-many-requests");
export const isUnavailable = by<Unavailable>("unavailable");
export const isOffline = by<Offline>("offline");
export const isTimeout = by<Timeout>("timeout");
export const isNotSupported = by<NotSupported>("not-supported");
export const isInvalidAnswer = by<InvalidAnswer>("invalid-answer");
