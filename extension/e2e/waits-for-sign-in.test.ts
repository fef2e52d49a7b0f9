import { existsSync } from "node:fs";
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
    readonly alarms: { getAll(): Promise<readonly unknown[]> };
    readonly runtime: { sendMessage(message: object): Promise<unknown> };
  };
}

it.skipIf(!isRunnable)(
  "a document that waits for its sender leaves as soon as they are signed in, with no bell left to ring for it (needs Chromium and a build)",
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

      record.answer = "store";
      // In this page, and not by opening another panel: that would ring by itself.
      await view.evaluate(
        (session) => (globalThis as unknown as OwnPage).chrome.storage.session.set({ session }),
        sessionOf(record.url),
      );
      await expect.poll(() => record.stored.size, { timeout: 20_000 }).toBe(1);
    } finally {
      await driven.close();
      await record.close();
    }
  },
);
