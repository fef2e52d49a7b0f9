import * as errors from "./errors.ts";
import { parseOutcome, readOutcome } from "./outcome.ts";

/** Rules that a declared consent satisfies (rules.md, section C). */
const CONSENT_RULE = /^R5[1-6]$/;
/** Rules about whose document it is (rules.md, section B). */
const IDENTITY_RULE = /^R(3[1345679]|40|44)$/;

/**
 * The typed error for an answer's status and OperationOutcome (wire.md, "Errors").
 *
 * @param request what was asked, without any value: `GET DocumentReference`
 */
export function errorFor(
  request: string,
  status: number,
  body: unknown,
  headers: Headers,
  retryAfterMs: number | undefined,
): errors.CarnetError {
  const outcome = parseOutcome(body);
  const { issue, rule, place } = readOutcome(outcome);
  const requestId = headers.get("x-request-id") ?? undefined;
  const details = { status, rule, place, outcome, requestId, retryAfterMs };
  if (status === 401) return new errors.Unauthorised(request, details);
  if (IDENTITY_RULE.test(rule ?? "") && status !== 404 && status < 500) {
    return new errors.IdentityMismatch(request, details);
  }
  switch (status) {
    case 403:
      return CONSENT_RULE.test(rule ?? "")
        ? new errors.ConsentRequired(request, details)
        : new errors.AccessRefused(request, details);
    case 404:
      // A web server that knows no such page must not read as "this person has no record": FHIR servers say more.
      if (issue === "not-supported" || (!outcome && /^\w{3,4} \w+$/.test(request))) {
        return new errors.NotSupported(request, details);
      }
      // A search or a deposit names a record; a read or a change names a document in it.
      return /^PATCH|\[id\]/.test(request) && !/ Patient\b/.test(request)
        ? new errors.DocumentNotFound(request, details)
        : new errors.RecordNotFound(request, details);
    case 405:
    case 501:
      return new errors.NotSupported(request, details);
    case 409:
    case 412:
      return new errors.Conflict(request, details);
    case 410:
      return new errors.RecordClosed(request, details);
    case 428:
      return new errors.AcknowledgementRequired(request, details);
    case 429:
      return new errors.TooManyRequests(request, details);
  }
  if (status >= 500) return new errors.Unavailable(request, details);
  if (status >= 400) {
    return issue === "not-supported"
      ? new errors.NotSupported(request, details)
      : new errors.DocumentRejected(request, details);
  }
  return new errors.InvalidAnswer(request, `unexpected status ${status}`, details);
}
