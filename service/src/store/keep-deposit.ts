/** Writes a deposit in one statement, hence whole or not at all, and without a round trip for each of its rows. */
import { CompiledQuery } from "kysely";
import { digestOf, lineParts, type UnchainedLine } from "../log/access-log.ts";
import { type NoticeRow, noticePart } from "../log/notice.ts";
import { type DocumentRow, insertColumns } from "./documents.ts";
import type { Database } from "./store.ts";
import type { DocumentFactTable, SubmissionSetTable } from "./tables.ts";

/** What one deposit writes, all in one record. */
export interface KeptDeposit {
  readonly lot: Omit<SubmissionSetTable, "record_version">;
  /** `submission_set_id` is that of the lot, or of the one with the same uniqueId: whatever stands here is not read. */
  readonly documents: readonly DocumentRow[];
  readonly facts: readonly DocumentFactTable[];
  /** The line of the access log, when the deposit has exactly one. */
  readonly line?: UnchainedLine | undefined;
  readonly notice?: NoticeRow | undefined;
  /** Whether the documents were prepared for a record that hides what comes in (R146). */
  readonly hidesNewDocuments: boolean;
  readonly now: Date;
}

/** `moved`: the record is not open, or no longer hides or shows what comes in as it did. `taken`: the lot's uniqueId is another sender's. Neither wrote a row. */
export type KeepOutcome = { readonly submissionSetId: string } | "moved" | "taken";

/**
 * The record's new version (its row is taken before all others, as by every other act), the lot, the documents, their
 * facts, the line in the log, the notice.
 * @param isConfirmedLater whether the commit shall not wait for the disk: see {@link SharedCommits}
 * @throws a unique violation, see {@link duplicateOf}
 */
export async function keepDeposit(
  database: Database,
  deposit: KeptDeposit,
  isConfirmedLater = false,
): Promise<KeepOutcome> {
  const { lot, documents, facts, line, notice, hidesNewDocuments, now } = deposit;
  const rowsAsJson = [lot, documents, facts].map((rows) => JSON.stringify(rows));
  const values: unknown[] = [lot.record_id, now, ...rowsAsJson, hidesNewDocuments];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const text = [
    keepParts,
    ...(line ? [lineParts("lot", parameter(digestOf(line)), parameter(JSON.stringify(line)))] : []),
    ...(notice ? [noticePart("lot", parameter(JSON.stringify(notice)))] : []),
  ].join(", ");
  const { rows } = await database.executeQuery<OutcomeRow>(
    CompiledQuery.raw(`with ${text} ${outcome}${isConfirmedLater ? `, ${unconfirmed}` : ""}`, values),
  );
  const found = rows[0];
  if (!found?.is_touched) return "moved";
  return found.submission_set_id === null ? "taken" : { submissionSetId: found.submission_set_id };
}

interface OutcomeRow {
  readonly is_touched: boolean;
  readonly submission_set_id: string | null;
}

const outcome = `select exists (select from touched) as is_touched, (select submission_set_id from lot) as submission_set_id`;

// For this transaction alone: nothing is left of it that a later commit could inherit.
const unconfirmed = `set_config('synchronous_commit', 'off', true)`;

const lotColumns = [
  "record_id",
  "submission_set_id",
  "unique_id",
  "received_at",
  "date",
  "designation_type",
  "source_family",
  "source_given",
  "source_id",
  "resource",
] as const satisfies readonly (keyof SubmissionSetTable)[];

const factColumns = [
  "record_id",
  "document_id",
  "reader_version",
  "state",
  "failure",
  "facts",
] as const satisfies readonly (keyof DocumentFactTable)[];

const ownColumns = insertColumns.filter((column) => column !== "submission_set_id");
const of = (alias: string, columns: readonly string[]) => columns.map((column) => `${alias}.${column}`).join(", ");

// Rows travel as JSON: the text is the same for one document and for a hundred, and is prepared once. Each part reads
// from the one before, which also fixes the order in which rows are locked. "do update" gives back the lot of another
// transaction too, which this statement's snapshot may not see.
const keepParts = `touched as (
  update record set version = version + 1, updated_at = $2 
  where record_id = $1 and state = 'open' and hides_new_documents = $6 returning record_id, version
), lot as (
  insert into submission_set (record_version, ${lotColumns.join(", ")})
  select touched.version, ${of("l", lotColumns)} from touched, json_populate_record(null::submission_set, $3::json) l
  on conflict (record_id, unique_id) do update set unique_id = excluded.unique_id
    where submission_set.source_id = excluded.source_id
  returning record_id, submission_set_id
), kept as (
  insert into document (submission_set_id, record_version, ${ownColumns.join(", ")})
  select lot.submission_set_id, touched.version, ${of("d", ownColumns)}
  from touched, lot, json_populate_recordset(null::document, $4::json) d
), read as (
  insert into document_fact (${factColumns.join(", ")})
  select ${of("f", factColumns)} from lot, json_populate_recordset(null::document_fact, $5::json) f
)`;
