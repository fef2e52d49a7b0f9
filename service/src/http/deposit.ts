/**
 * A deposit, whatever its transaction (ITI-65, ITI-105) or the seed: decide, read, seal, commit, then the receipt.
 * Idempotent by uniqueId and content: a deposit sent again gets the receipt of the first time. R108, R114 to R117.
 */
import { createHash, randomUUID } from "node:crypto";
import type { List } from "@carnet/sdk/fhir";
import type { AdmittedDocument, PatientReference, StatusPatch } from "../admission/index.ts";
import { type Access, appendAccess, lineOf } from "../log/access-log.ts";
import { noticeOf, rememberTold } from "../log/notice.ts";
import { decideDeposit, isAcceptedInsSystem, type Rule } from "../rules/index.ts";
import { planAnnouncements } from "../store/announcements.ts";
import { type DocumentRow, duplicateOf, findByUniqueIds, isDeadlock, supersedeDocument } from "../store/documents.ts";
import { type KeepOutcome, type KeptDeposit, keepDeposit } from "../store/keep-deposit.ts";
import type { RecordLocator } from "../store/records.ts";
import { frameOf, type OpenRecord, openRecord, type Trace } from "./access.ts";
import type { Caller } from "./caller.ts";
import { textOfCda } from "./cda-text.ts";
import { checkContent } from "./deposit-content.ts";
import { announcementsOf, noticeKeyOf } from "./deposit-notices.ts";
import { checkPatches, findReplaced } from "./deposit-replacement.ts";
import { factRow, lotRow, rowOf, supersededRow } from "./deposit-rows.ts";
import { visibilityOfDeposit } from "./deposit-visibility.ts";
import { authorsOf } from "./document-authors.ts";
import { factsOf, headerOf, isCda, type ReadFacts } from "./document-facts.ts";
import { compareIdentity, type StatedIdentity, statedInDocument, unknownPatient } from "./document-identity.ts";
import { keptDocumentReference } from "./document-resource.ts";
import { wireId } from "./ids.ts";
import {
  type FolderReceipt,
  keepFolders,
  keepFoldersAlone,
  keptFolders,
  type PreparedFolder,
  prepareFolders,
  type SubmittedFolder,
} from "./keep-folders.ts";
import { conflict, notFound, refusalError, unprocessable, WireError } from "./outcome.ts";
import { type Acknowledged, requireAcknowledged, subjectsOf } from "./sensitive-deposit.ts";
import type { Services } from "./services.ts";

/** One submission, of one lot. */
export interface Submission {
  readonly transaction: "TD2.1";
  readonly subject: PatientReference;
  readonly documents: readonly AdmittedDocument[];
  readonly patches: readonly StatusPatch[];
  readonly folders: readonly SubmittedFolder[];
  /** The lot as it will be kept, without its entries. */
  readonly lot: { readonly uniqueId: string; readonly date: string; readonly resource: List };
}

/** What the depositor is told about one document. */
export interface DocumentReceipt {
  readonly documentId: string;
  /** Id on the wire. */
  readonly id: string;
  readonly contentType: string;
  readonly receivedAt: Date;
  readonly alreadyInRecord: boolean;
}

export interface SubmissionReceipt {
  readonly recordId: string;
  readonly submissionSetId: string;
  readonly documents: readonly DocumentReceipt[];
  /** The folders, in the order of the submission. */
  readonly folders: readonly FolderReceipt[];
}

export interface DepositOptions {
  /** No notice and no line in the log: for seeding fictitious histories only. */
  readonly isSilent?: boolean;
  /** Instant of reception; the clock's when absent. */
  readonly receivedAt?: Date;
  /** What the depositor was warned of; nothing when absent. */
  readonly acknowledged?: Acknowledged;
}

/** A document that is ready to be kept. */
interface Prepared {
  readonly admitted: AdmittedDocument;
  readonly row: DocumentRow;
  readonly facts: ReadFacts;
  readonly superseded: DocumentRow | undefined;
}

/** Rounds when another request keeps the same document at the same time. */
const MAX_ROUNDS = 3;

/** @throws WireError; nothing is stored then */
export async function depositSubmission(
  services: Services,
  caller: Caller,
  submission: Submission,
  options: DepositOptions = {},
): Promise<SubmissionReceipt> {
  const locator = locatorOf(submission.subject);
  const trace = { transaction: "TD2.1", action: "C", objectType: "DocumentReference" } as const;
  const record = await openForDeposit(services, caller, submission.subject, locator, trace);
  try {
    checkSubjects(record, submission);
    for (let round = 1; ; round++) {
      try {
        return await depositOnce(services, record, submission, options);
      } catch (error) {
        const duplicate = duplicateOf(error);
        if (duplicate === "set-version") throw conflict("R116", "ClinicalDocument.versionNumber");
        // Somebody kept the same uniqueId, or changed the replaced document, meanwhile: look again.
        const isWorthAnother = duplicate !== undefined || isDeadlock(error) || error instanceof ReplacedChanged;
        if (!isWorthAnother || round === MAX_ROUNDS) throw error;
      }
    }
  } catch (error) {
    if (error instanceof WireError) await traceRefusal(services, record, error, submission);
    throw error;
  }
}

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

/** The replaced document changed between its reading and the commit. */
class ReplacedChanged extends Error {}

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
  options: DepositOptions,
): Promise<SubmissionReceipt> {
  // R116: who has the uniqueId of a document and its very bytes has the document: they are told that it is kept, whether
  // they would see it in the record or not. With other bytes, and for a deleted one, the uniqueId is taken, whoever asks.
  const known = await findByUniqueIds(
    services.store.database,
    record.id,
    submission.documents.map(({ uniqueId }) => uniqueId),
  );
  const fresh: AdmittedDocument[] = [];
  const receipts = new Map<string, DocumentReceipt>();
  for (const document of submission.documents) {
    const existing = known.find(({ unique_id }) => unique_id === document.uniqueId);
    if (!existing) fresh.push(document);
    else if (existing.sha1 !== document.content.sha1 || existing.status === "entered-in-error") {
      throw conflict("R116", `${document.expression}.masterIdentifier`);
    } else {
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
  const now = options.receivedAt ?? record.now;
  const prepared: Prepared[] = [];
  for (const document of fresh) {
    prepared.push(await prepare(services, record, document, now));
    // What a program seeds comes from ourselves.
    if (!options.isSilent) await checkContent(services, document, record.caller.actor.kind);
  }
  await checkPatches(services, record, submission.patches, [
    ...prepared.map(({ superseded }) => superseded?.document_id),
    ...known.map(({ replaces }) => replaces),
  ]);
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
    const puts = await Promise.allSettled(
      prepared.map(({ row, admitted }) =>
        services.store.blobs.put({ recordId: record.id, blobId: row.blob_id, key }, admitted.content.bytes),
      ),
    );
    for (const put of puts) if (put.status === "rejected") throw put.reason;
    if (prepared.length > 0) {
      isCommitting = true;
      submissionSetId = await commit(services, record, submission, prepared, { ...options, receivedAt: now, folders });
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
    const isUndone = !isCommitting || error instanceof WireError || error instanceof ReplacedChanged;
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

/** Everything that can be refused is refused here, before anything is stored. */
async function prepare(services: Services, record: OpenRecord, sent: AdmittedDocument, now: Date): Promise<Prepared> {
  const { expression, content } = sent;
  const xml = isCda(content.contentType) ? textOfCda(content.bytes) : undefined;
  const header = xml === undefined ? undefined : headerOf(xml, expression);
  const stated: StatedIdentity = statedInDocument(sent, header?.patient);
  const identity = compareIdentity(stated, record.row, expression, services.config.rules);
  const verdict = decideDeposit(frameOf(services, record.caller, record, record.now), {
    typeCode: sent.type.code,
    classCode: sent.category.code,
    contentType: content.contentType,
    size: content.bytes.length,
    identity,
  });
  if (!verdict.permit) throw depositRefusal(verdict.rule, verdict.refusal, expression);
  const superseded = await findReplaced(services, record, sent);
  const { visibility, restrictions } = visibilityOfDeposit(record, sent, superseded, now, services.config.rules);
  const admitted = { ...sent, visibility };
  const documentId = randomUUID();
  const kept = keptDocumentReference(admitted, {
    record,
    documentId,
    actor: record.caller.actor,
    now,
    replaces: superseded ? wireId(record.id, superseded.document_id) : undefined,
  });
  const authors = authorsOf(kept);
  if (record.caller.actor.kind === "patient" && (authors.kind !== "patient" || authors.ids.length > 0)) {
    throw unprocessable("R102", `${expression}.author`);
  }
  return {
    admitted,
    superseded,
    facts: factsOf(content, xml),
    row: rowOf(record, admitted, kept, {
      documentId,
      now,
      replaces: superseded?.document_id ?? null,
      restrictions,
      setId: header?.setId ?? null,
      setVersion: header?.version ?? null,
    }),
  };
}

/** What is wrong with the document is a 422; what is wrong with the caller a 403. */
function depositRefusal(rule: Rule, refusal: "forbidden" | "concealed" | "closed", expression: string): WireError {
  const place: Partial<Record<Rule, string>> = {
    R40: `${expression}.subject`,
    R84: `${expression}.type`,
    R102: `${expression}.category`,
    R123: `${expression}.content[0].attachment`,
  };
  if (refusal === "forbidden" && place[rule]) return unprocessable(rule, place[rule]);
  return refusalError({ permit: false, rule, refusal }, expression);
}

/** One transaction: the record still open, the lot, the documents, their facts, the lines in the log, the notice. */
async function commit(
  services: Services,
  record: OpenRecord,
  submission: Submission,
  prepared: readonly Prepared[],
  options: DepositOptions & { readonly receivedAt: Date; readonly folders: readonly PreparedFolder[] },
): Promise<string> {
  const { store } = services;
  const now = options.receivedAt;
  const noticeKey = options.isSilent
    ? undefined
    : noticeKeyOf(
        store,
        record,
        prepared.map(({ row }) => row),
        now,
      );
  const about = { recordId: record.id, caller: record.caller };
  const deposit: KeptDeposit = {
    lot: lotRow(record, submission, now),
    documents: prepared.map(({ row }) => row),
    facts: prepared.map(({ row, facts }) => factRow(row, facts)),
    notice: noticeKey ? noticeOf({ ...about, key: noticeKey, kind: "new-document", now }) : undefined,
    now,
  };
  const lines = options.isSilent ? [] : prepared.map((one) => accessOf(record, one, now));
  const [line] = lines;
  const replaced = prepared.flatMap(({ superseded }) => superseded ?? []);
  const announcements = options.isSilent
    ? []
    : prepared.flatMap(({ row }) => announcementsOf(row, services.config.rules));
  let submissionSetId: string;
  const isMoreThanOneStatement =
    lines.length > 1 || replaced.length > 0 || announcements.length > 0 || options.folders.length > 0;
  if (isMoreThanOneStatement) {
    submissionSetId = await store.transaction(async (transaction) => {
      const kept = keptLotOf(await keepDeposit(transaction, deposit));
      for (const previous of replaced) {
        if (!(await supersedeDocument(transaction, supersededRow(previous, now)))) {
          throw new ReplacedChanged();
        }
      }
      await planAnnouncements(transaction, announcements);
      await keepFolders(transaction, options.folders);
      for (const access of lines) await appendAccess(transaction, access);
      return kept;
    });
  } else {
    // The usual deposit: one statement is a transaction of its own.
    const whole = line ? { ...deposit, line: lineOf(line) } : deposit;
    submissionSetId = keptLotOf(await keepDeposit(store.database, whole));
  }
  if (noticeKey) rememberTold(store, record.id, noticeKey);
  store.noteWrites(prepared.length);
  return submissionSetId;
}

/** @throws WireError when nothing was kept */
function keptLotOf(outcome: KeepOutcome): string {
  if (outcome === "closed") throw refusalError({ permit: false, rule: "R15", refusal: "closed" });
  if (outcome === "taken") throw conflict("R116", "List.identifier");
  return outcome.submissionSetId;
}

/** A replacement, and what the depositor was warned of. */
function detailOf(admitted: AdmittedDocument, superseded: DocumentRow | undefined): { detail?: string } {
  const words = [...(superseded ? ["replace"] : []), ...subjectsOf(admitted).map(() => "sensitive")];
  return words.length > 0 ? { detail: [...new Set(words)].join(" ") } : {};
}

function accessOf(record: OpenRecord, { row, superseded, admitted }: Prepared, now: Date): Access {
  return {
    recordId: record.id,
    caller: record.caller,
    transaction: "TD2.1",
    action: "C",
    objectType: "DocumentReference",
    objectId: wireId(record.id, row.document_id),
    ...detailOf(admitted, superseded),
    recorded: now,
    outcome: "granted",
    rule: superseded ? "R117" : "R57",
  };
}

/** A stable `urn:oid:` from a text (a UUID under arc 2.25): the lot of a document deposited alone. */
export function derivedOid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex").slice(0, 32).split("");
  hex[12] = "8";
  hex[16] = "8";
  return `urn:oid:2.25.${BigInt(`0x${hex.join("")}`)}`;
}
