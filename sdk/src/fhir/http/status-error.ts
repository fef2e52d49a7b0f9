import * as errors from "./errors.ts";
import { parseOutcome, readOutcome } from "./outcome.ts";

/** Rules that a declared consent satisfies (rules.md, section C). */
const CONSENT_RULE = /^R5[1-6]$/;
/** Rules about whose document it is (rules.md, section B). */
const IDENTITY_RULE = /^R(3[1345679]|40|44)$/;
/** Statuses that say one thing, whatever stands in the answer. */
const ownError: Readonly<Record<number, Kind>> = {
  401: errors.Unauthorised,
  405: errors.NotSupported,
  409: errors.Conflict,
  410: errors.RecordClosed,
  412: errors.Conflict,
  428: errors.AcknowledgementRequired,
  429: errors.TooManyRequests,
  501: errors.NotSupported,
};

type Kind = new (request: string, details: errors.CarnetErrorDetails) => errors.CarnetError;

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
  const { issue, rule, place, isLost } = readOutcome(outcome);
  const requestId = headers.get("x-request-id") ?? undefined;
  const details = { status, rule, place, outcome, requestId, retryAfterMs };
  const Kind = kindOf();
  return Kind ? new Kind(request, details) : new errors.InvalidAnswer(request, `unexpected status ${status}`, details);

  function kindOf(): Kind | undefined {
    if (IDENTITY_RULE.test(rule ?? "") && status !== 401 && status !== 404 && status < 500)
      return errors.IdentityMismatch;
    if (status === 403) return CONSENT_RULE.test(rule ?? "") ? errors.ConsentRequired : errors.AccessRefused;
    if (status === 404) {
      // A web server that knows no such page must not read as "this person has no record": FHIR servers say more.
      if (issue === "not-supported" || (!outcome && /^\w{3,4} \w+$/.test(request))) return errors.NotSupported;
      // A search or a deposit names a record; a read or a change names a document in it.
      return /^PATCH|\[id\]/.test(request) && !/ Patient\b/.test(request)
        ? errors.DocumentNotFound
        : errors.RecordNotFound;
    }
    if (ownError[status]) return ownError[status];
    if (status >= 500) return isLost ? errors.ContentLost : errors.Unavailable;
    if (status >= 400) return issue === "not-supported" ? errors.NotSupported : errors.DocumentRejected;
    return undefined;
  }
}
