import type { DocumentReference } from "fhir/r4.js";
import { type CallOptions, type CarnetError, Conflict, isConflict, isOffline } from "../../fhir/http/index.ts";
import { isFields } from "../../fhir/parse.ts";
import { identifierSystem } from "../../fhir/systems.ts";
import type { RecordContext } from "../context.ts";
import { toDocumentEntry } from "../document-entry.ts";
import { listDocuments } from "../documents.ts";
import { isRefusedAsking } from "../plain-server.ts";
import type { DocumentEntry, Receipt } from "../types.ts";
import { readPatient, setValues } from "../wire.ts";
import type { Submission } from "./submission.ts";

/** How often a deposit whose answer was lost is looked for, then made again. */
const ROUNDS = 3;

/**
 * A deposit on a server without transactions: one DocumentReference that holds its content. The server need not know
 * idempotence: the uniqueId is looked for first, and again whenever an answer was lost.
 * @throws Conflict when the uniqueId holds other content
 */
export async function depositPlain(
  context: RecordContext,
  submission: Submission,
  reference: DocumentReference,
  options: CallOptions,
  refusal: CarnetError,
): Promise<Receipt> {
  const offered = isRefusedAsking(refusal) && (await context.capabilities(options).catch(() => undefined));
  if (!offered || offered.hasTransaction) throw refusal;
  const { metadata, replaces } = submission;
  for (let round = 1; ; round++) {
    const known = await find(context, metadata.uniqueId, options);
    try {
      const document = known ?? (await create(context, submission, reference, options));
      const receipt = receiptOf(submission, document, known !== undefined);
      // Also when it was there already: whoever sent it may have been cut off before this.
      if (replaces) {
        const superseded = [{ op: "replace", path: "/status", value: "superseded" }] as const;
        await setValues(context, "DocumentReference", replaces, superseded, options);
      }
      return receipt;
    } catch (error) {
      // Taken meanwhile, or nobody knows: look again.
      const isUncertain = isOffline(error) || (isConflict(error) && error.status === 412);
      if (!isUncertain || round === ROUNDS) throw error;
    }
  }
}

async function find(
  context: RecordContext,
  uniqueId: string,
  options: CallOptions,
): Promise<DocumentEntry | undefined> {
  const [found] = await listDocuments(context, { uniqueId, status: "all" }, options).toArray({ limit: 1 });
  return found;
}

async function create(
  context: RecordContext,
  submission: Submission,
  reference: DocumentReference,
  options: CallOptions,
): Promise<DocumentEntry> {
  const { url: _url, ...attachment } = reference.content[0]?.attachment ?? {};
  const id = context.subject.id ?? (await readPatient(context, options)).id;
  const resource: DocumentReference = {
    ...reference,
    subject: { ...reference.subject, reference: `Patient/${id}` },
    content: [{ ...reference.content[0], attachment: { ...attachment, data: submission.base64 } }],
  };
  const { answer, body } = await context.http.json({
    method: "POST",
    path: "DocumentReference",
    headers: {
      prefer: "return=representation",
      "if-none-exist": `identifier=${encodeURIComponent(`${identifierSystem.uri}|${submission.metadata.uniqueId}`)}`,
    },
    body: JSON.stringify(resource),
    ...options,
  });
  if (isFields(body) && body.resourceType === "DocumentReference") return toDocumentEntry(body, answer.request);
  const made = /DocumentReference\/([^/]+)/.exec(answer.headers.get("location") ?? "")?.[1];
  return toDocumentEntry({ ...resource, ...(made ? { id: made } : {}) }, answer.request);
}

function receiptOf(submission: Submission, document: DocumentEntry, alreadyInRecord: boolean): Receipt {
  const hash = document.resource.content[0]?.attachment.hash;
  if (alreadyInRecord && hash !== undefined && hash !== submission.hash) throw new Conflict("POST DocumentReference");
  return {
    id: document.id,
    uniqueId: submission.metadata.uniqueId,
    location: `DocumentReference/${document.id}`,
    submissionSetId: submission.submissionSetId,
    receivedAt: document.resource.meta?.lastUpdated ?? submission.submittedAt,
    alreadyInRecord,
  };
}
