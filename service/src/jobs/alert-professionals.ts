/** Tells professionals of documents of the types they follow, in records that they may consult, and that they may see. R194. */
import { type Selectable, sql } from "kysely";
import { frameOf } from "../http/access.ts";
import type { Services } from "../http/services.ts";
import { readActor } from "../identity-provider/claims.ts";
import { noticeOf } from "../log/notice.ts";
import { decide, type ProfessionalActor } from "../rules/index.ts";
import { factsOfRow, type RuleRow, selectRuleColumns } from "../store/documents.ts";
import { loadRecord } from "../store/records.ts";
import type { ProfessionalAlertTable } from "../store/tables.ts";
import type { Job } from "./run-jobs.ts";

const EVERY_MS = 5 * 60_000;
/** No deposit is on its way for so long. */
const LONGEST_DEPOSIT_MS = 3_600_000;

export function alertProfessionalsJob(services: Services): Job {
  return { name: "alert-professionals", everyMs: EVERY_MS, run: (now, signal) => alertAll(services, now, signal) };
}

async function alertAll(services: Services, now: Date, signal: AbortSignal): Promise<void> {
  const { database } = services.store;
  const wishes = await database.selectFrom("professional_alert").selectAll().orderBy("professional_id").execute();
  const byProfessional = new Map<string, Selectable<ProfessionalAlertTable>[]>();
  for (const wish of wishes) {
    const mine = byProfessional.get(wish.professional_id) ?? [];
    byProfessional.set(wish.professional_id, [...mine, wish]);
  }
  let isNews = false;
  for (const [professionalId, mine] of byProfessional) {
    if (signal.aborted) return;
    const actor = await professionalOf(services, professionalId);
    if (actor && (await alertOne(services, actor, mine, now, signal))) isNews = true;
  }
  if (isNews) services.onNotice();
}

/** The professional as their account says who they are: what they may see depends on it. */
async function professionalOf({ store }: Services, rpps: string): Promise<ProfessionalActor | undefined> {
  const { rows } = await sql<{ account_id: string; claims: string }>`
    select account_id, claims from account where rpps = ${rpps} limit 1`.execute(store.database);
  const [account] = rows;
  const actor = account ? readActor(account.account_id, JSON.parse(account.claims)) : undefined;
  return actor?.kind === "professional" ? actor : undefined;
}

async function alertOne(
  services: Services,
  actor: ProfessionalActor,
  wishes: readonly Selectable<ProfessionalAlertTable>[],
  now: Date,
  signal: AbortSignal,
): Promise<boolean> {
  const { database } = services.store;
  const records = await database
    .selectFrom("authorisation")
    .select("record_id")
    .distinct()
    .where("subject_id", "=", actor.rpps)
    .where("kind", "in", ["access", "referring"])
    .where("ended_at", "is", null)
    .execute();
  let isNews = false;
  for (const { record_id: recordId } of records) {
    // What was not looked at stays to be looked at: nothing is marked as seen.
    if (signal.aborted) return isNews;
    for (const documentId of await visibleNew(services, actor, recordId, wishes, now)) {
      const key = `alert:${actor.rpps}:${documentId}`;
      const notice = noticeOf({ recordId, key, kind: "alert", professionalId: actor.rpps, now });
      const written = await database
        .insertInto("notice")
        .values(notice)
        .onConflict((conflict) => conflict.columns(["record_id", "dedupe_key"]).doNothing())
        .executeTakeFirst();
      if ((written.numInsertedOrUpdatedRows ?? 0n) > 0n) isNews = true;
    }
  }
  // What came in lately is looked at again, and told once (the key says so): a document bears the time at which its deposit
  // began, and is there when its content was judged and sealed.
  const since = new Date(now.getTime() - LONGEST_DEPOSIT_MS);
  await database
    .updateTable("professional_alert")
    .set({ since })
    .where("professional_id", "=", actor.rpps)
    // After this instant: a clock that ran ahead set it, and was set right.
    .where((where) => where.or([where("since", "<", since), where("since", ">", now)]))
    .execute();
  return isNews;
}

async function visibleNew(
  services: Services,
  actor: ProfessionalActor,
  recordId: string,
  wishes: readonly Selectable<ProfessionalAlertTable>[],
  now: Date,
): Promise<readonly string[]> {
  const { database } = services.store;
  const record = await loadRecord(database, { id: recordId }, actor, now);
  if (!record) return [];
  const frame = frameOf(services, { actor, purposeOfUse: "TREAT" }, record, now);
  if (!decide({ ...frame, act: "search" }).permit) return [];
  const news = wishes.map((wish) => sql`(type_code = ${wish.type_code} and received_at >= ${wish.since})`);
  const { rows } = await sql<RuleRow>`
    select ${selectRuleColumns()} from document
    where record_id = ${recordId} and status = 'current' and (${sql.join(news, sql` or `)})`.execute(database);
  return rows.flatMap((row) => {
    const document = factsOfRow(row);
    const isOwn = document.depositorId === actor.rpps || document.authorIds.includes(actor.rpps);
    return !isOwn && decide({ ...frame, act: "read", document }).permit ? [row.document_id] : [];
  });
}
