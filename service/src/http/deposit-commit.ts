/** Commits a deposit whose documents are prepared and whose contents are durable. R108, R114 to R117, R180. */
import type { AdmittedDocument } from "../admission/index.ts";
import { type Access, appendAccess, lineOf } from "../log/access-log.ts";
import { noticeOf, rememberTold } from "../log/notice.ts";
import { permit } from "../rules/index.ts";
import { planAnnouncements } from "../store/announcements.ts";
import { type DocumentRow, supersedeDocument } from "../store/documents.ts";
import { type KeepOutcome, type KeptDeposit, keepDeposit } from "../store/keep-deposit.ts";
import type { Database } from "../store/store.ts";
import type { OpenRecord } from "./access.ts";
import { hideEarlier } from "./change-attributes.ts";
import { announcementsOf, noticeKeyOf } from "./deposit-notices.ts";
import type { Prepared } from "./deposit-prepare.ts";
import { factRow, lotRow, supersededRow } from "./deposit-rows.ts";
import { wireId } from "./ids.ts";
import { keepFolders, type PreparedFolder } from "./keep-folders.ts";
import { conflict } from "./outcome.ts";
import { subjectsOf } from "./sensitive-deposit.ts";
import type { Services } from "./services.ts";
import type { DepositOptions, Submission } from "./submission.ts";

/** The replaced document changed between its reading and the commit. */
export class ReplacedChanged extends Error {}

/** The record was closed meanwhile, or its holder decided anew whether what comes in is hidden (R146). */
export class RecordMoved extends Error {}

/** One transaction: the record still open, the lot, the documents, their facts, the lines in the log, the notice. */
export async function commitDeposit(
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
    hidesNewDocuments: record.row.hides_new_documents,
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
      for (const { row } of prepared) await hideReplaced(transaction, record, row, now, options.isSilent === true);
      await planAnnouncements(transaction, announcements);
      await keepFolders(transaction, options.folders);
      for (const access of lines) await appendAccess(transaction, access);
      return kept;
    });
  } else {
    // The usual deposit: one statement is a transaction of its own.
    const whole = line ? { ...deposit, line: lineOf(line) } : deposit;
    submissionSetId = keptLotOf(
      await store.commits.commit((database, isLater) => keepDeposit(database, whole, isLater)),
    );
  }
  if (noticeKey) rememberTold(store, record.id, noticeKey);
  store.noteWrites(prepared.length);
  return submissionSetId;
}

/** R118: what comes in hidden, or secret to the representatives, hides the versions that it replaces. */
async function hideReplaced(
  database: Database,
  { id: recordId, caller }: OpenRecord,
  row: Prepared["row"],
  now: Date,
  isSilent: boolean,
): Promise<void> {
  const access = {
    recordId,
    caller,
    transaction: "TD3.3",
    action: "U",
    objectType: "DocumentReference",
    objectId: wireId(recordId, row.document_id),
    recorded: now,
  } as const;
  for (const [isSet, change, rule] of [
    [row.is_hidden, "hide", "R142"],
    [row.is_invisible_to_representatives, "hide-from-representatives", "R152"],
  ] as const) {
    if (isSet) await hideEarlier(database, access, row, change, isSilent ? [] : [{ change, verdict: permit(rule) }]);
  }
}

/** @throws WireError, RecordMoved when nothing was kept */
function keptLotOf(outcome: KeepOutcome): string {
  if (outcome === "moved") throw new RecordMoved();
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
