/**
 * A deposit, whatever its transaction (ITI-65, ITI-105) or the seed: decide, read, seal, commit, then the receipt.
 * Idempotent by uniqueId and content: a deposit sent again gets the receipt of the first time. R108, R114 to R117.
 */
import { randomUUID } from "node:crypto";
import type { AdmittedDocument, PatientReference } from "../admission/index.ts";
import { appendAccess } from "../log/access-log.ts";
import { isAcceptedInsSystem } from "../rules/index.ts";
import { duplicateOf, findByUniqueIds, isDeadlock } from "../store/documents.ts";
import type { RecordLocator } from "../store/records.ts";
import { type OpenRecord, openRecord, type Trace } from "./access.ts";
import { bringBack } from "./bring-back.ts";
import type { Caller } from "./caller.ts";
import { requireMadeBefore } from "./creation-date.ts";
import { commitDeposit, RecordMoved, ReplacedChanged } from "./deposit-commit.ts";
import { checkContent } from "./deposit-content.ts";
import { type Prepared, prepareDocument } from "./deposit-prepare.ts";
import { checkPatches } from "./deposit-replacement.ts";
import { unknownPatient } from "./document-identity.ts";
import { wireId } from "./ids.ts";
import { keepFoldersAlone, keptFolders, prepareFolders } from "./keep-folders.ts";
import { conflict, notFound, unprocessable, WireError } from "./outcome.ts";
import { requireAcknowledged } from "./sensitive-deposit.ts";
import type { Services } from "./services.ts";
import type { DepositOptions, DocumentReceipt, Submission, SubmissionReceipt } from "./submission.ts";

/** Rounds after the first when another request keeps the same document at the same time. */
const MAX_ROUNDS = 3;
/** A deposit that takes no longer bears the time at which it was asked: who looks for changes reads so much again. */
const LONG_MS = 5000;

/** @throws WireError; nothing is stored then */
export async function depositSubmission(
  services: Services,
  caller: Caller,
  submission: Submission,
  options: DepositOptions = {},
): Promise<SubmissionReceipt> {
  const locator = locatorOf(submission.subject);
  const trace = { transaction: "TD2.1", action: "C", objectType: "DocumentReference" } as const;
  let record = await openForDeposit(services, caller, submission.subject, locator, trace);
  try {
    checkSubjects(record, submission);
    return await keepOrFind(services, record, submission, options, async () => {
      record = await openForDeposit(services, caller, submission.subject, locator, trace);
      return record;
    });
  } catch (error) {
    if (error instanceof WireError) await traceRefusal(services, record, error, submission);
    throw error;
  }
}

/** What the deposit was prepared for is no more: nothing of it was kept. */
function isMoved(error: unknown): boolean {
  return error instanceof ReplacedChanged || error instanceof RecordMoved;
}

/**
 * Nearly every document that comes in is new, and the unique index says so if it is not: whether it is in the record
 * already is only looked up once keeping it failed, for whatever reason.
 */
async function keepOrFind(
  services: Services,
  opened: OpenRecord,
  submission: Submission,
  options: DepositOptions,
  openAgain: () => Promise<OpenRecord>,
): Promise<SubmissionReceipt> {
  let record = opened;
  let known: readonly KnownDocument[] = [];
  for (let round = 0; ; round++) {
    try {
      return await depositOnce(services, record, submission, known, options);
    } catch (error) {
      const duplicate = duplicateOf(error);
      const isRefused = error instanceof WireError || duplicate === "set-version";
      // Somebody kept the same uniqueId, or changed the replaced document, meanwhile.
      const isOvertaken = duplicate === "unique-id" || isDeadlock(error) || isMoved(error);
      const isWorthAnother = round === 0 ? isRefused || isOvertaken : isOvertaken && round < MAX_ROUNDS;
      if (isWorthAnother) known = await findKnown(services, record, submission);
      if (!isWorthAnother || (isRefused && known.length === 0)) {
        throw duplicate === "set-version" ? conflict("R116", "ClinicalDocument.versionNumber") : error;
      }
      // Closed by now, or with another choice of its holder: both are the new record's to say.
      if (error instanceof RecordMoved) record = await openAgain();
    }
  }
}

type KnownDocument = Awaited<ReturnType<typeof findByUniqueIds>>[number];

const findKnown = (services: Services, record: OpenRecord, { documents }: Submission) =>
  findByUniqueIds(
    services.store.database,
    record.id,
    documents.map(({ uniqueId }) => uniqueId),
  );

/** @throws WireError 404 with code 902 (R44) to those to whom the existence of a record is no secret */
async function openForDeposit(
  services: Services,
  caller: Caller,
  { ins }: PatientReference,
  locator: RecordLocator,
  trace: Trace,
): Promise<OpenRecord> {
  if (ins && !isAcceptedInsSystem(ins.system, services.config.rules)) throw unprocessable("R31", "List.subject");
  try {
    return await openRecord(services, caller, locator, "deposit", trace);
  } catch (error) {
    const isUnknown = error instanceof WireError && error.status === 404;
    throw isUnknown && ins && caller.actor.kind !== "patient" ? unknownPatient("List.subject") : error;
  }
}

function locatorOf(subject: PatientReference): RecordLocator {
  if (subject.ins) return { ins: subject.ins };
  if (subject.id && /^[0-9a-f-]{36}$/.test(subject.id)) return { id: subject.id };
  throw notFound();
}

/** R40: the lot and each of its documents name the same person, by number, by id, or by both. @throws WireError 422 */
function checkSubjects(record: OpenRecord, { subject, documents }: Submission): void {
  const isOther = ({ id, ins }: PatientReference) => {
    if (id !== undefined && id !== record.id) return true;
    const isOfLot = ins?.system === subject.ins?.system && ins?.value === subject.ins?.value;
    return (
      ins !== undefined && !isOfLot && (ins.system !== record.row.ins_system || ins.value !== record.row.ins_value)
    );
  };
  if (isOther(subject)) throw unprocessable("R40", "List.subject");
  for (const document of documents) {
    if (isOther(document.subject)) throw unprocessable("R40", `${document.expression}.subject`);
  }
}

async function traceRefusal(
  services: Services,
  record: OpenRecord,
  error: WireError,
  submission: Submission,
): Promise<void> {
  await appendAccess(services.store.database, {
    recordId: record.id,
    caller: record.caller,
    transaction: submission.transaction,
    action: "C",
    objectType: "DocumentReference",
    recorded: record.now,
    outcome: "refused",
    rule: error.issues[0]?.rule ?? "none",
  });
}

async function depositOnce(
  services: Services,
  record: OpenRecord,
  submission: Submission,
  known: readonly KnownDocument[],
  options: DepositOptions,
): Promise<SubmissionReceipt> {
  // R116: who has the uniqueId of a document and its very bytes has the document: they are told that it is kept, whether
  // they would see it in the record or not. With other bytes, and for a deleted one, the uniqueId is taken, whoever asks.
  const fresh: AdmittedDocument[] = [];
  const receipts = new Map<string, DocumentReceipt>();
  for (const document of submission.documents) {
    const existing = known.find(({ unique_id }) => unique_id === document.uniqueId);
    if (!existing) fresh.push(document);
    else if (existing.sha1 !== document.content.sha1 || existing.status === "entered-in-error") {
      throw conflict("R116", `${document.expression}.masterIdentifier`);
    } else {
      await bringBack(services, record, existing, document.content.bytes);
      receipts.set(document.uniqueId, {
        documentId: existing.document_id,
        id: wireId(record.id, existing.document_id),
        contentType: existing.content_type,
        receivedAt: existing.received_at,
        alreadyInRecord: true,
      });
    }
  }
  if (record.caller.actor.kind !== "patient" && services.config.rules.sensitiveDeposits === "acknowledge") {
    requireAcknowledged(fresh, options.acknowledged ?? new Set());
  }
  if (fresh.length > 0) requireMadeBefore(services.now(), submission.lot.date, "List.date");
  let now = options.receivedAt ?? record.now;
  let prepared: Prepared[] = [];
  for (const document of fresh) {
    const { prepared: one, file } = await prepareDocument(services, record, document, now);
    prepared.push(one);
    // What a program seeds comes from ourselves.
    if (!options.isSilent) await checkContent(services, document, file, record.caller.actor.kind);
  }
  // Software asks for what came in since it last looked (R132): dated before that, a document that took long to judge would
  // never be found.
  const judgedAt = services.now();
  if (options.receivedAt === undefined && judgedAt.getTime() - now.getTime() > LONG_MS) {
    now = judgedAt;
    prepared = [];
    for (const document of fresh) prepared.push((await prepareDocument(services, record, document, now)).prepared);
  }
  await checkPatches(
    services,
    record,
    submission.patches,
    prepared.flatMap(({ superseded }) => superseded ?? []),
    known.map(({ replaces }) => replaces),
  );
  const deposited = new Map([
    ...[...receipts].map(([uniqueId, { documentId }]) => [uniqueId, documentId] as const),
    ...prepared.map(({ row }) => [row.unique_id, row.document_id] as const),
  ]);
  const folders = await prepareFolders(services, record, submission.folders, deposited, now);
  const key = services.store.keys.unwrap(record.row.wrapped_key);
  let submissionSetId = known[0]?.submission_set_id ?? randomUUID();
  let isCommitting = false;
  try {
    // All of them end before anything is taken back.
    const puts = await services.store.commits.near(() =>
      Promise.allSettled(
        prepared.map(({ row, admitted }) =>
          services.store.blobs.put({ recordId: record.id, blobId: row.blob_id, key }, admitted.content.bytes),
        ),
      ),
    );
    for (const put of puts) if (put.status === "rejected") throw put.reason;
    if (prepared.length > 0) {
      isCommitting = true;
      submissionSetId = await commitDeposit(services, record, submission, prepared, {
        ...options,
        receivedAt: now,
        folders,
      });
      if (!options.isSilent) services.onNotice();
    } else {
      if (folders.length > 0) await keepFoldersAlone(services, record, folders);
      await appendAccess(services.store.database, {
        recordId: record.id,
        caller: record.caller,
        transaction: "TD2.1",
        action: "C",
        objectType: "DocumentReference",
        objectId: [...receipts.values()][0]?.id,
        detail: "replay",
        recorded: record.now,
        outcome: "granted",
        rule: "R116",
      });
    }
  } catch (error) {
    // A connection lost around the commit leaves it unknown: the rows may be there, and their contents must be too.
    const isUndone = !isCommitting || error instanceof WireError || isMoved(error);
    if (!isUndone && !duplicateOf(error) && !isDeadlock(error)) throw error;
    for (const { row } of prepared) await services.store.blobs.remove({ recordId: record.id, blobId: row.blob_id });
    throw error;
  }
  for (const { row } of prepared) {
    receipts.set(row.unique_id, {
      documentId: row.document_id,
      id: wireId(record.id, row.document_id),
      contentType: row.content_type,
      receivedAt: row.received_at,
      alreadyInRecord: false,
    });
  }
  return {
    recordId: record.id,
    submissionSetId,
    documents: submission.documents.flatMap(({ uniqueId }) => receipts.get(uniqueId) ?? []),
    folders: folders.length > 0 ? await keptFolders(services, record, folders) : [],
  };
}
