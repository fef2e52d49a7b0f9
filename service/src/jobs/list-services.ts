/** Every 90 days the person is told which applications are connected to their record. R193. */
import { sql } from "kysely";
import type { Services } from "../http/services.ts";
import { noticeOf } from "../log/notice.ts";
import { dayOf } from "../rules/index.ts";
import type { Job } from "./run-jobs.ts";

const EVERY_MS = 24 * 3_600_000;
const LIST_EVERY_DAYS = 90;
const DAY_MS = 86_400_000;

export function listServicesJob(services: Services): Job {
  return { name: "list-services", everyMs: EVERY_MS, run: (now) => tellAll(services, now) };
}

async function tellAll({ store, onNotice }: Services, now: Date): Promise<void> {
  const before = new Date(now.getTime() - LIST_EVERY_DAYS * DAY_MS);
  const { rows } = await sql<{ record_id: string }>`
    select distinct c.record_id from application_consent c
    where c.ended_at is null and c.granted_at <= ${before}
      and not exists (
        select from notice n where n.record_id = c.record_id and n.kind = 'service' and n.occurred_at > ${before}
      )`.execute(store.database);
  for (const { record_id: recordId } of rows) {
    const key = `services:${dayOf(now)}`;
    await store.database
      .insertInto("notice")
      .values(noticeOf({ recordId, key, kind: "service", now }))
      .onConflict((conflict) => conflict.columns(["record_id", "dedupe_key"]).doNothing())
      .execute();
  }
  if (rows.length > 0) onNotice();
}
