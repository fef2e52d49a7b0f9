/** What comes with an answer: documents of lists, lists of documents, replaced versions. Decided like what was searched. */
import { sql } from "kysely";
import type { DocumentFacts } from "../rules/index.ts";
import { factsOfRow, type RuleRow, selectRuleColumns } from "../store/documents.ts";
import type { OpenRecord } from "./access.ts";
import type { SearchEntry } from "./bundle.ts";
import { folderResource, visibleFolders } from "./folders.ts";
import { wireId } from "./ids.ts";
import { lotResource, readLots, visibleLots } from "./lots.ts";
import type { Services } from "./services.ts";
import { withVisibleRelations } from "./visible-relations.ts";

/** The documents, each once, in the order given; those that the caller may not see are not there. */
export async function includedDocuments(
  services: Services,
  record: OpenRecord,
  documentIds: readonly string[],
): Promise<readonly SearchEntry[]> {
  const ids = [...new Set(documentIds)];
  if (ids.length === 0) return [];
  const base = `${services.config.publicUrl}/fhir`;
  const { rows } = await sql<RuleRow & { resource: string }>`
    select ${selectRuleColumns()}, resource from document
    where record_id = ${record.id} and document_id = any(${ids}::uuid[])`.execute(services.store.database);
  const isVisible = (facts: DocumentFacts) => record.decideOn("search", facts).permit;
  const shown = ids.flatMap((id) => rows.find((row) => row.document_id === id && isVisible(factsOfRow(row))) ?? []);
  const resources = await withVisibleRelations(
    services.store.database,
    record.id,
    shown.map((row) => row.resource),
    isVisible,
  );
  return shown.map((row, index) => ({
    fullUrl: `${base}/DocumentReference/${wireId(record.id, row.document_id)}`,
    resource: resources[index] ?? row.resource,
    mode: "include",
  }));
}

/** Ids of the versions that these documents replaced, at once before them. R117. */
export async function replacedBy(
  services: Services,
  record: OpenRecord,
  documentIds: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ replaces: string }>`
    select replaces from document
    where record_id = ${record.id} and document_id = any(${[...documentIds]}::uuid[]) and replaces is not null`.execute(
    services.store.database,
  );
  return rows.map(({ replaces }) => replaces);
}

/** Lists that hold one of these documents and that the caller sees: `_revinclude=List:item`. */
export async function listsHolding(
  services: Services,
  record: OpenRecord,
  documentIds: readonly string[],
): Promise<readonly SearchEntry[]> {
  if (documentIds.length === 0) return [];
  const base = `${services.config.publicUrl}/fhir`;
  const holding = sql`submission_set_id in (
    select d.submission_set_id from document d where d.record_id = ${record.id} and d.document_id = any(${[...documentIds]}::uuid[])
  )`;
  const rows = await readLots(services, record, [holding], sql`date desc`, documentIds.length);
  const lots = (await visibleLots(services, record, rows)).map((lot) => lotResource(record, lot));
  const held = new Set(documentIds);
  const folders = (await visibleFolders(services, record))
    .filter((folder) => folder.documentIds.some((id) => held.has(id)))
    .map((folder) => folderResource(record, folder));
  return [...lots, ...folders].map((list) => ({
    fullUrl: `${base}/List/${list.id}`,
    resource: JSON.stringify(list),
    mode: "include",
  }));
}
