import { existsSync } from "node:fs";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  builtForChrome,
  type ChromiumWithExtension,
  launchChromiumWithExtension,
  openPanelAsTab,
} from "./drive-chromium.ts";
import { alix, camille, letterLines, pdfOf } from "./fixtures.ts";
import { type RecordServer, startRecord } from "./record-server.ts";
import { signInDirectly } from "./sign-in.ts";

const isRunnable = existsSync(process.env.CHROMIUM_PATH ?? "/usr/bin/chromium") && existsSync(builtForChrome);

/** A click by the element itself: which of the two windows is in front does not matter. */
const press = (view: Page, selector: string) => view.locator(selector).dispatchEvent("click");

let record: RecordServer;
let driven: ChromiumWithExtension;
beforeAll(async () => {
  if (!isRunnable) return;
  record = await startRecord();
  driven = await launchChromiumWithExtension({ serviceUrl: record.url });
  await signInDirectly(driven, record.url);
});
afterAll(async () => {
  await driven?.close();
  await record?.close();
});

/** A letter about this patient in two windows, each ready to send it. Nothing was sent about the patient before. */
async function inTwoWindows(
  patient: typeof camille | typeof alix,
  run: (views: readonly [Page, Page], stored: () => number) => Promise<void>,
): Promise<void> {
  const before = record.stored.size;
  const buffer = Buffer.from(await pdfOf([letterLines(patient)]));
  const views = [await openPanelAsTab(driven), await openPanelAsTab(driven)] as const;
  for (const view of views) {
    await view.setInputFiles("#drop-file", { name: "lettre.pdf", mimeType: "application/pdf", buffer });
    await view.waitForSelector('[data-identity="certain"]');
    await view.waitForSelector("#send:enabled");
  }
  await run(views, () => record.stored.size - before);
  for (const view of views) await view.close();
}

it.skipIf(!isRunnable)(
  "sends a document once that two windows send in the same instant, and asks in the other (needs Chromium and a build)",
  async () => {
    await inTwoWindows(camille, async (views, stored) => {
      await Promise.all(views.map((view) => press(view, "#send:enabled")));
      const ends = await Promise.all(
        views.map(async (view) => {
          await view.waitForSelector('.filed[data-row="sent"], [data-earlier="same"]');
          return (await view.locator("[data-earlier]").count()) > 0 ? "asked" : "sent";
        }),
      );
      expect(ends.sort()).toEqual(["asked", "sent"]);
      expect(stored()).toBe(1);
    });
  },
);

it.skipIf(!isRunnable)(
  "asks in one window about the document that has just left from another, and sends it twice only when told to (needs Chromium and a build)",
  async () => {
    await inTwoWindows(alix, async (views, stored) => {
      const [first, second] = views;
      await press(first, "#send:enabled");
      await first.waitForSelector('.filed[data-row="sent"]');

      await press(second, "#send:enabled");
      await second.waitForSelector('[data-earlier="same"]');
      expect(stored()).toBe(1);
      expect(await second.locator("#send").isDisabled()).toBe(true);
      await press(second, '[name="earlier"][value="another"]');
      await press(second, "#send:enabled");
      await second.waitForSelector('.filed[data-row="sent"]');
      expect(stored()).toBe(2);
    });
  },
);
