/** Documents of one record: what the rules look at, and how rows are found and written. */
import { type RawBuilder, type Selectable, sql } from "kysely";
import type { DocumentFacts } from "../rules/index.ts";
import { tablesWith } from "./destroy.ts";
import { versionOfRecord } from "./records.ts";
import type { Database } from "./store.ts";
import type { DocumentTable } from "./tables.ts";

/** What a document is. In which version of its record it changed is written by the statement that changes it. */
export type DocumentRow = Omit<Selectable<DocumentTable>, "record_version">;

/** Columns that the rules look at. */
export const ruleColumns = [
  "document_id",
  "status",
  "type_code",
  "is_hidden",
  "is_invisible_to_patient",
  "is_invisible_to_representatives",
  "is_archived",
  "received_at",
  "author_kind",
  "author_ids",
  "author_structure_ids",
  "depositor_kind",
  "depositor_id",
  "depositor_structure_id",
  "withheld_from",
  "is_never_in_emergency",
  "patient_sees_from",
] as const satisfies readonly (keyof DocumentTable)[];

export type RuleRow = Pick<DocumentRow, (typeof ruleColumns)[number]>;

/** {@link ruleColumns} in a `select`. @param alias of the table, where two of them are joined */
export function selectRuleColumns(alias = "document"): RawBuilder<unknown> {
  return sql.join(ruleColumns.map((column) => sql.ref(`${alias}.${column}`)));
}

export function factsOfRow(row: Omit<RuleRow, "document_id">): DocumentFacts {
  return {
    status: row.status,
    typeCode: row.type_code,
    isHidden: row.is_hidden,
    isInvisibleToPatient: row.is_invisible_to_patient,
    isInvisibleToRepresentatives: row.is_invisible_to_representatives,
    isArchived: row.is_archived,
    receivedAt: row.received_at,
    authorKind: row.author_kind,
    authorIds: row.author_ids,
    authorStructureIds: row.author_structure_ids,
    depositorKind: row.depositor_kind,
    depositorId: row.depositor_id,
    depositorStructureId: row.depositor_structure_id,
    withheldFrom: row.withheld_from,
    isNeverInEmergency: row.is_never_in_emergency,
    patientSeesFrom: row.patient_sees_from,
  };
}

export async function findDocument(
  database: Database,
  recordId: string,
  documentId: string,
): Promise<DocumentRow | undefined> {
  const { rows } = await sql<DocumentRow>`
    select * from document where record_id = ${recordId} and document_id = ${documentId}`.execute(database);
  return rows[0];
}

/**
 * Which of these contents something names (a document, a message), by the id of the content. Which tables name contents is
 * asked of the schema, so that none can be forgotten.
 */
export async function findNamedBlobs(
  database: Database,
  places: readonly { readonly recordId: string; readonly blobId: string }[],
): Promise<ReadonlySet<string>> {
  const named = new Set<string>();
  if (places.length === 0) return named;
  for (const table of await tablesWith(database, "blob_id")) {
    const { rows } = await sql<{ blob_id: string }>`
      select blob_id from ${sql.table(table)}
      where record_id = any(${places.map(({ recordId }) => recordId)}::uuid[])
        and blob_id = any(${places.map(({ blobId }) => blobId)}::uuid[])`.execute(database);
    for (const row of rows) named.add(row.blob_id);
  }
  return named;
}

/** By uniqueId, or by the record's own `urn:uuid:` (logicalId). */
export async function findDocumentByIdentifier(
  database: Database,
  recordId: string,
  identifier: string,
): Promise<DocumentRow | undefined> {
  const { rows } = await sql<DocumentRow>`
    select * from document where record_id = ${recordId} and unique_id = ${identifier}`.execute(database);
  if (rows[0]) return rows[0];
  const uuid = /^urn:uuid:([0-9a-f-]{36})$/.exec(identifier)?.[1];
  return uuid ? findDocument(database, recordId, uuid) : undefined;
}

/** Already kept documents among `uniqueIds`. */
export async function findByUniqueIds(
  database: Database,
  recordId: string,
  uniqueIds: readonly string[],
): Promise<
  readonly (RuleRow &
    Pick<
      DocumentRow,
      | "document_id"
      | "unique_id"
      | "sha1"
      | "size"
      | "blob_id"
      | "submission_set_id"
      | "received_at"
      | "content_type"
      | "replaces"
    >)[]
> {
  const { rows } = await sql<DocumentRow>`
    select ${selectRuleColumns()}, unique_id, sha1, size, blob_id, submission_set_id, content_type, replaces
    from document where record_id = ${recordId} and unique_id = any(${[...uniqueIds]})`.execute(database);
  return rows;
}

/** Columns of a new document. */
export const insertColumns = [
  "record_id",
  "document_id",
  "submission_set_id",
  "version",
  "received_at",
  "updated_at",
  "unique_id",
  "set_id",
  "set_version",
  "status",
  "type_code",
  "type_system",
  "class_code",
  "class_system",
  "format_code",
  "format_system",
  "facility_code",
  "practice_code",
  "event_codes",
  "related_ids",
  "date",
  "creation",
  "act_start",
  "act_end",
  "confidentiality",
  "is_hidden",
  "is_invisible_to_patient",
  "is_invisible_to_representatives",
  "is_archived",
  "author_kind",
  "author_ids",
  "author_structure_ids",
  "author_families",
  "author_givens",
  "depositor_kind",
  "depositor_id",
  "depositor_structure_id",
  "withheld_from",
  "is_never_in_emergency",
  "patient_sees_from",
  "replaces",
  "content_type",
  "size",
  "sha1",
  "blob_id",
  "resource",
] as const satisfies readonly (keyof DocumentTable)[];

/**
 * What the rules look at when this document is to be replaced: a superseded one may be, once no version that replaced it is
 * left (R117, R120).
 */
export async function factsToReplace(database: Database, row: DocumentRow): Promise<DocumentFacts> {
  const facts = factsOfRow(row);
  if (row.status !== "superseded") return facts;
  const { rows } = await sql`
    select 1 from document
    where record_id = ${row.record_id} and replaces = ${row.document_id} and status <> 'entered-in-error' limit 1`.execute(
    database,
  );
  return { ...facts, isLastLeft: rows.length === 0 };
}

/**
 * `superseded`, if it is still of the version and restricted as it was read: the new version took that over. A replacement
 * adds a version to the former one even where that was superseded, so that of two at once one finds it moved.
 * @returns whether it was
 */
export async function supersedeDocument(
  database: Database,
  row: Pick<
    DocumentRow,
    "record_id" | "document_id" | "version" | "resource" | "updated_at" | "withheld_from" | "is_never_in_emergency"
  >,
): Promise<boolean> {
  const { rows } = await sql`
    update document set status = 'superseded', version = ${row.version}, updated_at = ${row.updated_at}, resource = ${row.resource},
      record_version = ${versionOfRecord(row.record_id)}
    where record_id = ${row.record_id} and document_id = ${row.document_id} and status <> 'entered-in-error' and version = ${row.version - 1}
      and withheld_from = ${row.withheld_from} and is_never_in_emergency = ${row.is_never_in_emergency}
    returning document_id`.execute(database);
  return rows.length > 0;
}

/** Unique violation: of the uniqueId (another request kept it first), or of the set and its version (R116). */
export function duplicateOf(error: unknown): "unique-id" | "set-version" | undefined {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "23505") return undefined;
  return "constraint" in error && error.constraint === "document_set_version" ? "set-version" : "unique-id";
}

/** Two transactions waited for each other and the database ended this one: it may simply be run again. */
export function isDeadlock(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "40P01";
}
