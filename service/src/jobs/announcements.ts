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
import { isAwaitingAnnouncement, isMinor, represents } from "../rules/index.ts";
import { takeDueAnnouncement } from "../store/announcements.ts";
import { type DocumentRow, factsOfRow, findDocument } from "../store/documents.ts";
import { touchRecord, versionOfRecord } from "../store/records.ts";
import { resourceText } from "../store/resource-text.ts";
import type { Database } from "../store/store.ts";
import type { Job } from "./run-jobs.ts";

const QUARTER_MS = 15 * 60_000;

export function announcementJob(services: Services): Job {
  return {
    name: "announcements",
    everyMs: QUARTER_MS,
    async run(now, signal) {
      const { majorityAge } = services.config.rules;
      let told = 0;
      while (!signal.aborted) {
        const isDone = await services.store.transaction(async (transaction) => {
          const due = await takeDueAnnouncement(transaction, now);
          if (!due) return true;
          const row = await findDocument(transaction, due.record_id, due.document_id);
          if (row?.status !== "current" || !row.is_invisible_to_patient) return false;
          const isAwaiting = isAwaitingAnnouncement(factsOfRow(row), now, services.config.rules);
          if (due.step === "notice" && isAwaiting) await tellWaiting(transaction, row, now, majorityAge);
          if (due.step === "show" && !isAwaiting) await show(transaction, row, now, majorityAge);
          told++;
          return false;
        });
        if (isDone) break;
      }
      if (told > 0) services.onNotice();
    },
  };
}

async function tellWaiting(database: Database, row: DocumentRow, now: Date, majorityAge: number): Promise<void> {
  if (!(await mayTell(database, row, now, majorityAge))) return;
  const key = `deferred:${row.document_id}`;
  const telling = { recordId: row.record_id, key, kind: "deferred-result" as const };
  await writeNotice(database, { ...telling, now, occurredAt: row.received_at });
}

/** The label goes: software that looks for changes sees that the document now shows. */
async function show(database: Database, found: DocumentRow, now: Date, majorityAge: number): Promise<void> {
  // A closed record is told nothing and changes nothing; its document shows all the same, by its date.
  if (!(await touchRecord(database, found.record_id, now))) return;
  // Whoever changes a document holds its record: what was changed until now is read anew, and nothing changes after.
  const row = await findDocument(database, found.record_id, found.document_id);
  if (row?.status !== "current" || !row.is_invisible_to_patient) return;
  const version = row.version + 1;
  const kept: DocumentReference = JSON.parse(row.resource);
  const resource = withAttributes(kept, { ...row, is_invisible_to_patient: false, version }, now);
  await sql`
    update document set is_invisible_to_patient = false, patient_sees_from = null, version = ${version},
      updated_at = ${now}, resource = ${resourceText(resource)},
      record_version = ${versionOfRecord(row.record_id)}
    where record_id = ${row.record_id} and document_id = ${row.document_id}`.execute(database);
  const line = {
    transaction: "TD3.3",
    action: "U",
    rule: "R148",
    objectType: "DocumentReference",
    objectId: wireId(row.record_id, row.document_id),
    detail: "show-to-patient",
  } as const;
  await logAct(database, { recordId: row.record_id, by: "system", line, now });
  if (await mayTell(database, row, now, majorityAge)) await tellShown(database, row, now);
}

/** Not to representatives what is secret to them (R152); nobody of a closed record. */
async function mayTell(database: Database, row: DocumentRow, now: Date, majorityAge: number): Promise<boolean> {
  const record = await database
    .selectFrom("record")
    .select(["state", "birth_date"])
    .where("record_id", "=", row.record_id)
    .executeTakeFirst();
  if (record?.state !== "open") return false;
  if (!row.is_invisible_to_representatives) return true;
  const representatives = await database
    .selectFrom("representative")
    .select("kind")
    .where("record_id", "=", row.record_id)
    .where("started_at", "<=", now)
    .where((where) => where.or([where("ended_at", "is", null), where("ended_at", ">", now)]))
    .execute();
  const isOfMinor = isMinor(record.birth_date, majorityAge, now);
  return !representatives.some(({ kind }) => represents(kind, isOfMinor));
}
