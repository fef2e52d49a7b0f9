import { connect } from "@carnet/sdk";
import type { Delivery } from "./drain.ts";
import type { OutboxRow, Parcel } from "./row.ts";

/** Send one parcel (TD2.1, ITI-65) and say what became of it. */
export async function deliver(
  parcel: Parcel,
  options: {
    fhirUrl: string;
    /** `refused`: the one that the service did not take. */
    token: (refused?: string) => Promise<string | undefined>;
    /** The person confirmed a sensitive document: without it the record asks first. */
    isAcknowledged: boolean;
    signal: AbortSignal;
  },
): Promise<Delivery> {
  if ((await options.token()) === undefined) return { kind: "sign-in" };
  const client = connect({
    baseUrl: options.fhirUrl,
    accessToken: async (asked) => (await options.token(asked?.refused)) ?? "",
  });
  try {
    const record = client.record(parcel.ins);
    const input = {
      kind: "cda",
      xml: parcel.xml,
      submissionSetId: parcel.submissionSetId,
      visibility: parcel.visibility,
    } as const;
    const given = {
      signal: options.signal,
      ...(options.isAcknowledged ? { acknowledgeSensitive: true as const } : {}),
    };
    const receipt =
      parcel.replaces === undefined
        ? await record.deposit(input, given)
        : await record.replace(parcel.replaces, input, given);
    return {
      kind: "receipt",
      receipt: {
        documentId: receipt.id,
        submissionSetId: receipt.submissionSetId,
        receivedAt: receipt.receivedAt,
        alreadyInRecord: receipt.alreadyInRecord,
      },
    };
  } catch (error) {
    return deliveryOfError(error);
  }
}

/**
 * The token of the person whose document it is, at the service that it is for. Somebody else may sign in while it is on its way,
 * or the settings name another service: theirs is never used for it.
 */
export function tokenFor(
  row: Pick<OutboxRow, "owner" | "serviceUrl">,
  access: { readonly owner: string; readonly serviceUrl: string; readonly token: string } | undefined,
): string | undefined {
  return access?.owner === row.owner && access.serviceUrl === row.serviceUrl ? access.token : undefined;
}

/** What the record says no by. */
const refusals: ReadonlySet<string> = new Set([
  "record-not-found",
  "record-closed",
  "consent-required",
  "access-refused",
  "identity-mismatch",
  "document-rejected",
  "acknowledgement-required",
  "document-not-found",
  "conflict",
  "not-supported",
]);

/**
 * Every error of the SDK has a stable `code`. A fault of the network or of the service is tried again; a refusal is told;
 * what we do not know is tried again, because a document must never be dropped for a fault of ours.
 * The record refuses with an OperationOutcome (wire.md, "Errors"): a 403 or a 404 without one is a proxy's, a portal's or that of a
 * gateway whose service restarts, and says nothing of the document.
 */
export function deliveryOfError(error: unknown): Delivery {
  const { code, rule, retryAfterMs, isAnsweredByOther, status } = fieldsOf(error);
  // Sent again, it would be as large.
  if (isAnsweredByOther && status === 413) return { kind: "refused", code: "too-large-on-the-way" };
  if (isAnsweredByOther && refusals.has(code)) return { kind: "later", code: "answered-by-another" };
  if (refusals.has(code)) return { kind: "refused", code, ...(rule === undefined ? {} : { rule }) };
  if (code === "unauthorised") return { kind: "sign-in" };
  // The document itself, refused by the reader before anything left.
  if (/^(cda|ins)-/.test(code)) return { kind: "refused", code };
  return { kind: "later", code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function fieldsOf(error: unknown) {
  const fields = (typeof error === "object" && error !== null ? error : {}) as Record<string, unknown>;
  return {
    code: typeof fields.code === "string" ? fields.code : "unknown",
    rule: typeof fields.rule === "string" ? fields.rule : undefined,
    retryAfterMs: typeof fields.retryAfterMs === "number" ? fields.retryAfterMs : undefined,
    status: fields.status,
    isAnsweredByOther: typeof fields.status === "number" && fields.outcome === undefined,
  };
}
