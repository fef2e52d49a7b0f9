/**
 * Compares what the database names with what the storage of contents holds: every content is opened and hashed. For an
 * operator who has just restored a backup, or who wants to know before one is needed.
 */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { BlobPlace } from "./blobs.ts";
import { tablesWith } from "./destroy.ts";
import { findNamedBlobs } from "./documents.ts";
import { SealBroken } from "./seal.ts";
import type { Store } from "./store.ts";

/**
 * `missing`: nothing is there. `damaged`: it does not open. `other`: it opens, and is not what came in. `key`: the key of its
 * record is under another master key. `unnamed`: it is there, and nothing names it; harmless, and removed by a daily job.
 */
export type ContentFault = "missing" | "damaged" | "other" | "key" | "unnamed";

export interface ContentFinding {
  readonly fault: ContentFault;
  readonly record: string;
  readonly content: string;
  /** What names it; absent for what nothing names. */
  readonly document?: string;
  readonly attachment?: string;
}

export interface ContentCheck {
  /** Contents that the database names. */
  readonly named: number;
  readonly unnamed: number;
  /** Documents and files of messages whose content is not there as it came in. */
  readonly lost: number;
}

/** Tables that name contents, and the column that says what is lost with one. */
const namedBy = { document: "document_id", message_attachment: "attachment_id" } as const;
type Naming = keyof typeof namedBy;

interface NamedContent {
  readonly record_id: string;
  readonly blob_id: string;
  readonly owner_id: string;
  readonly size: number;
  readonly sha1: string;
  readonly wrapped_key: Buffer;
}

const BATCH = 500;
const FIRST = "00000000-0000-0000-0000-000000000000";

/** @param tell hears of each finding as it is made. @throws when the database or the storage cannot be asked */
export async function checkContents(
  store: Pick<Store, "database" | "blobs" | "keys">,
  tell: (finding: ContentFinding) => void,
): Promise<ContentCheck> {
  const counted = { named: 0, unnamed: 0, lost: 0 };
  for (const table of await tablesWith(store.database, "blob_id")) {
    if (!isKnown(table)) throw new Error(`the table ${table} names contents and is not known to this check`);
    for await (const row of namedContents(store, table)) {
      counted.named += 1;
      const fault = await faultOf(store, row);
      if (!fault) continue;
      counted.lost += 1;
      const owner = table === "document" ? { document: row.owner_id } : { attachment: row.owner_id };
      tell({ fault, record: row.record_id, ...owner, content: row.blob_id });
    }
  }
  for await (const { recordId, blobId } of unnamedContents(store)) {
    counted.unnamed += 1;
    tell({ fault: "unnamed", record: recordId, content: blobId });
  }
  return counted;
}

const isKnown = (table: string): table is Naming => Object.hasOwn(namedBy, table);

/** In the order of their ids, so many at a time. Those of a record whose key is destroyed are on their way out. */
async function* namedContents({ database }: Pick<Store, "database">, table: Naming): AsyncIterable<NamedContent> {
  let after = { recordId: FIRST, ownerId: FIRST };
  for (;;) {
    const { rows } = await sql<NamedContent>`
      select t.record_id, t.blob_id, t.${sql.ref(namedBy[table])} as owner_id, t.size, t.sha1, r.wrapped_key
      from ${sql.table(table)} t join record r on r.record_id = t.record_id
      where (t.record_id, t.${sql.ref(namedBy[table])}) > (${after.recordId}, ${after.ownerId}) and length(r.wrapped_key) > 0
      order by t.record_id, t.${sql.ref(namedBy[table])} limit ${BATCH}`.execute(database);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    after = { recordId: last.record_id, ownerId: last.owner_id };
  }
}

async function faultOf(
  store: Pick<Store, "database" | "blobs" | "keys">,
  row: NamedContent,
): Promise<Exclude<ContentFault, "unnamed"> | undefined> {
  const place = { recordId: row.record_id, blobId: row.blob_id };
  const key = keyOf(store, row);
  if (!key) return "key";
  try {
    const bytes = await store.blobs.get({ ...place, key }, { size: row.size, start: 0, end: row.size });
    return createHash("sha1").update(bytes).digest("base64") === row.sha1 ? undefined : "other";
  } catch (error) {
    // A bad place on the disk is one content's damage: the others are to be looked at all the same.
    const isBadPlace = error instanceof Error && "code" in error && error.code === "EIO";
    if (!(error instanceof SealBroken) && !isBadPlace) throw error;
  }
  // A destruction that went on meanwhile has taken both.
  if (!(await findNamedBlobs(store.database, [place])).has(place.blobId)) return undefined;
  for await (const { blobId } of store.blobs.list(undefined, place.recordId)) {
    if (blobId === place.blobId) return "damaged";
  }
  return "missing";
}

function keyOf({ keys }: Pick<Store, "keys">, { wrapped_key }: NamedContent): Buffer | undefined {
  try {
    return keys.unwrap(Buffer.from(wrapped_key));
  } catch {
    return undefined;
  }
}

/** Rows are asked for after the contents were seen; one whose deposit runs at that instant is told all the same. */
async function* unnamedContents({ database, blobs }: Pick<Store, "database" | "blobs">): AsyncIterable<BlobPlace> {
  let batch: BlobPlace[] = [];
  const ask = async () => {
    const named = await findNamedBlobs(database, batch);
    const left = batch.filter(({ blobId }) => !named.has(blobId));
    batch = [];
    return left;
  };
  for await (const kept of blobs.list()) {
    batch.push(kept);
    if (batch.length >= BATCH) yield* await ask();
  }
  yield* await ask();
}
