/**
 * R148: two weeks after a result that waits for its announcement came in, the patient is told that something was added,
 * without content, and invited to see the professional; when it shows by itself, its label goes and it is told as new.
 * Who sees it never depends on this job: that is computed from time.
 */
import type { DocumentReference } from "@carnet/sdk/fhir";
import { sql } from "kysely";
import { tellShown } from "../http/change-attributes.ts";
import { withAttributes } from "../http/document-resource.ts";
import { wireId } from "../http/ids.ts";
import type { Services } from "../http/services.ts";
import { logAct } from "../life-cycle/act.ts";
import { writeNotice } from "../log/notice.ts";
import { isAwaitingAnnouncement } from "../rules/index.ts";
import { takeDueAnnouncement } from "../store/announcements.ts";
import { type DocumentRow, factsOfRow, findDocument } from "../store/documents.ts";
import { touchRecord } from "../store/records.ts";
import { resourceText } from "../store/resource-text.ts";
import type { Database } from "../store/store.ts";
import type { Job } from "./run-jobs.ts";

const QUARTER_MS = 15 * 60_000;

export function announcementJob(services: Services): Job {
  return {
    name: "announcements",
    everyMs: QUARTER_MS,
    async run(now, signal) {
      let told = 0;
      while (!signal.aborted) {
        const isDone = await services.store.transaction(async (transaction) => {
          const due = await takeDueAnnouncement(transaction, now);
          if (!due) return true;
          const row = await findDocument(transaction, due.record_id, due.document_id);
          if (row?.status !== "current" || !row.is_invisible_to_patient) return false;
          const isAwaiting = isAwaitingAnnouncement(factsOfRow(row), now, services.config.rules);
          if (due.step === "notice" && isAwaiting) await tellWaiting(transaction, row, now);
          if (due.step === "show" && !isAwaiting) await show(transaction, row, now);
          told++;
          return false;
        });
        if (isDone) break;
      }
      if (told > 0) services.onNotice();
    },
  };
}

async function tellWaiting(database: Database, row: DocumentRow, now: Date): Promise<void> {
  if (!(await mayTell(database, row, now))) return;
  const key = `deferred:${row.document_id}`;
  const telling = { recordId: row.record_id, key, kind: "deferred-result" as const };
  await writeNotice(database, { ...telling, now, occurredAt: row.received_at });
}

/** The label goes: software that looks for changes sees that the document now shows. */
async function show(database: Database, row: DocumentRow, now: Date): Promise<void> {
  // A closed record is told nothing and changes nothing; its document shows all the same, by its date.
  if (!(await touchRecord(database, row.record_id, now))) return;
  const version = row.version + 1;
  const kept: DocumentReference = JSON.parse(row.resource);
  const resource = withAttributes(kept, { ...row, is_invisible_to_patient: false, version }, now);
  const { rows } = await sql`
    update document set is_invisible_to_patient = false, patient_sees_from = null, version = ${version},
      updated_at = ${now}, resource = ${resourceText(resource)}
    where record_id = ${row.record_id} and document_id = ${row.document_id} and version = ${row.version}
    returning document_id`.execute(database);
  if (rows.length === 0) return;
  const line = {
    transaction: "TD3.3",
    action: "U",
    rule: "R148",
    objectType: "DocumentReference",
    objectId: wireId(row.record_id, row.document_id),
    detail: "show-to-patient",
  } as const;
  await logAct(database, { recordId: row.record_id, by: "system", line, now });
  if (await mayTell(database, row, now)) await tellShown(database, row, now);
}

/** Not to representatives what is secret to them (R152); nobody of a closed record. */
async function mayTell(database: Database, row: DocumentRow, now: Date): Promise<boolean> {
  const record = await database
    .selectFrom("record")
    .select("state")
    .where("record_id", "=", row.record_id)
    .executeTakeFirst();
  if (record?.state !== "open") return false;
  if (!row.is_invisible_to_representatives) return true;
  const representative = await database
    .selectFrom("representative")
    .select("representative_id")
    .where("record_id", "=", row.record_id)
    .where("started_at", "<=", now)
    .where((where) => where.or([where("ended_at", "is", null), where("ended_at", ">", now)]))
    .executeTakeFirst();
  return representative === undefined;
}
