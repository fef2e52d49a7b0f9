/** Folders of one record and their members. */
import { type Selectable, sql } from "kysely";
import { type RuleRow, selectRuleColumns } from "./documents.ts";
import type { Database } from "./store.ts";
import type { FolderTable } from "./tables.ts";

export type FolderRow = Selectable<FolderTable>;

/** A member with what the rules look at. */
export type FolderMemberRow = RuleRow & {
  readonly folder_id: string;
  readonly is_founding: boolean;
  readonly added_at: Date;
};

/** A record with more is no longer put in order by them. */
export const MAX_FOLDERS = 200;
export const MAX_MEMBERS = 500;

/** Every folder of the record, newest first, with its members in their order. */
export async function loadFolders(
  database: Database,
  recordId: string,
): Promise<readonly { readonly row: FolderRow; readonly members: readonly FolderMemberRow[] }[]> {
  const { rows: folders } = await sql<FolderRow>`
    select * from folder where record_id = ${recordId} order by date desc, folder_id desc`.execute(database);
  if (folders.length === 0) return [];
  const { rows } = await sql<FolderMemberRow>`
    select m.folder_id, m.is_founding, m.added_at, ${selectRuleColumns("d")}
    from folder_member m join document d on d.record_id = m.record_id and d.document_id = m.document_id
    where m.record_id = ${recordId} order by m.position, m.document_id`.execute(database);
  return folders.map((row) => ({ row, members: rows.filter((member) => member.folder_id === row.folder_id) }));
}

export type KeepFolderOutcome = "kept" | "taken" | "too-many";

/**
 * Keeps a folder under its uniqueId, or adds documents to the one that its owner sent before. Use the handle of the
 * act's transaction, in which the record's row is locked.
 */
export async function keepFolder(
  database: Database,
  row: FolderRow,
  documentIds: readonly string[],
): Promise<KeepFolderOutcome> {
  const { rows: known } = await sql<Pick<FolderRow, "folder_id" | "owner_id" | "unique_id">>`
    select folder_id, owner_id, unique_id from folder where record_id = ${row.record_id}`.execute(database);
  const existing = known.find(({ unique_id }) => unique_id === row.unique_id);
  if (existing && existing.owner_id !== row.owner_id) return "taken";
  if (!existing) {
    if (known.length >= MAX_FOLDERS) return "too-many";
    await database.insertInto("folder").values(row).execute();
  }
  const kept = existing ? { ...row, folder_id: existing.folder_id } : row;
  return addMembers(database, kept, documentIds, !existing);
}

/**
 * New title, date and documents of a folder, on the version before `row`'s. Documents of `kept` stay in it.
 * @returns `changed` when somebody wrote it meanwhile
 */
export async function rewriteFolder(
  database: Database,
  row: FolderRow,
  documentIds: readonly string[],
  kept: readonly string[],
): Promise<KeepFolderOutcome | "changed"> {
  const { record_id: recordId, folder_id: folderId } = row;
  const { rows } = await sql`
    update folder set title = ${row.title}, date = ${row.date}, titled_at = ${row.titled_at}, version = ${row.version},
      designation_type = ${row.designation_type}, resource = ${row.resource}
    where record_id = ${recordId} and folder_id = ${folderId} and version = ${row.version - 1}
    returning folder_id`.execute(database);
  if (rows.length === 0) return "changed";
  await sql`
    delete from folder_member where record_id = ${recordId} and folder_id = ${folderId}
      and not document_id = any(${[...kept]}::uuid[])`.execute(database);
  return addMembers(database, row, documentIds, true);
}

export async function removeFolder(database: Database, recordId: string, folderId: string): Promise<void> {
  await sql`delete from folder_member where record_id = ${recordId} and folder_id = ${folderId}`.execute(database);
  await sql`delete from folder where record_id = ${recordId} and folder_id = ${folderId}`.execute(database);
}

async function addMembers(
  database: Database,
  row: FolderRow,
  documentIds: readonly string[],
  isFounding: boolean,
): Promise<KeepFolderOutcome> {
  const { rows } = await sql<{ next: number; held: number }>`
    select coalesce(max(position) + 1, 0)::int as next, count(*)::int as held
    from folder_member where record_id = ${row.record_id} and folder_id = ${row.folder_id}`.execute(database);
  const { next, held } = rows[0] ?? { next: 0, held: 0 };
  if (held + documentIds.length > MAX_MEMBERS) return "too-many";
  for (const [index, documentId] of documentIds.entries()) {
    await sql`
      insert into folder_member (record_id, folder_id, document_id, position, is_founding, added_at)
      values (${row.record_id}, ${row.folder_id}, ${documentId}, ${next + index}, ${isFounding}, ${row.titled_at})
      on conflict (record_id, folder_id, document_id) do nothing`.execute(database);
  }
  return "kept";
}
