/**
 * Sends mails: by SMTP, or into the table `mail` of a demonstration (shown at `/mailbox`).
 * A mail carries no medical content (R196); a one-time code is the only secret it may hold.
 */
import { createTransport } from "nodemailer";
import type { ServiceConfig } from "../config.ts";
import type { AnyDatabase } from "../identity-provider/tables.ts";
import { StartRefused } from "../start-refused.ts";
import type { NoticeKind } from "../store/tables.ts";
import { keepMail } from "./outbox.ts";

export interface Mail {
  /** What the mail is written for. The same key is never kept twice, and makes the Message-ID of SMTP. */
  readonly dedupeKey: string;
  readonly to: string;
  readonly kind: "code" | "security" | "report" | "announcement" | "destroyed" | NoticeKind;
  readonly locale: "fr" | "en";
  readonly subject: string;
  /** Plain text, lines of at most 76 characters. */
  readonly text: string;
}

export interface Mailer {
  /** Mails stay in the table for `/mailbox`: there is nobody to send them to. */
  readonly isMailbox: boolean;
  /** Resolves when the mail was taken over. @throws when it was not: try again later. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

/** Outside a demonstration, a service that cannot send mails must not start: patients could not sign in. */
export class MailNotConfigured extends StartRefused {
  constructor() {
    super(
      "mail-not-configured",
      "no way to send mail: set SMTP_URL (smtps://user:password@host), or CARNET_DEMO=1 to keep mails at /mailbox for a demonstration",
    );
  }
}

/** Before anything is opened. @throws MailNotConfigured outside a demonstration without `SMTP_URL` */
export function requireMail({ smtpUrl, isDemo }: Pick<ServiceConfig, "smtpUrl" | "isDemo">): void {
  if (!smtpUrl && !isDemo) throw new MailNotConfigured();
}

/** @throws MailNotConfigured outside a demonstration without `SMTP_URL` */
export function createMailer(config: ServiceConfig, database: AnyDatabase, now: () => Date = () => new Date()): Mailer {
  if (config.smtpUrl) return createSmtpMailer(config.smtpUrl, config.mailFrom);
  requireMail(config);
  return { isMailbox: true, send: (mail) => keepMail(database, mail, "kept", now()), close: () => {} };
}

function createSmtpMailer(url: string, from: string): Mailer {
  const transport = createTransport({ url, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 });
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? "carnet.invalid";
  return {
    isMailbox: false,
    async send({ to, subject, text, dedupeKey, locale }) {
      const messageId = `<${dedupeKey.replace(/[^\w.-]/g, "-")}@${domain}>`;
      const headers = { "Auto-Submitted": "auto-generated", "Content-Language": locale };
      const safety = { disableFileAccess: true, disableUrlAccess: true };
      await transport.sendMail({ from, to, subject, text, messageId, headers, ...safety });
    },
    close: () => transport.close(),
  };
}
