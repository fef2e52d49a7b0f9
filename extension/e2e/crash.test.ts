import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright";
import { expect, it } from "vitest";
import {
  builtForChrome,
  type ChromiumWithExtension,
  launchChromiumWithExtension,
  openPanelAsTab,
} from "./drive-chromium.ts";
import { camille, letterLines } from "./fixtures.ts";
import { type RecordServer, startRecord } from "./record-server.ts";
import { signInDirectly } from "./sign-in.ts";

const isRunnable = existsSync(process.env.CHROMIUM_PATH ?? "/usr/bin/chromium") && existsSync(builtForChrome);
/** The long form: `EXTENSION_KILLS=200 EXTENSION_DOCUMENTS=500`. */
const kills = Number(process.env.EXTENSION_KILLS ?? 3);
const documents = Math.max(kills, Number(process.env.EXTENSION_DOCUMENTS ?? 4));
const seed = Number(process.env.EXTENSION_SEED ?? Date.now() % 100_000);

/** Numbers that a seed gives again (mulberry32). */
function dice(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The browser's main process of this profile, and only that one. */
function mainProcessOf(profile: string): number {
  const lines = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).split("\n");
  const main = lines.find((line) => line.includes(`--user-data-dir=${profile}`) && !line.includes("--type="));
  return Number(main?.trim().split(" ")[0]);
}

/** Drop a letter of its own words on the panel and send it, to the point where the panel calls it queued. */
async function send(view: Page, number: number): Promise<void> {
  const next = view.locator(".filed > .secondary");
  if (await next.isVisible()) await next.click();
  const text = [...letterLines(camille), `Courrier numéro ${number}.`].join("\n");
  await view.setInputFiles("#drop-file", {
    name: `lettre-${number}.txt`,
    mimeType: "text/plain",
    buffer: Buffer.from(text),
  });
  await view.waitForSelector('[data-identity="certain"]');
  const another = view.locator('[name="earlier"][value="another"]');
  if (await another.isVisible()) await another.click();
  await view.click("#send");
  await view.waitForSelector(".filed > .secondary");
}

async function openFor(record: RecordServer, profile: string): Promise<{ driven: ChromiumWithExtension; view: Page }> {
  const driven = await launchChromiumWithExtension({ serviceUrl: record.url, profile });
  await signInDirectly(driven, record.url);
  return { driven, view: await openPanelAsTab(driven) };
}

it.skipIf(!isRunnable)(
  `${documents} documents and ${kills} kills (browser, worker, service, line): lost none, sent none twice (seed ${seed}; needs Chromium and a build)`,
  async () => {
    const record = await startRecord();
    const profile = await mkdtemp(join(tmpdir(), "carnet-crash-"));
    const roll = dice(seed);
    try {
      let sent = 0;
      for (let kill = 0; kill < kills; kill += 1) {
        const { driven, view } = await openFor(record, profile);
        // The first is the worst: the service stores the document, its answer is lost, and the browser dies.
        const fault = kill === 0 ? 0 : Math.floor(roll() * 3);
        record.answer = (["store-then-cut", "unavailable", "store"] as const)[fault] ?? "store";
        const upTo = Math.ceil((documents * (kill + 1)) / kills);
        while (sent < upTo) {
          await send(view, sent);
          sent += 1;
        }
        if (kill > 0 && roll() < 0.4) {
          const [worker] = driven.context.serviceWorkers();
          const { targetInfos } = await driven.cdp.send("Target.getTargets", { filter: [{}] });
          const target = targetInfos.find(({ type, url }) => type === "service_worker" && url === worker?.url());
          if (target !== undefined) await driven.cdp.send("Target.closeTarget", { targetId: target.targetId });
        }
        const closed = new Promise((resolve) => driven.context.once("close", resolve));
        process.kill(mainProcessOf(profile), "SIGKILL");
        await closed;
      }

      record.answer = "store";
      const { driven, view } = await openFor(record, profile);
      await view.bringToFront();
      await view.click(".tabs button:nth-child(3)");
      await view.waitForSelector("[data-row]");
      // The next attempt may be minutes away: a person does not have to wait for it.
      const waiting = view.locator('[data-row="queued"] [data-action="retry"]');
      await expect
        .poll(
          async () => {
            // One at a time: the list moves under the hand.
            if ((await waiting.count()) > 0)
              await waiting
                .first()
                .click({ timeout: 5_000 })
                .catch(() => undefined);
            return view.locator('[data-row]:not([data-row="sent"])').count();
          },
          { timeout: 60_000, interval: 500 },
        )
        .toBe(0);
      await driven.close();

      const numbers = [...record.stored.values()].map(({ content }) =>
        Number(/Courrier numéro (\d+)/.exec(textIn(content))?.[1]),
      );
      expect(numbers.sort((one, other) => one - other)).toEqual(Array.from({ length: documents }, (_, index) => index));
    } finally {
      await record.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  },
  120_000 + kills * 20_000 + documents * 5_000,
);

/** The words of the text that a CDA carries in base64. */
function textIn(cda: Buffer): string {
  const base64 = /representation="B64"[^>]*>([^<]*)</.exec(cda.toString("utf8"))?.[1] ?? "";
  return Buffer.from(base64, "base64").toString("utf8");
}
