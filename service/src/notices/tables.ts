/** Mails that wait for the mail server, or are kept for a demonstration. Migrations 050 and 051. */
import type { Generated } from "kysely";

export interface MailTable {
  mail_id: string;
  dedupe_key: string;
  recipient: string;
  kind: string;
  locale: string;
  subject: string;
  body: string;
  created_at: Date;
  status: Generated<"kept" | "pending" | "failed">;
  attempts: Generated<number>;
  next_attempt_at: Generated<Date>;
}
