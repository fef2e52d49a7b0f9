/** Mails wait in the table until the mail server took them: a notice and its mails are written in one transaction. */
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
-- kept: shown at /mailbox, sent to nobody; pending: for the mail server; failed: given up, for the operator to see
alter table mail
  add column status text not null default 'kept' check (status in ('kept', 'pending', 'failed')),
  add column attempts integer not null default 0,
  add column next_attempt_at timestamptz not null default now();
create index mail_pending on mail (next_attempt_at) where status = 'pending';
`)
    .execute(database);
}
