/**
 * Sends mails: by SMTP, or into the table `mail` of a demonstration (shown at `/mailbox`).
 * A mail carries no medical content (R196); a one-time code is the only secret it may hold.
 */
import { randomUUID } from "node:crypto";
import { createTransport } from "nodemailer";
import type { ServiceConfig } from "../config.ts";
import { type AnyDatabase, identityTables } from "../identity-provider/tables.ts";

export interface Mail {
  /** What the mail is written for; the same key is never sent twice in a demonstration, and is the SMTP Message-ID. */
  readonly dedupeKey: string;
  readonly to: string;
  readonly kind: "code" | "first-access" | "emergency-access" | "consultation" | "new-document" | "deferred-result";
  readonly locale: "fr" | "en";
  readonly subject: string;
  /** Plain text, lines of at most 76 characters. */
  readonly text: string;
}

export interface Mailer {
  /** Resolves when the mail was taken over. @throws when it was not: try again later. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

/** Outside a demonstration, a service that cannot send mails must not start: patients could not sign in. */
export class MailNotConfigured extends Error {
  readonly code = "mail-not-configured";
  constructor() {
    super(
      "no way to send mail: set SMTP_URL (smtps://user:password@host), or CARNET_DEMO=1 to keep mails at /mailbox for a demonstration",
    );
    this.name = "MailNotConfigured";
  }
}

/** @throws MailNotConfigured outside a demonstration without `SMTP_URL` */
export function createMailer(config: ServiceConfig, database: AnyDatabase, now: () => Date = () => new Date()): Mailer {
  if (config.smtpUrl) return createSmtpMailer(config.smtpUrl, config.mailFrom);
  if (config.isDemo) return createTableMailer(database, now);
  throw new MailNotConfigured();
}

function createSmtpMailer(url: string, from: string): Mailer {
  const transport = createTransport({ url, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 });
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? "carnet.invalid";
  return {
    async send({ to, subject, text, dedupeKey, locale }) {
      const messageId = `<${dedupeKey.replace(/[^\w.-]/g, "-")}@${domain}>`;
      const headers = { "Auto-Submitted": "auto-generated", "Content-Language": locale };
      await transport.sendMail({
        from,
        to,
        subject,
        text,
        messageId,
        headers,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    },
    close: () => transport.close(),
  };
}

function createTableMailer(database: AnyDatabase, now: () => Date): Mailer {
  return {
    async send({ dedupeKey, to, kind, locale, subject, text }) {
      await identityTables(database)
        .insertInto("mail")
        .values({
          mail_id: randomUUID(),
          dedupe_key: dedupeKey,
          recipient: to,
          kind,
          locale,
          subject,
          body: text,
          created_at: now(),
        })
        .onConflict((conflict) => conflict.column("dedupe_key").doNothing())
        .execute();
    },
    close: () => {},
  };
}
