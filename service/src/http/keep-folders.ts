/** Folders (classeurs) that come with a deposit: which documents they hold, and how they are kept. ITI-65, R114. */
import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { AdmittedFolder, FolderItem } from "../admission/index.ts";
import { isByAuthor } from "../rules/index.ts";
import { factsOfRow, findDocument, findDocumentByIdentifier } from "../store/documents.ts";
import { type FolderRow, type KeepFolderOutcome, keepFolder } from "../store/folders.ts";
import { touchRecord } from "../store/records.ts";
import type { Database } from "../store/store.ts";
import type { OpenRecord } from "./access.ts";
import { actorKey } from "./caller.ts";
import { parseWireId, wireId } from "./ids.ts";
import { conflict, refusalError, unprocessable, WireError } from "./outcome.ts";
import type { Services } from "./services.ts";

/** A folder of a deposit. Its items of kind `entry` name documents of the deposit by their uniqueId. */
export interface SubmittedFolder {
  readonly admitted: AdmittedFolder;
  readonly uniqueId: string;
  /** `fullUrl` of a document of the deposit → its uniqueId. */
  readonly uniqueIds: ReadonlyMap<string, string>;
}

/** A folder that is ready to be kept. */
export interface PreparedFolder {
  readonly row: FolderRow;
  readonly documentIds: readonly string[];
  readonly expression: string;
}

/**
 * Finds the documents of each folder. One of the record must be the sender's to read or their own; what is not is
 * answered as unknown (R145).
 * @param deposited uniqueId → id of the documents of this deposit
 * @throws WireError 422
 */
export async function prepareFolders(
  services: Services,
  record: OpenRecord,
  folders: readonly SubmittedFolder[],
  deposited: ReadonlyMap<string, string>,
  now: Date,
): Promise<readonly PreparedFolder[]> {
  const prepared: PreparedFolder[] = [];
  for (const { admitted, uniqueId, uniqueIds } of folders) {
    const entryId = (fullUrl: string) => deposited.get(uniqueIds.get(fullUrl) ?? "");
    const documentIds = await memberIds(services, record, admitted.items, entryId);
    const row = folderRow(record, admitted, { uniqueId, kind: "folder", now });
    prepared.push({ row, documentIds, expression: admitted.expression });
  }
  return prepared;
}

/** Ids of the documents that a folder names, each once. @throws WireError 422 */
export async function memberIds(
  services: Services,
  record: OpenRecord,
  items: readonly FolderItem[],
  entryId: (fullUrl: string) => string | undefined,
): Promise<readonly string[]> {
  const ids = new Set<string>();
  for (const item of items) {
    const id = item.kind === "entry" ? entryId(item.fullUrl) : await knownId(services, record, item);
    if (id === undefined) {
      throw unprocessable(undefined, item.expression, {
        fr: "Ce document est inconnu dans ce dossier.",
        en: "This document is unknown in this record.",
      });
    }
    ids.add(id);
  }
  return [...ids];
}

async function knownId(
  services: Services,
  record: OpenRecord,
  item: Exclude<FolderItem, { kind: "entry" }>,
): Promise<string | undefined> {
  const { database } = services.store;
  const member = item.kind === "id" ? parseWireId(item.id) : undefined;
  if (item.kind === "id" && member?.recordId !== record.id) return undefined;
  const row = member
    ? await findDocument(database, record.id, member.memberId)
    : item.kind === "identifier"
      ? await findDocumentByIdentifier(database, record.id, item.value)
      : undefined;
  if (!row) return undefined;
  const facts = factsOfRow(row);
  const { actor } = record.caller;
  const isOwn = actor.kind !== "patient" && facts.status !== "entered-in-error" && isByAuthor(actor, facts);
  return isOwn || record.decideOn("read", facts).permit ? row.document_id : undefined;
}

export function folderRow(
  record: OpenRecord,
  admitted: AdmittedFolder,
  { uniqueId, kind, now }: { readonly uniqueId: string; readonly kind: FolderRow["kind"]; readonly now: Date },
): FolderRow {
  const { actor } = record.caller;
  return {
    record_id: record.id,
    folder_id: randomUUID(),
    unique_id: uniqueId,
    kind,
    owner_kind: actor.kind,
    owner_id: actorKey(actor),
    version: 1,
    received_at: now,
    titled_at: now,
    date: admitted.date ? new Date(admitted.date) : now,
    designation_type: admitted.designationType ?? null,
    title: admitted.title,
    resource: JSON.stringify({ ...admitted.resource, entry: undefined }),
  };
}

/** Keeps the folders in the transaction of their deposit. @throws WireError 409, 422; nothing of the deposit is kept then */
export async function keepFolders(transaction: Database, folders: readonly PreparedFolder[]): Promise<void> {
  for (const { row, documentIds, expression } of folders) {
    checkKept(await keepFolder(transaction, row, documentIds), expression);
  }
}

/** Folders whose documents were there already. @throws WireError */
export async function keepFoldersAlone(
  services: Services,
  record: OpenRecord,
  folders: readonly PreparedFolder[],
): Promise<void> {
  await services.store.transaction(async (transaction) => {
    if (!(await touchRecord(transaction, record.id, record.now))) throw closedRecord();
    await keepFolders(transaction, folders);
  });
}

/** What the sender is told of a folder. */
export interface FolderReceipt {
  /** Id on the wire. */
  readonly id: string;
  readonly receivedAt: Date;
  readonly alreadyInRecord: boolean;
}

export async function keptFolders(
  services: Services,
  record: OpenRecord,
  folders: readonly PreparedFolder[],
): Promise<readonly FolderReceipt[]> {
  const uniqueIds = folders.map(({ row }) => row.unique_id);
  const { rows } = await sql<Pick<FolderRow, "folder_id" | "unique_id" | "received_at">>`
    select folder_id, unique_id, received_at from folder
    where record_id = ${record.id} and unique_id = any(${uniqueIds})`.execute(services.store.database);
  return folders.flatMap(({ row }) => {
    const kept = rows.find(({ unique_id }) => unique_id === row.unique_id);
    if (!kept) return [];
    const alreadyInRecord = kept.folder_id !== row.folder_id;
    return [{ id: wireId(record.id, kept.folder_id), receivedAt: kept.received_at, alreadyInRecord }];
  });
}

export const closedRecord = () => refusalError({ permit: false, rule: "R15", refusal: "closed" });

export function checkKept(outcome: KeepFolderOutcome, expression: string): void {
  if (outcome === "taken") throw conflict("R116", `${expression}.identifier`);
  if (outcome === "too-many") {
    throw new WireError(422, [
      {
        code: "too-costly",
        fr: "Trop de classeurs, ou de documents dans un classeur.",
        en: "Too many folders, or documents in one folder.",
        expression,
      },
    ]);
  }
}
