/** Which documents a summary may speak of: the current ones of a record, decided again for each caller. */
import { sql } from "kysely";
import { factsOfRow, type RuleRow, selectRuleColumns } from "../store/documents.ts";
import { perStore } from "../store/per-store.ts";
import type { OpenRecord } from "./access.ts";
import type { Services } from "./services.ts";

export interface SummaryRow extends RuleRow {
  readonly date: Date;
  /** Version of the reader that read its facts; null when it has none to add. */
  readonly reader_version: number | null;
}

/** What the caller may see: nothing else may show in any part of a summary (R145). */
export async function visibleDocuments(services: Services, record: OpenRecord): Promise<readonly SummaryRow[]> {
  const rows = await currentRows(services, record);
  return rows.filter((row) => record.decideOn("summary", factsOfRow(row)).permit);
}

/** The current documents of one version of a record: read once, decided for each caller. */
const knownIn = perStore(() => new Map<string, readonly SummaryRow[]>());
const MAX_RECORDS = 200;

async function currentRows(services: Services, record: OpenRecord): Promise<readonly SummaryRow[]> {
  const key = `${record.id} ${record.row.version}`;
  const known = knownIn(services.store);
  const read = known.get(key);
  if (read) return read;
  const { rows } = await sql<SummaryRow>`
    select ${selectRuleColumns("d")}, d.date, case when f.state = 'read' then f.reader_version end as reader_version
    from document d left join document_fact f on f.record_id = d.record_id and f.document_id = d.document_id
    where d.record_id = ${record.id} and d.status = 'current' and not d.is_archived
    order by d.date desc, d.document_id`.execute(services.store.database);
  for (const oldest of known.keys()) {
    if (known.size < MAX_RECORDS) break;
    known.delete(oldest);
  }
  known.set(key, rows);
  return rows;
}
