/** Signing in as a fictitious account, on the provider's own pages, as a person does. */
import type { Page } from "playwright";

/** Professionals: the list of fictitious accounts fills card number and code. */
export async function signInAsProfessional(page: Page, account: string): Promise<void> {
  await page.locator(`a[href*="account=${account}"]`).click();
  await page.locator("button.primary").click();
}

/** Patients: password, then the six-digit code that the mailbox holds. */
export async function signInAsPatient(page: Page, origin: string, account: string): Promise<void> {
  await page.locator(`a[href*="account=${account}"]`).click();
  await page.locator("button.primary").click();
  await page.locator("#code").waitFor();
  await page.locator("#code").fill(await newestCode(origin));
  await page.locator("button.primary").click();
}

/** The one-time code of the newest mail that holds one. */
async function newestCode(origin: string): Promise<string> {
  const mails = await mailsOf(origin);
  for (const mail of mails) {
    const code = /\b\d{6}\b/.exec(mail.text)?.[0];
    if (code) return code;
  }
  throw new Error(`no code among ${mails.length} mails`);
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Mails of the demo's mailbox, newest first. */
export async function mailsOf(origin: string): Promise<readonly Mail[]> {
  const response = await fetch(`${origin}/mailbox/messages.json`);
  const body: unknown = await response.json();
  const list = Array.isArray(body) ? body : (body as { messages: Mail[] }).messages;
  return list as readonly Mail[];
}
