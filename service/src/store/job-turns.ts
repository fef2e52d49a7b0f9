/** Turns of the periodic jobs: who runs one next, among the processes that serve one database. */
import { type Kysely, sql } from "kysely";
import { SKEW_MS } from "./clock-skew.ts";
import type { Tables } from "./tables.ts";

/**
 * Takes the turn of a job that is due. A turn further away than the job's period was noted under a clock that ran ahead,
 * or a longer period: it is due too, or the job would not run until then.
 * @returns false when it is not due yet, or another process took it
 */
export async function takeTurn(database: Kysely<Tables>, name: string, everyMs: number, now: Date): Promise<boolean> {
  const next = new Date(now.getTime() + everyMs);
  const { rows } = await sql<{ name: string }>`
    insert into job_turn (name, next_at) values (${name}, ${next})
    on conflict (name) do update set next_at = excluded.next_at
      where job_turn.next_at <= ${now} or job_turn.next_at > ${new Date(next.getTime() + SKEW_MS)}
    returning name`.execute(database);
  return rows.length > 0;
}
