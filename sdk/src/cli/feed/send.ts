import { decodeCda } from "../../cda/index.ts";
import type { CarnetClient } from "../../client/connect.ts";
import type { RecordHandle } from "../../client/record-handle.ts";
import {
  type CarnetErrorCode,
  isAccessRefused,
  isAcknowledgementRequired,
  isCarnetError,
} from "../../fhir/http/index.ts";
import type { Job, KnownDocument } from "./journal.ts";
import { Refusal } from "./refusal.ts";

/** The document is at fault, or the right to deposit it: trying again changes nothing. */
const refusals: ReadonlySet<CarnetErrorCode> = new Set([
  "record-not-found",
  "document-not-found",
  "record-closed",
  "consent-required",
  "access-refused",
  "identity-mismatch",
  "document-rejected",
  "acknowledgement-required",
  "conflict",
]);

/** A large document over a slow line. */
const SEND_TIMEOUT_MS = 300_000;

/**
 * Deposits a job's bytes, as a replacement of `formerId` when there is one.
 *
 * @throws Refusal when the record refuses; any other error means "later, the same again"
 */
export async function send(
  client: CarnetClient,
  job: Job,
  content: Uint8Array,
  formerId: string | undefined,
): Promise<KnownDocument & { readonly alreadyInRecord: boolean }> {
  const record = client.record(job.ins);
  const input = {
    kind: "cda" as const,
    xml: decodeCda(content),
    content,
    ...(job.visibility ? { visibility: defined(job.visibility) } : {}),
  };
  const options = {
    timeoutMs: SEND_TIMEOUT_MS,
    ...(job.acknowledgeSensitive ? { acknowledgeSensitive: job.acknowledgeSensitive } : {}),
  };
  try {
    const receipt =
      formerId === undefined ? await record.deposit(input, options) : await record.replace(formerId, input, options);
    return { ...receipt, sourceDigest: job.sourceDigest };
  } catch (error) {
    throw asRefusal(error);
  }
}

/** The id of a version that was deposited elsewhere; `undefined` when there is none for this caller, or no right to look. */
export async function findFormer(record: RecordHandle, uniqueId: string): Promise<string | undefined> {
  try {
    const [found] = await record.documents({ uniqueId, status: "all" }).toArray({ limit: 1 });
    return found?.id;
  } catch (error) {
    if (isAccessRefused(error) || (isCarnetError(error) && refusals.has(error.code))) return undefined;
    throw error;
  }
}

function asRefusal(error: unknown): unknown {
  if (!isCarnetError(error) || !refusals.has(error.code)) return error;
  const subjects = isAcknowledgementRequired(error) ? error.subjects.join(", ") : undefined;
  const place = subjects ?? ("place" in error && typeof error.place === "string" ? error.place : undefined);
  const { rule, requestId } = error;
  if (error.status === 413) return new Refusal("file-too-large", { requestId, error: error.code, cause: error });
  return new Refusal("refused-by-record", { place, rule, requestId, error: error.code, cause: error });
}

/** Fields that are there with the value `undefined` are not the same as fields left out. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
