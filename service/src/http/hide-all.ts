/** Hides every document of a record at once (R146). A few statements, whatever the number of documents. */
import type { DocumentReference } from "@carnet/sdk/fhir";
import { sql } from "kysely";
import type { Labels } from "../rules/index.ts";
import type { DocumentRow } from "../store/documents.ts";
import { versionOfRecord } from "../store/records.ts";
import { resourceText } from "../store/resource-text.ts";
import type { Database } from "../store/store.ts";
import { withAttributes } from "./document-resource.ts";

const AT_ONCE = 200;

/** To be called in a transaction that holds the record. @param mayBe what labels may stand together (R141) */
export async function hideAllDocuments(
  database: Database,
  recordId: string,
  now: Date,
  mayBe: (labels: Labels) => boolean,
): Promise<void> {
  const { rows } = await sql<DocumentRow>`
    select * from document
    where record_id = ${recordId} and not is_hidden and status <> 'entered-in-error'`.execute(database);
  const changed = rows.filter((row) =>
    mayBe({
      isHidden: true,
      isInvisibleToPatient: row.is_invisible_to_patient,
      isInvisibleToRepresentatives: row.is_invisible_to_representatives,
    }),
  );
  for (let at = 0; at < changed.length; at += AT_ONCE) {
    const next = changed.slice(at, at + AT_ONCE).map((row) => {
      const kept: DocumentReference = JSON.parse(row.resource);
      const version = row.version + 1;
      const resource = withAttributes(kept, { ...row, is_hidden: true, version }, now);
      return { document_id: row.document_id, resource: resourceText(resource) };
    });
    await sql`
      update document d set is_hidden = true, version = d.version + 1, updated_at = ${now}, resource = n.resource,
        record_version = ${versionOfRecord(recordId)}
      from json_to_recordset(${JSON.stringify(next)}::json) as n(document_id uuid, resource text)
      where d.record_id = ${recordId} and d.document_id = n.document_id`.execute(database);
  }
}
