import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  builtForChrome,
  clickToolbar,
  launchChromiumWithExtension,
  openPanelAsTab,
  panelPage,
} from "./drive-chromium.ts";
import { startHospital } from "./hospital-server.ts";
import { startRecord } from "./record-server.ts";
import { signInDirectly } from "./sign-in.ts";

const isRunnable = existsSync(process.env.CHROMIUM_PATH ?? "/usr/bin/chromium") && existsSync(builtForChrome);

/** The browser's main process of this profile, and only that one. */
function mainProcessOf(profile: string): number {
  const lines = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).split("\n");
  const main = lines.find((line) => line.includes(`--user-data-dir=${profile}`) && !line.includes("--type="));
  return Number(main?.trim().split(" ")[0]);
}

it.skipIf(!isRunnable)(
  "a document queued before the browser is killed is in the record once after it returns (needs Chromium and a build)",
  async () => {
    const [hospital, record] = await Promise.all([startHospital(), startRecord()]);
    const profile = await mkdtemp(join(tmpdir(), "carnet-crash-"));
    try {
      // The service stores the document and the answer is lost: the worst moment to die.
      record.answer = "store-then-cut";
      const first = await launchChromiumWithExtension({ serviceUrl: record.url, profile });
      await signInDirectly(first, record.url);
      const page = await first.context.newPage();
      await page.goto(`${hospital.url}/letter.pdf`);
      await clickToolbar(first, page);
      const panel = await panelPage(first);
      await panel.waitForIdentity("certain");
      await panel.click("#send");
      await panel.waitForRow("sending", "queued");
      const closed = new Promise((resolve) => first.context.once("close", resolve));
      process.kill(mainProcessOf(profile), "SIGKILL");
      await closed;

      record.answer = "store";
      const second = await launchChromiumWithExtension({ serviceUrl: record.url, profile });
      await signInDirectly(second, record.url);
      const view = await openPanelAsTab(second);
      await view.click(".tabs button:nth-child(2)");
      await view.waitForSelector('[data-row="queued"], [data-row="sent"]');
      // Its next attempt may be up to 30 seconds away: a person does not have to wait for it.
      const retry = view.locator(".actions .secondary");
      if (await retry.isVisible()) await retry.click();
      await view.waitForSelector('[data-row="sent"]', { timeout: 45_000 });
      expect(record.stored.size).toBe(1);
      await second.close();
    } finally {
      await hospital.close();
      await record.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);
