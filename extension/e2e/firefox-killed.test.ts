import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { builtForFirefox, launchFirefoxWithExtension } from "./drive-firefox.ts";
import { startHospital } from "./hospital-server.ts";
import { startRecord } from "./record-server.ts";
import { sessionOf } from "./sign-in.ts";

const isRunnable = existsSync(process.env.FIREFOX_PATH ?? "/usr/bin/firefox-esr") && existsSync(builtForFirefox);

it.skipIf(!isRunnable)(
  "Firefox killed while documents wait, and after an answer was lost: lost none, sent none twice (needs Firefox ESR and a build)",
  async () => {
    const [hospital, record] = await Promise.all([startHospital(), startRecord()]);
    const profile = await mkdtemp(join(tmpdir(), "carnet-firefox-killed-"));
    /** Firefox on the same profile, the panel beside this page, and the same person signed in. */
    const open = async (path: string) => {
      const driven = await launchFirefoxWithExtension({ serviceUrl: record.url, profile });
      const page = await driven.open(`${hospital.url}${path}`);
      await driven.clickToolbar(page);
      const panel = await driven.panelPage();
      await panel.waitForStage("signed-out");
      await panel.evaluate(`window.browser.storage.session.set(${JSON.stringify({ session: sessionOf(record.url) })})`);
      return { driven, panel };
    };
    let driven: Awaited<ReturnType<typeof open>>["driven"] | undefined;
    try {
      // The record keeps it, and its answer never comes.
      record.answer = "store-then-cut";
      const first = await open("/frame");
      driven = first.driven;
      await first.panel.waitForIdentity("certain");
      await first.panel.click("#send");
      await first.panel.waitForRow("queued");
      await first.panel.waitForText("Il est peut-être déjà dans le dossier");
      expect(record.stored.size).toBe(1);
      // The service is away when the next one enters the queue.
      record.answer = "unavailable";
      const other = await driven.open(`${hospital.url}/echo-frame`);
      await driven.clickToolbar(other);
      await first.panel.waitForText("echo.pdf");
      await first.panel.waitForIdentity("certain");
      await first.panel.click("#send");
      await first.panel.waitForRow("queued", "sending");
      await driven.kill();
      driven = undefined;

      record.answer = "store";
      const second = await open("/");
      driven = second.driven;
      await second.panel.waitForStage("choice");
      await second.panel.click(".tabs button:nth-child(3)");
      await second.panel.waitFor("#history");
      // The next attempt may be minutes away: a person does not have to wait for it.
      await expect
        .poll(
          async () => {
            await second.panel.evaluate(`document.querySelector('[data-row="queued"] [data-action="retry"]')?.click()`);
            return second.panel.evaluate(
              `[...document.querySelectorAll("[data-row]")].map((row) => row.dataset.row).join()`,
            );
          },
          { timeout: 60_000, interval: 500 },
        )
        .toBe("sent,sent");
      expect(record.stored.size).toBe(2);
    } finally {
      await driven?.close();
      await hospital.close();
      await record.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);
