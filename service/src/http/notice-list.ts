/** Notices as the patient page lists them: those mailed and those switched off alike, without medical content. R190 to R196. */
import type { Communication } from "@carnet/sdk/fhir";
import { type Selectable, sql } from "kysely";
import { noticeWords } from "../notices/texts.ts";
import type { NoticeTable } from "../store/tables.ts";
import type { OpenRecord } from "./access.ts";
import { CATEGORY_SYSTEM } from "./communication-body.ts";
import { wireId } from "./ids.ts";
import type { Services } from "./services.ts";

/** Code system of the kinds of notices. */
export const NOTICE_SYSTEM = "https://carnet.example/fhir/CodeSystem/notice";

/** A page of notices, newest first. What is for a professional (R194) is not among them. */
export async function noticePage(
  services: Services,
  record: OpenRecord,
  after: { readonly position: Date; readonly id: string } | undefined,
  limit: number,
  locale: "fr" | "en",
): Promise<readonly { readonly at: Date; readonly id: string; readonly resource: Communication }[]> {
  const conditions = [
    sql`record_id = ${record.id}`,
    sql`professional_id is null`,
    ...(after === undefined ? [] : [sql`(occurred_at, notice_id) < (${after.position}, ${after.id}::uuid)`]),
  ];
  const { rows } = await sql<Selectable<NoticeTable>>`
    select * from notice where ${sql.join(conditions, sql` and `)}
    order by occurred_at desc, notice_id desc limit ${limit}`.execute(services.store.database);
  return rows.map((row) => ({
    at: row.occurred_at,
    id: row.notice_id,
    resource: noticeResource(row, record.facts.ins, locale),
  }));
}

function noticeResource(
  row: Selectable<NoticeTable>,
  holder: { readonly system: string; readonly value: string },
  locale: "fr" | "en",
): Communication {
  const patient = { reference: `Patient/${row.record_id}`, type: "Patient", identifier: { ...holder } };
  const who = row.actor_name ?? row.structure_name ?? undefined;
  const { subject, text } = noticeWords(row.kind, { who, occurredAt: row.occurred_at }, locale);
  return {
    resourceType: "Communication",
    id: wireId(row.record_id, row.notice_id),
    language: locale,
    status: "completed",
    category: [{ coding: [{ system: CATEGORY_SYSTEM, code: "notice" }] }],
    subject: patient,
    topic: { coding: [{ system: NOTICE_SYSTEM, code: row.kind }], text: subject },
    sent: row.occurred_at.toISOString(),
    recipient: [patient],
    payload: [{ contentString: text }],
  };
}
