/**
 * Scrolling a list of 10 000 documents from its first to its last, one step per frame, in Chromium: frames that a
 * reader would see stutter, the longest task, the nodes kept. The record is given, so that no server is measured.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { launchChromium } from "../support/chromium.ts";
import { checkout, chromiumPath } from "../support/machine.ts";
import { type Figure, figureOf, print } from "./figure.ts";
import { measurePage } from "./page-metrics.ts";

const origin = "http://bench.example";
const runs = 7;

const page = `<!doctype html><html lang="fr"><meta charset="utf-8"><title>bench</title>
<script type="module">
import { defineAll } from "/widget/carnet.js";
await defineAll();
const documents = Array.from({ length: 10_000 }, (_, at) => ({
  id: "document-" + at,
  uniqueId: "urn:oid:2.999.7." + at,
  title: "Compte rendu " + at,
  type: { code: "11488-4", display: "Compte rendu ou fiche de consultation" },
  category: { display: at % 3 === 0 ? "Imagerie" : "Biologie" },
  authors: [{ name: "Dr Fictif " + (at % 40) }],
  date: (2026 - (at % 20)) + "-03-04T10:00:00+01:00",
  receivedAt: (2026 - (at % 20)) + "-03-04T10:00:00+01:00",
  status: "current",
  confidentiality: "normal",
  hidden: { fromPatient: false, fromProfessionals: false },
  contentType: "application/pdf",
}));
const element = document.createElement("carnet-documents");
element.record = { ins: { system: "", value: "" }, documents: () => ({ pages: async function* () { yield { documents }; } }) };
document.body.append(element);
</script></html>`;

interface Scroll {
  readonly slowFrames: number;
  readonly longest: number;
  readonly nodes: number;
  readonly cpu: number;
}

const units: Readonly<Record<keyof Scroll, Figure["unit"]>> = {
  slowFrames: "frames",
  longest: "ms",
  nodes: "nodes",
  cpu: "ms",
};

export async function benchDocumentsScroll(): Promise<void> {
  if (!existsSync(chromiumPath())) return console.error(`scroll bench left out: no Chromium at ${chromiumPath()}`);
  const browser = await launchChromium();
  try {
    for (const slowdown of [1, 4]) {
      const scrolls: Scroll[] = [];
      for (let at = 0; at <= runs; at++) {
        const context = await browser.newContext();
        const tab = await context.newPage();
        await tab.route("**/*", async (route) => {
          const { pathname } = new URL(route.request().url());
          if (pathname === "/") return route.fulfill({ contentType: "text/html", body: page });
          if (!pathname.startsWith("/widget/")) return route.fulfill({ status: 404, body: "" });
          const path = join(checkout, "widget", "dist", pathname.slice("/widget/".length));
          return route.fulfill({ contentType: "text/javascript", body: readFileSync(path, "utf8") });
        });
        const session = await context.newCDPSession(tab);
        const { cpuMs } = await measurePage(session);
        await tab.goto(`${origin}/`);
        await tab.waitForFunction(
          () => document.querySelector("carnet-documents")?.shadowRoot?.querySelector("[data-document]") != null,
        );
        if (slowdown > 1) await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
        const before = await cpuMs();
        const read = await tab.evaluate(async () => {
          const root = document.querySelector("carnet-documents")?.shadowRoot;
          const list = root?.querySelector<HTMLElement>("[data-lines]");
          if (root == null || list == null) throw new Error("no list to scroll");
          const tasks: number[] = [];
          const observer = new PerformanceObserver((entries) => {
            for (const { duration } of entries.getEntries()) tasks.push(duration);
          });
          observer.observe({ type: "longtask" });
          const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
          let [last, slowFrames, nodes] = [await frame(), 0, 0];
          // Far jumps over the whole list, then a hand on the wheel.
          const steps = [
            ...Array.from({ length: 50 }, (_, step) => () => ((step + 1) / 50) * list.scrollHeight),
            ...Array.from({ length: 50 }, () => () => list.scrollTop - list.clientHeight / 4),
          ];
          for (const next of steps) {
            list.scrollTop = next();
            const now = await frame();
            if (now - last > 50) slowFrames++;
            last = now;
            nodes = Math.max(nodes, root.querySelectorAll("*").length);
          }
          for (const { duration } of observer.takeRecords()) tasks.push(duration);
          observer.disconnect();
          return { slowFrames, nodes, longest: Math.max(0, ...tasks) };
        });
        const after = await cpuMs();
        await context.close();
        if (at > 0) scrolls.push({ ...read, cpu: after - before });
      }
      for (const [measure, unit] of Object.entries(units)) {
        const samples = scrolls.map((one) => one[measure as keyof Scroll]);
        const words = measure === "slowFrames" ? "frames over 50 ms" : measure;
        print(figureOf(`documents, scrolling 10 000, CPU ${slowdown}x: ${words}`, unit, samples));
      }
    }
  } finally {
    await browser.close();
  }
}
