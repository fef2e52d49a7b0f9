/** Counting over all records, and the counts as they were kept. R212. The only questions of their kind: a job's, at night. */
import { sql } from "kysely";
import type { Database } from "./store.ts";

/** A count in a group, as the database gives it. */
interface Grouped {
  readonly count: string;
}

const countOf = ({ count }: Grouped): number => Number(count);

/** How many records there are, by the structure of the newest document that names one. */
export async function countRecordsByStructure(database: Database) {
  const { rows } = await sql<Grouped & { structure_id: string | null }>`
    select newest.structure_id, count(*) as count
    from record left join (
      select distinct on (record_id) record_id, coalesce(depositor_structure_id, author_structure_ids[1]) as structure_id
      from document
      where status <> 'entered-in-error' and coalesce(depositor_structure_id, author_structure_ids[1]) is not null
      order by record_id, received_at desc, document_id
    ) newest using (record_id)
    where record.state <> 'closed'
    group by newest.structure_id`.execute(database);
  return rows.map((row) => ({ structureId: row.structure_id, count: countOf(row) }));
}

/** By the way the record was opened. */
export async function countRecordsByChannel(database: Database) {
  const { rows } = await sql<Grouped & { channel: string }>`
    select opened_through as channel, count(*) as count
    from record where state <> 'closed' group by opened_through`.execute(database);
  return rows.map((row) => ({ channel: row.channel, count: countOf(row) }));
}

/** Open records; those with a document that counts; those with a consultation. */
export async function countBeneficiaries(database: Database) {
  const { rows } = await sql<{ open: string; fed: string; consulted: string }>`
    select
      (select count(*) from record where state <> 'closed') as open,
      (select count(distinct record_id) from document
        where status <> 'entered-in-error' and record_id in (select record_id from record where state <> 'closed')) as fed,
      (select count(distinct record_id) from access_log
        where transaction = 'TD3.2' and outcome = 'granted' and actor_kind = 'professional'
          and record_id in (select record_id from record where state <> 'closed')) as consulted`.execute(database);
  const [row] = rows;
  return { open: Number(row?.open ?? 0), fed: Number(row?.fed ?? 0), consulted: Number(row?.consulted ?? 0) };
}

/** Documents, and the records that they are in, by author and sector. */
export async function countDocumentsByAuthor(database: Database) {
  const { rows } = await sql<Grouped & { author_kind: string; facility_code: string | null }>`
    select author_kind, facility_code, count(*) as count
    from document where status <> 'entered-in-error' group by author_kind, facility_code`.execute(database);
  return rows.map((row) => ({ authorKind: row.author_kind, facility: row.facility_code, count: countOf(row) }));
}

/** Records that hold a document of each pair of author and sector, once per record and pair of the given groups. */
export async function countRecordsFedBy(
  database: Database,
  groups: readonly { readonly authorKind: string; readonly facility: string | null }[],
): Promise<number> {
  if (groups.length === 0) return 0;
  const pairs = groups.map(
    ({ authorKind, facility }) => sql`(author_kind = ${authorKind} and facility_code is not distinct from ${facility})`,
  );
  const { rows } = await sql<Grouped>`
    select count(distinct record_id) as count from document
    where status <> 'entered-in-error' and record_id in (select record_id from record where state <> 'closed')
      and (${sql.join(pairs, sql` or `)})`.execute(database);
  return Number(rows[0]?.count ?? 0);
}

/** By month of reception, `YYYY-MM` in UTC, from a day on. */
export async function countDocumentsByMonth(database: Database, from: Date) {
  const { rows } = await sql<Grouped & { month: string }>`
    select to_char(received_at at time zone 'UTC', 'YYYY-MM') as month, count(*) as count
    from document where received_at >= ${from} and status <> 'entered-in-error' group by 1`.execute(database);
  return rows.map((row) => ({ month: row.month, count: countOf(row) }));
}

/** Documents opened by professionals, by month and profession. */
export async function countConsultations(database: Database, from: Date) {
  const { rows } = await sql<Grouped & { month: string; profession: string | null }>`
    select to_char(recorded at time zone 'UTC', 'YYYY-MM') as month, actor_profession as profession, count(*) as count
    from access_log
    where recorded >= ${from} and transaction = 'TD3.2' and outcome = 'granted' and actor_kind = 'professional'
    group by 1, 2`.execute(database);
  return rows.map((row) => ({ month: row.month, profession: row.profession, count: countOf(row) }));
}

/** Puts new counts in place of the former ones, all at once. */
export async function keepCounts(
  database: Database,
  counts: readonly { readonly indicator: string; readonly cell: string; readonly count: number }[],
  now: Date,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("indicator_cell").execute();
    if (counts.length > 0)
      await transaction
        .insertInto("indicator_cell")
        .values([...counts])
        .execute();
    await transaction
      .insertInto("indicator_run")
      .values({ name: "all", counted_at: now })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ counted_at: now }))
      .execute();
  });
}

/** @returns undefined before the first count */
export async function readCounts(database: Database) {
  const run = await database.selectFrom("indicator_run").select("counted_at").executeTakeFirst();
  if (!run) return undefined;
  const rows = await database.selectFrom("indicator_cell").selectAll().orderBy("indicator").orderBy("cell").execute();
  return {
    countedAt: run.counted_at,
    counts: rows.map(({ indicator, cell, count }) => ({ indicator, cell, count: Number(count) })),
  };
}
