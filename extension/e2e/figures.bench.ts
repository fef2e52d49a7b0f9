import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { PDFDocument } from "@cantoo/pdf-lib";
import { expect, it } from "vitest";
import { figureOf, print } from "../../test/src/bench/figure.ts";
import {
  builtForChrome,
  type ChromiumWithExtension,
  launchChromiumWithExtension,
  openPanelAsTab,
  panelPage,
  readyToClick,
} from "./drive-chromium.ts";
import { builtForFirefox } from "./drive-firefox.ts";
import { camille, letterLines, pdfOf } from "./fixtures.ts";
import { type RecordServer, startRecord } from "./record-server.ts";
import { signInDirectly } from "./sign-in.ts";

/** A letter of five megabytes: its words, then files that do not compress (as scans do not). */
async function heavyLetter(): Promise<Uint8Array> {
  const document = await PDFDocument.load(await pdfOf([letterLines(camille)]));
  for (let part = 0; part < 5; part += 1) {
    await document.attach(randomBytes(1_000_000), `scan-${part}.bin`, { mimeType: "application/octet-stream" });
  }
  return document.save();
}

/** Memory of the process that runs the extension's pages in this profile. Bytes. */
function extensionMemory(profile: string): number {
  const lines = execFileSync("ps", ["-eo", "rss=,args=", "-ww"], { encoding: "utf8" }).split("\n");
  const own = lines.filter(
    (line) => line.includes(`--user-data-dir=${profile}`) && line.includes("--extension-process"),
  );
  return own.reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[0]) * 1_024, 0);
}

interface Opening {
  /** From the navigation to the first picture with content. Milliseconds. */
  readonly painted: number;
  /** Processor time of the page's own thread until it stands. Milliseconds: says the same on a loaded machine. */
  readonly busy: number;
}

async function openingOf(driven: ChromiumWithExtension, path: string, wanted = "body"): Promise<Opening> {
  const page = await driven.context.newPage();
  const session = await driven.context.newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(`chrome-extension://${driven.extensionId}/${path}`);
  await page.waitForSelector(wanted);
  const painted = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const [entry] = list.getEntriesByName("first-contentful-paint");
          if (entry !== undefined) resolve(entry.startTime);
        }).observe({ type: "paint", buffered: true });
      }),
  );
  const { metrics } = await session.send("Performance.getMetrics");
  await page.close();
  return { painted, busy: (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1_000 };
}

it("prints the figures of the package, of the panel and of a click", async () => {
  for (const [name, folder] of [
    ["Chrome", builtForChrome],
    ["Firefox", builtForFirefox],
  ] as const) {
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const sizes = await Promise.all(
      files
        .filter((entry) => entry.isFile())
        .map(async (entry) => deflateRawSync(await readFile(join(entry.parentPath, entry.name)), { level: 9 }).length),
    );
    print(figureOf(`extension: package for ${name}`, "B", [sizes.reduce((sum, size) => sum + size, 0)]));
  }

  const letter = await heavyLetter();
  const tool = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/pdf", "cache-control": "private, max-age=60" });
    response.end(letter);
  });
  await new Promise<void>((resolve) => tool.listen(0, resolve));
  const { port } = tool.address() as { port: number };
  const record = await startRecord();
  const driven = await launchChromiumWithExtension({ serviceUrl: record.url });
  try {
    await signInDirectly(driven, record.url);
    const [ready, bare]: [Opening[], Opening[]] = [[], []];
    for (let run = 0; run < 8; run += 1) {
      // Beside it a page of the extension without a line of script: what the browser itself takes, on this machine, now.
      const opened = [
        await openingOf(driven, "sidepanel.html", "[data-stage]"),
        await openingOf(driven, "manifest.json"),
      ];
      if (run === 0) continue;
      if (opened[0] !== undefined) ready.push(opened[0]);
      if (opened[1] !== undefined) bare.push(opened[1]);
    }
    for (const [name, openings] of [
      ["panel", ready],
      ["page without script", bare],
    ] as const) {
      print(
        figureOf(
          `extension: ${name} from opening to painted`,
          "ms",
          openings.map(({ painted }) => painted),
        ),
      );
      print(
        figureOf(
          `extension: ${name}, work of its thread`,
          "ms",
          openings.map(({ busy }) => busy),
        ),
      );
    }

    const page = await driven.context.newPage();
    await page.goto(`http://localhost:${port}/letter.pdf`);
    await (await readyToClick(driven, page))();
    const panel = await panelPage(driven);
    await panel.waitForIdentity("certain");
    const filled: number[] = [];
    for (let run = 0; run < 8; run += 1) {
      const click = await readyToClick(driven, page);
      // Emptied by hand first, so that what is waited for is this click's.
      await panel.click(".act .link");
      await panel.waitForStage("empty");
      const began = performance.now();
      const done = panel.evaluate(`new Promise((resolve) => {
        const look = () => document.querySelector('[data-identity="certain"]') && document.querySelector("#title")?.value
          ? resolve(true) : requestAnimationFrame(look);
        look();
      })`);
      await click();
      await done;
      filled.push(performance.now() - began);
    }
    print(figureOf(`extension: click to filled form, PDF of ${(letter.length / 1e6).toFixed(1)} MB`, "ms", filled));
  } finally {
    await driven.close();
    await record.close();
    tool.closeAllConnections();
    tool.close();
  }
});

it("prints the memory of a queue of 500 documents of a megabyte", async () => {
  const record = await startRecord();
  record.answer = "unavailable";
  const profile = await mkdtemp(join(tmpdir(), "carnet-bench-"));
  try {
    const empty = await memoryWith(record, profile, 0, async () => undefined);
    await memoryWith(record, profile, 0, fill);
    const full = await memoryWith(record, profile, 500, async () => undefined);
    print(figureOf("extension: memory of a queue of 500 documents of 1 MB", "B", [Math.max(0, full - empty)]));
  } finally {
    await record.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** The panel's list of what was sent open, the queue looked at: what the extension holds in memory. */
async function memoryWith(
  record: RecordServer,
  profile: string,
  count: number,
  before: (driven: ChromiumWithExtension) => Promise<void>,
): Promise<number> {
  const driven = await launchChromiumWithExtension({ serviceUrl: record.url, profile });
  try {
    await signInDirectly(driven, record.url);
    await before(driven);
    const page = await openPanelAsTab(driven);
    await page.click(".tabs button:nth-child(3)");
    await page.waitForSelector("#history");
    if (count > 0) await expect.poll(() => page.locator("[data-row]").count(), { timeout: 60_000 }).toBe(count);
    return extensionMemory(profile);
  } finally {
    await driven.close();
  }
}

/** Rows as the outbox writes them, waiting for their next attempt, each with a megabyte of ciphertext. */
async function fill(driven: ChromiumWithExtension): Promise<void> {
  const page = await openPanelAsTab(driven);
  await page.waitForSelector("[data-stage]");
  await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open("carnet-outbox");
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    for (let number = 0; number < 500; number += 1) {
      const data = new Uint8Array(1_000_000);
      for (let at = 0; at < data.length; at += 65_536) crypto.getRandomValues(data.subarray(at, at + 65_536));
      const id = crypto.randomUUID();
      const row = {
        id,
        owner: "dr-leroy",
        serviceUrl: "https://dossier.example",
        state: "queued",
        uniqueId: `urn:oid:2.25.${number}`,
        createdAt: Date.now(),
        tries: 0,
        nextAttemptAt: Date.now() + 25 * 60_000,
        needsSignIn: false,
      };
      await new Promise<void>((resolve, reject) => {
        const transaction = database.transaction(["outbox", "parcels"], "readwrite");
        transaction.objectStore("outbox").add(row);
        transaction.objectStore("parcels").add({ iv: new Uint8Array(12), data: data.buffer }, id);
        transaction.oncomplete = () => resolve();
        transaction.onerror = () => reject(transaction.error);
      });
    }
    database.close();
  });
  await page.close();
}
