/**
 * A page on a server that composes no summary: `record.summary()` of the record of 2 000 documents, and the longest task
 * that the page's thread has meanwhile (none should pass 50 ms).
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Rolldown } from "vite";
import { startCarnet } from "../support/carnet.ts";
import { launchChromium } from "../support/chromium.ts";
import { demoToken, insOf } from "../support/demo.ts";
import { checkout, chromiumPath } from "../support/machine.ts";
import type { Template } from "../support/seeded-template.ts";
import { figureOf, print } from "./figure.ts";

const samples = 3;

export async function benchWorker(template: Template): Promise<void> {
  if (!existsSync(chromiumPath())) {
    console.error(`worker bench left out: no Chromium at ${chromiumPath()}`);
    return;
  }
  const carnet = await startCarnet(template);
  try {
    await measurePages(carnet.origin);
  } finally {
    await carnet.dispose();
  }
}

/** @param origin of a running demo */
export async function measurePages(origin: string): Promise<void> {
  const files = await sdkForPages();
  const browser = await launchChromium();
  try {
    const token = await demoToken(origin, "dr-martin");
    const ins = await insOf(origin, "patient-jean");
    const longest: number[] = [];
    const whole: number[] = [];
    for (let at = 0; at < samples; at++) {
      const page = await browser.newPage();
      await page.route("**/bench/*", (route) => {
        const name = new URL(route.request().url()).pathname.split("/").at(-1) ?? "";
        const code = files.get(name);
        return code === undefined
          ? route.fulfill({ contentType: "text/html", body: "<!doctype html><title>bench</title>" })
          : route.fulfill({ contentType: "text/javascript", body: code });
      });
      await page.route("**/fhir/Patient/$summary*", (route) => route.fulfill({ status: 404, body: "{}" }));
      await page.route("**/fhir/metadata", (route) =>
        route.fulfill({
          contentType: "application/fhir+json",
          body: JSON.stringify({ resourceType: "CapabilityStatement", rest: [{ mode: "server" }] }),
        }),
      );
      await page.goto(`${origin}/bench/page`);
      const measured = await page.evaluate(
        `import("/bench/sdk.js").then(({ measure }) => measure(${JSON.stringify({ ins, token })}))`,
      );
      const { tasks, tookMs } = measured as { readonly tasks: readonly number[]; readonly tookMs: number };
      longest.push(Math.max(0, ...tasks));
      whole.push(tookMs);
      await page.close();
    }
    print(figureOf("page without $summary: longest task over 50 ms of its thread (0: none)", "ms", longest));
    print(figureOf("page without $summary: 2 000 documents read and composed in a worker", "ms", whole));
  } finally {
    await browser.close();
  }
}

const source = `
import { connect } from "@carnet/sdk";
export async function measure({ ins, token }) {
  const tasks = [];
  const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((one) => one.duration)));
  const record = connect({ baseUrl: location.origin + "/fhir", accessToken: () => token }).record(ins);
  observer.observe({ type: "longtask" });
  const began = performance.now();
  const summary = await record.summary();
  const tookMs = performance.now() - began;
  if (summary.type !== "document") throw new Error("no summary");
  tasks.push(...observer.takeRecords().map((one) => one.duration));
  return { tasks, tookMs };
}`;

/** The SDK as a vendor's bundler makes it, worker and all, by file name. */
async function sdkForPages(): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(join(checkout, "test", "dist", "worker-"));
  try {
    writeFileSync(join(folder, "sdk.js"), source);
    const result = await build({
      root: folder,
      base: "./",
      logLevel: "silent",
      configFile: false,
      worker: { format: "es", rolldownOptions: { output: { entryFileNames: "[name].js" } } },
      build: {
        write: false,
        target: "es2022",
        modulePreload: false,
        rolldownOptions: {
          input: { sdk: join(folder, "sdk.js") },
          preserveEntrySignatures: "strict",
          output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
        },
      },
    });
    const outputs = (Array.isArray(result) ? result : [result]) as Rolldown.RolldownOutput[];
    return new Map(
      outputs
        .flatMap(({ output }) => output)
        .map((file) => [file.fileName, file.type === "chunk" ? file.code : String(file.source)]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
