/**
 * Mails about the account itself: never switched off (R193), never a word of health (R196). They wait in the outbox, so
 * that the answer of a page takes as long whether or not there is anybody to write to.
 */
import { randomUUID } from "node:crypto";
import type { Mailer } from "../notices/mailer.ts";
import { keepMail } from "../notices/outbox.ts";
import { accountStringsOf } from "./account-strings.ts";
import type { Account } from "./accounts.ts";
import type { AnyDatabase } from "./tables.ts";

type Recipient = Pick<Account, "email" | "locale">;

export interface SecurityMails {
  newDevice(account: Recipient, deviceName: string): Promise<void>;
  locked(account: Recipient): Promise<void>;
  passwordChanged(account: Recipient): Promise<void>;
  recoveryCode(account: Recipient, code: string): Promise<void>;
  enrolmentCode(account: Recipient, code: string): Promise<void>;
}

/** @param publicUrl asked when a mail is written: the port may not be known before */
export function createSecurityMails(
  database: AnyDatabase,
  mailer: Mailer,
  publicUrl: () => string,
  now: () => Date,
): SecurityMails {
  const write = async (
    { email, locale }: Recipient,
    kind: "security" | "code",
    { subject, lines }: { readonly subject: string; readonly lines: readonly string[] },
  ) => {
    if (!email) return;
    const words = accountStringsOf(locale);
    const text = [words.mailHello, "", ...lines, "", words.product].join("\n");
    const status = mailer.isMailbox ? "kept" : "pending";
    await keepMail(
      database,
      { dedupeKey: `${kind}-${randomUUID()}`, to: email, kind, locale, subject, text },
      status,
      now(),
    );
  };
  const recovery = () => `${publicUrl()}/oidc/recover`;
  const devices = () => `${publicUrl()}/oidc/account`;
  return {
    newDevice: (to, name) => write(to, "security", accountStringsOf(to.locale).newDeviceMail(name, devices())),
    locked: (to) => write(to, "security", accountStringsOf(to.locale).lockedMail(recovery())),
    passwordChanged: (to) => write(to, "security", accountStringsOf(to.locale).passwordChangedMail(recovery())),
    recoveryCode: (to, code) => write(to, "code", accountStringsOf(to.locale).recoveryMail(code)),
    enrolmentCode: (to, code) => write(to, "code", accountStringsOf(to.locale).enrolmentMail(code)),
  };
}
