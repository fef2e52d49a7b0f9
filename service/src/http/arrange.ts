/** The patient's own lists: folders (classeurs) over documents of the record, and what is pinned (épinglé). R169. */
import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type AdmittedOwnList, admitOwnList } from "../admission/index.ts";
import { type Access, appendAccess } from "../log/access-log.ts";
import { type FolderRow, keepFolder, loadFolders, removeFolder, rewriteFolder } from "../store/folders.ts";
import { type RecordLocator, touchRecord } from "../store/records.ts";
import type { Database } from "../store/store.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { callerOf } from "./caller.ts";
import { folderResource, type ShownFolder, visibleFolders } from "./folders.ts";
import { isUuid, parseWireId, wireId } from "./ids.ts";
import { checkKept, closedRecord, folderRow, memberIds } from "./keep-folders.ts";
import { notFound, refusalError, unprocessable } from "./outcome.ts";
import { checkIfMatch, preconditionFailed } from "./preconditions.ts";
import { sendFhir } from "./respond.ts";
import type { Services } from "./services.ts";

export function registerArrange(fhir: FastifyInstance, services: Services): void {
  fhir.post("/List", async (request, reply) => {
    const admitted = admitOwnList(request.body);
    const record = await open(services, request, locatorOf(admitted), undefined);
    const { folderId, isNew } = await create(services, record, admitted);
    const folder = await own(services, record, folderId);
    reply.header("location", `${services.config.publicUrl}/fhir/List/${wireId(record.id, folderId)}`);
    reply.header("etag", `W/"${folder.row.version}"`);
    return sendFhir(reply, isNew ? 201 : 200, folderResource(record, folder));
  });

  fhir.put<{ Params: { id: string } }>("/List/:id", async (request, reply) => {
    const member = parseWireId(request.params.id);
    if (!member) throw notFound();
    const admitted = admitOwnList(request.body);
    const record = await open(services, request, { id: member.recordId }, request.params.id);
    checkSubject(record, admitted);
    await rewrite(services, record, admitted, member.memberId, request.headers["if-match"]);
    const folder = await own(services, record, member.memberId);
    reply.header("etag", `W/"${folder.row.version}"`);
    return sendFhir(reply, 200, folderResource(record, folder));
  });

  fhir.delete<{ Params: { id: string } }>("/List/:id", async (request, reply) => {
    const member = parseWireId(request.params.id);
    if (!member) throw notFound();
    const record = await open(services, request, { id: member.recordId }, request.params.id);
    const { row } = await own(services, record, member.memberId);
    checkIfMatch(request.headers["if-match"], row.version);
    await inRecord(services, record, "D", row.folder_id, (transaction) =>
      removeFolder(transaction, record.id, row.folder_id),
    );
    return reply.code(204).send();
  });
}

function locatorOf({ subject }: AdmittedOwnList): RecordLocator {
  if (subject.ins) return { ins: subject.ins };
  if (subject.id && isUuid(subject.id)) return { id: subject.id };
  throw notFound();
}

function checkSubject(record: OpenRecord, { subject }: AdmittedOwnList): void {
  const { ins_system: system, ins_value: value } = record.row;
  const isOther =
    (subject.id !== undefined && subject.id !== record.id) ||
    (subject.ins !== undefined && (subject.ins.system !== system || subject.ins.value !== value));
  if (isOther) throw unprocessable("R40", "List.subject");
}

async function open(
  services: Services,
  request: FastifyRequest,
  locator: RecordLocator,
  objectId: string | undefined,
): Promise<OpenRecord> {
  const action = request.method === "POST" ? "C" : request.method === "PUT" ? "U" : "D";
  const trace = { transaction: "FOLDERS", action, objectType: "List", objectId } as const;
  return openRecord(services, callerOf(request), locator, "arrange", trace);
}

async function create(
  services: Services,
  record: OpenRecord,
  admitted: AdmittedOwnList,
): Promise<{ readonly folderId: string; readonly isNew: boolean }> {
  const kind = kindOf(admitted);
  const mine = (await visibleFolders(services, record)).find((one) => one.isOwner && one.row.kind === "pinned");
  // What is pinned is one list: sent again, it is the new one.
  if (kind === "pinned" && mine) {
    await rewrite(services, record, admitted, mine.row.folder_id, undefined);
    return { folderId: mine.row.folder_id, isNew: false };
  }
  const documentIds = await memberIds(services, record, admitted.items, () => undefined);
  const uniqueId = admitted.uniqueId ?? `urn:uuid:${randomUUID()}`;
  const row = folderRow(record, admitted, { uniqueId, kind, now: record.now });
  await inRecord(services, record, "C", row.folder_id, async (transaction) => {
    checkKept(await keepFolder(transaction, row, documentIds), "List");
  });
  // A list sent again under its own identifier is the one that is there.
  const kept = (await visibleFolders(services, record)).find((one) => one.isOwner && one.row.unique_id === uniqueId);
  return { folderId: kept?.row.folder_id ?? row.folder_id, isNew: kept?.row.folder_id === row.folder_id };
}

function kindOf({ code }: AdmittedOwnList): FolderRow["kind"] {
  if (code === "folder" || code === "pinned") return code;
  throw unprocessable(undefined, "List.code", {
    fr: "« folder » (classeur) ou « pinned » (documents épinglés) est attendu.",
    en: "“folder” or “pinned” is expected.",
  });
}

/** The new title and documents; those that the caller may not see stay where they are. */
async function rewrite(
  services: Services,
  record: OpenRecord,
  admitted: AdmittedOwnList,
  folderId: string,
  ifMatch: string | undefined,
): Promise<void> {
  const { row, documentIds: seen } = await own(services, record, folderId);
  if (kindOf(admitted) !== row.kind) throw unprocessable(undefined, "List.code");
  checkIfMatch(ifMatch, row.version);
  const documentIds = await memberIds(services, record, admitted.items, () => undefined);
  const all = (await loadFolders(services.store.database, record.id)).find((one) => one.row.folder_id === folderId);
  const kept = (all?.members ?? []).map((one) => one.document_id).filter((id) => !seen.includes(id));
  const { title, date, designation_type, resource } = folderRow(record, admitted, {
    uniqueId: row.unique_id,
    kind: row.kind,
    now: record.now,
  });
  const next = { ...row, title, date, designation_type, resource, titled_at: record.now, version: row.version + 1 };
  await inRecord(services, record, "U", folderId, async (transaction) => {
    const outcome = await rewriteFolder(transaction, next, documentIds, kept);
    if (outcome === "changed") throw preconditionFailed();
    checkKept(outcome, "List.entry");
  });
}

/** A list of the patient's side that the caller sees. @throws WireError 404, 403 for a professional's */
async function own(services: Services, record: OpenRecord, folderId: string): Promise<ShownFolder> {
  const folder = (await visibleFolders(services, record)).find(({ row }) => row.folder_id === folderId);
  if (!folder) throw notFound();
  if (folder.row.owner_kind !== "patient") {
    throw refusalError({ permit: false, rule: "R169", refusal: "forbidden" }, "List");
  }
  return folder;
}

/** One transaction: the record still open, the change, its line in the log. */
async function inRecord(
  services: Services,
  record: OpenRecord,
  action: Access["action"],
  folderId: string,
  change: (transaction: Database) => Promise<void>,
): Promise<void> {
  await services.store.transaction(async (transaction) => {
    if (!(await touchRecord(transaction, record.id, record.now))) throw closedRecord();
    await change(transaction);
    await appendAccess(transaction, {
      recordId: record.id,
      caller: record.caller,
      transaction: "FOLDERS",
      action,
      objectType: "List",
      objectId: wireId(record.id, folderId),
      recorded: record.now,
      outcome: "granted",
      rule: "R169",
    });
  });
}
