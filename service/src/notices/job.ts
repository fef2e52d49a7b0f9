/**
 * Turns `notice` rows into mails, each once per recipient.
 *
 * A row is written in the transaction of the act (never lost) and claimed by moving `next_attempt_at` forward under a
 * row lock (never taken twice, even by two services). The mail's key is made of the notice and the recipient: after a
 * crash between sending and marking, the same mail is offered again under the same key, and the mailbox or the mail
 * server (Message-ID) sees that it has it already. Source: R190, R191, R193, R196, R76.
 */
import { type Kysely, type Selectable, sql } from "kysely";
import type { ServiceConfig } from "../config.ts";
import type { AnyDatabase } from "../identity-provider/tables.ts";
import type { NoticeTable, Tables } from "../store/tables.ts";
import type { Mailer } from "./mailer.ts";
import { findRecipients } from "./recipients.ts";
import { writeNotice } from "./texts.ts";

export interface NoticeJobDeps {
  readonly config: ServiceConfig;
  readonly database: AnyDatabase;
  readonly mailer: Mailer;
  readonly log?: { warn(details: object, message: string): void };
  /** Address of the patient page; `config.publicUrl` by default. */
  readonly publicUrl?: () => string;
  readonly now?: () => Date;
}

export interface NoticeJob {
  /** Says that there may be new rows. Returns at once. */
  wake(): void;
  /** Sends everything that is due, then resolves. */
  drain(): Promise<void>;
  /** Waits for the mail being sent, then stops. */
  stop(): Promise<void>;
}

/** A look without being woken: for rows of another process, and for retries. */
const POLL_MS = 5000;
/** How long a claimed row is left alone: longer than any mail takes. */
const CLAIM_MS = 60_000;
const MAX_ATTEMPTS = 12;

function retryDelayMs(attempts: number): number {
  return Math.min(6 * 3600_000, 30_000 * 2 ** attempts);
}

/** Starts the job. It holds no timer that keeps the process alive. */
export function startNoticeJob(deps: NoticeJobDeps): NoticeJob {
  const now = deps.now ?? (() => new Date());
  let running: Promise<void> | undefined;
  let isWoken = false;
  let isStopped = false;

  async function work(): Promise<void> {
    do {
      isWoken = false;
      for (;;) {
        if (isStopped) return;
        const notice = await claim(deps.database, now());
        if (!notice) break;
        await sendNotice(deps, notice, now);
      }
    } while (isWoken);
  }

  function run(): Promise<void> {
    isWoken = true;
    running ??= work()
      .catch((error: unknown) => {
        // The database is away: the row is still there, the next look finds it.
        deps.log?.warn({ code: error instanceof Error ? error.name : "unknown" }, "notices could not be sent");
      })
      .finally(() => {
        running = undefined;
        if (isWoken && !isStopped) run();
      });
    return running;
  }

  const timer = setInterval(run, POLL_MS);
  timer.unref();
  return {
    wake: () => {
      if (!isStopped) run();
    },
    drain: run,
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

/** A row as it is read: generated columns are there. */
type Notice = Selectable<NoticeTable>;

async function claim(database: AnyDatabase, at: Date): Promise<Notice | undefined> {
  const result = await sql<Notice>`
    update notice set attempts = attempts + 1, next_attempt_at = ${new Date(at.getTime() + CLAIM_MS)}
    where (record_id, notice_id) = (
      select record_id, notice_id from notice
      where status = 'pending' and next_attempt_at <= ${at}
      order by next_attempt_at limit 1 for update skip locked
    )
    returning *`.execute(database);
  return result.rows[0];
}

async function sendNotice(deps: NoticeJobDeps, notice: Notice, now: () => Date): Promise<void> {
  const { database, mailer, config } = deps;
  try {
    const recipients = await findRecipients(database, notice, { now: now(), majorityAge: config.rules.majorityAge });
    for (const recipient of recipients) {
      const who = notice.actor_name ?? notice.structure_name ?? undefined;
      const written = writeNotice(
        {
          kind: notice.kind,
          role: recipient.role,
          occurredAt: notice.occurred_at,
          link: `${deps.publicUrl?.() ?? config.publicUrl}/`,
          ...(who === undefined ? {} : { who }),
        },
        recipient.locale,
      );
      const dedupeKey = `notice-${notice.notice_id}-${recipient.accountId}`;
      await mailer.send({ dedupeKey, to: recipient.email, kind: notice.kind, locale: recipient.locale, ...written });
    }
    await settle(database, notice, recipients.length > 0 ? "sent" : "skipped", now());
  } catch (error) {
    deps.log?.warn(
      { kind: notice.kind, code: error instanceof Error ? error.name : "unknown" },
      "a notice was not sent",
    );
    if (notice.attempts >= MAX_ATTEMPTS) await settle(database, notice, "failed", now());
    else await postpone(database, notice, new Date(now().getTime() + retryDelayMs(notice.attempts)));
  }
}

function rowOf(database: AnyDatabase, notice: Notice) {
  return (database as Kysely<Tables>)
    .updateTable("notice")
    .where("record_id", "=", notice.record_id)
    .where("notice_id", "=", notice.notice_id);
}

async function settle(database: AnyDatabase, notice: Notice, status: "sent" | "skipped" | "failed", at: Date) {
  await rowOf(database, notice)
    .set({ status, sent_at: status === "sent" ? at : null })
    .execute();
}

async function postpone(database: AnyDatabase, notice: Notice, until: Date): Promise<void> {
  await rowOf(database, notice).set({ next_attempt_at: until }).execute();
}
