/** Folders (classeurs) and pinned documents as one caller sees them. A member that is hidden leaves no trace. R145, R169. */
import type { List } from "@carnet/sdk/fhir";
import { extensionUrl, identifierSystem, profileUrl } from "@carnet/sdk/fhir";
import { seesFolder } from "../rules/index.ts";
import { factsOfRow } from "../store/documents.ts";
import { type FolderRow, loadFolders } from "../store/folders.ts";
import type { OpenRecord } from "./access.ts";
import { actorKey } from "./caller.ts";
import { wireId } from "./ids.ts";
import { systemOfKind } from "./list-query.ts";
import type { Services } from "./services.ts";

/** A folder with the documents that the caller may see. */
export interface ShownFolder {
  readonly row: FolderRow;
  readonly documentIds: readonly string[];
  /** Of what the caller sees: what is added unseen changes nothing. */
  readonly lastUpdated: Date;
  readonly isOwner: boolean;
}

/** The folders of the record that the caller sees, newest first. */
export async function visibleFolders(services: Services, record: OpenRecord): Promise<readonly ShownFolder[]> {
  const { actor } = record.caller;
  const folders = await loadFolders(services.store.database, record.id);
  return folders.flatMap(({ row, members }): ShownFolder[] => {
    const isOwner = row.owner_id === actorKey(actor);
    const judged = members.map((member) => ({
      id: member.document_id,
      addedAt: member.added_at,
      isFounding: member.is_founding,
      isDeleted: member.status === "entered-in-error",
      isVisible: record.decideOn("search", factsOfRow(member)).permit,
    }));
    const caller = { isOwner, isOfPatientSide: actor.kind === "patient" };
    if (!seesFolder(caller, { isOfPatient: row.owner_kind === "patient" }, judged)) return [];
    const seen = judged.filter(({ isVisible }) => isVisible);
    const times = [row.titled_at, ...seen.map(({ addedAt }) => addedAt)].map((date) => date.getTime());
    return [{ row, documentIds: seen.map(({ id }) => id), lastUpdated: new Date(Math.max(...times)), isOwner }];
  });
}

/** A folder as it is sent. */
export function folderResource(record: OpenRecord, folder: ShownFolder): List {
  const { row, documentIds, lastUpdated } = folder;
  const kept: Pick<List, "note" | "extension"> = JSON.parse(row.resource);
  const isComplete = row.kind === "folder" && row.designation_type !== null && documentIds.length > 0;
  const entry = documentIds.map((id) => ({ item: { reference: `DocumentReference/${wireId(record.id, id)}` } }));
  const designation = kept.extension?.filter((one) => one.url === extensionUrl.designationType) ?? [];
  return {
    resourceType: "List",
    id: wireId(record.id, row.folder_id),
    meta: {
      // Only who changes a folder needs its version; it counts what others may not see.
      ...(folder.isOwner ? { versionId: String(row.version) } : {}),
      lastUpdated: lastUpdated.toISOString(),
      ...(isComplete ? { profile: [profileUrl.folder] } : {}),
    },
    ...(designation.length > 0 ? { extension: designation } : {}),
    identifier: [
      { use: "usual", system: identifierSystem.uri, value: row.unique_id },
      { use: "official", system: identifierSystem.uri, value: `urn:uuid:${row.folder_id}` },
    ],
    status: "current",
    mode: "working",
    title: row.title,
    code: { coding: [{ system: systemOfKind[row.kind], code: row.kind }] },
    subject: {
      reference: `Patient/${record.id}`,
      type: "Patient",
      identifier: { system: record.row.ins_system, value: record.row.ins_value },
    },
    date: row.date.toISOString(),
    ...(kept.note ? { note: kept.note } : {}),
    ...(entry.length > 0 ? { entry } : {}),
  };
}
