/**
 * The sealer: gathers the heads of the records whose log moved, appends them to the Merkle tree, signs its root, and
 * publishes the checkpoint. Committed first, published after: what a crash keeps back the next run publishes.
 */
import { sql } from "kysely";
import type { Database, Store } from "../store/store.ts";
import { lastWhole, publishCheckpoint } from "./checkpoint-folder.ts";
import { growTree, leafHash, type SealedHead } from "./merkle.ts";
import { checkpointText, type NoteSigner } from "./signed-note.ts";

export interface SealerParts {
  readonly store: Store;
  readonly signer: NoteSigner;
  /** Where checkpoints are published. */
  readonly folder: string;
}

/** Heads sealed by one checkpoint, at most: a transaction stays short. */
const HEADS_AT_ONCE = 5000;

/** One sealer at a time on a database, whatever the number of services. */
const LOCK = 4_270_026;

/** Seals what moved since the last run, then publishes what is not published yet. */
export async function sealLog(parts: SealerParts, now: Date, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const sealed = await parts.store.transaction((transaction) => sealOnce(transaction, parts.signer, now));
    if (sealed < HEADS_AT_ONCE) break;
  }
  await publishMissing(parts, signal);
}

async function sealOnce(database: Database, signer: NoteSigner, now: Date): Promise<number> {
  await sql`select pg_advisory_xact_lock(${LOCK})`.execute(database);
  const { rows } = await sql<{ record_id: string; sequence: number; hash: string }>`
    select h.record_id, h.sequence, encode(h.hash, 'hex') as hash
    from access_log_head h left join log_seal s on s.record_id = h.record_id
    where s.sequence is null or s.sequence < h.sequence
    order by h.record_id limit ${HEADS_AT_ONCE}`.execute(database);
  if (rows.length === 0) return 0;
  const last = await database
    .selectFrom("log_checkpoint")
    .select(["checkpoint_number", "tree_size", "subtrees"])
    .orderBy("checkpoint_number", "desc")
    .limit(1)
    .executeTakeFirst();
  const before = Number(last?.tree_size ?? 0);
  const tree = growTree(before, last?.subtrees);
  for (const { record_id, sequence, hash } of rows) {
    const head: SealedHead = { recordId: record_id, sequence, hash: Buffer.from(hash, "hex") };
    tree.append(leafHash(head));
  }
  const number = (last?.checkpoint_number ?? 0) + 1;
  const checkpoint = { number, size: tree.size, root: tree.root(), sealedAt: now };
  const ids = rows.map((row) => row.record_id);
  const sequences = rows.map((row) => row.sequence);
  await sql`
    insert into log_leaf (record_id, leaf_index, sequence, head_hash)
    select h.record_id, ${before}::bigint + h.place - 1, h.sequence, decode(h.hash, 'hex')
    from unnest(${ids}::uuid[], ${sequences}::int[], ${rows.map((row) => row.hash)}::text[])
      with ordinality as h (record_id, sequence, hash, place)`.execute(database);
  await sql`
    insert into log_seal (record_id, sequence)
    select h.record_id, h.sequence from unnest(${ids}::uuid[], ${sequences}::int[]) as h (record_id, sequence)
    on conflict (record_id) do update set sequence = excluded.sequence`.execute(database);
  await database
    .insertInto("log_checkpoint")
    .values({
      checkpoint_number: number,
      tree_size: String(tree.size),
      sealed_at: now,
      note: signer.sign(checkpointText(checkpoint)),
      subtrees: tree.subtrees(),
    })
    .execute();
  return rows.length;
}

const PUBLISHED_AT_ONCE = 500;

async function publishMissing({ store, folder }: SealerParts, signal: AbortSignal): Promise<void> {
  let after = await lastWhole(folder, async (number) => {
    const row = await store.database
      .selectFrom("log_checkpoint")
      .select("note")
      .where("checkpoint_number", "=", number)
      .executeTakeFirst();
    return row?.note;
  });
  while (!signal.aborted) {
    const rows = await store.database
      .selectFrom("log_checkpoint")
      .select(["checkpoint_number", "note"])
      .where("checkpoint_number", ">", after)
      .orderBy("checkpoint_number")
      .limit(PUBLISHED_AT_ONCE)
      .execute();
    for (const { checkpoint_number: number, note } of rows) {
      publishCheckpoint(folder, number, note);
      after = number;
    }
    if (rows.length < PUBLISHED_AT_ONCE) return;
  }
}
