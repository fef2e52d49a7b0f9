/** The mails of a demonstration, as migration 050 creates them. */
export interface MailTable {
  mail_id: string;
  dedupe_key: string;
  recipient: string;
  kind: string;
  locale: string;
  subject: string;
  body: string;
  created_at: Date;
}
