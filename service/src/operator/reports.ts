/**
 * What people reported (signaler, R186), for the operator who answers for the service: the open ones, oldest first, and
 * the closing of one. Each look and each closing leaves a line in the log of the record, which its holder reads.
 */
import { sql } from "kysely";
import type { Caller } from "../http/caller.ts";
import { parseWireId, wireId } from "../http/ids.ts";
import { type ReportRow, reportText } from "../http/reports.ts";
import type { Services } from "../http/services.ts";
import { type Access, appendAccess } from "../log/access-log.ts";

/** One report as the operator reads it. */
export interface OpenReport {
  readonly id: string;
  /** ISO 8601. */
  readonly reportedAt: string;
  readonly reporter: string;
  /** What it is about, by kind and id: an access (`AuditEvent`), a document or an application. */
  readonly about: string;
  readonly text: string;
}

const AT_ONCE = 100;

type KeyedRow = ReportRow & { readonly wrapped_key: Buffer };

/** The open reports, oldest first, at most 100: close some to see the next. */
export async function openReports(services: Services, caller: Caller): Promise<readonly OpenReport[]> {
  const { database, keys } = services.store;
  const { rows } = await sql<KeyedRow>`
    select report.*, record.wrapped_key from report join record using (record_id)
    where report.closed_at is null order by report.reported_at, report.report_id limit ${AT_ONCE}`.execute(database);
  for (const row of rows) await appendAccess(database, accessTo(services, caller, row, "R"));
  return rows.map((row) => ({
    id: wireId(row.record_id, row.report_id),
    reportedAt: row.reported_at.toISOString(),
    reporter: row.reporter_name,
    about: `${row.about_type}/${row.about_id}`,
    text: reportText(keys.unwrap(row.wrapped_key), row),
  }));
}

/** Closes a report: its author sees it as dealt with. @returns false when there is no open report of this id */
export async function closeReport(services: Services, caller: Caller, id: string): Promise<boolean> {
  const member = parseWireId(id);
  if (!member) return false;
  return services.store.transaction(async (transaction) => {
    const { rows } = await sql<ReportRow>`
      update report set closed_at = ${services.now()}
      where record_id = ${member.recordId} and report_id = ${member.memberId} and closed_at is null
      returning *`.execute(transaction);
    const [row] = rows;
    if (!row) return false;
    await appendAccess(transaction, accessTo(services, caller, row, "U"));
    return true;
  });
}

function accessTo(services: Services, caller: Caller, row: ReportRow, action: "R" | "U"): Access {
  return {
    transaction: "REPORT",
    action,
    objectType: "Communication",
    objectId: wireId(row.record_id, row.report_id),
    recordId: row.record_id,
    caller,
    recorded: services.now(),
    outcome: "granted",
    rule: "R186",
    ...(action === "U" ? { detail: "closed" } : {}),
  };
}
