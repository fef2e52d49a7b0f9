/**
 * The patient reports an access, a document or an application to the operator (signaler). R186. What they wrote is sealed by
 * the record's key; the mail to the operator says only that there is something to read.
 */
import type { Communication } from "@carnet/sdk/fhir";
import { type Selectable, sql } from "kysely";
import * as v from "valibot";
import { appendAccess, type LogLine } from "../log/access-log.ts";
import { operatorMail } from "../notices/operator-mail.ts";
import { keepMail } from "../notices/outbox.ts";
import { decide } from "../rules/index.ts";
import { findApplication } from "../store/applications.ts";
import { factsOfRow, findDocument } from "../store/documents.ts";
import { openJson, sealJson } from "../store/sealed-text.ts";
import type { Database } from "../store/store.ts";
import type { ReportTable } from "../store/tables.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { auditViewOf } from "./audit-view.ts";
import { actorKey, type Caller } from "./caller.ts";
import { CATEGORY_SYSTEM, type IncomingCommunication } from "./communication-body.ts";
import { parseWireId, wireId } from "./ids.ts";
import { WireError } from "./outcome.ts";
import { idFor, type KeptOnce, keepOnce, numberOf, otherContent, senderNumber } from "./sender-number.ts";
import type { Services } from "./services.ts";

export type ReportRow = Selectable<ReportTable>;

const contextOf = (recordId: string, reportId: string) => `report ${recordId} ${reportId}`;
const content = v.object({ text: v.string(), number: senderNumber });

/** @throws WireError 403, 404; 422 when it is about nothing that the caller may see */
export async function sendReport(
  services: Services,
  caller: Caller,
  incoming: IncomingCommunication,
): Promise<KeptOnce<Communication>> {
  const trace = { transaction: "REPORT", action: "C", objectType: "Communication" } as const;
  const record = await openRecord(services, caller, incoming.locator, "report", trace);
  const about = await aboutOf(services, record, incoming.about);
  const reportId = idFor("report", record, incoming.number);
  const key = services.store.keys.unwrap(record.row.wrapped_key);
  const { config } = services;
  const to = config.operatorMail;
  const row: ReportRow = {
    record_id: record.id,
    report_id: reportId,
    reported_at: record.now,
    reporter_id: actorKey(caller.actor),
    reporter_name: caller.actor.name,
    about_type: about.type,
    about_id: about.id,
    sealed: sealJson(key, contextOf(record.id, reportId), { text: incoming.text, number: incoming.number }),
    told_at: to ? record.now : null,
    closed_at: null,
  };
  const objectId = wireId(record.id, reportId);
  const access = { ...trace, objectId, recordId: record.id, caller, recorded: record.now } as const;
  const granted = { ...access, outcome: "granted", rule: "R186" } as const;
  const { database } = services.store;
  const { kept, isNew } = await keepOnce(
    incoming.number,
    () => findReport(database, record.id, reportId),
    async () => {
      await services.store.transaction(async (transaction) => {
        await transaction.insertInto("report").values(row).execute();
        await appendAccess(transaction, { ...granted, detail: about.type });
        const state = config.smtpUrl ? "pending" : "kept";
        if (to) await keepMail(transaction, operatorMail(reportId, to), state, record.now);
      });
      services.onNotice();
      return row;
    },
  );
  if (!isNew) {
    if (reportText(key, kept) !== incoming.text || kept.about_id !== about.id) throw otherContent();
    await appendAccess(database, { ...granted, detail: "replay" });
  }
  return { kept: reportResource(services, record, kept), isNew };
}

function findReport(database: Database, recordId: string, reportId: string): Promise<ReportRow | undefined> {
  return database
    .selectFrom("report")
    .selectAll()
    .where("record_id", "=", recordId)
    .where("report_id", "=", reportId)
    .executeTakeFirst();
}

/** What a report is about: something that the caller sees. The same refusal for what is hidden and what does not exist. */
async function aboutOf(
  services: Services,
  record: OpenRecord,
  reference: string | undefined,
): Promise<{ readonly type: ReportTable["about_type"]; readonly id: string }> {
  const [, type, id = ""] =
    /^(?:.*\/)?(AuditEvent|DocumentReference|HealthcareService)\/([A-Za-z0-9._-]{1,64})$/.exec(reference ?? "") ?? [];
  const member = parseWireId(id);
  const isMine = member?.recordId === record.id;
  if (type === "AuditEvent" && isMine && (await isLineShown(services, record, member.memberId))) return { type, id };
  if (type === "DocumentReference" && isMine) {
    const row = await findDocument(services.store.database, record.id, member.memberId);
    // R186 in a closed record too: what was seen while it was open may be reported.
    const question = { ...record.question, record: { ...record.facts, state: "open" as const } };
    if (row && decide({ ...question, act: "read", document: factsOfRow(row) }).permit) return { type, id };
  }
  if (type === "HealthcareService" && (await findApplication(services.store.database, id))) return { type, id };
  throw new WireError(422, [
    {
      code: "value",
      fr: "Un signalement porte sur un accès (AuditEvent), un document ou une application, par about.",
      en: "A report is about an access (AuditEvent), a document or an application, named by about.",
      expression: "Communication.about",
      rule: "R186",
    },
  ]);
}

async function isLineShown(services: Services, record: OpenRecord, eventId: string): Promise<boolean> {
  const view = await auditViewOf(services, record);
  const conditions = [sql`record_id = ${record.id}`, sql`event_id = ${eventId}::uuid`, ...view.conditions];
  const { rows } = await sql<LogLine>`
    select * from access_log where ${sql.join(conditions, sql` and `)} limit 1`.execute(services.store.database);
  return rows.length > 0;
}

/** A page of the reports of one record, newest first. */
export async function reportPage(
  services: Services,
  record: OpenRecord,
  after: { readonly position: Date; readonly id: string } | undefined,
  limit: number,
): Promise<readonly { readonly at: Date; readonly id: string; readonly resource: Communication }[]> {
  const conditions = [
    sql`record_id = ${record.id}`,
    ...(after === undefined ? [] : [sql`(reported_at, report_id) < (${after.position}, ${after.id}::uuid)`]),
  ];
  const { rows } = await sql<ReportRow>`
    select * from report where ${sql.join(conditions, sql` and `)}
    order by reported_at desc, report_id desc limit ${limit}`.execute(services.store.database);
  return rows.map((row) => ({
    at: row.reported_at,
    id: row.report_id,
    resource: reportResource(services, record, row),
  }));
}

/** What was written in a report. */
export function reportText(key: Buffer, row: Pick<ReportRow, "record_id" | "report_id" | "sealed">): string {
  return contentOf(key, row).text;
}

function contentOf(key: Buffer, row: Pick<ReportRow, "record_id" | "report_id" | "sealed">) {
  return v.parse(content, openJson(key, contextOf(row.record_id, row.report_id), row.sealed));
}

function reportResource(services: Services, record: OpenRecord, row: ReportRow): Communication {
  const { text, number } = contentOf(services.store.keys.unwrap(record.row.wrapped_key), row);
  const patient = { reference: `Patient/${record.id}`, type: "Patient", identifier: { ...record.facts.ins } };
  return {
    resourceType: "Communication",
    id: wireId(row.record_id, row.report_id),
    ...numberOf(number),
    status: row.closed_at ? "completed" : "in-progress",
    category: [{ coding: [{ system: CATEGORY_SYSTEM, code: "report" }] }],
    subject: patient,
    about: [{ reference: `${row.about_type}/${row.about_id}`, type: row.about_type }],
    sent: row.reported_at.toISOString(),
    recipient: [{ type: "Organization", display: "Carnet" }],
    sender: { display: row.reporter_name },
    ...(text ? { payload: [{ contentString: text }] } : {}),
  };
}
