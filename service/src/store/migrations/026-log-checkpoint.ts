/**
 * Signed checkpoints of the access log. Each run of the sealer appends the heads of the records that moved as leaves of
 * one Merkle tree (RFC 6962) and signs its root. The tree spans records: it holds ids, numbers and hashes only.
 */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create table log_checkpoint (
  checkpoint_number integer primary key,
  tree_size bigint not null,
  sealed_at timestamptz not null,
  -- The signed note, as it is published.
  note text not null,
  -- Hashes of the whole subtrees, largest first, 32 bytes each: what the next run goes on from.
  subtrees bytea not null
);

create table log_leaf (
  record_id uuid not null,
  leaf_index bigint not null,
  sequence integer not null,
  head_hash bytea not null,
  primary key (record_id, leaf_index)
);
create unique index log_leaf_order on log_leaf (leaf_index);

-- How far each record is sealed.
create table log_seal (
  record_id uuid primary key,
  sequence integer not null
) with (fillfactor = 80);
`)
    .execute(database);
}
