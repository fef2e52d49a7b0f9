/** Lots (lots de soumission) as one caller sees them: only with the documents that they may see. R114, R145. */
import type { List } from "@carnet/sdk/fhir";
import { identifierSystem } from "@carnet/sdk/fhir";
import { type RawBuilder, sql } from "kysely";
import { factsOfRow, type RuleRow, selectRuleColumns } from "../store/documents.ts";
import type { OpenRecord } from "./access.ts";
import { actorKey } from "./caller.ts";
import { wireId } from "./ids.ts";
import type { Services } from "./services.ts";

export interface LotRow {
  readonly submission_set_id: string;
  readonly unique_id: string;
  readonly received_at: Date;
  readonly date: Date;
  readonly source_id: string | null;
  readonly resource: string;
}

/** A lot with the documents that the caller may see. */
export interface ShownLot {
  readonly row: LotRow;
  readonly documentIds: readonly string[];
}

/** Lots of the record under `conditions`. */
export async function readLots(
  services: Services,
  record: OpenRecord,
  conditions: readonly RawBuilder<unknown>[],
  order: RawBuilder<unknown>,
  limit: number,
): Promise<readonly LotRow[]> {
  const { rows } = await sql<LotRow>`
    select submission_set_id, unique_id, received_at, date, source_id, resource from submission_set
    where ${sql.join([sql`record_id = ${record.id}`, ...conditions], sql` and `)}
    order by ${order} limit ${limit}`.execute(services.store.database);
  return rows;
}

/** How many lots the caller may see in all: those with a visible document. */
export async function countLots(
  services: Services,
  record: OpenRecord,
  conditions: readonly RawBuilder<unknown>[],
): Promise<number> {
  const { rows } = await sql<RuleRow & { submission_set_id: string }>`
    select submission_set_id, ${selectRuleColumns()}
    from document where record_id = ${record.id} and submission_set_id in (
      select submission_set_id from submission_set
      where ${sql.join([sql`record_id = ${record.id}`, ...conditions], sql` and `)}
    )`.execute(services.store.database);
  const visible = rows.filter((row) => record.decideOn("search", factsOfRow(row)).permit);
  return new Set(visible.map((row) => row.submission_set_id)).size;
}

/** The lots that hold at least one document the caller may see, with those only. */
export async function visibleLots(
  services: Services,
  record: OpenRecord,
  rows: readonly LotRow[],
): Promise<readonly ShownLot[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.submission_set_id);
  const { rows: members } = await sql<RuleRow & { submission_set_id: string }>`
    select submission_set_id, ${selectRuleColumns()}
    from document where record_id = ${record.id} and submission_set_id = any(${ids}::uuid[])
    order by received_at, document_id`.execute(services.store.database);
  const visible = members.filter((member) => record.decideOn("search", factsOfRow(member)).permit);
  return rows.flatMap((row) => {
    const own = visible.filter((member) => member.submission_set_id === row.submission_set_id);
    return own.length === 0 ? [] : [{ row, documentIds: own.map((member) => member.document_id) }];
  });
}

/**
 * A lot as its readers get it. The sender's own words (title, notes, narrative) speak of every document of the lot, the
 * hidden ones too, so nobody but the sender gets them; a lot without a hidden document looks the same (R145).
 */
export function lotResource(record: OpenRecord, { row, documentIds }: ShownLot): List {
  const kept: List = JSON.parse(row.resource);
  const { note: _note, text: _text, encounter: _encounter, ...shown } = kept;
  const sent: List = row.source_id === actorKey(record.caller.actor) ? kept : { ...shown, title: "Lot de soumission" };
  return {
    ...sent,
    id: wireId(record.id, row.submission_set_id),
    meta: { ...sent.meta, versionId: "1", lastUpdated: row.received_at.toISOString() },
    identifier: [
      { use: "usual", system: identifierSystem.uri, value: row.unique_id },
      { use: "official", system: identifierSystem.uri, value: `urn:uuid:${row.submission_set_id}` },
    ],
    subject: {
      reference: `Patient/${record.id}`,
      type: "Patient",
      identifier: { system: record.row.ins_system, value: record.row.ins_value },
    },
    entry: documentIds.map((id) => ({ item: { reference: `DocumentReference/${wireId(record.id, id)}` } })),
  };
}
