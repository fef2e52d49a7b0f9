/**
 * Reminders of the agenda, at the moment asked for. The mail says the time and nothing else. R167, R193, R196. One whose
 * appointment is over comes too late; those of a closed record wait for its return (R15, R21).
 */
import { type Selectable, sql } from "kysely";
import type { Services } from "../http/services.ts";
import { noticeOf } from "../log/notice.ts";
import type { AppointmentTable } from "../store/tables.ts";
import type { Job } from "./run-jobs.ts";

const EVERY_MS = 60_000;
const AT_ONCE = 200;

export function remindJob(services: Services): Job {
  return { name: "remind", everyMs: EVERY_MS, run: (now, signal) => remindAll(services, now, signal) };
}

async function remindAll(services: Services, now: Date, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) if ((await remindSome(services, now)) < AT_ONCE) return;
}

/** The notice and its mark in one transaction: a reminder is neither lost nor told twice. */
async function remindSome(services: Services, now: Date): Promise<number> {
  const count = await services.store.transaction(async (transaction) => {
    const { rows } = await sql<Selectable<AppointmentTable>>`
      select a.* from appointment a join record r on r.record_id = a.record_id and r.state = 'open'
      where a.remind_at <= ${now} and a.remind_at is not null and a.reminded_at is null and a.status = 'booked'
        and coalesce(a.ends_at, a.starts_at) > ${now}
      order by a.remind_at limit ${AT_ONCE} for update of a skip locked`.execute(transaction);
    for (const { record_id: recordId, appointment_id: id, kind, starts_at: occurredAt, version } of rows) {
      const key = `reminder:${id}:${version}`;
      const notice = noticeOf({
        recordId,
        key,
        kind: kind === "examination" ? "examination" : "appointment",
        occurredAt,
        now,
      });
      await transaction
        .insertInto("notice")
        .values(notice)
        .onConflict((conflict) => conflict.columns(["record_id", "dedupe_key"]).doNothing())
        .execute();
      await transaction
        .updateTable("appointment")
        .set({ reminded_at: now })
        .where("record_id", "=", recordId)
        .where("appointment_id", "=", id)
        .execute();
    }
    return rows.length;
  });
  if (count > 0) services.onNotice();
  return count;
}
