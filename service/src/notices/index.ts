/** Mails: the notices that acts give rise to, the one-time codes, and the mailbox of a demonstration. */
export { type NoticeJob, type NoticeJobDeps, startNoticeJob } from "./job.ts";
export { registerMailbox } from "./mailbox.ts";
export { createMailer, type Mail, type Mailer, MailNotConfigured, requireMail } from "./mailer.ts";
