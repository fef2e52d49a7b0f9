/**
 * Turns `notice` rows into mails, each once per recipient.
 *
 * A notice is written in the transaction of the act, so none is lost. Here one transaction writes its mails and marks
 * it done, so a crash leaves either both or nothing. With a mail server the mails then wait in the table until it took
 * them; a crash between the two offers the same mail again, under the same Message-ID.
 * Source: R190, R191, R193, R196, R76.
 */
import { type Kysely, type Selectable, sql } from "kysely";
import type { ServiceConfig } from "../config.ts";
import type { AnyDatabase } from "../identity-provider/tables.ts";
import { SKEW_MS } from "../store/clock-skew.ts";
import type { NoticeTable, Tables } from "../store/tables.ts";
import { unforeseen } from "../unforeseen.ts";
import type { Mailer } from "./mailer.ts";
import { deliverMails, keepMail } from "./outbox.ts";
import { wantsNotice } from "./preferences.ts";
import { findRecipients, type Recipient } from "./recipients.ts";
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
  /** Says that there may be new rows. Returns at once; they are sent within a second. */
  wake(): void;
  /** Sends everything that is due, then resolves. */
  drain(): Promise<void>;
  /** Waits for the mail being sent, then stops. */
  stop(): Promise<void>;
}

/** A look without being woken: for rows of another process, and for retries. */
const POLL_MS = 5000;
/** A burst of deposits wakes the job often: it looks once, and one mail speaks of all. */
const GATHER_MS = 500;
const BATCH = 200;

/** Starts the job. It holds no timer that keeps the process alive. */
export function startNoticeJob(deps: NoticeJobDeps): NoticeJob {
  const now = deps.now ?? (() => new Date());
  const warn = (name: string) => deps.log?.warn({ code: name }, "notices could not be sent: they will be tried again");
  let running: Promise<void> | undefined;
  let isAskedAgain = false;
  let isStopped = false;
  let gathering: NodeJS.Timeout | undefined;

  async function work(): Promise<void> {
    do {
      isAskedAgain = false;
      while (!isStopped && (await writeMails(deps, now)) === BATCH);
      if (!isStopped && !deps.mailer.isMailbox) await deliverMails(deps.database, deps.mailer, now, warn);
    } while (isAskedAgain && !isStopped);
  }

  function run(): Promise<void> {
    isAskedAgain = true;
    // The database is away: the rows are still there, the next look finds them.
    running ??= work()
      .catch((error: unknown) => {
        const { kind, code } = unforeseen(error);
        warn(code ?? kind);
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  const timer = setInterval(run, POLL_MS);
  timer.unref();
  return {
    wake() {
      if (isStopped || gathering) return;
      gathering = setTimeout(() => {
        gathering = undefined;
        if (!isStopped) run();
      }, GATHER_MS);
      gathering.unref();
    },
    drain: run,
    async stop() {
      isStopped = true;
      clearInterval(timer);
      clearTimeout(gathering);
      await running;
    },
  };
}

/** A row as it is read: generated columns are there. */
type Notice = Selectable<NoticeTable>;

/** Notices that one mail speaks of: new documents of a record together, anything else alone. */
function groupNotices(notices: readonly Notice[]): readonly (readonly [Notice, ...Notice[]])[] {
  const groups = new Map<string, [Notice, ...Notice[]]>();
  for (const notice of notices) {
    const key = notice.kind === "new-document" ? notice.record_id : notice.notice_id;
    const group = groups.get(key);
    if (group) group.push(notice);
    else groups.set(key, [notice]);
  }
  return [...groups.values()];
}

/** One transaction: the mails of the notices that are due, and the notices done. @returns how many notices */
async function writeMails(deps: NoticeJobDeps, now: () => Date): Promise<number> {
  const database: Kysely<Tables> = deps.database;
  return database.transaction().execute(async (transaction) => {
    const at = now();
    // A notice is due when it is written: one from later was written under a clock that ran ahead.
    const later = new Date(at.getTime() + SKEW_MS);
    const { rows } = await sql<Notice>`
      select * from notice where status = 'pending' and (next_attempt_at <= ${at} or next_attempt_at > ${later})
      order by next_attempt_at limit ${BATCH} for update skip locked`.execute(transaction);
    const settings = { now: at, majorityAge: deps.config.rules.majorityAge };
    const settled = { sent: [] as Notice[], skipped: [] as Notice[] };
    for (const group of groupNotices(rows)) {
      const isWanted = await wantsNotice(transaction, group[0]);
      const recipients = isWanted ? await findRecipients(transaction, group[0], settings) : [];
      for (const recipient of recipients) await writeMail(deps, transaction, group, recipient, at);
      settled[recipients.length > 0 ? "sent" : "skipped"].push(...group);
    }
    for (const status of ["sent", "skipped"] as const) {
      const ids = settled[status].map((notice) => notice.notice_id);
      if (ids.length === 0) continue;
      await transaction
        .updateTable("notice")
        .set({ status, sent_at: status === "sent" ? at : null })
        .where("record_id", "in", [...new Set(settled[status].map((notice) => notice.record_id))])
        .where("notice_id", "in", ids)
        .execute();
    }
    return rows.length;
  });
}

async function writeMail(
  deps: NoticeJobDeps,
  transaction: AnyDatabase,
  group: readonly [Notice, ...Notice[]],
  recipient: Recipient,
  at: Date,
): Promise<void> {
  const [first] = group;
  const who = first.actor_name ?? first.structure_name ?? undefined;
  const facts = {
    kind: first.kind,
    role: recipient.role,
    occurredAt: (group.at(-1) ?? first).occurred_at,
    count: group.length,
    link: `${deps.publicUrl?.() ?? deps.config.publicUrl}/`,
    ...(who === undefined ? {} : { who }),
  };
  const mail = {
    dedupeKey: `notice-${first.notice_id}-${recipient.accountId}`,
    to: recipient.email,
    kind: first.kind,
    locale: recipient.locale,
    ...writeNotice(facts, recipient.locale),
  };
  await keepMail(transaction, mail, deps.mailer.isMailbox ? "kept" : "pending", at);
}
