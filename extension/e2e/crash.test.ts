import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "playwright";
import { expect, it } from "vitest";
import { layLine } from "./cut-line.ts";
import {
  builtForChrome,
  type ChromiumWithExtension,
  launchChromiumWithExtension,
  openPanelAsTab,
} from "./drive-chromium.ts";
import { camille, letterLines } from "./fixtures.ts";
import { startRecord } from "./record-server.ts";
import { signInDirectly } from "./sign-in.ts";

const isRunnable = existsSync(process.env.CHROMIUM_PATH ?? "/usr/bin/chromium") && existsSync(builtForChrome);
/** The long form: `EXTENSION_KILLS=200 EXTENSION_DOCUMENTS=500`. */
const kills = Number(process.env.EXTENSION_KILLS ?? 3);
const documents = Math.max(kills, Number(process.env.EXTENSION_DOCUMENTS ?? 4));
const seed = Number(process.env.EXTENSION_SEED ?? Date.now() % 100_000);

const faults = ["store-then-cut", "line", "unavailable", "none"] as const;

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

/** A click by the element itself: the mouse's way there, a second on a busy machine, is not what is tested. */
const press = (element: Locator) => element.dispatchEvent("click");

/** Drop a letter of its own words on the panel and send it, to the point where the panel calls it queued. */
async function send(view: Page, number: number): Promise<void> {
  const next = view.locator(".filed > .secondary");
  if (await next.isVisible()) await press(next);
  const text = [...letterLines(camille), `Courrier numéro ${number}.`].join("\n");
  await view.setInputFiles("#drop-file", {
    name: `lettre-${number}.txt`,
    mimeType: "text/plain",
    buffer: Buffer.from(text),
  });
  await view.waitForSelector('[data-identity="certain"]');
  const another = view.locator('[name="earlier"][value="another"]');
  if (await another.isVisible()) await press(another);
  await press(view.locator("#send:enabled"));
  await view.waitForSelector(".filed > .secondary");
}

async function openFor(serviceUrl: string, profile: string): Promise<{ driven: ChromiumWithExtension; view: Page }> {
  const driven = await launchChromiumWithExtension({ serviceUrl, profile });
  await signInDirectly(driven, serviceUrl);
  return { driven, view: await openPanelAsTab(driven) };
}

it.skipIf(!isRunnable)(
  `${documents} documents and ${kills} kills (browser, worker, service, line): lost none, sent none twice (seed ${seed}; needs Chromium and a build)`,
  async () => {
    const record = await startRecord();
    const line = await layLine(record.url);
    const profile = await mkdtemp(join(tmpdir(), "carnet-crash-"));
    const roll = dice(seed);
    const rollOfLine = dice(seed + 1);
    try {
      let sent = 0;
      for (let kill = 0; kill < kills; kill += 1) {
        const { driven, view } = await openFor(line.url, profile);
        // The first is the worst: the service stores the document, its answer is lost, and the browser dies. Then the line,
        // lost at any byte of the request or of the answer.
        const fault = kill < 2 ? faults[kill] : faults[Math.floor(roll() * faults.length)];
        record.answer = fault === "store-then-cut" || fault === "unavailable" ? fault : "store";
        line.nextCut = () =>
          fault === "line" ? { side: rollOfLine() < 0.5 ? "request" : "answer", part: rollOfLine() } : undefined;
        const upTo = Math.ceil((documents * (kill + 1)) / kills);
        while (sent < upTo) {
          await send(view, sent);
          sent += 1;
        }
        if (kill === 1) await expect.poll(() => line.cuts.request + line.cuts.answer, { timeout: 20_000 }).not.toBe(0);
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
      line.nextCut = () => undefined;
      const { driven, view } = await openFor(line.url, profile);
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
                .dispatchEvent("click", {}, { timeout: 5_000 })
                .catch(() => undefined);
            return view.locator('[data-row]:not([data-row="sent"])').count();
          },
          { timeout: 60_000 + documents * 1_000, interval: 500 },
        )
        .toBe(0);
      await driven.close();

      const numbers = [...record.stored.values()].map(({ content }) =>
        Number(/Courrier numéro (\d+)/.exec(textIn(content))?.[1]),
      );
      expect(numbers.sort((one, other) => one - other)).toEqual(Array.from({ length: documents }, (_, index) => index));
    } finally {
      await line.close();
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
