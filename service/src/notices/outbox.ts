/** The table `mail`: kept for a demonstration, or waiting for the mail server. */
import { randomUUID } from "node:crypto";
import { type Selectable, sql } from "kysely";
import { type AnyDatabase, identityTables } from "../identity-provider/tables.ts";
import { SKEW_MS } from "../store/clock-skew.ts";
import type { Mail, Mailer } from "./mailer.ts";
import type { MailTable } from "./tables.ts";

/** Writes a mail once per key. */
export async function keepMail(
  database: AnyDatabase,
  mail: Mail,
  status: "kept" | "pending",
  now: Date,
): Promise<void> {
  await identityTables(database)
    .insertInto("mail")
    .values({
      mail_id: randomUUID(),
      dedupe_key: mail.dedupeKey,
      recipient: mail.to,
      kind: mail.kind,
      locale: mail.locale,
      subject: mail.subject,
      body: mail.text,
      created_at: now,
      status,
      next_attempt_at: now,
    })
    .onConflict((conflict) => conflict.column("dedupe_key").doNothing())
    .execute();
}

/** How long a claimed mail is left alone: longer than any mail server takes. */
const CLAIM_MS = 120_000;
const MAX_ATTEMPTS = 12;

/** The longest wait between two tries. */
const MAX_DELAY_MS = 6 * 3600_000;

function retryDelayMs(attempts: number): number {
  return Math.min(MAX_DELAY_MS, 30_000 * 2 ** attempts);
}

/** A mail that waits for longer than any does was written or tried under a clock that ran ahead: it is due too. */
async function claim(database: AnyDatabase, at: Date): Promise<Selectable<MailTable> | undefined> {
  const never = new Date(at.getTime() + MAX_DELAY_MS + SKEW_MS);
  const result = await sql<Selectable<MailTable>>`
    update mail set attempts = attempts + 1, next_attempt_at = ${new Date(at.getTime() + CLAIM_MS)}
    where mail_id = (
      select mail_id from mail where status = 'pending' and (next_attempt_at <= ${at} or next_attempt_at > ${never})
      order by next_attempt_at limit 1 for update skip locked
    )
    returning *`.execute(database);
  return result.rows[0];
}

/**
 * Hands the waiting mails to the mail server, oldest first. A mail that was taken over is removed; one that was not is
 * tried again, later and later, then given up and left for the operator.
 */
export async function deliverMails(
  database: AnyDatabase,
  mailer: Mailer,
  now: () => Date,
  onFailure: (name: string) => void,
): Promise<void> {
  const tables = identityTables(database);
  for (;;) {
    const row = await claim(database, now());
    if (!row) return;
    try {
      await mailer.send({
        dedupeKey: row.dedupe_key,
        to: row.recipient,
        kind: row.kind as Mail["kind"],
        locale: row.locale === "en" ? "en" : "fr",
        subject: row.subject,
        text: row.body,
      });
      await tables.deleteFrom("mail").where("mail_id", "=", row.mail_id).execute();
    } catch (error) {
      onFailure(error instanceof Error ? error.name : "unknown");
      const isOver = row.attempts >= MAX_ATTEMPTS;
      const change = isOver
        ? { status: "failed" as const, body: "" }
        : { next_attempt_at: new Date(now().getTime() + retryDelayMs(row.attempts)) };
      await tables.updateTable("mail").set(change).where("mail_id", "=", row.mail_id).execute();
    }
  }
}
