import type {
  AccessRefused,
  AcknowledgementRequired,
  CarnetError,
  CarnetErrorCode,
  Conflict,
  ConsentRequired,
  ContentLost,
  DocumentNotFound,
  DocumentRejected,
  IdentityMismatch,
  InvalidAnswer,
  NotSupported,
  Offline,
  RecordClosed,
  RecordNotFound,
  Timeout,
  TooManyRequests,
  Unauthorised,
  Unavailable,
} from "./errors.ts";

/** Is this an error of the client? By shape, so that it holds across realms and copies of the package. */
export function isCarnetError(error: unknown): error is CarnetError;
export function isCarnetError(error: unknown, code: CarnetErrorCode): error is CarnetError;
export function isCarnetError(error: unknown, code?: CarnetErrorCode): error is CarnetError {
  if (typeof error !== "object" || error === null || !("rule" in error)) return false;
  const own = (error as Partial<CarnetError>).code;
  return code === undefined ? typeof own === "string" : own === code;
}

const by =
  <T extends CarnetError>(code: CarnetErrorCode) =>
  (error: unknown): error is T =>
    isCarnetError(error, code);

export const isRecordNotFound = /* @__PURE__ */ by<RecordNotFound>("record-not-found");
export const isDocumentNotFound = /* @__PURE__ */ by<DocumentNotFound>("document-not-found");
export const isRecordClosed = /* @__PURE__ */ by<RecordClosed>("record-closed");
export const isConsentRequired = /* @__PURE__ */ by<ConsentRequired>("consent-required");
export const isAccessRefused = /* @__PURE__ */ by<AccessRefused>("access-refused");
export const isIdentityMismatch = /* @__PURE__ */ by<IdentityMismatch>("identity-mismatch");
export const isDocumentRejected = /* @__PURE__ */ by<DocumentRejected>("document-rejected");
export const isAcknowledgementRequired = /* @__PURE__ */ by<AcknowledgementRequired>("acknowledgement-required");
export const isUnauthorised = /* @__PURE__ */ by<Unauthorised>("unauthorised");
export const isConflict = /* @__PURE__ */ by<Conflict>("conflict");
export const isTooManyRequests = /* @__PURE__ */ by<TooManyRequests>("too-many-requests");
export const isUnavailable = /* @__PURE__ */ by<Unavailable>("unavailable");
export const isContentLost = /* @__PURE__ */ by<ContentLost>("content-lost");
export const isOffline = /* @__PURE__ */ by<Offline>("offline");
export const isTimeout = /* @__PURE__ */ by<Timeout>("timeout");
export const isNotSupported = /* @__PURE__ */ by<NotSupported>("not-supported");
export const isInvalidAnswer = /* @__PURE__ */ by<InvalidAnswer>("invalid-answer");
