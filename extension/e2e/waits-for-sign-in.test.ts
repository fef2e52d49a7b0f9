import { existsSync } from "node:fs";
import type { Page } from "playwright";
import { expect, it } from "vitest";
import { builtForChrome, launchChromiumWithExtension, openPanelAsTab } from "./drive-chromium.ts";
import { camille, letterLines } from "./fixtures.ts";
import { startRecord } from "./record-server.ts";
import { sessionOf, signInDirectly } from "./sign-in.ts";

const isRunnable = existsSync(process.env.CHROMIUM_PATH ?? "/usr/bin/chromium") && existsSync(builtForChrome);

/** The browser's own names that a page of the extension is asked about here. */
interface OwnPage {
  readonly chrome: {
    readonly storage: { readonly session: { remove(key: string): Promise<void>; set(values: object): Promise<void> } };
    readonly action: { getBadgeText(details: object): Promise<string> };
    readonly alarms: { getAll(): Promise<readonly unknown[]> };
    readonly runtime: { sendMessage(message: object): Promise<unknown> };
  };
}

/** The same of the page where Chromium lists its extensions. */
interface ExtensionManager {
  readonly chrome: { readonly management: { setEnabled(id: string, isEnabled: boolean): Promise<void> } };
}

const numberOn = (page: Page) => page.evaluate(() => (globalThis as unknown as OwnPage).chrome.action.getBadgeText({}));

/** In this page, and not by opening another panel: that would ring by itself. */
const comeIn = (page: Page, serviceUrl: string, owner?: string) =>
  page.evaluate(
    (session) => (globalThis as unknown as OwnPage).chrome.storage.session.set({ session }),
    sessionOf(serviceUrl, owner),
  );

it.skipIf(!isRunnable)(
  "a document that waits for its sender is on the button for them alone, leaves as soon as they are signed in, and with no bell left to ring for it (needs Chromium and a build)",
  async () => {
    const record = await startRecord();
    const driven = await launchChromiumWithExtension({ serviceUrl: record.url });
    try {
      record.answer = "unavailable";
      await signInDirectly(driven, record.url);
      const view = await openPanelAsTab(driven);
      const letter = {
        name: "lettre.txt",
        mimeType: "text/plain",
        buffer: Buffer.from(letterLines(camille).join("\n")),
      };
      await view.setInputFiles("#drop-file", letter);
      await view.waitForSelector('[data-identity="certain"]');
      await view.click("#send:enabled");
      await view.waitForSelector('[data-row="queued"]');

      // Signed out, and the queue looked at since: it has nothing that may leave, and puts its alarm away.
      await view.evaluate(async () => {
        const { chrome } = globalThis as unknown as OwnPage;
        await chrome.storage.session.remove("session");
        await chrome.runtime.sendMessage({ carnet: "call", to: "background", method: "ring" });
      });
      await expect
        .poll(() => view.evaluate(() => (globalThis as unknown as OwnPage).chrome.alarms.getAll()))
        .toEqual([]);
      // Whoever comes back is told that it did not leave.
      await view.waitForSelector('[data-waiting="1"]');
      await expect.poll(() => numberOn(view)).toBe("1");
      // A colleague, who can do nothing about it, is not asked to.
      await comeIn(view, record.url, "dr-martin");
      await expect.poll(() => numberOn(view)).toBe("");
      await view.evaluate(() => (globalThis as unknown as OwnPage).chrome.storage.session.remove("session"));
      await expect.poll(() => numberOn(view)).toBe("1");

      // Disabled and enabled, which no event of the browser tells.
      const manager = await driven.context.newPage();
      await manager.goto("chrome://extensions/");
      await manager.evaluate(async (id) => {
        const { management } = (globalThis as unknown as ExtensionManager).chrome;
        await management.setEnabled(id, false);
        await management.setEnabled(id, true);
      }, driven.extensionId);
      // Not a panel: one that opens would ring by itself.
      await manager.goto(`chrome-extension://${driven.extensionId}/options.html`);
      await expect.poll(() => numberOn(manager)).toBe("1");

      record.answer = "store";
      await comeIn(manager, record.url);
      await expect.poll(() => record.stored.size, { timeout: 20_000 }).toBe(1);
    } finally {
      await driven.close();
      await record.close();
    }
  },
);
