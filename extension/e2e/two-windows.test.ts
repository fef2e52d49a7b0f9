import { existsSync } from "node:fs";
import type { Page } from "playwright";
import { expect, it } from "vitest";
import { builtForChrome, launchChromiumWithExtension, openPanelAsTab } from "./drive-chromium.ts";
import { camille, letterLines, pdfOf } from "./fixtures.ts";
import { startRecord } from "./record-server.ts";
import { signInDirectly } from "./sign-in.ts";

const isRunnable = existsSync(process.env.CHROMIUM_PATH ?? "/usr/bin/chromium") && existsSync(builtForChrome);

/** A click by the element itself: which of the two windows is in front does not matter. */
const press = (view: Page, selector: string) => view.locator(selector).dispatchEvent("click");

it.skipIf(!isRunnable)(
  "asks in one window about the document that has just left from another, and sends it twice only when told to (needs Chromium and a build)",
  async () => {
    const record = await startRecord();
    const driven = await launchChromiumWithExtension({ serviceUrl: record.url });
    try {
      await signInDirectly(driven, record.url);
      const buffer = Buffer.from(await pdfOf([letterLines(camille)]));
      const views = [await openPanelAsTab(driven), await openPanelAsTab(driven)] as const;
      for (const view of views) {
        await view.setInputFiles("#drop-file", { name: "lettre.pdf", mimeType: "application/pdf", buffer });
        await view.waitForSelector('[data-identity="certain"]');
        await view.waitForSelector("#send:enabled");
      }
      const [first, second] = views;
      await press(first, "#send:enabled");
      await first.waitForSelector('.filed[data-row="sent"]');

      await press(second, "#send:enabled");
      await second.waitForSelector('[data-earlier="same"]');
      expect(record.stored.size).toBe(1);
      expect(await second.locator("#send").isDisabled()).toBe(true);
      await press(second, '[name="earlier"][value="another"]');
      await press(second, "#send:enabled");
      await second.waitForSelector('.filed[data-row="sent"]');
      expect(record.stored.size).toBe(2);
    } finally {
      await driven.close();
      await record.close();
    }
  },
);
