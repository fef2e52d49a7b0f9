/**
 * Proves that the access log is what it was when it was sealed: no line changed, removed, put elsewhere or cut off.
 *
 * Lines are chained within their record; the heads of the chains are leaves of one Merkle tree; its roots are signed and
 * published. So whoever rewrites a line must rewrite the chain, then the leaves, then a signature that the database's
 * owner cannot make, then files that are kept elsewhere.
 */
import { type Kysely, sql } from "kysely";
import type { Tables } from "../store/tables.ts";
import { chain, type LogLine } from "./access-log.ts";
import { publishedCheckpoints, readCheckpoint } from "./checkpoint-folder.ts";
import { growTree, leafHash } from "./merkle.ts";
import { type Checkpoint, type NoteVerifier, openCheckpoint } from "./signed-note.ts";

/** Something that is not as it was sealed. */
export interface LogProblem {
  readonly record?: string;
  /** Number of the line in its record. */
  readonly line?: number;
  readonly message: string;
}

export interface LogReport {
  readonly records: number;
  readonly lines: number;
  /** Lines written after the last checkpoint: chained, not sealed yet. */
  readonly unsealed: number;
  readonly checkpoints: number;
  readonly lastSealedAt?: Date | undefined;
  readonly problems: readonly LogProblem[];
  /** What is worth knowing and no fault. */
  readonly remarks: readonly string[];
}

export interface VerifyParts {
  readonly database: Kysely<Tables>;
  readonly folder: string;
  readonly verifiers: readonly NoteVerifier[];
  /** The moment of the question: nothing was removed after it. */
  readonly now: Date;
  readonly signal?: AbortSignal;
}

const LINES_AT_ONCE = 2000;
const LEAVES_AT_ONCE = 5000;

/** Reads the whole log, once, as it stood at one moment. Memory does not grow with it. */
export async function verifyLog(parts: VerifyParts): Promise<LogReport> {
  // Before the moment begins: what is published was committed.
  const published = publishedCheckpoints(parts.folder);
  return parts.database
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute((database) => verifyAt({ ...parts, database }, published));
}

async function verifyAt(parts: VerifyParts, published: readonly number[]): Promise<LogReport> {
  const problems: LogProblem[] = [];
  const remarks: string[] = [];
  const checkpoints = await verifyCheckpoints(parts, published, problems, remarks);
  await verifyTree(parts, checkpoints, problems);
  const chains = await verifyChains(parts, problems);
  await verifyPresence(parts, checkpoints, problems, remarks);
  return {
    ...chains,
    checkpoints: checkpoints.length,
    lastSealedAt: checkpoints.at(-1)?.sealedAt,
    problems,
    remarks,
  };
}

/** The checkpoints of the database and of the folder: signed, whole, and the same. */
async function verifyCheckpoints(
  { database, folder, verifiers }: VerifyParts,
  published: readonly number[],
  problems: LogProblem[],
  remarks: string[],
): Promise<readonly Checkpoint[]> {
  const rows = await database
    .selectFrom("log_checkpoint")
    .select(["checkpoint_number", "note"])
    .orderBy("checkpoint_number")
    .execute();
  const kept = new Map(rows.map((row) => [row.checkpoint_number, row.note]));
  const newest = Math.max(0, published.at(-1) ?? 0, rows.at(-1)?.checkpoint_number ?? 0);
  const isPublished = new Set(published);
  const found: Checkpoint[] = [];
  for (let number = 1; number <= newest; number++) {
    const place = `checkpoint ${number}`;
    const note = isPublished.has(number) ? readCheckpoint(folder, number) : kept.get(number);
    if (note === undefined) {
      problems.push({ message: `${place} is neither in the database nor in ${folder}` });
      continue;
    }
    if (!isPublished.has(number)) {
      const isLate = number > (published.at(-1) ?? 0);
      if (isLate) remarks.push(`${place} is not published yet: the next run of the service does it`);
      else problems.push({ message: `${place} was removed from ${folder}` });
    }
    if (kept.get(number) === undefined) problems.push({ message: `${place} was removed from the database` });
    else if (kept.get(number) !== note) problems.push({ message: `${place} was changed in the database` });
    const checkpoint = openCheckpoint(note, verifiers);
    if (checkpoint?.number !== number) problems.push({ message: `${place} is not signed by a key of the log` });
    else if (checkpoint.size < (found.at(-1)?.size ?? 0))
      problems.push({ message: `${place} seals less than the one before` });
    else found.push(checkpoint);
  }
  return found;
}

/** The leaves give the signed roots, each at its size. */
async function verifyTree(
  { database, signal }: VerifyParts,
  checkpoints: readonly Checkpoint[],
  problems: LogProblem[],
): Promise<void> {
  const tree = growTree();
  let at = 0;
  const check = (): void => {
    for (let next = checkpoints[at]; next && next.size <= tree.size; next = checkpoints[++at]) {
      if (!next.root.equals(tree.root()))
        problems.push({ message: `the heads sealed by checkpoint ${next.number} were changed in the database` });
    }
  };
  for (;;) {
    signal?.throwIfAborted();
    const { rows } = await sql<{ record_id: string; leaf_index: string; sequence: number; head_hash: Buffer }>`
      select record_id, leaf_index, sequence, head_hash from log_leaf
      where leaf_index >= ${tree.size} order by leaf_index limit ${LEAVES_AT_ONCE}`.execute(database);
    for (const row of rows) {
      if (Number(row.leaf_index) !== tree.size) {
        problems.push({ message: `sealed heads were removed from the database: number ${tree.size} is missing` });
        return;
      }
      tree.append(leafHash({ recordId: row.record_id, sequence: row.sequence, hash: row.head_hash }));
      check();
    }
    if (rows.length < LEAVES_AT_ONCE) break;
  }
  const size = checkpoints.at(-1)?.size ?? 0;
  if (tree.size < size) problems.push({ message: `sealed heads were cut off: ${tree.size} are left of ${size}` });
  if (tree.size > size) problems.push({ message: `${tree.size - size} sealed heads are signed by no checkpoint` });
}

interface ChainState {
  readonly record: string;
  /** Hash and number of the line before. */
  hash: Buffer;
  sequence: number;
  /** Until when the lines were as sealed. */
  readonly leaves: readonly { readonly sequence: number; readonly head_hash: Buffer }[];
  nextLeaf: number;
  isBroken: boolean;
}

/** Each record's lines, in their order. */
async function verifyChains(
  { database, signal }: VerifyParts,
  problems: LogProblem[],
): Promise<Pick<LogReport, "records" | "lines" | "unsealed">> {
  const counts = { records: 0, lines: 0, unsealed: 0 };
  let state: ChainState | undefined;
  const finish = async (): Promise<void> => {
    if (!state) return;
    counts.records += 1;
    counts.unsealed += Math.max(0, state.sequence - (state.leaves.at(-1)?.sequence ?? 0));
    await verifyEnd(database, state, problems);
  };
  for (;;) {
    signal?.throwIfAborted();
    const rows: readonly LogLine[] = await database
      .selectFrom("access_log")
      .selectAll()
      .$if(state !== undefined, (query) =>
        query.where(sql<boolean>`(record_id, sequence) > (${state?.record}::uuid, ${state?.sequence}::int)`),
      )
      .orderBy("record_id")
      .orderBy("sequence")
      .limit(LINES_AT_ONCE)
      .execute();
    for (const line of rows) {
      if (state?.record !== line.record_id) {
        await finish();
        state = await beginChain(database, line.record_id);
      }
      verifyLine(state, line, problems);
      counts.lines += 1;
    }
    if (rows.length < LINES_AT_ONCE) break;
  }
  await finish();
  return counts;
}

async function beginChain(database: Kysely<Tables>, record: string): Promise<ChainState> {
  const leaves = await database
    .selectFrom("log_leaf")
    .select(["sequence", "head_hash"])
    .where("record_id", "=", record)
    .orderBy("leaf_index")
    .execute();
  return { record, hash: Buffer.alloc(0), sequence: 0, leaves, nextLeaf: 0, isBroken: false };
}

function verifyLine(state: ChainState, line: LogLine, problems: LogProblem[]): void {
  const place = { record: state.record, line: state.sequence + 1 };
  if (line.sequence !== place.line) problems.push({ ...place, message: "this line was removed" });
  const expected = chain(state.hash, line);
  if (line.sequence === place.line && !expected.equals(line.hash))
    problems.push({ ...place, message: "this line was changed, or put in another's place" });
  // Goes on from what is written: each line that was touched is named, not all that follow it.
  state.hash = line.hash;
  state.sequence = line.sequence;
  for (
    let leaf = state.leaves[state.nextLeaf];
    leaf && leaf.sequence <= line.sequence;
    leaf = state.leaves[++state.nextLeaf]
  ) {
    if (leaf.sequence !== line.sequence || leaf.head_hash.equals(line.hash)) continue;
    const first = (state.leaves[state.nextLeaf - 1]?.sequence ?? 0) + 1;
    if (!state.isBroken)
      problems.push({
        record: state.record,
        line: line.sequence,
        message: `the lines ${first} to ${line.sequence} are not those that were sealed: they were written again`,
      });
    state.isBroken = true;
  }
}

/** The end of a record's log: nothing sealed is missing after it, and the head agrees. */
async function verifyEnd(database: Kysely<Tables>, state: ChainState, problems: LogProblem[]): Promise<void> {
  const sealed = state.leaves.at(-1)?.sequence ?? 0;
  if (sealed > state.sequence) {
    const message = `cut off: ${sealed} lines were sealed, ${state.sequence} are left`;
    problems.push({ record: state.record, line: state.sequence + 1, message });
    return;
  }
  const head = await database
    .selectFrom("access_log_head")
    .select(["sequence", "hash"])
    .where("record_id", "=", state.record)
    .executeTakeFirst();
  if (head && head.sequence === state.sequence && head.hash.equals(state.hash)) return;
  const line = Math.min(head?.sequence ?? 0, state.sequence) + 1;
  const message = head
    ? `the head of this log stands at line ${head.sequence}, its last line is ${state.sequence}`
    : "the head of this log was removed";
  problems.push({ record: state.record, line, message });
}

/**
 * Records whose log is gone as a whole: only a destruction, and the end of the log's own keeping after it, explain that
 * (R19, R20, R183). What the database says of it is not believed alone: the last line must have been sealed, by a signed
 * checkpoint, for as long as the law keeps it.
 */
async function verifyPresence(
  { database, now }: VerifyParts,
  checkpoints: readonly Checkpoint[],
  problems: LogProblem[],
  remarks: string[],
): Promise<void> {
  const { rows } = await sql<{ record_id: string; sequence: number; leaf_index: string | null }>`
    select s.record_id, max(s.sequence) as sequence, max(s.leaf_index) as leaf_index
    from (
      select record_id, sequence, leaf_index from log_leaf
      union all select record_id, sequence, null from access_log_head
    ) s
    where not exists (select from access_log l where l.record_id = s.record_id)
    group by s.record_id order by s.record_id`.execute(database);
  if (rows.length === 0) return;
  const removed = await removedLogs(database);
  let count = 0;
  for (const { record_id: record, sequence, leaf_index: leaf } of rows) {
    const removedAt = removed.get(record);
    const sealed = leaf === null ? undefined : checkpoints.find(({ size }) => size > Number(leaf));
    if (removedAt && removedAt <= now && sealed && wasKept(sealed.sealedAt, removedAt)) count += 1;
    else problems.push({ record, line: 1, message: `the whole log of this record was removed: ${sequence} lines` });
  }
  if (count > 0) remarks.push(`the logs of ${count} destroyed records are gone, their time of keeping being over`);
}

/** What the law asks, however the service is set. R183; Regulation 2025/327, article 9. */
const KEPT_YEARS = 3;
/** A line is sealed within a minute while the service runs; it may have been off after the destruction. */
const SEALED_LATE_MS = 31 * 24 * 3_600_000;

function wasKept(sealedAt: Date, removedAt: Date): boolean {
  const until = new Date(sealedAt);
  until.setUTCFullYear(until.getUTCFullYear() + KEPT_YEARS);
  return removedAt.getTime() >= until.getTime() - SEALED_LATE_MS;
}

/** When the logs of destroyed records were removed, as the database says. A record that is still there was not destroyed. */
async function removedLogs(database: Kysely<Tables>): Promise<ReadonlyMap<string, Date>> {
  const { rows: known } = await sql<{ is_there: boolean }>`
    select to_regclass('destroyed_record') is not null as is_there`.execute(database);
  if (!known[0]?.is_there) return new Map();
  const { rows } = await sql<{ record_id: string; log_removed_at: Date }>`
    select record_id, log_removed_at from destroyed_record d
    where log_removed_at >= log_until and not exists (select from record r where r.record_id = d.record_id)`.execute(
    database,
  );
  return new Map(rows.map((row) => [row.record_id, row.log_removed_at]));
}
