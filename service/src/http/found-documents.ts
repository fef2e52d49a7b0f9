/**
 * What a search finds in a record, not yet decided: who may see a document is asked for each caller, each time.
 *
 * The documents that a process read of one version of a record are kept until it has another version, which every change
 * of a document or of its metadata gives it, in the same transaction. The version itself is read at each request: another
 * process may serve the same database.
 */
import { type RawBuilder, sql } from "kysely";
import { type Actor, columnOf, type DocumentFacts, readableTypes } from "../rules/index.ts";
import { factsOfRow, type RuleRow, ruleColumns, selectRuleColumns } from "../store/documents.ts";
import { perStore } from "../store/per-store.ts";
import type { OpenRecord } from "./access.ts";
import { createByteCache } from "./byte-cache.ts";
import { type Cursor, encodeCursor } from "./cursor.ts";
import type { DocumentQuery } from "./document-query.ts";
import { CHANGED } from "./position.ts";
import type { Services } from "./services.ts";
import { hasRelations } from "./visible-relations.ts";

export interface FoundDocument {
  readonly id: string;
  readonly facts: DocumentFacts;
  readonly classCode: string;
  /** Value of the column that the search sorts by. */
  readonly position: Date;
  /** JSON text of the resource. */
  readonly resource: Buffer;
  /** Names documents that not everybody may be told of. */
  readonly hasRelations: boolean;
}

const MAX_BYTES = 64 * 1024 * 1024;
/** Of a document beside its resource, about. */
const FACTS_BYTES = 1000;

const foundIn = perStore(() =>
  createByteCache<readonly FoundDocument[]>(MAX_BYTES, (found) =>
    found.reduce((sum, { resource }) => sum + resource.length + FACTS_BYTES, FACTS_BYTES),
  ),
);

/**
 * The next `limit` documents after `cursor` that match, in the order asked for.
 * @param asked the parameters that `query` was read from
 */
export async function findDocuments(
  services: Services,
  record: OpenRecord,
  query: DocumentQuery,
  asked: URLSearchParams,
  cursor: Cursor | undefined,
  limit: number,
): Promise<readonly FoundDocument[]> {
  // The words of a document are read after it was kept, and give its record no new version; a position is asked for once.
  if (query.texts.length > 0 || asked.has(CHANGED)) return readDocuments(services, record, query, cursor, limit);
  const known = foundIn(services.store);
  const place = cursor ? encodeCursor(cursor) : "";
  const key = `${record.id} ${record.row.version} ${reachOf(record.caller.actor)} ${limit} ${place} ${asked}`;
  const kept = known.get(key);
  if (kept) return kept;
  const read = await readDocuments(services, record, query, cursor, limit);
  known.put(key, read);
  return read;
}

interface FoundRow extends RuleRow {
  readonly resource: string;
  readonly class_code: string;
  readonly position: Date;
}

async function readDocuments(
  services: Services,
  record: OpenRecord,
  query: DocumentQuery,
  cursor: Cursor | undefined,
  limit: number,
): Promise<readonly FoundDocument[]> {
  const column = sql.ref(query.sort.column);
  const direction = query.sort.isDescending ? sql`desc` : sql`asc`;
  const conditions = conditionsOf(record, query);
  if (cursor) {
    const sign = query.sort.isDescending ? sql`<` : sql`>`;
    conditions.push(sql`(${column}, document_id) ${sign} (${cursor.position}, ${cursor.id}::uuid)`);
  }
  const { rows } = await sql<FoundRow>`
    select ${selectRuleColumns()}, class_code, resource, ${column} as position
    from document where ${sql.join(conditions, sql` and `)}
    order by ${column} ${direction}, document_id ${direction} limit ${limit}`.execute(services.store.database);
  return rows.map((row) => ({
    id: row.document_id,
    facts: factsOfRow(row),
    classCode: row.class_code,
    position: row.position,
    resource: Buffer.from(row.resource),
    hasRelations: hasRelations(row.resource),
  }));
}

/** Documents that the rules cannot tell apart: what is decided of one of them holds for all. */
export interface AlikeDocuments {
  readonly facts: DocumentFacts;
  readonly count: number;
}

const telling = ruleColumns.filter((column) => column !== "document_id");
const tellingColumns = sql.join(telling.map((column) => sql.ref(column)));
/** When a document came in matters to the rules while it awaits its announcement, and never else (R148). */
const receivedAt = sql`case when is_invisible_to_patient then received_at else 'epoch' end as received_at`;
const tellingValues = sql.join(telling.map((column) => (column === "received_at" ? receivedAt : sql.ref(column))));

/** All that match, for a count: thousands of documents are of a few dozen kinds. */
export async function findAlike(
  services: Services,
  record: OpenRecord,
  query: DocumentQuery,
): Promise<readonly AlikeDocuments[]> {
  const { rows } = await sql<Omit<RuleRow, "document_id"> & { readonly count: number }>`
    with found as (
      select ${tellingValues} from document where ${sql.join(conditionsOf(record, query), sql` and `)}
    )
    select ${tellingColumns}, count(*)::integer as count
    from found group by ${tellingColumns}`.execute(services.store.database);
  return rows.map((row) => ({ facts: factsOfRow(row), count: row.count }));
}

function conditionsOf(record: OpenRecord, query: DocumentQuery): RawBuilder<unknown>[] {
  return [sql`record_id = ${record.id}`, ...query.conditions, ...mayBeVisible(record.caller.actor)];
}

/** Leaves out what the rules would refuse anyway, so that a narrow profession does not read a whole record in vain. */
function mayBeVisible(actor: Actor): RawBuilder<unknown>[] {
  if (actor.kind !== "professional") return [];
  const column = columnOf(actor);
  if (!column) return [];
  return [
    sql`(type_code = any(${[...readableTypes(column)]}) or ${actor.rpps} = any(author_ids) or depositor_id = ${actor.rpps})`,
  ];
}

/** What {@link mayBeVisible} depends on. */
const reachOf = (actor: Actor) => (actor.kind === "professional" ? `${actor.rpps} ${columnOf(actor)}` : actor.kind);
