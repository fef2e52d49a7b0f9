/** The end of a record: its key, its contents, its rows; then, years later, its log. R19, R20. */
import type { Services } from "../http/services.ts";
import { writeDestroyed } from "../notices/announcement-text.ts";
import { keepMail } from "../notices/outbox.ts";
import { findRecipients } from "../notices/recipients.ts";
import { archivedUntil } from "../rules/index.ts";
import { destroyKey, removeContents, removeLog, removeRows } from "../store/destroy.ts";
import { logAct } from "./act.ts";

/**
 * Destroys a record that is due. Cut short, it is taken up where it stopped: the key goes first, and nothing brings that
 * back.
 * @returns false when it was re-activated meanwhile
 */
export async function destroy(services: Services, recordId: string): Promise<boolean> {
  const { store, config } = services;
  const now = services.now();
  if (!(await destroyKey(store.database, recordId, now))) return false;
  await removeContents(store.database, store.blobs, recordId);
  const logUntil = archivedUntil(now, config.rules.logYears);
  await store.transaction(async (transaction) => {
    const record = await transaction
      .selectFrom("record")
      .select("deletion_requested_at")
      .where("record_id", "=", recordId)
      .executeTakeFirst();
    if (!record) return;
    const cause = record.deletion_requested_at ? "request" : "archive-over";
    const settings = { now, majorityAge: config.rules.majorityAge };
    for (const recipient of await findRecipients(transaction, { record_id: recordId, kind: "closed" }, settings)) {
      const mail = {
        dedupeKey: `destroyed-${recordId}-${recipient.accountId}`,
        to: recipient.email,
        kind: "destroyed",
        locale: recipient.locale,
        ...writeDestroyed(recordId, logUntil, recipient.locale),
      } as const;
      await keepMail(transaction, mail, config.smtpUrl ? "pending" : "kept", now);
    }
    const rule = cause === "request" ? "R20" : "R19";
    const line = { transaction: "DESTRUCTION", action: "D", rule, detail: cause } as const;
    await logAct(transaction, { recordId, by: "system", line, now });
    await transaction
      .insertInto("destroyed_record")
      .values({ record_id: recordId, destroyed_at: now, cause, log_until: logUntil, log_removed_at: null })
      .execute();
    await removeRows(transaction, recordId);
  });
  services.onNotice();
  return true;
}

/** The law no longer asks for the logs of these. */
export async function forgetLogs(services: Services, signal: AbortSignal): Promise<void> {
  const { store } = services;
  const now = services.now();
  const due = await store.database
    .selectFrom("destroyed_record")
    .select("record_id")
    .where("log_removed_at", "is", null)
    .where("log_until", "<=", now)
    .execute();
  for (const { record_id } of due) {
    if (signal.aborted) return;
    await store.transaction((transaction) => removeLog(transaction, record_id, now));
  }
}
